"""Storage that fails in every way storage fails, and a library's file whose program dies between any two steps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from homepoint.application.replication import Trouble
from homepoint.storage.replication import SqliteReplica
from homepoint.sync.names import batch_label, batch_name, kind_of, label_of, named
from homepoint.sync.remote import Listed, RemoteError
from tests.sync.replicas import MemoryRemote, MemoryServer

WRITING = {"keep", "apply", "leave_own_log", "remember", "keep_chains", "keep_evidence", "forget_remote", "adopt"}
"""The methods of a store that write: the program may die before or after each."""


class Crash(Exception):  # noqa: N818  # no error of the code under test
    """The program died here."""


@dataclass
class FaultyServer(MemoryServer):
    """Storage in memory that fails as often as `rate` of 100 requests says, at random.

    `counts` says how often each fault happened; `past` holds earlier states, to which it may fall back.
    """

    chance: Random = field(default_factory=Random)
    rate: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    past: list[dict[tuple[str, str], bytes]] = field(default_factory=list)

    def fault(self, kinds: tuple[str, ...]) -> str:
        """Return what goes wrong with this request; "" for nothing."""
        if not self.rate or self.chance.randrange(100) >= self.rate:
            return ""
        kind = self.chance.choice(kinds)
        self.counts[f"fault: {kind}"] = self.counts.get(f"fault: {kind}", 0) + 1
        return kind

    def keep_state(self) -> None:
        """Remember the state as it is now."""
        self.past = [*self.past[-5:], dict(self.objects)]

    # What happens to objects while nobody looks.

    def drop(self) -> str:
        """Lose an object or several."""
        names = sorted(self.objects)
        for name in self.chance.sample(names, min(len(names), self.chance.choice((1, 1, 2, 5)))):
            del self.objects[name]
        return "objects dropped"

    def flip(self) -> str:
        """Flip one bit."""
        name = self.chance.choice(sorted(self.objects))
        content = bytearray(self.objects[name])
        if content:
            content[self.chance.randrange(len(content))] ^= 1 << self.chance.randrange(8)
            self.objects[name] = bytes(content)
        return "bits flipped"

    def cut(self) -> str:
        """Cut an object short."""
        name = self.chance.choice(sorted(self.objects))
        self.objects[name] = self.objects[name][: self.chance.randrange(max(1, len(self.objects[name])))]
        return "objects cut short"

    def fall_back(self) -> str:
        """Return to an earlier state as a whole."""
        if self.past:
            self.objects = dict(self.chance.choice(self.past))
        return "servers rolled back"

    def repeat(self) -> str:
        """Show an object once more under another name of its kind, and one of random bytes."""
        name = self.chance.choice(sorted(self.objects))
        content = self.objects[name]
        found = batch_name(name[1])
        if found is not None:
            label = batch_label(found.replica, found.first + 1, found.last + 1, found.chain)
            self.objects[name[0], named(label, content)] = content
        elif kind_of(name[1]):
            label = f"{label_of(name[1])[:-1]}7"
            self.objects[name[0], named(label, self.chance.randbytes(40))] = self.chance.randbytes(40)
        return "objects repeated"


LISTING = ("error", "crash", "stale", "missing", "missing", "sizeless", "sizeless")
GETTING = ("error", "crash", "garbled")
PUTTING = ("error", "crash", "lost reply", "crash after", "torn", "torn", "truncated", "truncated", "not kept", "full")
DELETING = ("error", "crash", "lost reply", "not done")


class FaultyRemote(MemoryRemote):
    """One computer's way to the storage that fails."""

    def __init__(self, server: FaultyServer) -> None:
        super().__init__(server)
        self._faulty = server

    def list(self, folder: str) -> list[Listed]:
        fault = self._fault(LISTING)
        found = super().list(folder)
        if fault == "stale" and self._faulty.past:
            past = self._faulty.chance.choice(self._faulty.past)
            found = [Listed(name=name, size=len(content)) for (of, name), content in past.items() if of == folder]
        if fault == "missing" and found:
            gone = self._faulty.chance.randrange(len(found))
            found = [*found[:gone], *found[gone + 1 :]]
        return [Listed(name=each.name, size=None) for each in found] if fault == "sizeless" else found

    def get(self, folder: str, name: str, largest: int) -> bytes:
        fault = self._fault(GETTING)
        content = super().get(folder, name, largest)
        return content[: len(content) // 2] if fault == "garbled" else content

    def put(self, folder: str, name: str, content: bytes) -> None:
        fault = self._fault(PUTTING)
        if fault == "full":
            raise RemoteError(Trouble.FULL, "no room")
        if fault in ("torn", "truncated"):
            super().put(folder, name, content[: self._faulty.chance.randrange(len(content))])
        elif fault != "not kept":
            super().put(folder, name, content)
        self._after(fault)

    def delete(self, folder: str, name: str) -> None:
        fault = self._fault(DELETING)
        if fault != "not done":
            super().delete(folder, name)
        self._after(fault)

    def _fault(self, kinds: tuple[str, ...]) -> str:
        fault = self._faulty.fault(kinds)
        if fault == "crash":
            raise Crash
        if fault == "error":
            raise RemoteError(self._faulty.chance.choice((Trouble.OFFLINE, Trouble.SERVER, Trouble.BUSY)), "no")
        return fault

    def _after(self, fault: str) -> None:
        if fault == "crash after":
            raise Crash
        if fault in ("lost reply", "torn"):
            raise RemoteError(Trouble.OFFLINE, "no answer")


class DyingStore:
    """A library's file as synchronising sees it; the program dies at the `fuse`-th write, before or after it."""

    def __init__(self, store: SqliteReplica) -> None:
        self._store = store
        self.fuse = 0
        self.dies_after = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in WRITING:
            return found
        return lambda *values, **named: self._write(found, values, named)

    def _write(self, method: Callable[..., Any], values: Iterable[Any], named: Mapping[str, Any]) -> Any:
        self.fuse -= 1
        if self.fuse == 0 and not self.dies_after:
            raise Crash
        result = method(*values, **named)
        if self.fuse == 0:
            raise Crash
        return result
