"""What nobody foresaw: an error that no code caught is logged and shown with a report, and the window stays."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from homepoint import __version__


class UnforeseenFaults(QObject):
    """Stands in for `sys.excepthook` while the window lives."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        """Log into a folder, show over a window; nothing is imported or opened before something went wrong."""
        super().__init__(window)
        self._window, self._folder = window, folder
        self._is_showing = False
        self.secrets: Callable[[], Iterable[str]] = tuple
        """Tells what must stand neither in the log nor in a report."""
        self._before = sys.excepthook
        sys.excepthook = self._on_error

    def close(self) -> None:
        """Let errors go where they went before."""
        sys.excepthook = self._before

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):  # Ctrl+C in the terminal
            self._before(kind, error, trace)
            return
        self._log(error)
        if not self._is_showing:  # an error at every repaint must not fill the screen with messages
            self._is_showing = True
            QTimer.singleShot(0, self, lambda: self._show(error))  # not inside a paint or an event handler

    def _log(self, error: Exception) -> None:
        from homepoint.system.logs import close_log, log_fault, open_log

        handler = open_log(self._folder, self.secrets)
        log_fault(error)
        close_log(handler)

    def _show(self, error: Exception) -> None:
        from homepoint.application.problems import HomepointError
        from homepoint.system.logs import report
        from homepoint.ui.dialogs.messages import show_bug, show_error

        try:
            if isinstance(error, HomepointError):
                show_error(self._window, error)
            else:
                show_bug(self._window, report(error, __version__, self.secrets()))
        finally:
            self._is_showing = False
