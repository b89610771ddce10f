"""The window's part of Sync for tests: a real library and synchroniser, over storage in memory, at a quick pace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homepoint.app.sync_opening import OpenedSync
from homepoint.app.sync_rhythm import Pace
from homepoint.app.syncing import Syncing
from homepoint.application.devices import CorrectDevice, RegisterDevice
from homepoint.application.replication import Location
from homepoint.application.workspace import Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Device
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.replication import SqliteReplica
from homepoint.sync.synchroniser import Synchroniser
from homepoint.system.attachments import EvidenceStore
from tests import builders as make
from tests.doubles import SetClock
from tests.sync.replicas import CHEAP, MemoryRemote, MemoryServer, Secrets

TERMS = load_terms()
BY_HAND = Pace(start=3600, settle=3600, at_most=3600, retries=(3600,), minute=3600)
"""Nothing begins by itself while a test runs."""
AT_ONCE = Pace(start=0.01, settle=0.01, at_most=0.05, retries=(0.01,), minute=3600)


@dataclass
class Kept:
    """Preferences in memory."""

    sync_minutes: int = 15

    def set_sync_minutes(self, minutes: int) -> None:
        self.sync_minutes = minutes


@dataclass(kw_only=True)
class Shared:
    """One computer as the window has it."""

    library: SqliteLibrary
    workspace: Workspace
    syncing: Syncing
    server: MemoryServer
    secrets: Secrets
    clock: SetClock
    kept: Kept = field(default_factory=Kept)

    def add(self, device: Device | None = None) -> None:
        """Register a device as the owner does."""
        self.workspace.do(RegisterDevice(device=device or make.device()))

    def correct(self, device: Device) -> None:
        """Correct a device as the owner does."""
        self.workspace.do(CorrectDevice(device=device))


def open_remote(server: MemoryServer) -> Callable[[Location, str], Any]:
    """Return what opens storage in memory, wherever it is said to be."""
    return lambda _location, _password: MemoryRemote(server)


@contextmanager
def sharing(
    folder: Path,
    server: MemoryServer,
    name: str = "Desk",
    pace: Pace = BY_HAND,
    open_at: Callable[[Location, str], Any] | None = None,
) -> Iterator[Shared]:
    """Yield a computer with an empty library."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "library.sqlite"
    clock, secrets, kept = SetClock(), Secrets(), Kept()
    library = SqliteLibrary(file, zone=make.BERLIN, person=name.lower(), computer=name)

    def opened() -> OpenedSync:
        replica = SqliteReplica(file)
        sync = Synchroniser(
            replica,
            EvidenceStore(folder / "evidence"),
            secrets,
            open_at or open_remote(server),
            clock,
            computer=name,
            person=name.lower(),
            cost=CHEAP,
        )
        return OpenedSync(sync=sync, close=replica.close)

    workspace = Workspace(library, TERMS, clock)
    syncing = Syncing(workspace, library, opened, kept, pace)
    try:
        yield Shared(
            library=library,
            workspace=workspace,
            syncing=syncing,
            server=server,
            secrets=secrets,
            clock=clock,
            kept=kept,
        )
    finally:
        syncing.stop()
        assert syncing.wait(10)
        library.close()
