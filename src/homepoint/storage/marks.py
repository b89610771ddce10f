"""Named values that are no facts but the same on every computer: whole values, of which the last one set counts."""

import sqlite3
from collections.abc import Iterable, Mapping


def read(connection: sqlite3.Connection, kind: str) -> dict[str, str]:
    """Return the values of a kind by name, as JSON texts."""
    rows = connection.execute("SELECT name, value FROM marks WHERE kind = ? AND value IS NOT NULL", (kind,))
    return {str(name): str(value) for name, value in rows}


def stamps(connection: sqlite3.Connection, kind: str, names: Iterable[str]) -> list[str]:
    """Return the stamps of the edits that set these names last."""
    found = (
        connection.execute("SELECT stamp FROM marks WHERE kind = ? AND name = ?", (kind, name)).fetchone()
        for name in names
    )
    return [str(row[0]) for row in found if row]


def write(connection: sqlite3.Connection, kind: str, values: Mapping[str, str | None], stamp: str) -> None:
    """Set values, each unless a later edit has set it already; None removes one."""
    connection.executemany(
        "INSERT INTO marks (kind, name, value, stamp) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value, stamp = excluded.stamp"
        " WHERE excluded.stamp > marks.stamp",
        [(kind, name, value, stamp) for name, value in values.items()],
    )
