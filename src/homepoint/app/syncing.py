"""Synchronises the open library beside the window: rounds by themselves and on demand, and what the owner asks for."""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer

from homepoint.app.sync_rhythm import Pace, SyncRhythm
from homepoint.app.sync_worker import SyncWorker
from homepoint.application.changes import Changes
from homepoint.application.problems import HomepointError
from homepoint.application.replication import (
    MARK_KINDS,
    Location,
    RemoteReport,
    RoundReport,
    Synchronisation,
    SyncStatus,
    Trouble,
)
from homepoint.application.workspace import ASSESSED_AT_ONCE, Workspace
from homepoint.presentation.sync_forms import recovery_sheet
from homepoint.presentation.sync_state import Activity
from homepoint.presentation.syncing import place_text
from homepoint.storage.library import SqliteLibrary
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.sync_desk import SyncDesk

if TYPE_CHECKING:
    from homepoint.app.sync_opening import OpenedSync

R = TypeVar("R")

_LOOK_AFTER_MS = 400
_TICK_MS = 60_000


class SyncPreferences(Protocol):
    """The owner's choice of how often."""

    @property
    def sync_minutes(self) -> int:
        """How many minutes lie between two rounds; 0 leaves them to the owner."""
        ...

    def set_sync_minutes(self, minutes: int) -> None:
        """Keep another span."""
        ...


