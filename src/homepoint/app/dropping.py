"""Lets files be dropped anywhere on the window; what takes them in is loaded at the first drop."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:  # late: most starts see no drop
    from homepoint.ui.widgets.drop_overlay import DropOverlay


class DroppingOnWindow(QObject):
    """Watches a window for files dragged over it; `take` gets the paths that were let go.

    A place of its own for files (the evidence of a report) is asked first: Qt tells the window only of the rest.
    """

    def __init__(self, window: QWidget, take: Callable[[Sequence[Path]], None]) -> None:
        super().__init__(window)
        self._window, self._take = window, take
        self.overlay: DropOverlay | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files that are dragged in; everything else goes its way."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            return self._on_drop(event)
        if isinstance(event, QDragEnterEvent | QDragMoveEvent) and _paths(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show()
            return True
        if event.type() == QEvent.Type.DragLeave and self.overlay is not None:
            self.overlay.hide()
        return super().eventFilter(watched, event)

    def _on_drop(self, event: QDropEvent) -> bool:
        if self.overlay is not None:
            self.overlay.hide()
        paths = _paths(event)
        if not paths:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # the source keeps its files whatever it proposed
        event.accept()
        self._take(paths)
        return True

    def _show(self) -> None:
        if self.overlay is None:
            from homepoint.ui.widgets.drop_overlay import DropOverlay

            self.overlay = DropOverlay(self._window)
        if not self.overlay.isVisible():
            self.overlay.appear()


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
