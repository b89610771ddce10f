"""What the application needs from the world, as protocols; storage and system provide them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from homepoint.application.changes import Edit, HistoryEntry
from homepoint.domain.assessment import CareState, DeadlineKind, DeadlineState
from homepoint.domain.facts import Category, Device, DeviceStatus, Extra, Fact
from homepoint.domain.snapshot import DeviceFacts, Snapshot
from homepoint.domain.values import DeviceId

F = TypeVar("F", bound=Fact)


class Clock(Protocol):
    """Tells the time; the composition root hands one out, tests hand out their own."""

    def __call__(self) -> datetime:
        """Return this instant, with a time zone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaEntry:
    """One deadline of one device, as the agenda lists it. `at_text` is its ISO instant or day."""

    device: DeviceId
    kind: DeadlineKind
    at_text: str
    ends_at: datetime
    state: DeadlineState
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What lists need of a device's assessment, kept as a cache that can be thrown away and computed anew."""

    device: DeviceId
    assessed_at: datetime
    holds_until: datetime | None
    catalogue: str
    category: Category | None
    care_state: CareState
    care_starts_on: str | None
    care_ends_on: str | None
    replacements_allowed: int | None
    replacements_left: int | None
    flyaway_ready: bool
    flyaway_missing: tuple[str, ...]
    agenda: tuple[AgendaEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device in a list, with its standing if it has been assessed."""

    device: Device
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceQuery:
    """Which devices to list: words that must all occur (name, model, serial), a status, an order and a page."""

    words: str = ""
    statuses: frozenset[DeviceStatus] | None = None
    unbound_only: bool = False  # under an active plan with flyaway cover, a binding missing
    order: str = "next-deadline"  # or "name", "model", "serial", "care-ends", "added"
    descending: bool = False
    limit: int = 200
    offset: int = 0


class Library(Protocol):
    """The facts, their history, and the derived standings: one owner's database.

    Reading is open to all; `write` is the only way to change a fact.
    """

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone, in which days begin and end."""
        ...

    def set_zone(self, zone: ZoneInfo, at: datetime) -> None:
        """Take another time zone; every device must be assessed anew. It is a setting: undo does not touch it."""
        ...

    @property
    def extra(self) -> Extra:
        """The unknown top-level keys of imported owner files, for the next export."""
        ...

    def set_extra(self, extra: Mapping[str, object], at: datetime) -> None:
        """Keep unknown top-level keys of an owner file."""
        ...

    def marks(self, kind: str) -> Mapping[str, str]:
        """Return the named values of a kind as JSON texts: what is no fact and yet the same on every computer."""
        ...

    def set_marks(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        """Keep named values; None removes one. Of two computers the later counts; undo does not touch them."""
        ...

    def get(self, kind: type[F], id: str) -> F | None:
        """Return one fact, or None."""
        ...

    def all(self, kind: type[F]) -> Sequence[F]:
        """Return every fact of a kind in the order they were added (for kinds that stay few: accounts, controllers)."""
        ...

    def about(self, kind: type[F], id: str) -> Sequence[F]:
        """Return the facts of a kind that name a device, in the order they were added.

        For attachments, `id` is what they are of: an incident, a claim, a device or a plan.
        """
        ...

    def by_serial(self, serial: str) -> Sequence[Device]:
        """Return the devices of a serial, read without regard to case and surrounding blanks."""
        ...

    def device_facts(self, device: DeviceId) -> DeviceFacts | None:
        """Return a device with all that bears on it, or None."""
        ...

    def snapshot(self) -> Snapshot:
        """Return all facts."""
        ...

    def rows(self, query: DeviceQuery) -> tuple[Sequence[DeviceRow], int]:
        """Return one page of devices and how many match in all."""
        ...

    def agenda(self, *, before: datetime | None, device: DeviceId | None, limit: int) -> Sequence[AgendaEntry]:
        """Return deadlines that are neither met nor long passed, the earliest first; see `standings.agenda`."""
        ...

    def stale(self, now: datetime, catalogue: str, limit: int) -> Sequence[DeviceId]:
        """Return devices whose standing is missing, of another catalogue or no longer true at `now`."""
        ...

    def next_change(self) -> datetime | None:
        """Return the earliest instant at which any standing stops being true."""
        ...

    def keep(self, standings: Iterable[Standing]) -> None:
        """Store standings, replacing those of the same devices."""
        ...

    def write(self, edit: Edit, at: datetime, undoes: int | None = None) -> HistoryEntry:
        """Carry out an edit in one transaction and record it.

        Raises:
            HomepointError: the file cannot be written, or a fact is no longer as the edit's `before` says.
        """
        ...

    def history(self, *, about: str | None = None, limit: int = 200) -> Sequence[HistoryEntry]:
        """Return recorded edits, the newest first.

        `about` limits them to one device, and their changes to its own and related facts: an import is large.
        """
        ...

    def undoable(self) -> HistoryEntry | None:
        """Return the edit that undo would take back, or None."""
        ...

    def redoable(self) -> HistoryEntry | None:
        """Return the undoing edit that redo would take back, or None."""
        ...

    def undo_titles(self) -> tuple[str | None, str | None]:
        """Return only the titles of what undo and redo would take back: menus ask after every change."""
        ...
