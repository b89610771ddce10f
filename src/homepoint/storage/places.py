"""The places of facts in the order of their adding: numbers that come out the same on every computer."""

import sqlite3
from collections.abc import Sequence


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
