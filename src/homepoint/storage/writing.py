"""The one way in which facts change: one transaction that checks, applies, and records the history.

This module imports SQLAlchemy, which takes long: `library.py` imports it at the first write.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import NullPool

from homepoint.application.changes import Change, Edit, HistoryEntry, changes_of
from homepoint.application.problems import HomepointError
from homepoint.application.replication import OWN_LOG
from homepoint.domain.facts import FACT_KINDS, Attachment, Device, Fact, kind_of
from homepoint.domain.portable import from_plain, instant_text, to_plain
from homepoint.storage import marks
from homepoint.storage.connecting import cipher_module, connect
from homepoint.storage.faults import explain
from homepoint.storage.mapping import columns, from_row, to_row, to_text
from homepoint.storage.places import free_place, taken_places
from homepoint.storage.stamps import (
    FactState,
    Key,
    changed_fields,
    clock_of,
    new_stamp,
    next_clock,
    note_edit,
    read_states,
    write_states,
)
from homepoint.storage.standings import forget_standings_of
from homepoint.storage.tables import FACT_ROWS, HistoryChangeRow, HistoryRow

_AT_ONCE = 500


def engine_for(path: Path, patience_s: float, key: bytes | None = None) -> Engine:
    """Return an engine that opens the file anew for each transaction and locks it from the start."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, key, patience_s=patience_s),
        module=sqlite3 if key is None else cipher_module(),
        poolclass=NullPool,
    )

    @event.listens_for(engine, "begin")
    def _lock(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Writer:
    """Carries out edits on a library's file on behalf of one person at one computer."""

    def __init__(self, path: Path, person: str, computer: str, patience_s: float, key: bytes | None = None) -> None:
        self._path, self._person, self._computer = path, person, computer
        self.engine = engine_for(path, patience_s, key)

    def write(self, edit: Edit, at: datetime, undoes: int | None) -> HistoryEntry:
        """Carry out an edit and record it; see `ports.Library.write`."""
        with self._transaction() as connection:
            stored = _stored(connection, edit)
            if undoes is not None:
                edit = _upon(edit, {key: fact for key, (_, fact) in stored.items()})
            wanted = _folded(edit, {key: fact for key, (_, fact) in stored.items()})
            returning = _places_in(connection, undoes) if undoes is not None else {}
            stamp = self._stamped(connection, at, stored, wanted)
            added = _apply(connection, stored, wanted, returning, clock_of(stamp))
            places = {key: place for key, (place, _) in stored.items()} | added
            number = self._record(connection, edit, at, undoes, places, stamp)
            forget_standings_of(_raw(connection), changes_of(edit).devices)
        return HistoryEntry(
            number=number, at=at, person=self._person, computer=self._computer, edit=edit, undoes=undoes
        )

    def mark(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        """Keep named values that are no facts; see `ports.Library.set_marks`."""
        with self._transaction() as connection:
            raw = _raw(connection)
            kept = marks.read(raw, kind)
            changed = {name: value for name, value in values.items() if kept.get(name) != value}
            if not changed:
                return
            touched = [FactState(base=stamp) for stamp in marks.stamps(raw, kind, changed)]
            stamp = new_stamp(next_clock(raw, at, touched))
            number = self._record_entry(connection, "", at, None, None, stamp)
            marks.write(raw, kind, changed, stamp)
            connection.execute(
                insert(HistoryChangeRow),
                [
                    {"entry": number, "kind": kind, "fact": name, "before": kept.get(name), "after": value}
                    for name, value in changed.items()
                ],
            )

    def _stamped(
        self,
        connection: Connection,
        at: datetime,
        stored: "dict[Key, tuple[int, Fact]]",
        wanted: "dict[Key, Fact | None]",
    ) -> str:
        """Give the edit its stamp, and take it into the states of the facts it changes."""
        raw = _raw(connection)
        states = read_states(raw, wanted)
        stamp = new_stamp(next_clock(raw, at, states.values()))
        noted = {}
        for key, fact in wanted.items():
            before = to_plain(stored[key][1]) if key in stored else None
            after = None if fact is None else to_plain(fact)
            if before is not None or after is not None:
                noted[key] = states.get(key, FactState())
                note_edit(noted[key], stamp, before, after)
        write_states(raw, noted)
        return stamp

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

    def _record_entry(
        self, connection: Connection, title: str, at: datetime, undoes: int | None, awaits: str | None, stamp: str
    ) -> int:
        undone = None
        if undoes is not None:
            undone = connection.scalar(select(HistoryRow.stamp).where(HistoryRow.number == undoes))
        seq = connection.scalar(select(func.max(HistoryRow.seq)).where(HistoryRow.log == OWN_LOG)) or 0
        number: int = connection.execute(
            insert(HistoryRow)
            .values(
                at=instant_text(at),
                person=self._person,
                computer=self._computer,
                title=title,
                undoes=undoes,
                awaits=awaits,
                stamp=stamp,
                log=OWN_LOG,
                seq=seq + 1,
                undone=undone,
            )
            .returning(HistoryRow.number)
        ).scalar_one()
        return number

    def _record(
        self,
        connection: Connection,
        edit: Edit,
        at: datetime,
        undoes: int | None,
        places: dict[Key, int],
        stamp: str,
    ) -> int:
        number = self._record_entry(connection, edit.title, at, undoes, _turn(connection, undoes), stamp)
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


def _raw(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection, in the same transaction: joining with other computers' edits uses it too."""
    # SQLCipher's connection is no subclass, but has the same methods: see `connecting.connect`.
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _upon(edit: Edit, stored: dict[Key, Fact]) -> Edit:
    """Return what takes an edit back upon what is stored now: another computer may have set other fields since.

    Raises:
        HomepointError: a field that is to be taken back was set since.
    """
    state: dict[Key, Fact | None] = dict(stored)
    changes = []
    for change in edit.changes:
        key = _key(change.fact)
        current = state.get(key)
        if change.before is not None and change.after is not None and current is not None:
            change = Change(before=current, after=_with_fields(current, change.before, change.after))
        state[key] = change.after
        changes.append(change)
    return Edit(title=edit.title, changes=tuple(changes))


def _with_fields(current: Fact, before: Fact, after: Fact) -> Fact:
    if current == before:
        return after
    is_now, was, shall_be = to_plain(current), to_plain(before), to_plain(after)
    names = changed_fields(was, shall_be)
    if any(is_now.get(name) != was.get(name) for name in names):
        raise _meanwhile()
    return from_plain(type(current), {**is_now, **{name: shall_be.get(name) for name in names}})


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
    clock: int,
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
    return _add(connection, added, returning, clock)


def _add(
    connection: Connection, added: list[tuple[Key, Fact]], returning: dict[Key, int], clock: int
) -> dict[Key, int]:
    """Add facts at the places they had, or at new ones that are the same on every computer: the edit's clock, on."""
    places: dict[Key, int] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for index, (key, fact) in enumerate(added):
        places[key] = returning.get(key, clock + index)
        rows.setdefault(key[0], []).append({"added": places[key], **to_row(fact)})
    for kind, new in rows.items():
        taken = taken_places(_raw(connection), kind, [row["added"] for row in new])
        for row in new:
            row["added"] = places[kind, row["id"]] = free_place(row["added"], taken)
        connection.execute(insert(FACT_ROWS[kind].__table__), new)  # type: ignore[arg-type]  # a Table at run time
    return places


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
