"""A real workspace on a real file, and a desk that notes where a screen wants to go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from homepoint.application.activation_codes import ActivationCodes
from homepoint.application.problems import Refused
from homepoint.application.workspace import Command, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Fact
from homepoint.domain.values import DeviceId
from homepoint.storage.library import SqliteLibrary
from homepoint.ui.code_jobs import CodeJobs
from homepoint.ui.desk import Desk
from homepoint.ui.theme import theme
from tests.builders import NOW, adding, library_at
from tests.doubles import LockableSecrets

TERMS = load_terms()


@dataclass(kw_only=True)
class Trips:
    """Where screens wanted to go."""

    devices: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class At:
    """A desk over a library, its keyring, and what was asked of it."""

    desk: Desk
    library: SqliteLibrary
    trips: Trips
    secrets: LockableSecrets

    def record(self, *facts: Fact) -> None:
        """Add facts and let the workspace assess what they touch."""
        self.library.write(adding(*facts), NOW)
        while self.desk.workspace.refresh_some(NOW):
            pass


@contextmanager
def at_a_desk(folder: Path, *facts: Fact, now: datetime = NOW) -> Iterator[At]:
    """Yield a desk over a new library with these facts, assessed at `now`."""
    library = library_at(folder / "library.db")
    trips = Trips()

    def open_device(device: DeviceId) -> None:
        trips.devices.append(device)

    def clock() -> datetime:
        return now

    def do(command: Command) -> Refused | None:
        answer = workspace.do(command)
        return answer if isinstance(answer, Refused) else None

    theme()  # as the window does, before there is any widget
    workspace = Workspace(library, TERMS, clock)
    secrets, pool = LockableSecrets(), ThreadPoolExecutor(1)
    desk = Desk(
        workspace=workspace,
        terms=TERMS,
        clock=clock,
        do=do,
        open_device=open_device,
        open_page=trips.pages.append,
        open_link=trips.links.append,
        codes=CodeJobs(ActivationCodes(secrets, library.own_id), pool),
    )
    at = At(desk=desk, library=library, trips=trips, secrets=secrets)
    if facts:
        at.record(*facts)
    try:
        yield at
    finally:
        for window in QApplication.topLevelWidgets():
            window.hide()  # countdowns rest, and ask the library no more
        pool.shutdown()
        library.close()
