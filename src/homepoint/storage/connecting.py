"""The one place that opens a library's file: plainly, or with its key where it is encrypted.

A plain file is opened by the standard library's SQLite. SQLCipher (`sqlcipher3`) is imported for an encrypted one
alone: most libraries are plain, and a start shall not pay for what it does not use.
"""

import hmac
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import cast

PATIENCE_S = 5.0
"""How long to wait for another program that holds the file."""

KEY_BYTES = 32

PLAIN_HEADER = b"SQLite format 3\0"


def is_encrypted(path: Path) -> bool:
    """Say whether a file is there that does not begin as a plain library does: an encrypted one, or a damaged one."""
    try:
        with path.open("rb") as stream:
            head = stream.read(len(PLAIN_HEADER))
    except OSError:
        return False
    return bool(head) and head != PLAIN_HEADER


def connect(
    path: Path, key: bytes | None = None, *, patience_s: float = PATIENCE_S, check_same_thread: bool = True
) -> sqlite3.Connection:
    """Open a library's file; transactions are begun and ended by whoever uses the connection.

    Args:
        path: the file; it is made where there is none.
        key: the key of an encrypted library; None for a plain one.
        patience_s: how long to wait for another program that holds it.
        check_same_thread: False where several threads take turns.

    Raises:
        sqlite3.Error, sqlcipher3.Error: it cannot be opened; see `faults.clear_faults`. A wrong key is found out by
            the first statement, as a file that is no database.
    """
    if key is None:
        return sqlite3.connect(path, timeout=patience_s, isolation_level=None, check_same_thread=check_same_thread)
    connection = cipher_module().connect(
        path, timeout=patience_s, isolation_level=None, check_same_thread=check_same_thread
    )
    connection.execute(f"PRAGMA key = {key_text(key)}")
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the terminal; faults are told by errors
    # sqlcipher3 is the standard library's module built on another SQLite: its connection has the same methods.
    return cast(sqlite3.Connection, connection)


def opener(key: bytes | None, patience_s: float = PATIENCE_S) -> Callable[[Path], sqlite3.Connection]:
    """Return what opens files with this key, for code that is handed a way to open them."""
    return lambda path: connect(path, key, patience_s=patience_s)


def cipher_module() -> ModuleType:
    """Return SQLCipher's module, imported when first asked for."""
    from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no types of its own

    module: ModuleType = dbapi2
    return module


def key_text(key: bytes) -> str:
    """Return the database's key, made of the library's, as SQLCipher reads one that is not to be stretched.

    It is for a statement, never for a log or a URL.

    Raises:
        ValueError: it has another length than a key.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("no key of a library")
    return f"\"x'{hmac.digest(key, b'homepoint/1/database', 'sha256').hex()}'\""


def database_errors() -> tuple[type[Exception], ...]:
    """Return what the modules in use raise: the second one's errors are none of the first's."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)


def clash_errors() -> tuple[type[Exception], ...]:
    """Return the errors that say that a row clashes with another, of both engines as far as they are imported."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.IntegrityError,) if cipher is None else (sqlite3.IntegrityError, cipher.IntegrityError)
