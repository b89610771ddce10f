"""Notices that nobody uses the window any more."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from homepoint.application.locking import locks_itself

_LOOKS_EVERY_MS: Final = 15_000
_USES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class Idle(QObject):
    """Calls once when the window has not been used for as long as the owner chose.

    It compares clock readings, so a computer that slept is locked when it wakes.
    """

    def __init__(
        self, minutes: Callable[[], int], clock: Callable[[], datetime], then: Callable[[], None], parent: QObject
    ) -> None:
        """Begin to watch.

        Args:
            minutes: returns how long to wait; 0 never calls.
            clock: tells the time.
            then: what to do.
            parent: watches as long as this lives.
        """
        super().__init__(parent)
        self._minutes, self._clock, self._then = minutes, clock, then
        self._last_used_at = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOKS_EVERY_MS)
        self._timer.timeout.connect(self.look)
        application = QApplication.instance()
        assert application is not None, "a window is open"
        application.installEventFilter(self)
        self._timer.start()

    def look(self) -> None:
        """See whether it is time."""
        if locks_itself(self._last_used_at, self._clock(), self._minutes()):
            self.stop()
            self._then()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _USES:
            if locks_itself(self._last_used_at, self._clock(), self._minutes()):  # the computer woke just now
                QTimer.singleShot(0, self, self.look)
                return True
            self._last_used_at = self._clock()
        return super().eventFilter(watched, event)
