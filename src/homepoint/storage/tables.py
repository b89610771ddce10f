"""The tables as typed rows: one for each kind of fact with a column a field, the history, and the cache.

Facts stand in the owner file's plain form: instants as RFC 3339 text with their offset, days and amounts as text,
lists and objects as JSON text. No table refers to another: facts may arrive in any order, and a reference to
nothing is a normal input of the rules. `added` keeps the order in which facts were added.
"""

from typing import ClassVar

from sqlalchemy import Index, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine


class Row(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})
    type_annotation_map: ClassVar[dict[type, type[TypeEngine[str]]]] = {str: Text}


class FactRow(Row):
    """What the tables of facts share."""

    __abstract__ = True
    __table_args__ = ({"sqlite_autoincrement": True},)

    added: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[str] = mapped_column(unique=True, sort_order=-1)
    extra: Mapped[str | None] = mapped_column(sort_order=1)


class AccountRow(FactRow):
    __tablename__ = "accounts"

    label: Mapped[str]
    email: Mapped[str | None]


class ControllerRow(FactRow):
    __tablename__ = "controllers"

    serial: Mapped[str | None]
    model: Mapped[str | None]
    label: Mapped[str | None]


class DeviceRow(FactRow):
    """`serial_key` and `search_text` are derived: the serial as compared, and what searching looks through."""

    __tablename__ = "devices"

    model: Mapped[str]
    category: Mapped[str | None]
    serial: Mapped[str | None]
    nickname: Mapped[str | None]
    region: Mapped[str | None]
    channel: Mapped[str | None]
    condition: Mapped[str | None]
    purchased_on: Mapped[str | None]
    received_on: Mapped[str | None]
    shipped_at: Mapped[str | None]
    activated_at: Mapped[str | None]
    price: Mapped[str | None]
    proof_of_purchase: Mapped[int | None]
    status: Mapped[str]
    succeeds: Mapped[str | None] = mapped_column(index=True)
    serial_key: Mapped[str | None] = mapped_column(index=True)
    search_text: Mapped[str]


class BindingRow(FactRow):
    __tablename__ = "bindings"

    device: Mapped[str] = mapped_column(index=True)
    to: Mapped[str]
    target: Mapped[str] = mapped_column(index=True)
    bound_at: Mapped[str | None]
    unbound_at: Mapped[str | None]
    checked_at: Mapped[str]


class PlanRow(FactRow):
    __tablename__ = "plans"

    device: Mapped[str] = mapped_column(index=True)
    product: Mapped[str]
    region: Mapped[str | None]
    purchased_at: Mapped[str | None]
    bound_at: Mapped[str | None]
    starts_on: Mapped[str | None]
    ends_on: Mapped[str | None]
    replacements: Mapped[int | None]
    flyaways: Mapped[int | None]
    edition: Mapped[str | None]
    activation_code_hint: Mapped[str | None]


class PurchaseNoticeRow(FactRow):
    __tablename__ = "purchase_notices"

    device: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    submitted_at: Mapped[str | None]
    result: Mapped[str | None]
    notice_at: Mapped[str | None]


class IncidentRow(FactRow):
    __tablename__ = "incidents"

    device: Mapped[str] = mapped_column(index=True)
    at: Mapped[str | None]
    kind: Mapped[str | None]
    retrievable: Mapped[int | None]
    account: Mapped[str | None]
    controller: Mapped[str | None]
    service_region: Mapped[str | None]
    wants: Mapped[str]
    parts: Mapped[str]
    position: Mapped[str | None]
    description: Mapped[str | None]


class ClaimRow(FactRow):
    __tablename__ = "claims"

    incident: Mapped[str | None] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(index=True)
    plan: Mapped[str | None]
    service: Mapped[str | None]
    steps: Mapped[str]
    battery_registered: Mapped[int | None]
    returned: Mapped[str | None]
    deposit: Mapped[str | None]
    fees: Mapped[str]
    new_serial: Mapped[str | None]


class AttachmentRow(FactRow):
    __tablename__ = "attachments"

    of: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None]


