"""A page of the window: it draws what the workspace says, and redraws when that changed and it is seen."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from homepoint.application.changes import Changes
from homepoint.ui.desk import Desk


class Screen(QWidget):
    """The base of every page. How to add one: subclass, implement `redraw`, name it in `app.py`.

    A change marks a page stale; it is redrawn at once if it is seen, otherwise when it is shown next.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True

    def redraw(self) -> None:
        """Draw everything anew from the workspace; keeps focus, selection and scroll position where it can."""
        raise NotImplementedError(f"{type(self).__name__} draws nothing")

    def concerns(self, changes: Changes) -> bool:
        """Say whether these changes can alter what the page shows; a page that shows little overrides this."""
        return True

    def mark_changed(self, changes: Changes) -> None:
        """Take note of changes; slot of the workspace's news."""
        if self.concerns(changes):
            self._stale = True
            self._redraw_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw_if_seen()

    def _redraw_if_seen(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self.redraw()
