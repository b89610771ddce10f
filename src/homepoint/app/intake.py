"""Taking files in from the window: chosen or dropped, read off the GUI thread, previewed, written in one step."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from homepoint.application.found import Found, FoundFile
from homepoint.application.pile import look_through
from homepoint.application.ports import DeviceQuery
from homepoint.domain.facts import Attachment
from homepoint.intake.pile_reading import Copies, read_pile
from homepoint.presentation.wording import counted
from homepoint.system.attachments import EvidenceStore
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.intake_preview import IntakeDialog
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress

_FILTER = "All files (*);;Owner files (*.json);;Tables (*.csv *.tsv)"
_MOST_DEVICES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pile:
    """What was read, and the copies that were made for it."""

    files: list[FoundFile]
    copies: Copies


class Intake(QObject):
    """Takes in files of any kind. `read_separately` opens an owner file or a fleet table with its own preview."""

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        store: EvidenceStore,
        pool: ThreadPoolExecutor,
        tell: Callable[[str], None],
        read_separately: Callable[[Path, str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._store, self._pool = window, desk, store, pool
        self._tell, self._read_separately = tell, read_separately
        self._job: Job[_Pile] | None = None
        self._waiting: deque[Sequence[Path]] = deque()
        self.dialog: IntakeDialog | None = None

    def ask(self) -> None:
        """Let the owner choose files of any kind."""
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Import files of any kind", "", _FILTER)
        if chosen:
            self.take([Path(each) for each in chosen])

    def take(self, paths: Sequence[Path]) -> None:
        """Read files and folders in the background, then show what is in them; a second pile waits for the first."""
        self._waiting.append(paths)
        if self._job is None and self.dialog is None:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        paths = self._waiting.popleft()
        waiting = QProgressDialog("Looking inside …", "Cancel", 0, 0, self._window)
        waiting.setWindowTitle("Import files")
        waiting.setWindowModality(Qt.WindowModality.WindowModal)
        waiting.setMinimumDuration(400)
        waiting.setAutoReset(False)
        waiting.setAutoClose(False)
        job: Job[_Pile] = Job(lambda progress: self._work(paths, progress), self)
        waiting.canceled.connect(job.cancel)
        job.progressed.connect(lambda done, total, words: _show_progress(waiting, done, total, words))
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(waiting.reset)
            ending.connect(waiting.deleteLater)
            ending.connect(self._on_ended)
        job.finished.connect(self._on_read)
        job.failed.connect(lambda error: show_error(self._window, error))
        self._job = job
        job.start(self._pool)

    def _on_ended(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
        self._job = None

    def _work(self, paths: Sequence[Path], progress: Progress) -> _Pile:
        """Read a pile; when it is cancelled, the copies it made are taken away again."""
        copies = Copies(self._store)

        def report(done: int, total: int) -> None:
            progress(done, total, f"{done + 1:,} of {total:,}" if total > 1 else "")

        try:
            files = read_pile(paths, self._desk.terms, copies.keep, report)
        except BaseException:
            copies.let_go()
            raise
        return _Pile(files=files, copies=copies)

    def _on_read(self, pile: _Pile) -> None:
        library = self._desk.workspace.library
        found = look_through(pile.files, library, self._desk.terms)
        if not pile.files:
            self._tell("There is no file in this folder")
            self._after(found, pile)
        elif len(found.separate) == len(pile.files):
            self._after(found, pile)
        else:
            rows, _ = library.rows(DeviceQuery(order="name", limit=_MOST_DEVICES))
            dialog = IntakeDialog(self._desk, found, [row.device for row in rows], self._window)
            dialog.finished.connect(lambda _result: self._after(found, pile))
            self.dialog = dialog
            dialog.open()

    def _after(self, found: Found, pile: _Pile) -> None:
        """Let go of copies nobody wanted, then open what has its own preview, then the next pile."""
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        library = self._desk.workspace.library
        pile.copies.let_go(lambda: (each.sha256 for each in library.all(Attachment)))
        for each in found.separate:
            self._read_separately(Path(each.path), each.kind)
        self._next()


def _show_progress(waiting: QProgressDialog, done: int, total: int, words: str) -> None:
    waiting.setMaximum(total)
    waiting.setValue(done)
    waiting.setLabelText(f"Looking inside {counted(total, 'file')}: {words}" if words else "Looking inside …")
