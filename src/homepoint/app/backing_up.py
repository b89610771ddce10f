"""Backups from the window: on demand, by themselves once a day, and restoring one with a preview before it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from homepoint.app.backup_choices import BackupChoices, about, scaled, source_of
from homepoint.app.restarting import Restart
from homepoint.application.backups import (
    BackupKind,
    LibraryIsDamagedError,
    RestorePreview,
    next_automatic_at,
)
from homepoint.application.problems import HomepointError
from homepoint.presentation.backups import BackupsPage, ListedBackup, last_text, listed_text
from homepoint.system import restoring
from homepoint.system.backup_file import SUFFIX, Source, write_backup
from homepoint.system.backups import FoundBackup, back_up_automatically, backups_in, name_for
from homepoint.system.disk_faults import size_text
from homepoint.system.paths import library_file
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.dialogs.restore_preview import RestoreDialog
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.screens.settings_backup import BackupCard

FIRST_LOOK_MS = 60_000
"""How long after the start is first asked whether a backup is due: the start itself shall not pay for it."""

_LONGEST_SLEEP_MS = 60 * 60 * 1000
_FILTER = f"Backup of Homepoint (*{SUFFIX})"


class BackingUp(QObject):
    """Makes and restores backups of the open library.

    Signals:
        made: a backup was made, or the automatic one was found not to be needed.
        damage_found: the library cannot be backed up because it is damaged; the words say how.
    """

    made = Signal()
    damage_found = Signal(str)

    def __init__(
        self,
        window: QWidget,
        folder: Path,
        settings: Settings,
        pool: ThreadPoolExecutor,
        clock: Callable[[], datetime],
        zone: Callable[[], ZoneInfo],
        tell: Callable[[str], None],
        restart: Restart,
    ) -> None:
        """Work on the library of a folder.

        Args:
            window: what dialogs lie over.
            folder: the data folder.
            settings: where the owner's choices are kept.
            pool: does the work.
            clock: tells the time.
            zone: returns the owner's time zone.
            tell: says at the foot of the window what was done.
            restart: closes the library, does what it is given, and opens the program anew.
        """
        super().__init__(window)
        self._window, self._folder, self._pool, self._clock, self._zone = window, folder, pool, clock, zone
        self._tell, self._restart = tell, restart
        self.choices = BackupChoices(settings, folder)
        self._source: Source = source_of(folder)
        self._jobs: set[Job[object]] = set()
        self._is_automatic_under_way = self._is_stopped = False
        self._problem = ""
        self._cards: list[BackupCard] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Make automatic backups from now on while the program runs."""
        self._timer.start(FIRST_LOOK_MS)

    def stop(self) -> None:
        """Begin nothing more; what is under way stops at its next step and leaves nothing half-written."""
        self._is_stopped = True
        self._timer.stop()
        self._cancel()

    def _cancel(self) -> None:
        for job in self._jobs:
            job.cancel()

    def attach(self, card: BackupCard) -> None:
        """Let a card of the settings page show what is so, and carry out what is asked for on it."""
        self._cards.append(card)
        card.shown.connect(self.refresh)
        card.back_up_asked.connect(self.ask_backup)
        card.automatic_chosen.connect(self._on_automatic)
        card.folder_asked.connect(self._on_folder)
        card.folder_opened.connect(self._on_open_folder)
        card.restore_asked.connect(self._on_restore)

    # Making backups.

    def ask_backup(self) -> None:
        """Let the owner choose where to put a backup, and write it there."""
        name = name_for(BackupKind.BY_OWNER, self._clock().astimezone(self._zone()), self._source.origin)
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Back up", name, _FILTER)
        if chosen:
            self.back_up(Path(chosen if chosen.endswith(SUFFIX) else chosen + SUFFIX))

    def back_up(self, target: Path) -> None:
        """Write a backup to a file, with progress that can be cancelled."""
        source, now = self._source, self._clock()

        def work(progress: Progress) -> object:
            return write_backup(source, target, kind=BackupKind.BY_OWNER, made_at=now, progress=scaled(progress))

        def then(_made: object) -> None:
            self._tell(f"Backed up to {target.name}, read back and found whole")
            self.made.emit()
            self.refresh()

        self._start(work, then, f"Backing up to {target.name} …")

    def look(self) -> None:
        """Make an automatic backup if one is due and anything was recorded since the last one; then sleep."""
        if self.choices.is_automatic and not self._is_automatic_under_way:
            source, folder, now, zone = self._source, self.choices.folder, self._clock(), self._zone()
            self._is_automatic_under_way = True

            def work(progress: Progress) -> object:
                return _automatic(source, folder, now, zone, progress)

            self._start(work, self._on_looked, "", self._on_not_made, self._on_stopped)
        self._timer.start(_LONGEST_SLEEP_MS)

    def _on_looked(self, _made: object) -> None:
        self._is_automatic_under_way = False
        self._problem = ""
        self.made.emit()
        self.refresh()

    def _on_stopped(self) -> None:
        self._is_automatic_under_way = False

    def _on_not_made(self, error: Exception) -> None:
        self._is_automatic_under_way = False
        if isinstance(error, LibraryIsDamagedError):
            self.damage_found.emit(error.title)
        if isinstance(error, HomepointError):
            said = f"The automatic backup could not be made. {error.title} {error.advice}"
        else:
            said = f"The automatic backup could not be made. {type(error).__name__}: {error}"
        if said != self._problem:  # told once, and shown on the settings page until one succeeds
            self._tell(said)
        self._problem = said
        self.refresh()

    # Restoring one.

    def ask_restore(self) -> None:
        """Let the owner choose a backup and see what restoring it would change."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Restore a backup", "", _FILTER)
        if chosen:
            self.show_preview(Path(chosen))

    def show_preview(self, backup: Path) -> None:
        """Show what restoring a backup would change; it is restored when the owner agrees."""
        source = self._source

        def then(found: object) -> None:
            if isinstance(found, RestorePreview):
                dialog = RestoreDialog(backup.name, found, self._zone(), lambda: self.restore(backup), self._window)
                dialog.open()

        self._start(
            lambda _progress: restoring.preview(backup, source.folder, source.files), then, "Reading the backup …"
        )  # fmt: skip

    def restore(self, backup: Path) -> None:
        """Make a safety copy, unpack the backup, and open the program anew on it."""
        source, safety, now = self._source, self.choices.own_folder, self._clock()
        self._cancel()  # an automatic backup would still hold the library when it is to be exchanged

        def work(progress: Progress) -> object:
            return restoring.prepare(source, backup, safety, now=now, progress=scaled(progress))

        def then(ready: object) -> None:
            if isinstance(ready, restoring.Restorable):
                self._restart(lambda: _swap(source, ready, now))

        self._start(work, then, f"Restoring {backup.name} …")

    # The card.

    def refresh(self) -> None:
        """Read the folders of backups again, where a card is seen."""
        if not any(card.isVisible() for card in self._cards):
            return
        folders = self.choices.folders
        self._start(lambda _progress: _listed(folders), self._show, "", lambda _error: self._show([]))

    def _show(self, found: object) -> None:
        listed = [each for each in found if isinstance(each, FoundBackup)] if isinstance(found, list) else []
        zone = self._zone()
        said = [(each, about(each.manifest, zone) if each.manifest else None) for each in listed]
        page = BackupsPage(
            is_automatic=self.choices.is_automatic,
            folder=str(self.choices.folder),
            last=last_text(next((text for _, text in said if text is not None), None)),
            listed=tuple(
                ListedBackup(path=str(each.path), text=listed_text(text, size_text(each.size), each.problem))
                for each, text in said
            ),
            problem=self._problem,
        )
        for card in self._cards:
            card.show_page(page)

    def _on_automatic(self, wanted: bool) -> None:
        self.choices.set_automatic(wanted)
        self._problem = ""
        self.look()

    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self._window, "Folder for automatic backups", str(self.choices.folder)
        )  # fmt: skip
        if chosen:
            self.choices.set_folder(Path(chosen))
            self.look()
            self.refresh()

    def _on_open_folder(self) -> None:
        folder = self.choices.folder
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder if folder.exists() else folder.parent)))

    def _on_restore(self, path: str) -> None:
        self.show_preview(Path(path)) if path else self.ask_restore()

    def _start(
        self,
        work: Callable[[Progress], object],
        then: Callable[[object], None],
        words: str,
        failed: Callable[[Exception], None] | None = None,
        stopped: Callable[[], None] | None = None,
    ) -> None:
        """Do work off the GUI thread; with words, it is shown and can be cancelled."""
        job: Job[object] = Job(work, self)
        if words:
            self._show_progress(job, words)
        job.finished.connect(lambda result: None if self._is_stopped else then(result))
        on_failed = failed or (lambda error: show_error(self._window, error))
        job.failed.connect(lambda error: None if self._is_stopped else on_failed(error))
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(lambda *_: self._jobs.discard(job))
        if stopped is not None:
            job.stopped.connect(stopped)
        self._jobs.add(job)
        job.start(self._pool)

    def _show_progress(self, job: Job[object], words: str) -> None:
        waiting = QProgressDialog(words, "Cancel", 0, 1000, self._window)
        waiting.setWindowTitle("Homepoint")
        waiting.setMinimumDuration(400)
        waiting.setAutoClose(False)
        waiting.setAutoReset(False)
        waiting.setValue(0)
        waiting.canceled.connect(job.cancel)
        job.progressed.connect(lambda done, _total, _words: waiting.setValue(done))
        job.progressed.connect(lambda _done, _total, doing: waiting.setLabelText(doing))
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(waiting.reset)
            ending.connect(waiting.deleteLater)


def _automatic(source: Source, folder: Path, now: datetime, zone: ZoneInfo, progress: Progress) -> object:
    """Make an automatic backup if one is due; None where none is."""
    good = [each for each in backups_in(folder) if each.manifest and each.manifest.origin == source.origin]
    last = good[0] if good else None
    if last is not None and next_automatic_at(last.made_at, now, zone) > now:
        return None
    mark = source.files.mark(library_file(source.folder))
    if last is not None and last.manifest is not None and last.manifest.mark == mark:
        return None
    return back_up_automatically(source, folder, now=now, zone=zone, progress=scaled(progress))


def _listed(folders: list[Path]) -> list[FoundBackup]:
    found = [each for folder in folders for each in backups_in(folder)]
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def _swap(source: Source, ready: restoring.Restorable, now: datetime) -> None:
    restoring.swap(source.folder, ready, source.files, now)
