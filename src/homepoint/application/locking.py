"""Locking the library: what storage must be able to do for it, how long wrong guesses wait, and when idleness locks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

IDLE_CHOICES = (0, 1, 5, 15, 30, 60)
"""After how many minutes without a key or a click the window locks itself; 0: never."""

_FREE_GUESSES = 3
_LONGEST_WAIT = timedelta(seconds=60)


class ConvertibleFiles(Protocol):
    """A library's file as storage converts it between plain and encrypted."""

    def is_encrypted(self, path: Path) -> bool:
        """Say whether a file is there that is no plain library; nobody in this program may have it open."""
        ...

    def alone(self, path: Path) -> AbstractContextManager[None]:
        """Keep other programs out of such a block; a program that is killed in it lets them in.

        Args:
            path: a file for this alone; it is made, stays, and holds nothing.

        Raises:
            HomepointError: another program is in it.
        """
        ...

    def convert(
        self, source: Path, key: bytes | None, target: Path, new_key: bytes | None, then: Callable[[], None]
    ) -> None:
        """Write all of a library into a new file, compare the two, and call `then` while nobody may write to the old.

        Args:
            source, key: the library as it is.
            target, new_key: the file to make; it must not be there.
            then: exchanges the two.

        Raises:
            HomepointError: somebody has the library open, it cannot be read, or the copy not be written.
        """
        ...

    def make_ready(self, path: Path, key: bytes | None) -> None:
        """Let a file be read and written at once, as a library is."""
        ...


def wait_after(wrong: int) -> timedelta:
    """Return how long the next guess has to wait after so many wrong ones in a row.

    It only slows down who sits at the window; whoever has the files is slowed down by what each guess costs.
    """
    if wrong < _FREE_GUESSES:
        return timedelta()
    return min(timedelta(seconds=2 ** (wrong - _FREE_GUESSES)), _LONGEST_WAIT)


def locks_itself(last_used_at: datetime, now: datetime, minutes: int) -> bool:
    """Say whether the window is to lock itself; a clock that was set back counts as idle for long enough."""
    return minutes > 0 and not timedelta() <= now - last_used_at < timedelta(minutes=minutes)


def is_confirmed(code: str, typed: str) -> bool:
    """Say whether the last four characters of a recovery code were typed, which shows that it was written down."""
    return typed.strip().upper().replace("O", "0").replace("I", "1").replace("L", "1") == code[-4:]
