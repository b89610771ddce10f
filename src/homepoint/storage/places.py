"""The places of facts in the order of their adding: numbers that come out in the same order on every computer."""

import sqlite3
from collections.abc import Iterator, Sequence


def taken_places(connection: sqlite3.Connection, kind: str, wanted: Sequence[int]) -> set[int]:
    """Return the places of a kind that are taken in the span of those wanted, and a few after it."""
    rows = connection.execute(
        f"SELECT added FROM {kind} WHERE added BETWEEN ? AND ?", (min(wanted), max(wanted) + len(wanted))
    )
    return {place for [place] in rows}


def free_place(wanted: int, taken: set[int]) -> int:
    """Return the place wanted, or the next free one, and take it."""
    while wanted in taken:
        wanted += 1
    taken.add(wanted)
    return wanted


def wanted_place(connection: sqlite3.Connection, kind: str, id: str) -> int | None:
    """Return the place that a fact's last addition gave it, or where that has not arrived, its last edit."""
    row = (
        connection.execute(
            "SELECT c.place FROM fact_stamps s JOIN history h ON h.stamp = s.base"
            " JOIN history_changes c ON c.entry = h.number AND c.kind = s.kind AND c.fact = s.fact"
            " WHERE s.kind = ? AND s.fact = ? AND c.place IS NOT NULL ORDER BY c.number LIMIT 1",
            (kind, id),
        ).fetchone()
        or connection.execute(
            "SELECT c.place FROM history_changes c JOIN history h ON h.number = c.entry"
            ' WHERE c.kind = ? AND c.fact = ? AND c.place IS NOT NULL AND c."after" IS NOT NULL'
            " ORDER BY h.stamp DESC, c.number LIMIT 1",
            (kind, id),
        ).fetchone()
    )
    return None if row is None else int(row[0])


def make_room(connection: sqlite3.Connection, kind: str, id: str, wanted: int) -> int:
    """Return the place for a fact that wants a taken one: those who want the same stand by their ids.

    The others move up by one, so that whoever came first stands at the same place as everywhere else.
    """
    crowd = [(wanted, id)]
    for place, other in _crowd(connection, kind, wanted):
        given = wanted_place(connection, kind, other)
        crowd.append((place if given is None else given, other))
    found, place, moves = wanted, 0, []
    for given, each in sorted(crowd):
        place = max(given, place + 1)
        if each == id:
            found = place
        else:
            moves.append((place, each))
    connection.executemany(f"UPDATE {kind} SET added = -added WHERE id = ?", [(each,) for _, each in moves])
    connection.executemany(f"UPDATE {kind} SET added = ? WHERE id = ?", moves)
    return found


def _crowd(connection: sqlite3.Connection, kind: str, wanted: int) -> Iterator[tuple[int, str]]:
    """Return the facts that stand without a gap around a place."""
    for sign, order in ((-1, "DESC"), (1, "ASC")):
        expected = wanted if sign > 0 else wanted - 1
        rows = connection.execute(
            f"SELECT added, id FROM {kind} WHERE added {'>=' if sign > 0 else '<='} ? ORDER BY added {order}",
            (expected,),
        )
        for place, id in rows:
            if place != expected:
                break
            yield place, str(id)
            expected += sign
