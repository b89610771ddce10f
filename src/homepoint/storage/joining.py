"""Takes edits of other computers into the tables of facts: field by field the latest edit wins, in any order."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homepoint.application.replication import MARK_KINDS, SETTINGS, Applied, LogChange, LogEntry
from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.portable import NotPortableError, from_json, normal_form
from homepoint.domain.values import DeviceId
from homepoint.storage import marks
from homepoint.storage.mapping import columns, plain_to_row, quoted, row_to_plain
from homepoint.storage.places import make_room, taken_places, wanted_place
from homepoint.storage.stamps import FactState, Key, Values, chunks, clock_of, join_edit, read_states, write_states
from homepoint.storage.standings import forget_all_standings, forget_standings_of


@dataclass(slots=True)
class _Touched:
    """One fact while edits are taken in: its stamps, its fields, and its place in its table (None: it is not there).

    `added_at` is the place that its last addition gave it, where that is among these edits.
    """

    state: FactState
    values: Values
    place: int | None
    added_at: int | None = None
    devices: tuple[str, ...] = ()


def join(connection: sqlite3.Connection, entries: Sequence[LogEntry]) -> Applied:
    """Take new entries into facts and marks, within the caller's transaction."""
    edits: dict[Key, list[tuple[str, LogChange]]] = {}
    kinds = set()
    for entry in entries:
        for change in _folded(entry.changes):
            if change.kind in FACT_KINDS:
                edits.setdefault((change.kind, change.fact), []).append((entry.stamp, change))
            elif change.kind in MARK_KINDS:
                kinds.add(change.kind)
                marks.write(connection, change.kind, {change.fact: change.after}, entry.stamp)
    touched = _read(connection, edits)
    changed = {key: fact for key, fact in touched.items() if _join_fact(fact, edits[key])}
    if changed:
        facts = {key: _understood(key[0], fact) for key, fact in changed.items()}
        write_states(connection, {key: fact.state for key, fact in changed.items()})
        _write(connection, changed, facts)
    devices = set[str]()
    for (kind, id), fact in changed.items():
        kinds.add(kind)
        devices.update(fact.devices, _devices_of(kind, id, fact.values))
    if SETTINGS in kinds:  # the owner's time zone bears on every device
        forget_all_standings(connection)
    elif devices:
        forget_standings_of(connection, devices)
    return Applied(entries=len(entries), kinds=frozenset(kinds), devices=frozenset(DeviceId(each) for each in devices))


def _folded(changes: Sequence[LogChange]) -> Iterable[LogChange]:
    """Return one change for each fact of an edit, from how it was before to how it was after all of it."""
    if len(changes) == 1:
        return [each for each in changes if each.before is not None or each.after is not None]
    folded: dict[Key, LogChange] = {}
    for change in changes:
        key = change.kind, change.fact
        first = folded.get(key)
        folded[key] = change if first is None else _after(first, change)
    return [change for change in folded.values() if change.before is not None or change.after is not None]


def _after(first: LogChange, second: LogChange) -> LogChange:
    return LogChange(
        kind=second.kind,
        fact=second.fact,
        device=second.device,
        place=second.place if first.place is None else first.place,
        before=first.before,
        after=second.after,
    )


def _read(connection: sqlite3.Connection, keys: Iterable[Key]) -> dict[Key, _Touched]:
    by_kind: dict[str, list[str]] = {}
    for kind, id in keys:
        by_kind.setdefault(kind, []).append(id)
    states = read_states(connection, keys)
    found: dict[Key, _Touched] = {}
    for kind, ids in by_kind.items():
        rows = _rows(connection, kind, [id for id in ids if (kind, id) in states])
        for id in ids:
            state = states.get((kind, id), FactState())
            place, values = rows.get(id, (None, {}))
            found[kind, id] = _Touched(state, {**values, **(state.kept or {})}, place)
            if values:
                found[kind, id].devices = _devices_of(kind, id, found[kind, id].values)
    return found


