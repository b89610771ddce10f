"""Opening and saving owner files from the window: choose, read off the GUI thread, show what it does, do it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QWidget

from homepoint.application.changes import Changes
from homepoint.application.exchange import MergeReport, import_owner_file, merge
from homepoint.application.problems import HomepointError, Refused
from homepoint.application.workspace import Workspace
from homepoint.domain.snapshot import Snapshot
from homepoint.intake.owner_file import owner_file_text, read_owner_file
from homepoint.presentation.wording import counted
from homepoint.system.files import write_whole
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress

_FILTER = "Owner files (*.json);;All files (*)"
_MOST_LINES = 12
_WORDS: Mapping[str, str] = {"purchase_notices": "verification", "attachments": "piece of evidence"}


class Exchange:
    """Import and export of owner files. `tell` says at the foot of the window what was done, with Undo."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        pool: ThreadPoolExecutor,
        clock: Callable[[], datetime],
        tell: Callable[[str], None],
    ) -> None:
        self._window, self._workspace, self._pool, self._clock, self._tell = window, workspace, pool, clock, tell
        self._job: Job[Snapshot | list[str]] | None = None

    def ask_import(self) -> None:
        """Let the owner choose an owner file and take it in."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open an owner file", "", _FILTER)
        if chosen:
            self.read(Path(chosen))

    def ask_export(self) -> None:
        """Let the owner choose where to save everything as an owner file."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save an owner file", "homepoint.json", _FILTER)
        if chosen:
            self.save(Path(chosen))

    def save(self, file: Path) -> None:
        """Write everything to a file, whole or not at all."""
        snapshot = self._workspace.library.snapshot()
        try:
            write_whole(file, owner_file_text(snapshot).encode())
        except HomepointError as error:
            show_error(self._window, error)
            return
        self._tell(f"{counted(sum(1 for _ in snapshot.facts()), 'record')} saved to {file.name}")

    def read(self, file: Path) -> None:
        """Read an owner file in the background, show what it would do, and do it when the owner agrees."""
        waiting = QProgressDialog(f"Reading {file.name} …", "Cancel", 0, 0, self._window)
        waiting.setWindowTitle("Open an owner file")
        waiting.setMinimumDuration(400)
        job: Job[Snapshot | list[str]] = Job(lambda progress: _read(file, progress), self._window)
        waiting.canceled.connect(job.cancel)
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(waiting.reset)
        job.finished.connect(lambda found: self._on_read(file, found))
        job.failed.connect(lambda error: show_error(self._window, error))
        self._job = job
        job.start(self._pool)

    def _on_read(self, file: Path, found: Snapshot | list[str]) -> None:
        if not isinstance(found, Snapshot):
            self._show_faults(file, found)
            return
        plan = merge(found, self._workspace.library.snapshot())
        if isinstance(plan, Refused):
            self._show_faults(file, list(plan.fields.values()))
        elif plan.report.changes_nothing:
            self._tell("Nothing to do: everything in this file is in your records already")
        elif self._agrees(file, plan.report):
            self._take_in(found)

    def _take_in(self, found: Snapshot) -> None:
        try:
            report = import_owner_file(found, self._workspace.library, self._clock())
        except HomepointError as error:
            show_error(self._window, error)
            return
        if isinstance(report, MergeReport):
            self._workspace.announce(Changes(everything=True))
            self._tell("Owner file imported")

    def _agrees(self, file: Path, report: MergeReport) -> bool:
        box = QMessageBox(self._window)
        box.setWindowTitle("Open an owner file")
        box.setText(f"Take over what is in {file.name}?")
        box.setInformativeText("\n".join(_lines(report)))
        yes = box.addButton("Take over", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(yes)
        box.exec()
        return box.clickedButton() is yes

    def _show_faults(self, file: Path, faults: list[str]) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle("Open an owner file")
        box.setText(f"{file.name} was not taken over. Your records are unchanged.")
        shown = faults[:_MOST_LINES]
        if len(faults) > len(shown):
            shown.append(f"and {len(faults) - len(shown)} more. Show details for all of them.")
            box.setDetailedText("\n".join(faults))
        box.setInformativeText("\n".join(shown))
        box.exec()


def _read(file: Path, progress: Progress) -> Snapshot | list[str]:
    progress(0, 0)
    found = read_owner_file(file)
    progress(0, 0)
    return found if isinstance(found, Snapshot) else [str(fault) for fault in found]


def _lines(report: MergeReport) -> list[str]:
    lines = []
    for word, group in (("Adds", report.added), ("Changes", report.changed), ("Leaves as they are", report.skipped)):
        counts = [counted(len(names), _WORDS.get(kind, kind.removesuffix("s"))) for kind, names in group.items()]
        if counts:
            lines.append(f"{word}: {', '.join(counts)}.")
    return [*lines, "You can undo this."]
