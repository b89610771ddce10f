"""What reaches the owner outside the pages: tray, notices and reminders, and the wishes that come back from them."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from homepoint.app.reaching import Reaching
from homepoint.app.reminding import JOURNAL_FILE, KeptJournal, Reminding
from homepoint.app.staying import Staying, shows_window_at_start
from homepoint.application.notices import Notice, NoticeAbility, NoticeAction
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.domain.facts import Device
from homepoint.domain.portable import instant, instant_text
from homepoint.domain.values import DeviceId
from homepoint.presentation.reminders import AwayRow, ReminderNotice
from homepoint.presentation.wording import Section
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.messages import show_error

if TYPE_CHECKING:
    from homepoint.app.wiring import Program

_COMPUTER, _QUIET_UNTIL, _HELD = "reminders/computer", "reminders/quiet-until", "reminders/held"
_MORNING = time(9)
_LONGEST_WAIT_MS = 3_600_000


class Outside(QObject):
    """Tray, notices and reminders of one open program. `begin` shows them; `close` takes them away."""

    def __init__(self, program: "Program", settings: Settings, raise_window: Callable[[], None]) -> None:
        """Make all of it; nothing is shown yet.

        Args:
            program: whose library it reminds of.
            settings: where what is this computer's own is kept.
            raise_window: brings the window before the owner.
        """
        super().__init__(program.window)
        self._program, self._settings, self._raise_window = program, settings, raise_window
        workspace, library = program.workspace, program.library
        self.reminders = Reminders(
            workspace, library, KeptJournal(Settings(program.folder / JOURNAL_FILE)), self._this_computer()
        )
        self.wishes = ReminderWishes(self.reminders, workspace, library)
        self.reaching = Reaching(program.window, program.desk, program.pool)
        self.reminding = Reminding(self.reminders, self.wishes, workspace, self._show, self)
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window is open"
        self.staying = Staying(application, program.window, program.preferences, lambda: self.reaching.tray.is_hosted)
        self._is_hidden = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._on_quiet_over)
        self._connect_tray()
        self._connect_reminders()

    def begin(self, *, hidden: bool) -> None:
        """Show the tray and begin to remind; `hidden` says that the window was not to be shown at the start."""
        self._is_hidden = hidden
        self.reaching.connected.connect(self._on_connected)
        self.reaching.begin()
        self.reminding.begin()
        self._keep_quiet()

    def ask_reminders(self, device: DeviceId) -> None:
        """Let the owner choose when one device reminds."""
        from homepoint.ui.dialogs.device_reminders import DeviceRemindersDialog

        found = self._program.library.get(Device, device)
        if found is not None:
            window = self._program.window
            DeviceRemindersDialog(self._program.desk, self.reminders, self.wishes, found, window).open()

    def close(self) -> None:
        """Remind no more, and take the icon away."""
        self._quiet.stop()
        self.reminding.stop()
        self.reaching.close()

    def _connect_tray(self) -> None:
        tray = self.reaching.tray
        tray.open_asked.connect(self._raise_window)
        tray.device_chosen.connect(self._open_device)
        tray.report_asked.connect(lambda: self._program.pages.report())
        tray.report_asked.connect(self._raise_window)
        tray.snooze_asked.connect(self._on_snooze_all)
        tray.quit_asked.connect(self.staying.quit)

    def _connect_reminders(self) -> None:
        self.reaching.answered.connect(self._on_answered)
        self.reminding.list_asked.connect(self._show_list)
        self.reminding.device_asked.connect(self._open_device)
        self.reminding.deadlines_asked.connect(self._open_deadlines)
        self.reminding.failed.connect(lambda error: show_error(self._program.window, error))

    # Reminders, out and back.

    def _show(self, notice: ReminderNotice) -> bool:
        """Hand a reminder to the system's notices, or hold it while the owner wants quiet."""
        made = Notice(key=notice.key, title=notice.title, body=notice.body, urgent=notice.urgent)
        if self._quiet_until() is not None:
            self._hold([*self._held(), made])
        else:
            self.reaching.tell(made)
        return True

    def _on_answered(self, key: str, action: NoticeAction) -> None:
        self.reminding.answer(key, action.value)

    def _show_list(self, title: str, rows: Sequence[AwayRow]) -> None:
        from homepoint.ui.dialogs.while_away import WhileAwayDialog  # late: most starts list nothing

        now = self._program.workspace.clock
        dialog = WhileAwayDialog(title, rows, lambda key: self.wishes.mark_done(key, now()), self._program.window)
        dialog.seen.connect(self.reminding.listed)
        dialog.device_asked.connect(
            lambda device, section: self._program.pages.open_device(DeviceId(device), Section(section))
        )
        dialog.page_asked.connect(self._program.window.show_page)
        if self._program.window.isVisible():
            dialog.open()
        else:
            self._raise_window()
            QTimer.singleShot(0, dialog, dialog.open)

    def _open_device(self, device: str) -> None:
        self._program.pages.open_device(DeviceId(device))
        self._raise_window()

    def _open_deadlines(self) -> None:
        self._program.window.show_page("deadlines")
        self._raise_window()

    # Quiet until tomorrow: reminders that come meanwhile are held, also over a restart.

    def _on_snooze_all(self) -> None:
        now = self._program.desk.now()
        until = datetime.combine(now.date() + timedelta(days=1), _MORNING, now.tzinfo)
        self._settings.write_text(_QUIET_UNTIL, instant_text(until))
        self._keep_quiet()

    def _keep_quiet(self) -> None:
        until = self._quiet_until()
        self.reaching.set_quiet_until(until)
        if until is None:
            self._on_quiet_over()
            return
        wait = (until - self._program.workspace.clock()) // timedelta(milliseconds=1) + 1
        self._quiet.start(min(max(0, wait), _LONGEST_WAIT_MS))

    def _on_quiet_over(self) -> None:
        if self._quiet_until() is not None:  # a long wait is cut in pieces: the clock may be set meanwhile
            self._keep_quiet()
            return
        held = self._held()
        self._hold([])
        self.reaching.set_quiet_until(None)
        for notice in held:
            self.reaching.tell(notice)

    def _quiet_until(self) -> datetime | None:
        """Return until when the owner wants quiet, None where that is over."""
        kept = self._settings.read_text(_QUIET_UNTIL)
        try:
            until = instant(kept) if kept else None
        except ValueError:
            return None
        return until if until is not None and until > self._program.workspace.clock() else None

    def _held(self) -> list[Notice]:
        try:
            return [Notice(**each) for each in json.loads(self._settings.read_text(_HELD) or "[]")]
        except (ValueError, TypeError):
            return []

    def _hold(self, notices: Sequence[Notice]) -> None:
        plain = [{"key": n.key, "title": n.title, "body": n.body, "urgent": n.urgent} for n in notices]
        self._settings.write_text(_HELD, json.dumps(plain))

    def _on_connected(self, ability: NoticeAbility) -> None:
        hosted = self.reaching.tray.is_hosted
        if self._is_hidden and shows_window_at_start(
            hidden_asked=True, is_hosted=hosted, shows_notices=ability.is_available
        ):
            self._program.window.showMinimized()

    def _this_computer(self) -> str:
        """Return a name of this computer's own for what it announces; two may be called the same."""
        kept = self._settings.read_text(_COMPUTER)
        if not kept:
            kept = uuid4().hex
            self._settings.write_text(_COMPUTER, kept)
        return kept
