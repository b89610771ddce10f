"""What a remote must be able to do, and how it can fail: a flat folder of small objects, on a server or a drive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from homepoint.application.replication import RemoteReport, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An object in a listing; `size` is None where the server does not say."""

    name: str
    size: int | None


class RemoteError(Exception):
    """The remote did not do what was asked. `trouble` says which kind of failure it is, `details` what it said."""

    def __init__(self, trouble: Trouble, details: str = "") -> None:
        super().__init__(f"{trouble}: {details}")
        self.trouble = trouble
        self.details = details


class NotThere(RemoteError):  # noqa: N818  # the normal answer to asking for an object that is gone
    """There is no such object or folder."""

    def __init__(self, details: str = "") -> None:
        super().__init__(Trouble.SERVER, details)


class Remote(Protocol):
    """Objects in folders ("l", "a"), read and written whole. Used from one thread.

    Nothing is assumed of the keeper but that it sometimes keeps what it was given: an upload may be seen half-way, be
    cut off, or be answered and lost. Every method raises RemoteError.
    """

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        ...

    @property
    def server_time(self) -> datetime | None:
        """The server's clock as it told it last (UTC), None where it tells none."""
        ...

    def list(self, folder: str) -> list[Listed]:
        """Return the objects of a folder.

        Raises:
            NotThere: there is no such folder.
        """
        ...

    def get(self, folder: str, name: str, largest: int) -> bytes:
        """Return an object.

        Raises:
            NotThere: it is not there.
            RemoteError: among others, it is larger than `largest` bytes.
        """
        ...

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Write an object, making the folder where it is missing."""
        ...

    def delete(self, folder: str, name: str) -> None:
        """Remove an object; one that is not there is removed already."""
        ...

    def test(self) -> RemoteReport:
        """Try everything out with a small object and say who answers and what is lacking."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
