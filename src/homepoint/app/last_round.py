"""Before the window closes: the owner's last changes are sent, visibly, for a few seconds, and never against a skip."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.app.syncing import Syncing
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.sync_progress import SyncProgress
from homepoint.ui.widgets.text import Label

LONGEST_S = 10.0


class LastRound(QObject):
    """Holds the window's closing while edits are owed to the other computers; `LONGEST_S` at most."""

    def __init__(
        self,
        window: QWidget,
        syncing: Syncing,
        longest_s: float = LONGEST_S,
        is_leaving: Callable[[], bool] = lambda: True,
    ) -> None:
        """Watch a window's closing.

        Args:
            window: what is closed.
            syncing: what may owe something.
            longest_s: how long the closing is held at most.
            is_leaving: says whether a closing ends the program, rather than leave it in the tray.
        """
        super().__init__(window)
        self._window, self._syncing, self._is_leaving = window, syncing, is_leaving
        self._is_over = False
        self._waiting: SendingDialog | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(round(longest_s * 1000))
        self._limit.timeout.connect(self._go)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold a closing that comes too early."""
        if event.type() != QEvent.Type.Close or watched is not self._window or not isinstance(event, QCloseEvent):
            return False
        if self._is_over or not self._syncing.owes or not self._is_leaving() or _is_system_ending():
            return False
        event.ignore()
        if self._waiting is None:
            self._hold()
        return True

    def _hold(self) -> None:
        self._waiting = SendingDialog(self._syncing, self._window)
        self._waiting.finished.connect(self._go)
        self._waiting.open()
        self._limit.start()
        self._syncing.round_ended.connect(self._on_round_ended)
        self._was_under_way = self._syncing.activity is not None
        self._syncing.sync_now()

    def _on_round_ended(self) -> None:
        if self._was_under_way:  # that one had begun before the last change
            self._was_under_way = False
            self._syncing.sync_now()
        else:
            self._go()

    def _go(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._limit.stop()
        self._syncing.round_ended.disconnect(self._on_round_ended)
        self._syncing.cancel()
        if self._waiting is not None:
            self._waiting.close()
        QTimer.singleShot(0, self._window, self._window.close)


def _is_system_ending() -> bool:
    """Say whether the desktop session is being ended, which leaves no time."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()


class SendingDialog(QDialog):
    """Says that the last changes are sent; its button, Escape and its frame's button all skip."""

    def __init__(self, syncing: Syncing, parent: QWidget) -> None:
        """Show the round under way."""
        super().__init__(parent)
        self.setWindowTitle("Homepoint")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._syncing = syncing
        self.progress = SyncProgress(keeps_room=True)
        self.skip = Button("Close now")
        self.skip.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Sending your last changes…", TextRole.HEADING))
        sentence = "Then Homepoint closes by itself. What is not sent now is sent at the next start; nothing is lost."
        column.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.skip)
        column.addLayout(row)
        self.setMinimumWidth(460)
        syncing.progressed.connect(self._show)
        syncing.status_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.progress.show_activity(self._syncing.activity)
