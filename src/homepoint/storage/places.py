"""The places of facts in the order of their adding: numbers that come out in the same order on every computer."""

import sqlite3
from collections.abc import Iterator, Sequence

from homepoint.storage.stamps import clock_of


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


def wanted_place(connection: sqlite3.Connection, kind: str, id: str) -> int:
    """Return the place that a fact's last addition gave it, or where that has not arrived, its last edit."""
    place, stamp = (
        connection.execute(
            "SELECT c.place, h.stamp FROM fact_stamps s JOIN history h ON h.stamp = s.base"
            " JOIN history_changes c ON c.entry = h.number AND c.kind = s.kind AND c.fact = s.fact"
            " WHERE s.kind = ? AND s.fact = ? ORDER BY c.place IS NULL, c.number LIMIT 1",
            (kind, id),
        ).fetchone()
        or connection.execute(
            "SELECT c.place, h.stamp FROM history_changes c JOIN history h ON h.number = c.entry"
            ' WHERE c.kind = ? AND c.fact = ? AND c."after" IS NOT NULL'
            " ORDER BY h.stamp DESC, c.place IS NULL, c.number LIMIT 1",
            (kind, id),
        ).fetchone()
        or (0, "")
    )
    return clock_of(stamp) if place is None else int(place)


def make_room(connection: sqlite3.Connection, kind: str, id: str, wanted: int) -> int:
    """Return the place for a fact among others that want the same or were moved on: they stand by what they want, then
    by their ids, and so in the same order everywhere. Those after it move on by one where they must.
    """
    place = wanted
    crowd = list(_crowd(connection, kind, wanted))
    for taken, other in crowd:
        if (wanted_place(connection, kind, other), other) > (wanted, id):
            break
        place = taken + 1
    moved = [(taken + 1, other) for taken, other in crowd if taken >= place]
    if moved and moved[0][0] == place + 1:
        connection.executemany(f"UPDATE {kind} SET added = -added WHERE id = ?", [(other,) for _, other in moved])
        connection.executemany(f"UPDATE {kind} SET added = ? WHERE id = ?", moved)
    return place


def _crowd(connection: sqlite3.Connection, kind: str, wanted: int) -> Iterator[tuple[int, str]]:
    """Return the facts that stand without a gap from a place on, or from the one after it."""
    expected = wanted
    for place, id in connection.execute(f"SELECT added, id FROM {kind} WHERE added >= ? ORDER BY added", (wanted,)):
        if place not in (expected, wanted + 1):
            return
        yield place, str(id)
        expected = place + 1
