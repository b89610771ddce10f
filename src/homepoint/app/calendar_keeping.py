"""Keeps the owner's calendar current: a file they chose, and a calendar on a server, soon after every change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from homepoint.app.calendar_choices import CalendarChoices
from homepoint.app.calendar_gathering import Gathered, Gathering
from homepoint.app.calendar_work import CalendarWork, problem_of
from homepoint.app.threads import OneThread, ThreadForEach
from homepoint.application.calendar_publishing import CalendarReport
from homepoint.application.changes import Changes
from homepoint.application.problems import HomepointError
from homepoint.application.replication import SecretStore
from homepoint.application.workspace import Workspace
from homepoint.domain.lead_times import LeadTimes
from homepoint.presentation.calendar_card import (
    CalendarForm,
    CalendarPage,
    Kept,
    completed,
    exported_text,
    file_state,
    progress_text,
    server_state,
)
from homepoint.system.settings import Settings
from homepoint.ui.calendar_desk import CalendarDesk
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Pool

_A_DAY = timedelta(days=1)
_FILTER = "Calendar (*.ics)"
FILE_NAME = "homepoint-deadlines.ics"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPace:
    """How long after a change file and server follow, and how often is asked whether a day has passed."""

    file_ms: int = 2_000
    server_ms: int = 30_000
    look_ms: int = 3_600_000


class CalendarKeeping(CalendarDesk):
    """What is in the way is shown in the card and tried again: at the next change, within the hour, or when asked."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        settings: Settings,
        folder: Path,
        pool: Pool,
        secrets: SecretStore,
        lead_times: Callable[[], LeadTimes | None],
        tell: Callable[[str], None],
        pace: CalendarPace | None = None,
    ) -> None:
        """Make it; nothing is written before `begin`, unless it is asked for.

        Args:
            window: what dialogs lie over.
            workspace: whose deadlines they are.
            settings: where the owner's choices are kept.
            folder: the data folder, for what was issued before.
            pool: does the work on files.
            secrets: where the password is kept.
            lead_times: returns the owner's lead times, None for the usual ones.
            tell: says at the foot of the window what was done.
            pace: how soon to follow.
        """
        super().__init__(window)
        self._window, self._workspace, self._pool, self._tell = window, workspace, pool, tell
        self._pace = pace or CalendarPace()
        self.choices = CalendarChoices(settings)
        self._work = CalendarWork(folder, secrets)
        self._gathering = Gathering(workspace, lead_times, self)
        self._network, self._trials = OneThread("calendar"), ThreadForEach("calendar-test")
        self._file, self._server = Kept(at=self.choices.written_at), Kept(at=self.choices.published_at)
        self._publishing: Job[Any] | None = None
        self._is_file_busy = self._is_server_busy = self._is_withdrawing = self._is_stopped = False
        self._progress = ""
        self._file_timer, self._server_timer = self._timer(self._keep_file), self._timer(self.publish_now)
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)
        self._jobs: set[Job[Any]] = set()
        self._unsubscribe = workspace.subscribe(self._on_changes)

    def begin(self) -> None:
        """Bring everything chosen up to date soon, and keep it so."""
        self._looking.start(self._pace.look_ms)
        self._follow()

    def stop(self) -> None:
        """Begin nothing more; what is under way stops at its next step and leaves nothing half-written."""
        self._is_stopped = True
        for timer in (self._file_timer, self._server_timer, self._looking):
            timer.stop()
        self._gathering.stop()
        self.blockSignals(True)
        for job in self._jobs:
            job.cancel()
            job.blockSignals(True)  # its library will be closed
        self._network.end()
        self._unsubscribe()

    # What the card shows.

    @property
    def page(self) -> CalendarPage:
        """How file and server stand."""
        page, now = CalendarPage(), self._workspace.clock().astimezone(self._workspace.library.zone)
        if self.choices.file is not None:
            page = replace(
                page,
                file=str(self.choices.file),
                file_state=file_state(self._file, now),
                file_is_well=self._file.problem is None,
            )
        if self.choices.server.address:
            page = replace(
                page,
                server=self.choices.server.address,
                server_state=self._progress or server_state(self._server, now),
                server_is_well=bool(self._progress) or self._server.problem is None,
                is_publishing=self._is_server_busy,
            )
        return page

    @property
    def chosen_server(self) -> CalendarForm:
        """What was chosen about the server; the password is not in it."""
        return self.choices.server

    # The file.

    def choose_file(self, file: Path) -> None:
        """Keep this calendar file current from now on."""
        self.choices.set_file(file)
        self._file = Kept()
        self._looking.start(self._pace.look_ms)
        self._keep_file()

    def stop_file(self) -> None:
        """Keep no calendar file current any more; the file stays."""
        self._file_timer.stop()
        self.choices.set_file(None)
        self._file = Kept()
        self.changed.emit()

    def ask_export(self) -> None:
        """Let the owner choose where to save their deadlines as a calendar file, once."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Export deadlines", FILE_NAME, _FILTER)
        if chosen:
            self.export_now(Path(chosen if chosen.endswith(".ics") else f"{chosen}.ics"))

    def export_now(self, path: Path) -> None:
        """Save the deadlines as a calendar file, and say so; what is in the way is said at once."""

        def write(gathered: Gathered) -> None:
            job = self._begin(lambda _progress: self._work.write(path, gathered), self._pool)
            job.finished.connect(lambda deadlines: self._tell(exported_text(path.name, deadlines)))
            job.failed.connect(lambda error: show_error(self._window, error))

        self._gathering.ask(write)

    def _keep_file(self) -> None:
        if self.choices.file is None or self._is_stopped:
            return
        if self._is_file_busy:  # what is under way may have begun before the change
            self._file_timer.start(self._pace.file_ms)
            return
        self._is_file_busy = True
        self.changed.emit()
        self._gathering.ask(self._write)

    def _write(self, gathered: Gathered) -> None:
        file = self.choices.file
        if file is None:
            self._is_file_busy = False
            return
        job = self._begin(lambda _progress: self._work.write(file, gathered), self._pool)

        def written(deadlines: int) -> None:
            self._is_file_busy = False
            if file == self.choices.file:
                self._file = Kept(at=gathered.now, deadlines=deadlines)
                self.choices.set_written(gathered.now)
            self.changed.emit()
            if file != self.choices.file:
                self._keep_file()

        def failed(error: Exception) -> None:
            self._is_file_busy = False
            self._file = replace(self._file, problem=problem_of(error))
            self.changed.emit()
            _raise_unforeseen(error)

        job.finished.connect(written)
        job.failed.connect(failed)

    # The server.

    def publish_now(self) -> None:
        """Bring the calendar on the server up to date."""
        if not self.choices.server.address or self._is_withdrawing or self._is_stopped:
            return
        if self._is_server_busy:
            self._server_timer.start(self._pace.server_ms)
            return
        self._is_server_busy = True
        self._show_progress(0, 0)
        self._gathering.ask(self._publish)

    def cancel(self) -> None:
        """Stop publishing at the next event; what was sent stays, the rest follows another time."""
        self._server_timer.stop()
        if self._publishing is not None:
            self._publishing.cancel()

    def _publish(self, gathered: Gathered) -> None:
        server = self.choices.server
        if not server.address or self._is_withdrawing:
            self._rest()
            return
        job = self._begin(lambda progress: self._work.publish(server, gathered, progress), self._network)
        self._publishing = job

        def published(deadlines: int) -> None:
            if server.address == self.choices.server.address:
                self._server = Kept(at=gathered.now, deadlines=deadlines)
                self.choices.set_published(gathered.now)
            self._rest()

        def failed(error: Exception) -> None:
            self._server = replace(self._server, problem=problem_of(error))
            self._rest()
            _raise_unforeseen(error)

        def stopped() -> None:
            stopped_by_owner = HomepointError("Publishing was stopped.", "The rest follows at the next change.")
            self._server = replace(self._server, problem=stopped_by_owner)
            self._rest()

        job.progressed.connect(self._show_progress)
        job.finished.connect(published)
        job.failed.connect(failed)
        job.stopped.connect(stopped)

    def _show_progress(self, done: int, total: int, _words: str = "") -> None:
        self._progress = progress_text(done, total)
        self.changed.emit()

    def _rest(self) -> None:
        self._is_server_busy, self._publishing, self._progress = False, None, ""
        self.changed.emit()

    def test(self, form: CalendarForm) -> Job[CalendarReport]:
        """Look whether a calendar is there; nothing is changed."""
        whole, kept = completed(form), self.choices.server
        return self._begin(lambda progress: self._work.test(whole, kept, progress), self._trials)

    def set_up(self, form: CalendarForm) -> Job[CalendarReport]:
        """Test, and where nothing is lacking, keep the choice with its password and begin to publish."""
        whole, kept = completed(form), self.choices.server
        job = self._begin(lambda progress: self._work.set_up(whole, kept, progress), self._trials)

        def kept_now(report: CalendarReport) -> None:
            if report.lacks:
                return
            if whole.address != kept.address:
                self._server = Kept()
            self.choices.set_server(replace(whole, password=""))
            self._looking.start(self._pace.look_ms)
            self.publish_now()

        job.finished.connect(kept_now)
        return job

    def withdraw(self, *, leaving_events: bool = False) -> Job[Any]:
        """Remove Homepoint's events from the server, unless they are to be left, and forget the choice."""
        self.cancel()
        self._is_withdrawing = True
        server = self.choices.server
        job = self._begin(
            lambda progress: self._work.withdraw(server, progress, leaving_events=leaving_events), self._trials
        )

        def withdrawn(_removed: object) -> None:
            self._is_withdrawing = False
            self.choices.set_server(CalendarForm())
            self._server = Kept()
            self.changed.emit()

        def not_withdrawn(*_error: object) -> None:
            self._is_withdrawing = False

        job.finished.connect(withdrawn)
        job.failed.connect(not_withdrawn)
        job.stopped.connect(not_withdrawn)
        return job

    # When to.

    def _on_changes(self, changes: Changes) -> None:
        if changes.everything or changes.kinds or changes.devices:
            self._gathering.begin_anew()
            self._follow()

    def _follow(self) -> None:
        """Let file and server follow; many changes within the time are followed together."""
        if self.choices.file is not None and not self._file_timer.isActive():
            self._file_timer.start(self._pace.file_ms)
        if self.choices.server.address and not self._server_timer.isActive():
            self._server_timer.start(self._pace.server_ms)

    def _look(self) -> None:
        """Try again what was in the way, and follow the calendar itself once a day: what is long over leaves it."""
        now = self._workspace.clock()
        if self._file.problem is not None or self._file.at is None or now - self._file.at >= _A_DAY:
            self._keep_file()
        if self._server.problem is not None or self._server.at is None or now - self._server.at >= _A_DAY:
            self.publish_now()

    def _timer(self, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        return timer

    def _begin(self, work: Callable[..., Any], pool: Pool) -> Job[Any]:
        job: Job[Any] = Job(work, self)
        self._jobs.add(job)
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(lambda *_: self._jobs.discard(job))
        job.start(pool)
        return job


def _raise_unforeseen(error: Exception) -> None:
    """Hand a fault of the program to the log and its report; what is in the way stays quiet."""
    if not isinstance(error, HomepointError):
        raise error
