"""Reads what can be read of a damaged library into a new one: row by row, and from the history what the rows lost.

The damaged file is never opened: a copy of it is, made block by block so that a failing disk spoils no more than the
blocks it cannot read.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homepoint.application.backups import Progress, SalvageReport, SavedKind
from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.portable import NotPortableError
from homepoint.storage.copying import Connect, open_file
from homepoint.storage.faults import clear_faults
from homepoint.storage.mapping import columns, from_row, from_text, quoted, to_row
from homepoint.storage.migrate import Schema, bring_up_to_date
from homepoint.storage.migrations.m0003_activation_codes import hide_codes

_BLOCK = 4096
_HEADER = 100
_PAGE_COUNT = slice(28, 32)
_FREE_LIST = slice(32, 40)
_MOST_PROBES = 500_000
_KEPT_VALUES = ("time_zone", "extra", "own-id", "codes-in-file")
_HISTORY = ("history", "history_changes")
_UNREADABLE = (sqlite3.Error, ValueError, KeyError, TypeError, NotPortableError)


@dataclass(slots=True)
class _Found:
    """What became of one kind of fact."""

    ids: set[str] = field(default_factory=set)
    from_history: int = 0
    spoiled: int = 0


def salvage(
    damaged: Path, target: Path, place: Path, progress: Progress, connect: Connect = open_file
) -> SalvageReport:
    """Write what can be read of a damaged library into a new one.

    Args:
        damaged: the file; neither it nor what lies beside it is altered.
        target: the new library; it must not be there yet.
        place: an empty folder for the copy that is read from.
        progress: told how far it is.
        connect: opens a file.

    Raises:
        HomepointError: the new library cannot be written, or the damaged file not be read at all.
    """
    bring_up_to_date(target)
    copy = place / "damaged.sqlite"
    _copy_what_can_be_read(damaged, copy, target)
    with clear_faults(target), closing(connect(target)) as new, closing(connect(copy)) as old:
        old.text_factory = lambda raw: raw.decode("utf-8", errors="strict")
        reader, new_kinds = _Reader(old, []), {}
        new.execute("BEGIN")
        for done, kind in enumerate(FACT_KINDS):
            progress(done, len(FACT_KINDS) + 2, f"Reading the {kind.replace('_', ' ')}")
            new_kinds[kind] = _save_kind(reader, new, kind)
        for table in _HISTORY:
            progress(len(FACT_KINDS), len(FACT_KINDS) + 2, "Reading the history")
            _save_rows(reader, new, table)
        _save_codes(reader, new)
        if reader.unreadable:
            _save_from_history(new, new_kinds)
        _save_values(reader, new)
        _settle(new)
        missing = {kind: reader.ids_in_index(kind) - found.ids for kind, found in new_kinds.items()}
        [edits] = new.execute("SELECT count(*) FROM history").fetchone()
        new.execute("COMMIT")
    return SalvageReport(
        kinds={
            kind: SavedKind(
                read=len(found.ids) - found.from_history,
                from_history=found.from_history,
                missing=max(len(missing[kind]), found.spoiled - found.from_history),
            )
            for kind, found in new_kinds.items()
        },
        edits=edits,
        unreadable=tuple(dict.fromkeys(reader.unreadable)),
    )


@dataclass(slots=True)
class _Reader:
    """Reads the tables of the damaged copy around what is broken; names those it could not read whole."""

    connection: sqlite3.Connection
    unreadable: list[str]

    def columns(self, table: str) -> list[str]:
        """Return the columns a table has, none where that cannot be read."""
        try:
            return [str(row[1]) for row in self.connection.execute(f"PRAGMA table_info({table})")]
        except sqlite3.Error:
            return []

    def rows(self, table: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield what can be read, in the order of adding: up to what is broken, and on behind it."""
        sql = f"SELECT rowid, {quoted(names, table)} FROM {table} WHERE rowid"
        last, end, probes = 0, 0, _MOST_PROBES
        while True:
            try:
                for row in self.connection.execute(f"{sql} > ? ORDER BY rowid", (last,)):
                    last = row[0]
                    yield row[1:]
                return
            except (sqlite3.Error, UnicodeDecodeError):
                self.unreadable.append(table)
            end = end or self._last_row(table)
            behind = None
            while behind is None and probes and last < end:  # row by row, so that whole pages are stepped over
                last, probes = last + 1, probes - 1
                with suppress(sqlite3.Error, UnicodeDecodeError):
                    behind = self.connection.execute(f"{sql} = ?", (last,)).fetchone()
            if behind is None:
                return
            yield behind[1:]

    def _last_row(self, table: str) -> int:
        known = 0
        for sql in (
            f"SELECT max(rowid) FROM {table}",
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
            f"SELECT max(rowid) FROM {table} INDEXED BY sqlite_autoindex_{table}_1",
        ):
            with suppress(sqlite3.Error, TypeError):
                known = max(known, int(self.connection.execute(sql).fetchone()[0]))
        return known

    def ids_in_index(self, kind: str) -> set[str]:
        """Return the ids of a kind as its index has them, which lies elsewhere in the file than the facts."""
        found: set[str] = set()
        with suppress(sqlite3.Error, UnicodeDecodeError):
            for [id] in self.connection.execute(f"SELECT id FROM {kind} INDEXED BY sqlite_autoindex_{kind}_1"):
                found.add(str(id))
        return found


