"""A library that is damaged when the program starts: the newest good backup, or what can be read, takes its place."""

import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QFileDialog, QWidget

from homepoint.app.backup_choices import BackupChoices, about, scaled, source_of
from homepoint.application.backups import SalvageReport
from homepoint.application.problems import HomepointError
from homepoint.presentation.backups import moment_text, of_kinds, salvage_lines
from homepoint.storage.copying import SqliteFiles
from homepoint.storage.salvage import salvage
from homepoint.system import restoring
from homepoint.system.backups import FoundBackup, newest_good
from homepoint.system.paths import library_file
from homepoint.system.settings import Settings
from homepoint.system.unfinished import scratch
from homepoint.ui.dialogs.damaged_library import DamagedLibraryDialog
from homepoint.ui.jobs import Job, Progress


class DamagedLibrary(QObject):
    """Leads the owner from a damaged library to one that opens; `then` opens it, `give_up` ends the program."""

    def __init__(
        self,
        window: QWidget,
        folder: Path,
        settings: Settings,
        problem: str,
        *,
        then: Callable[[], None],
        give_up: Callable[[], object],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(window)
        self._folder, self._then, self._give_up, self._clock = folder, then, give_up, clock
        self._source = source_of(folder)
        self._choices = BackupChoices(settings, folder)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="homepoint-damaged")
        self._backup: FoundBackup | None = None
        self._jobs: list[Job[object]] = []
        self.dialog = DamagedLibraryDialog(problem, window)
        self.dialog.restore_asked.connect(self.restore)
        self.dialog.salvage_asked.connect(self.salvage)
        self.dialog.other_folder_asked.connect(self._on_other_folder)
        self.dialog.quit_asked.connect(self._on_quit)
        self.dialog.done_reading.connect(self._on_done)

    def open(self) -> None:
        """Show the dialog and look for the newest good backup."""
        self.dialog.open()
        folders = self._choices.folders
        self._start(lambda progress: newest_good(folders, SqliteFiles(), scaled(progress)), self._on_found)

    def restore(self) -> None:
        """Let the newest good backup take the damaged library's place."""
        if self._backup is None:
            return
        backup, source, now, safety = self._backup.path, self._source, self._clock(), self._choices.own_folder

        def work(progress: Progress) -> object:
            return restoring.restore(source, backup, safety, now=now, progress=scaled(progress))

        self._start(work, self._on_restored)

    def salvage(self) -> None:
        """Let what can be read of the damaged library take its place."""
        folder, now = self._folder, self._clock()
        self._start(lambda progress: _salvaged(folder, now, progress), self._on_salvaged)

    def _start(self, work: Callable[[Progress], object], then: Callable[[object], None]) -> None:
        self.dialog.set_working(True)
        job: Job[object] = Job(work, self)
        job.progressed.connect(self.dialog.show_progress)
        job.finished.connect(then)
        job.failed.connect(self._on_failed)
        self._jobs.append(job)
        job.start(self._pool)

    def _on_found(self, found: object) -> None:
        self._backup = found if isinstance(found, FoundBackup) else None
        words = ""
        if self._backup is not None and self._backup.manifest is not None:
            said = about(self._backup.manifest, None)
            words = f"A good backup of {moment_text(said.made_at)}: {of_kinds(said.counts)}."
        self.dialog.show_backup(words)

    def _on_restored(self, kept: object) -> None:
        lines = ["The backup was restored."]
        if isinstance(kept, Path):
            lines.append(f"What was here is kept as {kept.name}.")
        self.dialog.show_result(lines)

    def _on_salvaged(self, report: object) -> None:
        if isinstance(report, SalvageReport):
            self.dialog.show_result(salvage_lines(report))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, HomepointError):
            self.dialog.show_problem(f"{error.title} {error.advice}")
        else:
            bug = f"{type(error).__name__}: {error}"
            self.dialog.show_problem(f"Homepoint made a mistake; the file is untouched. {bug}")
        self.dialog.restore.setEnabled(self._backup is not None)

    def _on_other_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.dialog, "Open the records of another folder")
        if chosen:
            program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "homepoint"]
            QProcess.startDetached(program[0], [*program[1:], "--data", chosen])
            self._on_quit()

    def _on_quit(self) -> None:
        self._close()
        self.dialog.finish()
        self._give_up()

    def _on_done(self) -> None:
        self._close()
        self._then()

    def _close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _salvaged(folder: Path, now: datetime, progress: Progress) -> SalvageReport:
    """Save what can be read into a new library, and exchange it for the damaged one, which is kept aside."""
    library = library_file(folder)
    with scratch(folder) as place:
        (place / "copy").mkdir()
        report = salvage(library, place / "saved.sqlite", place / "copy", scaled(progress))
        shutil.rmtree(place / "copy")
        aside = restoring.replace_damaged(folder, place / "saved.sqlite", SqliteFiles(), now)
    return replace(report, kept_aside=aside)
