"""The one way in which facts change: one transaction that checks, applies, and records the history.

This module imports SQLAlchemy, which takes long: `library.py` imports it at the first write.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import NullPool

from homepoint.application.changes import Edit, HistoryEntry, changes_of
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import FACT_KINDS, Attachment, Device, Fact, kind_of
from homepoint.domain.portable import instant_text, to_plain
from homepoint.storage.faults import explain
from homepoint.storage.mapping import columns, from_row, json_text, to_row, to_text
from homepoint.storage.tables import FACT_ROWS, AgendaRow, FactRow, HistoryChangeRow, HistoryRow, StandingRow

Key = tuple[str, str]
"""A fact's kind and id."""

_AT_ONCE = 500


def engine_for(path: Path, patience_s: float) -> Engine:
    """Return an engine that opens the file anew for each transaction and locks it from the start."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": patience_s})

    @event.listens_for(engine, "connect")
    def _begin_is_ours(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _lock(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Writer:
    """Carries out edits on a library's file on behalf of one person at one computer."""

    def __init__(self, path: Path, person: str, computer: str, patience_s: float) -> None:
        self._path, self._person, self._computer = path, person, computer
        self.engine = engine_for(path, patience_s)

    def write(self, edit: Edit, at: datetime, undoes: int | None) -> HistoryEntry:
        """Carry out an edit and record it; see `ports.Library.write`."""
        with self._transaction() as connection:
            stored = _stored(connection, edit)
            wanted = _folded(edit, {key: fact for key, (_, fact) in stored.items()})
            returning = _places_in(connection, undoes) if undoes is not None else {}
            places = {key: place for key, (place, _) in stored.items()} | _apply(connection, stored, wanted, returning)
            number = self._record(connection, edit, at, undoes, places)
            _forget_standings(connection, edit)
        return HistoryEntry(
            number=number, at=at, person=self._person, computer=self._computer, edit=edit, undoes=undoes
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except (DBAPIError, StatementError) as fault:
            told = explain(fault.orig, self._path) if fault.orig is not None else None
            if told is None:
                raise
            raise told from fault
        except (UnicodeEncodeError, OverflowError) as fault:
            raise explain(fault, self._path) or fault from fault

    def _record(
        self, connection: Connection, edit: Edit, at: datetime, undoes: int | None, places: dict[Key, int]
    ) -> int:
        number: int = connection.execute(
            insert(HistoryRow)
            .values(
                at=instant_text(at),
                person=self._person,
                computer=self._computer,
                title=edit.title,
                undoes=undoes,
                awaits=_turn(connection, undoes),
            )
            .returning(HistoryRow.number)
        ).scalar_one()
        devices = {key[1] for key in places if key[0] == "devices"}
        rows = [
            {
                "entry": number,
                "kind": kind_of(change.fact),
                "fact": change.fact.id,
                "device": _device_of(connection, change.fact, devices),
                "place": places.get((kind_of(change.fact), change.fact.id)),
                "before": None if change.before is None else to_text(change.before),
                "after": None if change.after is None else to_text(change.after),
            }
            for change in edit.changes
        ]
        if rows:
            connection.execute(insert(HistoryChangeRow), rows)
        return number


def _turn(connection: Connection, undoes: int | None) -> str:
    """Settle what undo and redo may take back next, and return whom the new entry awaits.

    A command awaits undo and ends every redo. Taking back what awaited undo makes an entry that awaits redo, and the
    other way round. An entry can be taken back once.
    """
    if undoes is None:
        connection.execute(update(HistoryRow).where(HistoryRow.awaits == "redo").values(awaits=None))
        return "undo"
    awaited = connection.scalar(select(HistoryRow.awaits).where(HistoryRow.number == undoes))
    if awaited is None:
        raise _meanwhile()
    connection.execute(update(HistoryRow).where(HistoryRow.number == undoes).values(awaits=None))
    return "redo" if awaited == "undo" else "undo"


def _meanwhile() -> HomepointError:
    return HomepointError(
        "This was changed elsewhere in the meantime.",
        "Look at it again, then repeat what you did. Nothing was changed.",
    )


def _key(fact: Fact) -> Key:
    return kind_of(fact), fact.id


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _stored(connection: Connection, edit: Edit) -> dict[Key, tuple[int, Fact]]:
    """Return the facts an edit is about as they are stored, each with its place."""
    ids: dict[str, dict[str, None]] = {}
    for change in edit.changes:
        ids.setdefault(kind_of(change.fact), {})[change.fact.id] = None
    found: dict[Key, tuple[int, Fact]] = {}
    for kind, wanted in ids.items():
        row, fact_type = FACT_ROWS[kind], FACT_KINDS[kind]
        selected = [row.added, *(getattr(row, name) for name in columns(fact_type))]
        for chunk in _chunks(list(wanted)):
            for place, *values in connection.execute(select(*selected).where(row.id.in_(chunk))):
                fact = from_row(fact_type, values)
                found[kind, fact.id] = place, fact
    return found


def _folded(edit: Edit, stored: dict[Key, Fact]) -> dict[Key, Fact | None]:
    """Return how every fact shall be after the edit, whose changes follow one another.

    Raises:
        HomepointError: a fact is not as the edit's `before` says.
    """
    state: dict[Key, Fact | None] = dict(stored)
    for change in edit.changes:
        key = _key(change.fact)
        if _differ(state.get(key), change.before):
            raise _meanwhile()
        state[key] = change.after
    return state


def _differ(one: Fact | None, other: Fact | None) -> bool:
    if one is None or other is None:
        return one is not other
    return to_plain(one) != to_plain(other)


def _apply(
    connection: Connection,
    stored: dict[Key, tuple[int, Fact]],
    wanted: dict[Key, Fact | None],
    returning: dict[Key, int],
) -> dict[Key, int]:
    """Bring the tables from what is stored to what is wanted, and return the places of the facts that were added."""
    for kind, row in FACT_ROWS.items():
        mine = {key: fact for key, fact in wanted.items() if key[0] == kind}
        gone = [key[1] for key, fact in mine.items() if fact is None and key in stored]
        for chunk in _chunks(gone):
            connection.execute(delete(row).where(row.id.in_(chunk)))
        changed = [to_row(fact) for key, fact in mine.items() if fact is not None and key in stored]
        if changed:
            names = [name for name in changed[0] if name != "id"]
            statement = update(row.__table__).where(row.__table__.c.id == bindparam("the_id"))  # type: ignore[arg-type]  # a Table at run time
            connection.execute(
                statement.values({name: bindparam(f"new_{name}") for name in names}),
                [{"the_id": each["id"], **{f"new_{name}": each[name] for name in names}} for each in changed],
            )
    added = [(key, fact) for key, fact in wanted.items() if fact is not None and key not in stored]
    return _add(connection, added, returning)


def _add(connection: Connection, added: list[tuple[Key, Fact]], returning: dict[Key, int]) -> dict[Key, int]:
    places: dict[Key, int] = {}
    following: dict[str, int] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, fact in added:
        kind = key[0]
        if kind not in following:
            following[kind] = _last_place(connection, FACT_ROWS[kind]) + 1
        places[key] = returning.get(key, following[kind])
        if key not in returning:
            following[kind] += 1
        rows.setdefault(kind, []).append({"added": places[key], **to_row(fact)})
    for kind, new in rows.items():
        connection.execute(insert(FACT_ROWS[kind].__table__), new)  # type: ignore[arg-type]  # a Table at run time
    return places


def _last_place(connection: Connection, row: type[FactRow]) -> int:
    """Return the highest place a kind ever gave out: none is used twice, so a fact that returns finds its own free."""
    last = connection.execute(
        text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": row.__tablename__}
    ).scalar()
    return int(last or 0)


def _places_in(connection: Connection, undoes: int) -> dict[Key, int]:
    """Return the places of the facts of an entry that is taken back: those it removed return to them."""
    changes = select(HistoryChangeRow.kind, HistoryChangeRow.fact, HistoryChangeRow.place)
    found = connection.execute(changes.where(HistoryChangeRow.entry == undoes))
    return {(kind, fact): place for kind, fact, place in found if place is not None}


def _device_of(connection: Connection, fact: Fact, devices: set[str]) -> str | None:
    """Return the device in whose history a change belongs, following what an attachment is of."""
    if isinstance(fact, Device):
        return fact.id
    if not isinstance(fact, Attachment):
        return getattr(fact, "device", None)
    if fact.of in devices:
        return fact.of
    for kind in ("incidents", "claims", "plans"):
        row: Any = FACT_ROWS[kind]
        if device := connection.scalar(select(row.device).where(row.id == fact.of)):
            return str(device)
    return fact.of


def _forget_standings(connection: Connection, edit: Edit) -> None:
    """Drop what is no longer true of the devices an edit touched, and of the units that took over from them."""
    touched = connection.scalars(
        text(
            "WITH RECURSIVE touched(id) AS (SELECT value FROM json_each(:ids) UNION"
            " SELECT devices.id FROM devices JOIN touched ON devices.succeeds = touched.id) SELECT id FROM touched"
        ),
        {"ids": json_text(sorted(changes_of(edit).devices))},
    ).all()
    for chunk in _chunks(touched):
        connection.execute(delete(StandingRow).where(StandingRow.device.in_(chunk)))
        connection.execute(delete(AgendaRow).where(AgendaRow.device.in_(chunk)))
