"""Keeps every device's standing true: assesses stale ones in small steps, then sleeps until the next turn."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from homepoint.application.changes import Changes
from homepoint.application.problems import HomepointError
from homepoint.application.workspace import Workspace

_AT_ONCE = 8
_LONGEST_SLEEP = timedelta(hours=1)  # a computer that slept, or whose clock was set, is found out by then
_AFTER = timedelta(milliseconds=20)


class KeepingFresh(QObject):
    """Assesses what is stale a few devices at a time, so that the window answers in between."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        workspace.subscribe(self._on_change)

    def begin(self) -> None:
        """Look for stale standings now."""
        self._timer.start(0)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _on_change(self, changes: Changes) -> None:
        if changes.everything or changes.kinds:
            self._timer.start(0)

    def _step(self) -> None:
        now = self._workspace.clock()
        try:
            if self._workspace.refresh_some(now, _AT_ONCE):
                self._timer.start(0)
                return
            turn = self._workspace.library.next_change()
        except HomepointError:  # the file is held by another program: it says so when the owner writes
            turn = None
        self._timer.start(_milliseconds_until(turn, now))


def _milliseconds_until(turn: datetime | None, now: datetime) -> int:
    wait = _LONGEST_SLEEP if turn is None else min(turn.astimezone(UTC) - now.astimezone(UTC) + _AFTER, _LONGEST_SLEEP)
    return max(0, int(wait / timedelta(milliseconds=1)))
