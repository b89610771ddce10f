"""Asks for the passphrase of an encrypted library, once for each command line, or reads it from the standard input."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.system.paths import LOCK_JOURNAL, LOCK_NAME

_WHERE = "Homepoint asks for it on a terminal; elsewhere, give it as the first line of the standard input"


class _Asking:
    """What one command line has been told."""

    def __init__(self, *, from_stdin: bool) -> None:
        self.from_stdin = from_stdin
        self.keys: dict[Path, bytes] = {}
        self._line: str | None = None

    def secret(self, folder: Path) -> str:
        """Return what was typed or handed over.

        Raises:
            HomepointError: nothing was, and there is nobody to ask.
        """
        if self.from_stdin:
            if self._line is None:
                self._line = sys.stdin.readline().rstrip("\r\n")
            typed = self._line
        elif sys.stdin.isatty():
            typed = getpass.getpass(f"Passphrase or recovery code of {folder}: ", stream=sys.stderr)
        else:
            typed = ""
        if not typed:
            raise HomepointError(
                f"The records in {folder} are encrypted, and no passphrase was given.", f"{_WHERE} with --unlock-stdin."
            )
        return typed


_asking: ContextVar[_Asking] = ContextVar("_asking")


@contextmanager
def asking_once(*, from_stdin: bool) -> Iterator[None]:
    """Remember, inside the block, what was typed for which library."""
    token = _asking.set(_Asking(from_stdin=from_stdin))
    try:
        yield
    finally:
        _asking.reset(token)


def key_of(folder: Path) -> bytes | None:
    """Return the key of the library in a data folder, None for a plain one; what a kill interrupted is finished first.

    Nobody in this program may have the library open.

    Raises:
        HomepointError: what was typed does not open it, or there is nobody to ask.
    """
    if not (folder / LOCK_JOURNAL).exists() and not (folder / LOCK_NAME).exists():
        return None
    from homepoint.storage.converting import SqliteConverting
    from homepoint.system.lock_file import LockFile
    from homepoint.system.locking import finish_evidence, is_locked, recover_unfinished

    files = SqliteConverting()
    recover_unfinished(folder, files)
    if not is_locked(folder, files):
        return None
    asking = _asking.get(None) or _Asking(from_stdin=False)
    if folder not in asking.keys:
        asking.keys[folder] = LockFile(folder).key_by(asking.secret(folder))
    finish_evidence(folder, files, asking.keys[folder])
    return asking.keys[folder]
