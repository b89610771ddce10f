"""Opening and saving owner files and fleet tables from the window: read off the GUI thread, show, then do it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QWidget

from homepoint.application.activation_codes import KeptCodes, without_hints, without_new_hints
from homepoint.application.changes import Changes, Edit
from homepoint.application.exchange import MergeReport, import_owner_file, merge
from homepoint.application.fleet import plan_fleet
from homepoint.application.problems import HomepointError, Refused
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import PlanId
from homepoint.intake.fleet_table import COLUMNS, fleet_text, read_fleet
from homepoint.intake.owner_file import OwnerFile, open_owner_file, owner_file_text
from homepoint.intake.readers import bytes_of
from homepoint.presentation.activation_codes import lost_text
from homepoint.presentation.fleet_preview import FleetView, fleet_view
from homepoint.presentation.wording import counted
from homepoint.system.files import write_whole
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.fleet_preview import FleetDialog
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress

_FILTER = "Owner file: everything (*.json);;Table of devices and plans (*.csv)"
_TABLES = (".csv", ".tsv")
_MOST_LINES = 12
_WORDS: Mapping[str, str] = {"purchase_notices": "verification", "attachments": "piece of evidence"}


class Exchange:
    """Import and export of owner files. `tell` says at the foot of the window what was done, with Undo."""

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        pool: ThreadPoolExecutor,
        tell: Callable[[str], None],
    ) -> None:
        self._window, self._pool, self._tell = window, pool, tell
        self._workspace, self._clock, self._codes = desk.workspace, desk.clock, desk.codes
        self._job: Job[OwnerFile | list[str]] | None = None
        self._tables: list[Job[bytes]] = []

    def ask_export(self) -> None:
        """Let the owner choose where to save everything as an owner file, or devices and plans as a table."""
        chosen, kind = QFileDialog.getSaveFileName(self._window, "Export", "homepoint.json", _FILTER)
        if chosen:
            file = Path(chosen)
            is_table = "*.csv" in kind and file.name == "homepoint.json"  # another kind was chosen, the name left
            self.save(file.with_suffix(".csv") if is_table else file)

    def save(self, file: Path) -> None:
        """Write everything to a file, whole or not at all; a table (.csv) holds devices and plans only."""
        snapshot = self._workspace.library.snapshot()
        is_table = file.suffix.lower() in _TABLES
        try:
            write_whole(file, fleet_text(snapshot) if is_table else owner_file_text(snapshot).encode())
        except HomepointError as error:
            show_error(self._window, error)
            return
        count = len(snapshot.devices) + len(snapshot.plans) if is_table else sum(1 for _ in snapshot.facts())
        self._tell(f"{counted(count, 'record')} saved to {file.name}")

    def read_table(self, file: Path) -> None:
        """Read a fleet table in the background, show its rows and faults, and take it in when the owner agrees."""
        job: Job[bytes] = Job(lambda _progress: bytes_of(file), self._window)
        job.finished.connect(lambda data: self._show_table(file, data))
        job.failed.connect(lambda error: show_error(self._window, error))
        self._tables.append(job)
        job.start(self._pool)

    def _show_table(self, file: Path, data: bytes) -> None:
        stored = self._workspace.library.snapshot()

        def view(mapping: Mapping[str, str | None] | None) -> FleetView:
            table = read_fleet(data, stored.zone, mapping)
            return fleet_view(table.mapping, table.rows, table.faults, plan_fleet(table.rows, stored, self._clock()))

        try:
            dialog = FleetDialog(file.name, COLUMNS, view, self._take_table, self._window)
        except HomepointError as error:
            show_error(self._window, error)
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_table(self, view: FleetView) -> str:
        """Take a table over and return what is in the way, if anything; its activation codes are kept first."""
        edit = view.edit
        if edit is None or not view.codes:
            return "" if edit is None else self._write(edit)

        def then(kept: KeptCodes) -> None:
            left = without_new_hints(edit, kept.lost)
            problem = self._write(left) if left else ""
            if problem:
                show_error(self._window, HomepointError(problem))
            self._tell_lost(kept)

        self._keep(view.codes, then)
        return ""

    def _write(self, edit: Edit) -> str:
        try:
            self._workspace.library.write(edit, self._clock())
        except HomepointError as error:
            return f"{error.title} {error.advice}"
        self._workspace.announce(Changes(everything=True))
        self._tell(edit.title)
        return ""

    def _keep(self, codes: Mapping[PlanId, str], then: Callable[[KeptCodes], None]) -> None:
        job = self._codes.keep_all(codes)
        job.finished.connect(then)
        job.failed.connect(lambda error: show_error(self._window, error))

    def _tell_lost(self, kept: KeptCodes) -> None:
        if kept.problem is not None:
            show_error(self._window, HomepointError("The file was imported.", lost_text(kept)))

    def read(self, file: Path) -> None:
        """Read an owner file in the background, show what it would do, and do it when the owner agrees."""
        waiting = QProgressDialog(f"Reading {file.name} …", "Cancel", 0, 0, self._window)
        waiting.setWindowTitle("Open an owner file")
        waiting.setMinimumDuration(400)
        job: Job[OwnerFile | list[str]] = Job(lambda progress: _read(file, progress), self._window)
        waiting.canceled.connect(job.cancel)
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(waiting.reset)
        job.finished.connect(lambda found: self._on_read(file, found))
        job.failed.connect(lambda error: show_error(self._window, error))
        self._job = job
        job.start(self._pool)

    def _on_read(self, file: Path, found: OwnerFile | list[str]) -> None:
        if not isinstance(found, OwnerFile):
            self._show_faults(file, found)
            return
        plan = merge(found.facts, self._workspace.library.snapshot())
        if isinstance(plan, Refused):
            self._show_faults(file, list(plan.fields.values()))
        elif plan.report.changes_nothing and not found.codes:
            self._tell("Nothing to do: everything in this file is in your records already")
        elif self._agrees(file, plan.report, len(found.codes)):
            self._take_in(found)

    def _take_in(self, found: OwnerFile) -> None:
        """Keep the activation codes with the secrets, then import the facts."""
        if found.codes:
            self._keep(found.codes, lambda kept: self._import(found.facts, kept))
        else:
            self._import(found.facts, KeptCodes(kept=frozenset()))

    def _import(self, facts: Snapshot, kept: KeptCodes) -> None:
        try:
            report = import_owner_file(without_hints(facts, kept.lost), self._workspace.library, self._clock())
        except HomepointError as error:
            show_error(self._window, error)
            return
        if isinstance(report, MergeReport):
            self._workspace.announce(Changes(everything=True))
            self._tell("Owner file imported")
        self._tell_lost(kept)

    def _agrees(self, file: Path, report: MergeReport, codes: int) -> bool:
        box = QMessageBox(self._window)
        box.setWindowTitle("Open an owner file")
        box.setText(f"Take over what is in {file.name}?")
        box.setInformativeText("\n".join(_lines(report, codes)))
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


def _read(file: Path, progress: Progress) -> OwnerFile | list[str]:
    progress(0, 0)
    found = open_owner_file(file)
    progress(0, 0)
    return found if isinstance(found, OwnerFile) else [str(fault) for fault in found]


def _lines(report: MergeReport, codes: int) -> list[str]:
    lines = []
    for word, group in (("Adds", report.added), ("Changes", report.changed), ("Leaves as they are", report.skipped)):
        counts = [counted(len(names), _WORDS.get(kind, kind.removesuffix("s"))) for kind, names in group.items()]
        if counts:
            lines.append(f"{word}: {', '.join(counts)}.")
    if codes:
        lines.append(f"Keeps {counted(codes, 'activation code')} with the passwords of this computer.")
    return [*lines, "You can undo this."]
