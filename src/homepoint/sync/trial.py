"""Tries a remote out in a folder made for it, and says in plain words what it lacks."""

import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Protocol

from homepoint.application.replication import Trouble
from homepoint.sync.remote import RemoteError

PROBE = "probe.txt"
"""The one file of a trial."""

_WORLD = frozenset({Trouble.OFFLINE, Trouble.BUSY})
"""What says nothing about the remote's abilities, so that a trial cannot go on."""


class Ground(Protocol):
    """A folder of its own in which things are tried out. Every method raises RemoteError."""

    def make(self) -> None:
        """Make the folder."""
        ...

    def write(self, content: bytes) -> None:
        """Write the probe."""
        ...

    def names(self) -> Collection[str]:
        """Return the names in the folder."""
        ...

    def read(self) -> bytes:
        """Return the probe."""
        ...

    def delete(self) -> None:
        """Remove the probe."""
        ...

    def remove(self) -> None:
        """Remove the folder and what may be left in it."""
        ...


def ground_name() -> str:
    """Return a name for a trial's folder that nothing else bears."""
    return f"homepoint-sync-test-{secrets.token_hex(8)}"


def shortcomings(ground: Ground) -> tuple[str, ...]:
    """Return a sentence for each thing that does not work on a ground, and leave nothing there.

    Raises:
        RemoteError: it cannot be reached, or is too busy to be tried out.
    """
    lacks: list[str] = []
    if not _works(ground.make, "It makes no folders.", lacks):
        return tuple(lacks)
    try:
        content = secrets.token_bytes(600)
        if _works(lambda: ground.write(content), "It takes no files.", lacks):
            _works(lambda: _expect(PROBE in ground.names()), "It does not list the files it has.", lacks)
            _works(lambda: _expect(ground.read() == content), "It does not give back what it was given.", lacks)
            _works(ground.delete, "It removes no files.", lacks)
    finally:
        with suppress(RemoteError):
            ground.remove()
    return tuple(lacks)


def _works(step: Callable[[], None], otherwise: str, lacks: list[str]) -> bool:
    try:
        step()
    except RemoteError as error:
        if error.trouble in _WORLD:
            raise
        reason = "There is no room left on it." if error.trouble is Trouble.FULL else error.details
        lacks.append(f"{otherwise} {reason}".strip())
        return False
    return True


def _expect(holds: bool) -> None:
    if not holds:
        raise RemoteError(Trouble.SERVER)
