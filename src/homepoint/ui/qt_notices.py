"""Notices through Qt's tray icon, for Windows and macOS: they show there as the system's own."""

import itertools
import sys
from typing import Final

from PySide6.QtWidgets import QSystemTrayIcon

from homepoint.application.notices import Notice, NoticeAbility, NoticeAction, NoticeAnswered, TellNotice

_NAMES: Final = {"win32": "Windows", "darwin": "macOS"}


class QtNotices:
    """`application.notices.Notices` on a tray icon; use it from the GUI thread.

    Such a notice has no buttons: a click on it opens. Snooze and Done are in the window.
    """

    def __init__(self, icon: QSystemTrayIcon, tell: TellNotice) -> None:
        """Send by an icon that is or will be shown; `tell` is called on the GUI thread."""
        self._icon, self._tell = icon, tell
        self._numbers = itertools.count(1)
        self._last = ""
        self._is_closed = False
        icon.messageClicked.connect(self._on_click)

    def connect(self) -> NoticeAbility:
        """Say whether the system shows messages of an icon."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return NoticeAbility(problem="This desktop shows no notifications.")
        return NoticeAbility(name=_NAMES.get(sys.platform, "Qt"), has_body=True)

    def send(self, notice: Notice) -> int | None:
        """Show a notice; None when there is nowhere to show it."""
        if self._is_closed or not self._icon.isVisible() or not self.connect().is_available:
            return None
        self._last = notice.key
        look = QSystemTrayIcon.MessageIcon.Warning if notice.urgent else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(notice.title, notice.body or " ", look)  # Windows drops a message without a text
        return next(self._numbers)

    def withdraw(self, key: str) -> None:
        """Do nothing: neither system takes such a message back."""

    def close(self) -> None:
        """Tell nothing any more."""
        self._is_closed = True

    def _on_click(self) -> None:
        """The system does not say which was clicked: it is the last, the only one that stands there for a while."""
        if self._last and not self._is_closed:
            self._tell(NoticeAnswered(key=self._last, action=NoticeAction.OPEN))
