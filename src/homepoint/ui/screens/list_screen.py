"""A page that lists devices or deadlines: it waits a moment while many standings are being renewed."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from homepoint.application.changes import Changes
from homepoint.ui.desk import Desk
from homepoint.ui.screen import Screen

_SETTLES_MS = 250


class ListScreen(Screen):
    """Redraws at once for what the owner did, and once in a while for standings that were only computed anew."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLES_MS)
        self._settling.timeout.connect(lambda: self.mark_changed(Changes(everything=True)))

    def mark_changed(self, changes: Changes) -> None:
        """Take note of changes; slot of the workspace's news."""
        if changes.kinds or changes.everything:
            self._settling.stop()
            super().mark_changed(changes)
        elif not self._settling.isActive():
            self._settling.start()
