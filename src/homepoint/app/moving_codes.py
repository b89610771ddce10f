"""Moves the activation codes of an older library to the secrets, and tells the owner while that is not possible."""

from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from homepoint.application.activation_codes import ActivationCodes
from homepoint.application.problems import HomepointError
from homepoint.presentation.activation_codes import moved_text, waiting_text
from homepoint.storage.codes_to_move import CodesToMove
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job
from homepoint.ui.window import MainWindow


class MovingCodes(QObject):
    """Works off the GUI thread: a keyring may ask for its password, and the file is written anew."""

    def __init__(
        self, window: MainWindow, waiting: CodesToMove, codes: ActivationCodes, pool: ThreadPoolExecutor
    ) -> None:
        super().__init__(window)
        self._window, self._waiting, self._codes, self._pool = window, waiting, codes, pool
        self._job: Job[int] | None = None

    def begin(self) -> None:
        """Move what waits."""
        self._job = Job(lambda _progress: self._waiting.move(self._codes), self)
        self._job.finished.connect(self._on_moved)
        self._job.failed.connect(self._on_failed)
        self._job.start(self._pool)

    def _on_moved(self, count: int) -> None:
        if count:
            self._window.tell(moved_text(count))

    def _on_failed(self, problem: Exception) -> None:
        if not isinstance(problem, HomepointError):
            show_error(self._window, problem)
            return
        self._window.tell(waiting_text(self._waiting.count()), "Why?", lambda: self._ask(problem))

    def _ask(self, problem: HomepointError) -> None:
        count = self._waiting.count()
        box = QMessageBox(self._window)
        box.setWindowTitle("Activation codes")
        box.setText(f"{waiting_text(count)}. {problem.title}")
        box.setInformativeText(
            f"{problem.advice} Until then anyone who can read the file can read them; they go to no other computer."
        )
        again = box.addButton("Try again", QMessageBox.ButtonRole.AcceptRole)
        forget = box.addButton("Forget these codes", QMessageBox.ButtonRole.DestructiveRole) if count else None
        box.addButton("Later", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(again)
        box.exec()
        if box.clickedButton() is again:
            self.begin()
        elif forget is not None and box.clickedButton() is forget:
            self._forget()

    def _forget(self) -> None:
        job: Job[None] = Job(lambda _progress: self._waiting.forget_all(), self)
        job.finished.connect(lambda: self._window.tell("The codes are forgotten; their plans show how each ended"))
        job.failed.connect(lambda problem: show_error(self._window, problem))
        job.start(self._pool)
