"""A library that several computers share, for tests of one thing at a time: they come, are copied, and go back."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from homepoint.application.replication import RoundReport, Trouble
from homepoint.storage.library import SqliteLibrary
from homepoint.sync.cipher import LibraryKeys, seal
from homepoint.sync.names import named
from tests import builders as make
from tests.sync.histories import copy_file, history_in, share_statements
from tests.sync.replicas import BEGIN, IN_MEMORY, MemoryServer, Replica, Secrets

_TEMPLATE: list[bytes] = []


class Shared:
    """Computers and their storage; everything is closed and removed at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="homepoint-shared-", dir=IN_MEMORY))
        self.server = MemoryServer()
        self.computers: list[Replica] = []
        self.code = ""

    def __enter__(self) -> "Shared":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for computer in self.computers:
            computer.close()
        shutil.rmtree(self.folder)

    def computer(self, name: str, *, joins: bool = True, **values: Any) -> Replica:
        """Return a new computer; the first one sets up, the others join unless told not to."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "library.sqlite").write_bytes(_template(self.folder))
        computer = share_statements(Replica(folder, self.server, name, **values))
        self.computers.append(computer)
        if joins and not self.code:
            self.code = computer.set_up()
        elif joins:
            computer.join()
        return computer

    def pair(self) -> tuple[Replica, Replica]:
        """Return two computers that share the library."""
        return self.computer("A"), self.computer("B")

    def copy(self, computer: Replica, name: str) -> Replica:
        """Return a computer with a copy of another's library, files and keys."""
        folder = self.folder / name
        folder.mkdir()
        copy_file(computer.folder / "library.sqlite", folder / "library.sqlite")
        if (computer.folder / "evidence").exists():
            shutil.copytree(computer.folder / "evidence", folder / "evidence")
        copy = Replica(folder, self.server, name, now=computer.now, secrets=Secrets(computer.secrets))
        self.computers.append(copy)
        return copy

    def back_up(self, computer: Replica) -> Path:
        """Keep a copy of a library's file."""
        target = self.folder / f"{computer.name}-{len(list(self.folder.iterdir()))}.backup"
        copy_file(computer.folder / "library.sqlite", target)
        return target

    def restore(self, computer: Replica, backup: Path) -> Replica:
        """Return the computer with its library as it was."""
        computer.close()
        for suffix in ("", "-wal", "-shm"):
            (computer.folder / f"library.sqlite{suffix}").unlink(missing_ok=True)
        shutil.copy(backup, computer.folder / "library.sqlite")
        restored = Replica(computer.folder, self.server, computer.name, now=computer.now, secrets=computer.secrets)
        self.computers[self.computers.index(computer)] = restored
        return restored

    def kept(self) -> dict[tuple[str, str], bytes]:
        """Return the objects as they are now."""
        return dict(self.server.objects)

    def put(self, label: str, content: bytes, folder: str = "l") -> str:
        """Lay an object at the storage, as somebody who has no key can; return its name."""
        name = named(label, content)
        self.server.objects[folder, name] = content
        return name

    def only(self, kind: str) -> str:
        """Return the name of the only object of a kind."""
        [name] = self.server.names(kind=kind)
        return name


def keys_of(computer: Replica) -> LibraryKeys:
    """Return the library's keys, as a computer has them."""
    return computer.sync._keys()


def sealed_by(computer: Replica, label: str, body: bytes) -> bytes:
    """Return an object that this computer signed, whatever its label says."""
    keys = keys_of(computer)
    return seal(body, label, keys, computer.sync._me(keys))


def id_of(computer: Replica) -> str:
    """Return the id of a computer's log."""
    found: str = computer.sync._kept("replica", "")
    return found


def troubles(report: RoundReport) -> set[Trouble]:
    """Return the kinds of trouble a round found."""
    return {each.trouble for each in report.findings}


def agree(*computers: Replica) -> None:
    """Assert that all have the same facts, in the same order, and the same history."""
    first, *others = computers
    for other in others:
        assert other.facts() == first.facts()
        assert history_in(other.folder / "library.sqlite") == history_in(first.folder / "library.sqlite")


def nicknames(computer: Replica) -> dict[str, str | None]:
    """Return the nicknames of all devices."""
    return {device.id: device.nickname for device in computer.library.snapshot().devices}


def _template(folder: Path) -> bytes:
    if not _TEMPLATE:
        path = folder / "template.sqlite"
        SqliteLibrary(path, zone=make.BERLIN, person="x", computer="x").close()
        _TEMPLATE.append(path.read_bytes())
    return _TEMPLATE[0]


__all__ = ["BEGIN", "Shared", "agree", "id_of", "keys_of", "nicknames", "sealed_by", "troubles"]
