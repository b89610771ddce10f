"""What can go wrong with the library's file, in sentences that say what to do next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.storage.connecting import database_errors

_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: (
        "The library file is not a Homepoint library.",
        "Choose another folder, or restore a backup of the file.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The library file is damaged.",
        "Restore a backup, or export what can still be read as an owner file.",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program is using the library file.",
        "Close it, then try again. Nothing was changed.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The library file cannot be changed.",
        "Give yourself the right to write to it and to its folder, then try again.",
    ),
    sqlite3.SQLITE_FULL: (
        "There is no room left on the disk.",
        "Free some space, then try again. Nothing was changed.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The library file cannot be opened.",
        "Check that its folder exists and that you may read and write there.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk did not answer as it should.",
        "Check the disk and its free space, then try again.",
    ),
}
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PERM] = _SENTENCES[sqlite3.SQLITE_READONLY]

UNSTORABLE = HomepointError(
    "A text or number in these facts cannot be stored.",
    "Remove unusual characters, and numbers of more than 18 digits, then try again. Nothing was changed.",
)


def explain(fault: BaseException, path: Path) -> HomepointError | None:
    """Return what to tell the owner about a fault of the file, or None where the fault is a bug of ours."""
    if isinstance(fault, UnicodeEncodeError | OverflowError):
        return UNSTORABLE
    code = getattr(fault, "sqlite_errorcode", None)
    if code is None or code & 0xFF not in _SENTENCES:
        return None
    title, advice = _SENTENCES[code & 0xFF]
    return HomepointError(f"{title} ({path.name})", advice)


@contextmanager
def clear_faults(path: Path) -> Iterator[None]:
    """Turn faults of the file into a HomepointError; let everything else pass."""
    try:
        yield
    except Exception as fault:
        if not isinstance(fault, (*database_errors(), UnicodeEncodeError, OverflowError)):
            raise
        told = explain(fault, path)
        if told is None:
            raise
        raise told from fault
