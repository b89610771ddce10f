"""Computers that share a library, for tests: each a real library file and a synchroniser, over storage in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from homepoint.application.changes import Change, Edit
from homepoint.application.replication import Location, RemoteKind, RemoteReport, RoundReport, Trouble
from homepoint.domain.facts import Device, Fact
from homepoint.domain.portable import to_plain
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.replication import SqliteReplica
from homepoint.sync.keys import Cost
from homepoint.sync.remote import Listed, NotThere, RemoteError
from homepoint.sync.synchroniser import Synchroniser
from homepoint.system.attachments import EvidenceStore
from tests import builders as make

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
"""Tests guess no passphrases."""
PASSPHRASE = "four words and a comma"
PLACE = Location(kind=RemoteKind.WEBDAV, address="http://127.0.0.1/x", user="me")
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A folder for files that are written often and soon forgotten, where the system has one in memory."""
BEGIN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@dataclass
class MemoryServer:
    """Storage in memory. `before` is called with each request and may raise; it can also alter what is stored."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    before: Callable[[str, str, str], None] = lambda verb, folder, name: None
    requests: int = 0
    log: list[tuple[str, str, str]] = field(default_factory=list)

    def names(self, folder: str = "l", kind: str = "") -> list[str]:
        """Return the names in a folder, of one kind if its letter is given."""
        return sorted(name for of, name in self.objects if of == folder and name.startswith(kind))


class MemoryRemote:
    """One computer's way to the storage in memory."""

    def __init__(self, server: MemoryServer) -> None:
        self.server = server
        self.requests = 0
        self.server_time: datetime | None = None

    def _request(self, verb: str, folder: str, name: str = "") -> None:
        self.requests += 1
        self.server.requests += 1
        self.server.log.append((verb, folder, name))
        self.server.before(verb, folder, name)

    def list(self, folder: str) -> list[Listed]:
        self._request("LIST", folder)
        if not self.server.objects:
            raise NotThere(folder)
        return [
            Listed(name=name, size=len(content)) for (of, name), content in self.server.objects.items() if of == folder
        ]

    def get(self, folder: str, name: str, largest: int) -> bytes:
        self._request("GET", folder, name)
        try:
            content = self.server.objects[folder, name]
        except KeyError:
            raise NotThere(name) from None
        if len(content) > largest:
            raise RemoteError(Trouble.SERVER, "too large")
        return content

    def put(self, folder: str, name: str, content: bytes) -> None:
        self._request("PUT", folder, name)
        self.server.objects[folder, name] = content

    def delete(self, folder: str, name: str) -> None:
        self._request("DELETE", folder, name)
        self.server.objects.pop((folder, name), None)

    def test(self) -> RemoteReport:
        return RemoteReport(
            server="memory", lacks=(), address="", holds_a_library=any(of == "l" for of, _ in self.server.objects)
        )

    def close(self) -> None:
        """Nothing is open."""


class Secrets(dict[str, str]):
    """A keyring in memory."""

    def set(self, name: str, value: str) -> None:
        self[name] = value

    def delete(self, name: str) -> None:
        self.pop(name, None)


class Replica:
    """One computer: its library, its clock, and its synchroniser."""

    def __init__(
        self,
        folder: Path,
        server: MemoryServer,
        name: str,
        *,
        now: datetime = BEGIN,
        secrets: Secrets | None = None,
        open_remote: Callable[[Location, str], Any] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.server, self.name, self.now = folder, server, name, now
        self.library = SqliteLibrary(folder / "library.sqlite", zone=make.BERLIN, person=name.lower(), computer=name)
        self.store = SqliteReplica(folder / "library.sqlite")
        self.evidence = EvidenceStore(folder / "evidence")
        self.secrets = Secrets() if secrets is None else secrets
        self.sync = Synchroniser(
            self.store,
            self.evidence,
            self.secrets,
            open_remote or (lambda location, password: MemoryRemote(server)),
            lambda: self.now,
            computer=name,
            person=name.lower(),
            cost=CHEAP,
        )

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        self.library.close()

    def move(self, **span: float) -> None:
        """Move this computer's clock."""
        self.now += timedelta(**span)

    def set_up(self) -> str:
        """Begin to share, and return the recovery code."""
        return self.sync.set_up(PLACE, "password", PASSPHRASE)

    def join(self, secret: str = PASSPHRASE) -> None:
        """Share what another has set up."""
        self.sync.join(PLACE, "password", secret)

    def round(self) -> RoundReport:
        """Carry out a round a second later."""
        self.move(seconds=1)
        return self.sync.round()

    def write(self, *changes: Change, title: str = "Changed") -> None:
        """Write an edit a second later."""
        self.move(seconds=1)
        self.library.write(Edit(title=title, changes=changes), self.now)

    def add(self, *facts: Fact, title: str = "Added") -> None:
        """Add facts."""
        self.write(*(Change(after=fact) for fact in facts), title=title)

    def rename(self, id: str, nickname: str | None) -> None:
        """Give a device another name."""
        self.change(id, nickname=nickname)

    def change(self, id: str, **values: Any) -> None:
        """Set fields of a device."""
        before = self.device(id)
        self.write(Change(before=before, after=replace(before, **values)), title=f"Set {', '.join(values)}")

    def remove_device(self, id: str) -> None:
        """Remove a device."""
        self.write(Change(before=self.device(id)), title="Removed")

    def undo(self) -> None:
        """Take back the last edit of this computer."""
        entry = self.library.undoable()
        assert entry is not None
        self.move(seconds=1)
        self.library.write(entry.edit.reversed(), self.now, undoes=entry.number)

    def device(self, id: str) -> Device:
        """Return a device."""
        found = self.library.get(Device, id)
        assert found is not None, f"{self.name} has no {id}"
        return found

    def facts(self) -> list[dict[str, Any]]:
        """Return all facts as plain values, in their order."""
        return [{"kind": type(fact).__name__, **to_plain(fact)} for fact in self.library.snapshot().facts()]

    def titles(self) -> list[str]:
        """Return the titles of the history, the newest first."""
        return [entry.edit.title for entry in self.library.history(limit=100_000)]


def settle(*replicas: Replica, rounds: int = 3) -> None:
    """Let everyone synchronise until nothing moves."""
    for _ in range(rounds):
        for replica in replicas:
            report = replica.round()
            assert report.complete, (replica.name, report.findings)