def _rows(connection: sqlite3.Connection, kind: str, ids: list[str]) -> dict[str, tuple[int, Values]]:
    fact_type = FACT_KINDS[kind]
    found = {}
    for chunk in chunks(ids):
        for place, *values in connection.execute(
            f"SELECT f.added, {quoted(columns(fact_type), 'f')} FROM {kind} f"
            f" WHERE f.id IN ({', '.join('?' * len(chunk))})",
            chunk,
        ):
            plain = row_to_plain(fact_type, values)
            found[plain["id"]] = place, plain
    return found


def _join_fact(fact: _Touched, edits: Iterable[tuple[str, LogChange]]) -> bool:
    changed = False
    for stamp, change in edits:
        before = None if change.before is None else from_json(change.before)
        after = None if change.after is None else from_json(change.after)
        if after is not None and after.get("id") != change.fact:
            raise ValueError("it is another fact than it says")
        changed |= join_edit(fact.state, fact.values, stamp, before, after)
        if before is None and fact.state.base == stamp:
            fact.added_at = clock_of(stamp) if change.place is None else change.place
    return changed


def _write(connection: sqlite3.Connection, changed: Mapping[Key, _Touched], facts: Mapping[Key, Values | None]) -> None:
    """Bring the tables of facts to what their states say."""
    added: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for (kind, id), touched in changed.items():
        plain = facts[kind, id]
        if touched.place is not None and (plain is None or touched.added_at is not None):
            connection.execute(f"DELETE FROM {kind} WHERE id = ?", (id,))
        if plain is not None and (touched.place is None or touched.added_at is not None):
            wanted = wanted_place(connection, kind, id) if touched.added_at is None else touched.added_at
            added.setdefault(kind, []).append((wanted, plain_to_row(FACT_KINDS[kind], plain)))
        elif plain is not None:
            row = plain_to_row(FACT_KINDS[kind], plain)
            names = [name for name in row if name != "id"]
            setting = ", ".join(f'"{name}" = ?' for name in names)
            connection.execute(f"UPDATE {kind} SET {setting} WHERE id = ?", [*(row[name] for name in names), id])
    for kind, rows in added.items():
        _add(connection, kind, rows)


def _add(connection: sqlite3.Connection, kind: str, rows: list[tuple[int, dict[str, Any]]]) -> None:
    """Add facts where they belong; where two want the same place, they stand in the same order everywhere."""
    taken = taken_places(connection, kind, [wanted for wanted, _ in rows])
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    crowded = []
    for place, row in rows:
        if place in taken or place + 1 in taken:
            crowded.append((place, row))
            continue
        taken.add(place)
        known = {name: value for name, value in row.items() if value is not None}  # the driver is slow with None
        alike.setdefault(tuple(known), []).append((place, *known.values()))
    for names, lot in alike.items():
        connection.executemany(_adding(kind, names), lot)
    for place, row in crowded:
        connection.execute(_adding(kind, tuple(row)), (make_room(connection, kind, row["id"], place), *row.values()))


def _adding(kind: str, names: Iterable[str]) -> str:
    """Return the statement that adds a fact with these columns at a place."""
    quoted_names = [f'"{name}"' for name in ("added", *names)]
    return f"INSERT INTO {kind} ({', '.join(quoted_names)}) VALUES ({', '.join('?' * len(quoted_names))})"


def _understood(kind: str, touched: _Touched) -> Values | None:
    """Return the fact's fields, without those only a newer program understands; None where it is not, or cannot be.

    What is left out is kept in the state, so that nothing a newer program wrote is lost.
    """
    if not touched.state.is_there:
        touched.state.kept = touched.values
        return None
    values, aside = touched.values, Values()
    while True:
        try:
            plain = normal_form(FACT_KINDS[kind], values)
        except NotPortableError as fault:
            name = fault.path[0]
            if not isinstance(name, str) or values.get(name) is None:
                touched.state.kept = touched.values
                return None
            aside[name] = values[name]
            values = {each: value for each, value in values.items() if each != name}
            continue
        touched.state.kept = aside or None
        return plain


def _devices_of(kind: str, id: str, values: Values) -> tuple[str, ...]:
    """Return the devices on which a fact bears as it is."""
    if kind == "devices":
        return (id, str(values["succeeds"])) if values.get("succeeds") else (id,)
    return (str(values["device"]),) if values.get("device") else ()
