"""Converts a library's file between plain and encrypted: a whole new file, compared row by row with the old one."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.storage.connecting import PATIENCE_S, cipher_module, connect, is_encrypted, key_text
from homepoint.storage.faults import clear_faults


class SqliteConverting:
    """`application.locking.ConvertibleFiles`."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        """Wait so long for other programs that hold the file."""
        self._patience_s = patience_s

    def is_encrypted(self, path: Path) -> bool:
        """Say whether a file is there that is no plain library; see the port."""
        return is_encrypted(path)

    @contextmanager
    def alone(self, path: Path) -> Iterator[None]:
        """Keep other programs out of such a block; see the port."""
        with clear_faults(path), closing(connect(path, patience_s=self._patience_s)) as turn:
            try:
                turn.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as fault:
                raise HomepointError(
                    "Another Homepoint is encrypting or decrypting this library.", "Wait for it, then try again."
                ) from fault
            yield

    def convert(
        self, source: Path, key: bytes | None, target: Path, new_key: bytes | None, then: Callable[[], None]
    ) -> None:
        """Write all of a library into a new file, compare the two, and exchange them; see the port."""
        with clear_faults(source), closing(connect(source, key, patience_s=self._patience_s)) as holder:
            _settle(holder)
            [before] = holder.execute("PRAGMA data_version").fetchone()
            self._copy(source, key, target, new_key)
            _check(target, new_key)
            # On POSIX systems, closing a file anywhere in a process drops all its locks: take it anew, and look.
            holder.execute("ROLLBACK")
            holder.execute("BEGIN IMMEDIATE")
            [after] = holder.execute("PRAGMA data_version").fetchone()
            if after != before:
                raise _is_open_elsewhere()
            if os.name == "nt":  # an open file cannot be renamed there
                holder.close()
            then()

    def make_ready(self, path: Path, key: bytes | None) -> None:
        """Let a file be read and written at once; see the port."""
        with clear_faults(path), closing(connect(path, key, patience_s=self._patience_s)) as library:
            library.execute("PRAGMA journal_mode = WAL")

    def _copy(self, source: Path, key: bytes | None, target: Path, new_key: bytes | None) -> None:
        """Copy everything by SQLCipher, which reads and writes plain files too."""
        with closing(cipher_module().connect(source, timeout=self._patience_s, isolation_level=None)) as library:
            if key is not None:
                library.execute(f"PRAGMA key = {key_text(key)}")
            shown = "''" if new_key is None else key_text(new_key)
            library.execute(f"ATTACH DATABASE ? AS new KEY {shown}", (str(target),))
            library.execute("PRAGMA new.synchronous = FULL")
            library.execute("BEGIN")
            library.execute("SELECT sqlcipher_export('new')").fetchall()
            for name in ("application_id", "user_version"):
                [value] = library.execute(f"PRAGMA main.{name}").fetchone()
                library.execute(f"PRAGMA new.{name} = {int(value)}")
            _compare(library)
            library.execute("COMMIT")


def _settle(holder: sqlite3.Connection) -> None:
    """Bring everything into the one file, and keep others from writing to it.

    In this journal mode, who waits for the lock meanwhile finds, once the file was renamed, that it may not write:
    SQLite looks whether a file is still where it was opened.

    Raises:
        HomepointError: somebody else has it open.
    """
    holder.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [mode] = holder.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise _is_open_elsewhere()
    holder.execute("BEGIN IMMEDIATE")


def _compare(library: sqlite3.Connection) -> None:
    """Compare every table of the new file with the old one's.

    Raises:
        HomepointError: they differ.
    """
    tables = [str(name) for [name] in library.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
    for table in tables:
        counts = {
            library.execute(f'SELECT count(*) FROM {schema}."{table}"').fetchone()[0] for schema in ("main", "new")
        }
        differing = library.execute(
            f'SELECT 1 FROM (SELECT * FROM main."{table}" EXCEPT SELECT * FROM new."{table}") LIMIT 1'
        ).fetchone()
        if len(counts) != 1 or differing is not None:
            raise _not_the_same()
    schemas = [
        library.execute(f"SELECT type, name, sql FROM {schema}.sqlite_master ORDER BY type, name").fetchall()
        for schema in ("main", "new")
    ]
    if schemas[0] != schemas[1]:
        raise _not_the_same()


def _check(target: Path, key: bytes | None) -> None:
    """Open the new file by itself and read it through."""
    with clear_faults(target), closing(connect(target, key)) as made:
        if [str(line) for [line] in made.execute("PRAGMA integrity_check")] != ["ok"]:
            raise _not_the_same()
        if key is not None and made.execute("PRAGMA cipher_integrity_check").fetchall():
            raise _not_the_same()


def _is_open_elsewhere() -> HomepointError:
    return HomepointError("Another program is using the library.", "Close it, then try again. Nothing was changed.")


def _not_the_same() -> HomepointError:
    return HomepointError(
        "The copy of the library is not the same as the library.",
        "Nothing was changed. Check the disk, and that it has room, then try again.",
    )
