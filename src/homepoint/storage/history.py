"""Reads the record of edits: who did what, when, on which computer, and what undo and redo would take back."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from homepoint.application.changes import Change, Edit, HistoryEntry
from homepoint.domain.facts import FACT_KINDS, Fact
from homepoint.domain.portable import NotPortableError, instant
from homepoint.storage.mapping import from_text

# Of an edit that another computer took back, only the stamp is known: its number here does not matter.
_UNDOES = "coalesce(h.undoes, CASE WHEN h.undone IS NOT NULL THEN 0 END)"
_ENTRY = f"h.number, h.at, h.person, h.computer, h.title, {_UNDOES}"


def entries(connection: sqlite3.Connection, about: str | None, limit: int) -> Sequence[HistoryEntry]:
    """Return recorded edits, the newest first. With `about`, only those of one device, and only what they did to it."""
    if about is None:
        found = connection.execute(
            f"SELECT {_ENTRY} FROM history h WHERE h.title != '' ORDER BY h.stamp DESC LIMIT ?", (limit,)
        )
    else:
        found = connection.execute(
            f"SELECT {_ENTRY} FROM history h"
            " WHERE h.number IN (SELECT c.entry FROM history_changes c WHERE c.device = ?)"
            " ORDER BY h.stamp DESC LIMIT ?",
            (about, limit),
        )
    return [_entry(connection, row, about) for row in found.fetchall()]


def awaiting(connection: sqlite3.Connection, whom: str) -> HistoryEntry | None:
    """Return the newest edit that awaits "undo" or "redo", or None."""
    row = connection.execute(
        f"SELECT {_ENTRY} FROM history h WHERE h.awaits = ? ORDER BY h.number DESC LIMIT 1", (whom,)
    ).fetchone()
    return None if row is None else _entry(connection, row, None)


def title_awaiting(connection: sqlite3.Connection, whom: str) -> str | None:
    """Return only the title of that edit: a menu asks for it after every change."""
    row = connection.execute(
        "SELECT title FROM history WHERE awaits = ? ORDER BY number DESC LIMIT 1", (whom,)
    ).fetchone()
    return None if row is None else str(row[0])


def _entry(connection: sqlite3.Connection, row: Sequence[Any], about: str | None) -> HistoryEntry:
    number, at, person, computer, title, undoes = row
    changes = connection.execute(
        "SELECT kind, before, after FROM history_changes WHERE entry = ?"
        + ("" if about is None else " AND device = ?")
        + " ORDER BY number",
        (number,) if about is None else (number, about),
    )
    return HistoryEntry(
        number=number,
        at=instant(at),
        person=person,
        computer=computer,
        edit=Edit(
            title=title,
            changes=tuple(
                Change(before=before, after=after)
                for before, after in (_facts(kind, before, after) for kind, before, after in changes)
                if before or after
            ),
        ),
        undoes=undoes,
    )


def _facts(kind: str, before: str | None, after: str | None) -> tuple[Fact | None, Fact | None]:
    """Return a fact before and after; neither where a newer program wrote what this one does not understand."""
    if kind not in FACT_KINDS:
        return None, None
    try:
        return (
            None if before is None else from_text(kind, before),
            None if after is None else from_text(kind, after),
        )
    except NotPortableError:
        return None, None
