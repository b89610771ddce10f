"""A countdown that ticks only while it is seen."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from homepoint.ui.theme import TextRole, Tone
from homepoint.ui.widgets.text import Label

Target = datetime | date
Phrase = Callable[[Target, datetime], str]

_HOUR = 3600.0
_MINUTE = 60.0


class CountdownLabel(Label):
    """The time left until an instant, or until the end of a day, in the words of a given phrase."""

    reached = Signal()

    def __init__(
        self,
        target: Target,
        now: Callable[[], datetime],
        phrase: Phrase,
        role: TextRole = TextRole.STRONG,
        tone: Tone = Tone.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        """Count down.

        Args:
            target: an aware instant (ticks by the minute, by the second in its last hour), or a day.
            now: tells the present instant, aware.
            phrase: makes the text of target and present; the wording is all its own.
            role: size and weight.
            tone: colour.
            parent: the widget it lies in.
        """
        super().__init__("", role, tone, selectable=True, tabular=True, parent=parent)
        self._target = target
        self._now = now
        self._phrase = phrase
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._write(now())

    @property
    def is_ticking(self) -> bool:
        """Say whether a next tick is planned."""
        return self._timer.isActive()

    def set_target(self, target: Target) -> None:
        """Count down to another instant or day."""
        self._target = target
        self._write(self._now())
        if self.isVisible():
            self._plan(self._now())

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up and tick on."""
        super().showEvent(event)
        present = self._now()
        self._write(present)
        self._plan(present)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _tick(self) -> None:
        present = self._now()
        self._write(present)
        if isinstance(self._target, datetime) and present >= self._target:
            self.reached.emit()
            return
        self._plan(present)

    def _write(self, present: datetime) -> None:
        text = self._phrase(self._target, present)
        if text != self.text():
            self.setText(text)

    def _plan(self, present: datetime) -> None:
        seconds = self._seconds_to_next_change(present)
        if seconds is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, round(seconds * 1000) + 5))

    def _seconds_to_next_change(self, present: datetime) -> float | None:
        if not isinstance(self._target, datetime):
            return _MINUTE
        left = (self._target - present).total_seconds()
        if left <= 0:
            return None
        if left > _HOUR:
            return min(left % _MINUTE or _MINUTE, left - _HOUR)
        return left % 1 or 1.0