class HistoryRow(Row):
    """One edit. `awaits` says who may take it back next: "undo", "redo", or nobody.

    `stamp` names it on every computer and sorts as edits follow on one another. `log` is the replica that wrote it
    ("" this one) and `seq` its number there. `undone` is the stamp of the edit that it took back.
    """

    __tablename__ = "history"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    person: Mapped[str]
    computer: Mapped[str]
    title: Mapped[str]
    undoes: Mapped[int | None]
    awaits: Mapped[str | None]
    stamp: Mapped[str | None] = mapped_column(index=True, unique=True)
    log: Mapped[str] = mapped_column(server_default="")
    seq: Mapped[int | None]
    undone: Mapped[str | None]


Index("ix_history_log_seq", HistoryRow.log, HistoryRow.seq)
Index(
    "ix_history_awaits_number", HistoryRow.awaits, HistoryRow.number, sqlite_where=text("awaits IS NOT NULL")
)  # most entries await nobody: reading the next one must not walk over them


class HistoryChangeRow(Row):
    """One fact before and after an edit, as JSON. `place` is its `added`, so that undoing a removal restores order."""

    __tablename__ = "history_changes"
    __table_args__ = (Index("ix_history_changes_device_entry", "device", "entry"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    fact: Mapped[str]
    device: Mapped[str | None]
    place: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]


class FactStampsRow(Row):
    """Which edit each field of a fact was last set by, so that edits of several computers join field by field.

    `base` is the stamp of all fields that `later` (a JSON object) does not name; `gone` that of the last removal.
    `kept` holds as JSON what the fact's own table cannot: all fields of a fact that is removed or not understood,
    otherwise those fields that a newer program wrote and this one does not understand.
    """

    __tablename__ = "fact_stamps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    later: Mapped[str | None]
    gone: Mapped[str]
    kept: Mapped[str | None]


class MarkRow(Row):
    """A named value that is no fact but is the same on every computer, such as a reminder that was shown."""

    __tablename__ = "marks"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None]
    stamp: Mapped[str]


class SyncRangeRow(Row):
    """Which entries of another replica's log are here: from `first` to `last`, without a gap."""

    __tablename__ = "sync_ranges"
    __table_args__ = ({"sqlite_with_rowid": False},)

    log: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class SyncChainRow(Row):
    """The chain value of a log after an entry."""

    __tablename__ = "sync_chains"
    __table_args__ = ({"sqlite_with_rowid": False},)

    log: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(primary_key=True)


class SyncObjectRow(Row):
    """An object of the remote that this library knows."""

    __tablename__ = "sync_objects"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    is_ours: Mapped[int]
    is_verified: Mapped[int]
    log: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]


class CodeToMoveRow(Row):
    """An activation code an older Homepoint kept among the facts, until it is with the secrets."""

    __tablename__ = "codes_to_move"
    __table_args__ = ({"sqlite_with_rowid": False},)

    plan: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]


class LibraryRow(Row):
    """What holds for the whole library on this computer, by name: its own id, its time zone."""

    __tablename__ = "library"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class StandingRow(Row):
    """What the rules last said about a device: a cache. Instants are UTC text of one width, so that they sort."""

    __tablename__ = "standing"

    device: Mapped[str] = mapped_column(primary_key=True)
    assessed_at: Mapped[str]
    holds_until: Mapped[str | None] = mapped_column(index=True)
    catalogue: Mapped[str]
    category: Mapped[str | None]
    care_state: Mapped[str]
    care_starts_on: Mapped[str | None]
    care_ends_on: Mapped[str | None]
    replacements_allowed: Mapped[int | None]
    replacements_left: Mapped[int | None]
    flyaway_ready: Mapped[int]
    flyaway_missing: Mapped[str]
    next_deadline: Mapped[str | None] = mapped_column(index=True)


class AgendaRow(Row):
    """One deadline of a device: part of the same cache."""

    __tablename__ = "agenda"

    number: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    at_text: Mapped[str]
    ends_at: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    because: Mapped[str]


FACT_ROWS: dict[str, type[FactRow]] = {
    each.__tablename__: each
    for each in (
        AccountRow,
        ControllerRow,
        DeviceRow,
        BindingRow,
        PlanRow,
        PurchaseNoticeRow,
        IncidentRow,
        ClaimRow,
        AttachmentRow,
    )
}
"""The table of each kind of fact, by the name the kind bears in the owner file."""
