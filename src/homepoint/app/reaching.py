"""Everything by which Homepoint reaches the owner outside its window: tray and notices, and the strip where none go."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from homepoint.application.changes import Changes
from homepoint.application.notices import (
    Notice,
    NoticeAction,
    NoticeAnswered,
    NoticeEvent,
    Notices,
    TellNotice,
)
from homepoint.domain.facts import Device
from homepoint.presentation.device_list import device_name
from homepoint.presentation.tray import tray_view, view_holds_until
from homepoint.presentation.wording import when_text
from homepoint.ui.desk import Desk
from homepoint.ui.tray import Tray
from homepoint.ui.widgets.notice_strip import NoticeStrip
from homepoint.ui.window import MainWindow

_LOOKED_THROUGH: Final = 60
"""Deadlines read for the tray: more than its three, for those that passed for good come first."""

_GATHER_MS: Final = 300
_LONGEST_SLEEP: Final = timedelta(hours=1)  # a computer that slept, or whose clock was set, is found out by then

MakeNotices = Callable[[Tray, TellNotice], Notices]


def system_notices(tray: Tray, tell: TellNotice) -> Notices:
    """Return the way of this system: its own daemon on Linux, the tray icon's messages elsewhere."""
    if _has_daemons():
        from homepoint.system.notifications import DesktopNotices  # jeepney is installed there alone

        return DesktopNotices(tell)
    from homepoint.ui.qt_notices import QtNotices

    return QtNotices(tray.icon, tell)


class Reaching(QObject):
    """Tells the owner, and tells what the owner answered, wherever that was.

    Signals:
        answered: a notice was answered; its key and the `NoticeAction`. For OPEN, show the window.
        connected: it is known who shows notices; a `NoticeAbility`.
    """

    answered = Signal(str, object)
    connected = Signal(object)
    _told = Signal(object)
    _unsent = Signal(object)

    def __init__(
        self, window: MainWindow, desk: Desk, pool: Executor, make_notices: MakeNotices = system_notices
    ) -> None:
        """Make tray and strip; nothing is seen or opened before `begin`.

        Args:
            window: gets the strip.
            desk: tells the time and has the deadlines.
            pool: where a daemon may be waited for.
            make_notices: how this system shows notices.
        """
        super().__init__(window)
        self._desk, self._pool = desk, pool
        self._quiet_until: datetime | None = None
        self.tray = Tray(tray_view((), {}, desk.now()), self)
        self.strip = NoticeStrip()
        self._strip_holder = window.add_strip(self.strip)
        self._strip_holder.hide()
        self.strip.answered.connect(self._on_strip_answer)
        self.strip.emptied.connect(self._strip_holder.hide)
        self._told.connect(self._on_event, Qt.ConnectionType.QueuedConnection)
        self._unsent.connect(self._show_in_window)
        self._notices = make_notices(self.tray, self._told.emit)
        self._waits = _has_daemons()  # a daemon may have to be started; Qt's ways belong to the GUI thread
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self.refresh)
        self._leave = desk.workspace.subscribe(self._on_changes)

    def begin(self) -> None:
        """Show the tray, and find out who shows notices."""
        self.refresh()
        self.tray.show()
        self._do(lambda: self.connected.emit(self._notices.connect()))

    def tell(self, notice: Notice) -> None:
        """Tell the owner: by the system, or inside the window where that cannot be."""
        self._do(lambda: self._send(notice))

    def withdraw(self, key: str) -> None:
        """Take a notice away wherever it is."""
        self.strip.withdraw(key)
        self._do(lambda: self._notices.withdraw(key))

    def set_quiet_until(self, until: datetime | None) -> None:
        """Say in the tray until when all reminders are snoozed."""
        self._quiet_until = until
        self.refresh()

    def refresh(self) -> None:
        """Show in the tray what is true now, and look again when that changes."""
        library, now = self._desk.workspace.library, self._desk.now()
        entries = library.agenda(before=None, device=None, limit=_LOOKED_THROUGH)
        devices = {entry.device: library.get(Device, entry.device) for entry in entries}
        names = {id: device_name(each) if each else "A device not in the list" for id, each in devices.items()}
        self.tray.show_view(tray_view(entries, names, now, self._quiet_until))
        wait = view_holds_until(entries, now, self._quiet_until).astimezone(UTC) - now.astimezone(UTC)
        self._turn.start(int(min(wait, _LONGEST_SLEEP) / timedelta(milliseconds=1)) + 1)

    def close(self) -> None:
        """Take the icon away and let go of the daemon."""
        self._leave()
        self._turn.stop()
        self.tray.close()
        self._notices.close()

    def _do(self, work: Callable[[], object]) -> None:
        if self._waits:
            self._pool.submit(work)
        else:
            work()

    def _send(self, notice: Notice) -> None:
        if self._notices.send(notice) is None:
            self._unsent.emit(notice)

    def _show_in_window(self, notice: Notice) -> None:
        now = self._desk.now()
        self._strip_holder.show()
        self.strip.show_notice(notice, when_text(now, now))

    def _on_changes(self, _changes: Changes) -> None:
        if not 0 < self._turn.remainingTime() <= _GATHER_MS:
            self._turn.start(_GATHER_MS)

    def _on_event(self, event: NoticeEvent) -> None:
        if isinstance(event, NoticeAnswered):
            if event.activation:  # Qt takes it from there when the window is raised
                os.environ["XDG_ACTIVATION_TOKEN"] = event.activation
            self.strip.withdraw(event.key)
            self.answered.emit(event.key, event.action)

    def _on_strip_answer(self, key: str, action: NoticeAction) -> None:
        self.answered.emit(key, action)


def _has_daemons() -> bool:
    return sys.platform == "linux"