class Syncing(SyncDesk):
    """`ui.sync_desk.SyncDesk` on a real library. Everything that touches it is done in one thread, in turn."""

    def __init__(
        self,
        workspace: Workspace,
        library: SqliteLibrary,
        open_sync: "Callable[[], OpenedSync]",
        preferences: SyncPreferences,
        pace: Pace | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Do nothing yet: see `begin`.

        Args:
            workspace: is told what arrived, and tells what the owner changes.
            library: the same library, for the GUI thread.
            open_sync: opens its synchronisation, for another thread.
            preferences: how often.
            pace: how long is waited for what.
            parent: what it lives as long as.
        """
        super().__init__(parent)
        self._workspace, self._library, self._preferences = workspace, library, preferences
        self._worker = SyncWorker(open_sync, self)
        self._worker.ended.connect(self._on_end)
        self._is_set_up = library.is_shared
        self._activity: Activity | None = None
        self._doing: Job[Any] | None = None
        self._problem: HomepointError | None = None
        self._is_announcing = self._owes = self._was_due = False
        self._rhythm = SyncRhythm(lambda: preferences.sync_minutes, pace or Pace(), self)
        self._rhythm.due.connect(self._on_due)
        self._looking, self._ticking = QTimer(self), QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look)
        self._ticking.timeout.connect(self.status_changed)
        self._unsubscribe = workspace.subscribe(self._on_changes)

    def begin(self) -> None:
        """See where it stands, and begin the first round in a moment; nothing happens where Sync is not set up."""
        if self._is_set_up:
            self._look()
            self._rhythm.begin()
            self._ticking.start(_TICK_MS)

    def stop(self) -> None:
        """Stop what is under way and let go of the library; what hangs at the storage is not waited for."""
        self._unsubscribe()
        self._rhythm.stop()
        for timer in (self._looking, self._ticking):
            timer.stop()
        self._worker.stop()

    def wait(self, longest_s: float) -> bool:
        """Wait, after `stop`, until the library was let go, and say whether it was."""
        return self._worker.wait(longest_s)

    # Where it stands.

    @property
    def is_set_up(self) -> bool:
        """True when this library is synchronised."""
        return self._is_set_up

    @property
    def status(self) -> SyncStatus | None:
        """Where it stands, as the last look or job found it."""
        return self._worker.found

    @property
    def activity(self) -> Activity | None:
        """What is under way."""
        return self._activity

    @property
    def problem(self) -> HomepointError | None:
        """What on this computer was in the way of the last round."""
        return self._problem

    @property
    def minutes(self) -> int:
        """How many minutes lie between two rounds."""
        return self._preferences.sync_minutes

    def set_minutes(self, minutes: int) -> None:
        """Keep another span, in force at once."""
        self._preferences.set_sync_minutes(minutes)
        if self._activity is None and self._is_set_up:
            self._rhythm.restart()

    @property
    def owes(self) -> bool:
        """True when edits of this computer should still be sent before the program ends."""
        if not self._is_set_up or not self._rhythm.is_automatic or not self._rhythm.is_reaching:
            return False
        return self._owes or bool(self._worker.found is not None and self._worker.found.waiting)

    # Rounds.

    def sync_now(self, *, refill: bool = False) -> None:
        """Begin a round, unless something is under way."""
        self._round(lambda sync, progress: sync.round(progress, refill=refill), "Synchronising")

    def verify(self) -> None:
        """Begin to read everything at the storage through, unless something is under way."""
        self._round(lambda sync, progress: sync.verify(progress), "Checking everything")

    def cancel(self) -> None:
        """Stop what is under way at its next step."""
        if self._doing is not None:
            self._doing.cancel()

    # What the owner asks for by a dialog.

    def test(self, location: Location, password: str) -> Job[RemoteReport]:
        """Try a location out."""
        return self._worker.do_apart(lambda sync: sync.test(location, password))

    def set_up(self, location: Location, password: str, passphrase: str) -> Job[str]:
        """Begin to share at an empty location."""
        job = self._worker.do(lambda sync, _: sync.set_up(location, password, passphrase))
        job.finished.connect(self._on_shared)
        return job

    def join(self, location: Location, password: str, secret: str) -> Job[None]:
        """Join by passphrase or recovery code."""
        return self._joining(lambda sync, _: sync.join(location, password, secret))

    def accept(self, invitation: str, pin: str, password: str) -> Job[None]:
        """Join by an invitation."""
        return self._joining(lambda sync, _: sync.accept(invitation, pin, password))

    def invite(self, pin: str) -> Job[str]:
        """Make an invitation."""
        return self._worker.do(lambda sync, _: sync.invitation(pin))

    def remove(self, computer: str, passphrase: str) -> Job[str]:
        """Remove a computer; what is under way comes first."""
        job = self._do(lambda sync, progress: sync.remove(computer, passphrase, progress), "Removing a computer")
        job.finished.connect(self._on_removed)
        job.failed.connect(self._on_removed)
        return job

    def change_passphrase(self, passphrase: str) -> Job[None]:
        """Let another passphrase open the library."""
        return self._worker.do(lambda sync, _: sync.change_passphrase(passphrase))

    def unlock(self, passphrase: str, password: str | None) -> Job[None]:
        """Give passphrase and password, and synchronise."""
        return self._joining(lambda sync, _: sync.unlock(passphrase, password), is_new=False)

    def leave(self) -> Job[None]:
        """Share no more from this computer."""
        self.cancel()
        job = self._worker.do(lambda sync, _: sync.leave())
        job.finished.connect(self._on_left)
        return job

    def place_of(self, invitation: str) -> Location | None:
        """Return the storage that an invitation names."""
        from homepoint.sync.invitations import place_of  # late: with it come the ciphers

        with suppress(HomepointError):
            return place_of(invitation)
        return None

    def read_picture(self, picture: bytes) -> Job[str]:
        """Find an invitation in a picture."""
        from homepoint.app.sync_opening import invitation_in

        return self._worker.do_plainly(lambda: invitation_in(picture))

    def save_code(self, file: Path, code: str) -> None:
        """Save a sheet with the recovery code."""
        from homepoint.app.recovery_sheet import save_sheet  # late: once in the life of a library

        place = "" if self._worker.found is None else place_text(self._worker.found)
        today = self._workspace.clock().astimezone(self._library.zone).date()
        save_sheet(file, recovery_sheet(code, place, today))

    # Rounds and their ends.

    def _do(self, work: Callable[[Synchronisation, Progress], R], words: str) -> Job[R]:
        """Begin what is shown as an activity."""
        self._rhythm.begun()
        self._problem = None
        self._activity = Activity(words=words)
        job = self._doing = self._worker.do(work)
        job.progressed.connect(self._on_progress)
        job.stopped.connect(self._on_stopped)
        self.status_changed.emit()
        return job

    def _round(self, work: Callable[[Synchronisation, Progress], RoundReport], words: str) -> None:
        if self._is_set_up and self._activity is None:
            self._owes = False
            job = self._do(work, words)
            job.finished.connect(self._on_report)
            job.failed.connect(self._on_failed)

    def _on_end(self, job: object) -> None:
        if self._doing is job:
            self._doing, self._activity = None, None
        if self._worker.found is not None:
            self._is_set_up = self._worker.found.is_set_up
        self.status_changed.emit()

    def _on_progress(self, done: int, total: int, words: str) -> None:
        if self._activity is not None and words:
            self._activity = Activity(words=words, done=done, total=total)
            self.progressed.emit()

    def _on_report(self, report: RoundReport) -> None:
        if not report.complete:
            self._owes = self._owes or bool(report.waiting)
        if report.kinds or report.devices:
            is_much = len(report.devices) > ASSESSED_AT_ONCE or bool(report.kinds & MARK_KINDS)
            self._announce(Changes(kinds=report.kinds, devices=report.devices, everything=is_much))
        self._round_over([each.trouble for each in report.findings])

    def _on_removed(self, _outcome: object) -> None:
        self._announce(Changes(everything=True))  # it synchronised too, and does not say what
        self._round_over([])

    def _on_failed(self, error: Exception) -> None:
        self._owes = True
        self._round_over(None)
        self._on_problem(error)

    def _on_problem(self, error: Exception) -> None:
        if not isinstance(error, HomepointError):
            raise error  # a fault of the program: it is logged and shown as one
        self._problem = error
        self.status_changed.emit()

    def _on_stopped(self) -> None:
        self._owes = True
        self._announce(Changes(everything=True))  # some of it may have arrived
        self._round_over(None)

    def _round_over(self, troubles: Collection[Trouble] | None) -> None:
        self._rhythm.ended(troubles)
        if self._was_due:
            self._was_due = False
            self._rhythm.changed()
        self.round_ended.emit()

    def _joining(self, work: Callable[[Synchronisation, Progress], None], *, is_new: bool = True) -> Job[None]:
        job = self._worker.do(work)
        if is_new:
            job.finished.connect(self._on_shared)
        job.finished.connect(lambda _result: self.sync_now())
        return job

    def _on_shared(self, _result: object) -> None:
        self._ticking.start(_TICK_MS)
        self._owes = True
        with suppress(HomepointError):  # another program holds the file: the settings go with the next edit of them
            self._library.share_settings(self._workspace.clock())

    def _on_left(self, _result: object) -> None:
        self._rhythm.stop()
        self._ticking.stop()
        self._owes = False

    # What happens meanwhile.

    def _on_due(self) -> None:
        if self._activity is None:
            self.sync_now()
        else:
            self._was_due = True

    def _on_changes(self, changes: Changes) -> None:
        if self._is_announcing or not self._is_set_up or not (changes.kinds or changes.everything):
            return
        self._owes = True
        self._rhythm.changed()
        self._looking.start(_LOOK_AFTER_MS)

    def _announce(self, changes: Changes) -> None:
        self._is_announcing = True
        try:
            self._workspace.announce(changes)
        finally:
            self._is_announcing = False

    def _look(self) -> None:
        """Look where it stands; while something is under way, its end looks anyway."""
        if self._activity is None:
            self._worker.do(lambda _sync, _progress: None).failed.connect(self._on_problem)