def _save_kind(reader: _Reader, new: sqlite3.Connection, kind: str) -> _Found:
    fact_type, found = FACT_KINDS[kind], _Found()
    there = reader.columns(kind)
    names = [name for name in columns(fact_type) if name in there]
    if not names:
        reader.unreadable.append(kind)
        return found
    for added, *values in reader.rows(kind, ["added", *names]):
        try:
            known = dict(zip(names, values, strict=True))
            fact = from_row(fact_type, [known.get(name) for name in columns(fact_type)])
            _insert(new, kind, {"added": added, **to_row(fact)})
            found.ids.add(fact.id)
        except _UNREADABLE:
            found.spoiled += 1
            reader.unreadable.append(kind)
    return found


def _save_rows(reader: _Reader, new: sqlite3.Connection, table: str) -> None:
    wanted = [str(row[1]) for row in new.execute(f"PRAGMA table_info({table})")]
    names = [name for name in reader.columns(table) if name in wanted]
    if not names:
        reader.unreadable.append(table)
        return
    for values in reader.rows(table, names):
        with suppress(sqlite3.IntegrityError):
            _insert(new, table, dict(zip(names, values, strict=True)))


def _save_codes(reader: _Reader, new: sqlite3.Connection) -> None:
    """Let activation codes wait as they did, and take those of an older library out of its facts and history."""
    waiting: list[tuple[str, str]] = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        waiting = reader.connection.execute('SELECT "plan", code FROM codes_to_move').fetchall()
    older: dict[str, str] = {}
    if "activation_code" in reader.columns("plans"):
        older = {id: code for id, code in reader.rows("plans", ("id", "activation_code")) if isinstance(code, str)}
    new.execute(
        "DELETE FROM history_changes WHERE kind = 'plans'"
        " AND NOT (json_valid(coalesce(\"before\", '{}')) AND json_valid(coalesce(\"after\", '{}')))"
    )
    hide_codes(Schema(new), older)
    new.executemany('INSERT OR IGNORE INTO codes_to_move ("plan", code) VALUES (?, ?)', waiting)


def _save_from_history(new: sqlite3.Connection, kinds: dict[str, _Found]) -> None:
    """Bring back facts whose rows cannot be read, as the last edit that is left of each says they were."""
    last = 'SELECT kind, fact, place, "after", max(number) FROM history_changes GROUP BY kind, fact ORDER BY number'
    for kind, id, place, after, _number in new.execute(last).fetchall():
        found = kinds.get(kind)
        if found is None or after is None or id in found.ids:
            continue
        with suppress(*_UNREADABLE):
            row = to_row(from_text(kind, after))
            _insert(new, kind, ({"added": place} if place and not _is_taken(new, kind, place) else {}) | row)
            found.ids.add(id)
            found.from_history += 1


def _is_taken(new: sqlite3.Connection, kind: str, place: int) -> bool:
    return new.execute(f"SELECT 1 FROM {kind} WHERE added = ?", (place,)).fetchone() is not None


def _save_values(reader: _Reader, new: sqlite3.Connection) -> None:
    for name in _KEPT_VALUES:
        with suppress(sqlite3.Error):
            row = reader.connection.execute("SELECT value FROM library WHERE name = ?", (name,)).fetchone()
            if row is not None:
                new.execute("INSERT OR REPLACE INTO library (name, value) VALUES (?, ?)", (name, row[0]))


def _settle(new: sqlite3.Connection) -> None:
    """Drop edits of which nothing is left to take back: undo must not meet half of one."""
    new.execute("DELETE FROM history_changes WHERE entry NOT IN (SELECT number FROM history)")
    new.execute("UPDATE history SET awaits = NULL")


def _insert(new: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    new.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))


def _copy_what_can_be_read(damaged: Path, copy: Path, whole: Path) -> None:
    """Copy the file and its log: blocks the disk does not give become zeros, a lost header that of a whole file."""
    content = _readable(damaged)
    model = whole.read_bytes()[:_HEADER]
    if len(content) >= _HEADER and content[:18] != model[:18]:
        header = bytearray(model)
        header[_PAGE_COUNT] = (len(content) // _BLOCK).to_bytes(4, "big")
        header[_FREE_LIST] = bytes(8)
        content[:_HEADER] = header
    copy.write_bytes(content)
    log = damaged.with_name(damaged.name + "-wal")
    if log.exists():
        copy.with_name(copy.name + "-wal").write_bytes(_readable(log))


def _readable(path: Path) -> bytearray:
    content = bytearray()
    with clear_faults(path), path.open("rb", buffering=0) as stream:
        size = path.stat().st_size
        while len(content) < size:
            stream.seek(len(content))
            try:
                block = stream.read(min(_BLOCK, size - len(content)))
            except OSError:
                block = bytes(min(_BLOCK, size - len(content)))
            if not block:
                break
            content += block
    return content
