"""Copies a library at one moment while it is worked with, reads one through, and says what is in it."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from homepoint.application.backups import (
    LibraryCheck,
    LibraryContents,
    LibraryIsDamagedError,
    Progress,
    RecordedEdit,
)
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import FACT_KINDS
from homepoint.storage.codes_to_move import take_codes_out
from homepoint.storage.connecting import PATIENCE_S
from homepoint.storage.faults import clear_faults
from homepoint.storage.migrate import APPLICATION_ID
from homepoint.storage.versions import SCHEMA_VERSION

Connect = Callable[[Path], sqlite3.Connection]

_PAGES_AT_ONCE = 256
_MOST_PROBLEMS = 20
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def open_file(path: Path) -> sqlite3.Connection:
    """Open a library's file as it is: the one place where backups, restores and salvage do so.

    Raises:
        HomepointError: it is not there. It is never made by being opened.
    """
    if not path.is_file():
        raise HomepointError(f"{path.name} is not there.", "Check that its drive is connected, then try again.")
    return sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)


def is_damage(fault: BaseException | None) -> bool:
    """Say whether an error means that a library's file is damaged, or no library at all."""
    while fault is not None:
        code = getattr(fault, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _DAMAGED:
            return True
        fault = fault.__cause__
    return False


@contextmanager
def _telling_damage(path: Path) -> Iterator[None]:
    """Turn faults of a file into a HomepointError, and damage into one of its own kind."""
    try:
        with clear_faults(path):
            yield
    except HomepointError as fault:
        if is_damage(fault):
            raise LibraryIsDamagedError(fault.title, fault.advice) from fault
        raise


class SqliteFiles:
    """`application.backups.LibraryFiles`. `connect` opens a file; an encrypted library brings its own."""

    newest_schema = SCHEMA_VERSION

    def __init__(self, connect: Connect = open_file) -> None:
        self.connect = connect

    def copy(self, source: Path, target: Path, progress: Progress) -> None:
        """Copy a library as it is now into a new file, whole in itself; others may write to it meanwhile.

        Activation codes that still wait in it to be moved to the secrets are left out.

        Raises:
            HomepointError: it cannot be read, or the copy not written; half a copy may be left for the caller.
        """
        target.touch(mode=0o600)

        def step(_status: int, remaining: int, total: int) -> None:
            progress(total - remaining, total, "Copying the records")

        with (
            _telling_damage(source),
            closing(self.connect(source)) as library,
            closing(self.connect(target)) as copy,
        ):
            library.execute("BEGIN")  # holds one moment: the copy need not begin anew at every write of others
            library.execute("SELECT count(*) FROM sqlite_master").fetchone()
            library.backup(copy, pages=_PAGES_AT_ONCE, progress=step)
            library.execute("ROLLBACK")
            take_codes_out(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without anything beside it

    def check(self, path: Path) -> LibraryCheck:
        """Read a library through: SQLite's own checks, the kind of file it is, and how much of each kind there is.

        Raises:
            HomepointError: the file cannot be read at all. A damaged one is no error, but has problems.
        """
        with _telling_damage(path), closing(self.connect(path)) as library:
            try:
                problems = _problems(library)
                if problems:
                    return LibraryCheck(problems=problems)
                return LibraryCheck(
                    schema=_one(library, "PRAGMA user_version"),
                    counts=_counts(library),
                    edits=_one(library, "SELECT count(*) FROM history"),
                )
            except sqlite3.DatabaseError as fault:
                if is_damage(fault) or "no such table" in str(fault):
                    return LibraryCheck(problems=(str(fault),))
                raise

    def contents(self, path: Path) -> LibraryContents:
        """Return what comparing a library with another one needs."""
        with _telling_damage(path), closing(self.connect(path)) as library:
            devices = library.execute("SELECT id, coalesce(nickname, model) FROM devices ORDER BY added")
            edits = library.execute("SELECT number, at, person, computer, title FROM history ORDER BY number")
            kept = library.execute("SELECT DISTINCT sha256 FROM attachments WHERE sha256 IS NOT NULL")
            return LibraryContents(
                counts=_counts(library),
                devices={str(id): str(name) for id, name in devices},
                edits=tuple(
                    RecordedEdit(number=number, at=at, person=person, computer=computer, title=title)
                    for number, at, person, computer, title in edits
                ),
                evidence=frozenset(str(sha256) for [sha256] in kept),
            )

    def mark(self, path: Path) -> str:
        """Return a text that differs once anything was recorded: of the last edit, and what holds for the library."""
        with _telling_damage(path), closing(self.connect(path)) as library:
            return _mark(library)

    @contextmanager
    def settled(self, path: Path) -> Iterator[str]:
        """Bring everything into the one file, lock it inside the block, and yield its mark.

        Who waits for the lock meanwhile finds, once the file was replaced, that it may not write to the old one.

        Raises:
            HomepointError: somebody else has it open, or it is damaged.
        """
        with _telling_damage(path), closing(self.connect(path)) as library:
            library.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            library.execute("PRAGMA journal_mode = DELETE")
            library.execute("BEGIN EXCLUSIVE")
            try:
                yield _mark(library)
            finally:
                library.execute("ROLLBACK")

    def make_ready(self, path: Path) -> None:
        """Let a copy be read and written at once, as a library is."""
        with _telling_damage(path), closing(self.connect(path)) as library:
            library.execute("PRAGMA journal_mode = WAL")


def copy_library(path: Path, target: Path, progress: Progress, connect: Connect = open_file) -> None:
    """Copy a library; see `SqliteFiles.copy`."""
    SqliteFiles(connect).copy(path, target, progress)


def check_library(path: Path, connect: Connect = open_file) -> LibraryCheck:
    """Read a library through; see `SqliteFiles.check`."""
    return SqliteFiles(connect).check(path)


def _problems(library: sqlite3.Connection) -> tuple[str, ...]:
    said = [str(row[0]) for row in library.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")]
    problems = [] if said == ["ok"] else said
    problems += [f"{row[0]} refers to what is not there" for row in library.execute("PRAGMA foreign_key_check")]
    if not problems and _one(library, "PRAGMA application_id") != APPLICATION_ID:
        problems.append("it is no library of Homepoint")
    return tuple(problems[:_MOST_PROBLEMS])


def _counts(library: sqlite3.Connection) -> dict[str, int]:
    return {kind: _one(library, f"SELECT count(*) FROM {kind}") for kind in FACT_KINDS}


def _mark(library: sqlite3.Connection) -> str:
    last = library.execute("SELECT number, at, computer FROM history ORDER BY number DESC LIMIT 1").fetchone()
    rest = library.execute("SELECT name, value FROM library ORDER BY name").fetchall()
    return hashlib.sha256(repr((last, rest)).encode()).hexdigest()


def _one(library: sqlite3.Connection, sql: str) -> int:
    return int(library.execute(sql).fetchone()[0])
