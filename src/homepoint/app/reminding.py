"""Tells of reminders when they come due: sleeps until the next one, asks, shows, and notes that it was shown."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from homepoint.application.changes import Changes
from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Device
from homepoint.domain.rules.reminding import Announcement
from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import device_name
from homepoint.presentation.reminders import MANY_KEY, ReminderNotice, away_rows, notices, snooze_choices
from homepoint.system.settings import Settings

JOURNAL_FILE = "reminders.json"
_JOURNAL = "journal"

_LOOKED_AFTER = timedelta(hours=1)  # a clock that was set, or marks another computer made, are found out by then
_LONGEST_SLEEP = timedelta(minutes=5)  # a computer that was asleep does not count the time: ask the clock now and then
_BEFORE_READY_MS = 500
_AFTER_CHANGE_MS = 200


class KeptJournal:
    """`application.reminder_journal.Journal` as a small file of this computer beside the library."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def read(self) -> str | None:
        """Return the text kept last."""
        return self._settings.read_text(_JOURNAL)

    def write(self, text: str) -> None:
        """Keep another text."""
        self._settings.write_text(_JOURNAL, text)


class Reminding(QObject):
    """Tells of what comes due.

    Signals:
        list_asked: (title, rows) something is to be listed in the window: what came due while the program was closed,
            or what nobody outside the window could show. Whoever shows the list calls `listed` with its rows.
        device_asked: (device id) the owner chose to open what a notice is about.
        deadlines_asked: the owner chose to open a notice about many.
        failed: (HomepointError) a wish could not be carried out.
    """

    list_asked = Signal(str, object)
    device_asked = Signal(str)
    deadlines_asked = Signal()
    failed = Signal(object)

    def __init__(
        self,
        reminders: Reminders,
        wishes: ReminderWishes,
        workspace: Workspace,
        show: Callable[[ReminderNotice], bool],
        parent: QObject | None = None,
    ) -> None:
        """Make it; nothing happens before `begin`.

        Args:
            reminders: says what came due.
            wishes: carries out what the owner answers to a notice.
            workspace: tells the time, and of changes.
            show: shows a notice outside the window and says whether it could be shown.
            parent: whoever owns it.
        """
        super().__init__(parent)
        self._reminders, self._wishes, self._workspace, self._show = reminders, wishes, workspace, show
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer)
        self._looks_at: datetime | None = None
        self._slept_from: datetime | None = None
        self._unsubscribe = workspace.subscribe(self._on_change)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_application_state)

    def begin(self) -> None:
        """Find out where the last run stopped, and begin to look; call it before standings are assessed anew."""
        try:
            self._reminders.begin(self._workspace.clock())
        except HomepointError:  # the file is held by another program: look again, as from the beginning
            QTimer.singleShot(_LONGEST_SLEEP // timedelta(milliseconds=1), self, self.begin)
            return
        self._slept_from = self._workspace.clock()
        self._timer.start(0)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._slept_from = None
        self._unsubscribe()

    def listed(self, keys: Sequence[str]) -> None:
        """Note that a list stood on the screen."""
        self._reminders.shown(*keys)

    def answer(self, key: str, action: str) -> None:
        """Carry out what the owner answered to a notice: "open", "snooze" (as long as makes sense), "done"."""
        now = self._workspace.clock()
        try:
            if action == "open":
                self._open(key)
            elif key == MANY_KEY:
                self.deadlines_asked.emit()
            elif action == "snooze":
                self._snooze(key, now)
            elif action == "done":
                self._wishes.mark_done(key, now)
        except HomepointError as error:
            self.failed.emit(error)

    # Looking.

    def _on_timer(self) -> None:
        now = self._workspace.clock()
        before, self._slept_from = self._slept_from, now
        jumped = before is not None and not timedelta() <= now - before <= 2 * _LONGEST_SLEEP
        if self._looks_at is None or now >= self._looks_at or jumped:
            self._look(now)
        else:
            self._sleep(now)

    def _look(self, now: datetime) -> None:
        try:
            if not self._reminders.is_ready(now):
                self._timer.start(_BEFORE_READY_MS)
                return
            taken = self._reminders.take(now)
            if taken.announcements:
                self._tell(taken.announcements, now, while_away=taken.while_away)
            turn = self._reminders.next_turn(now)
        except HomepointError:  # the file is held by another program: nothing was marked, so it is found again
            turn = None
        self._looks_at = min(now + _LOOKED_AFTER, turn or now + _LOOKED_AFTER)
        self._sleep(now)

    def _sleep(self, now: datetime) -> None:
        assert self._looks_at is not None, "it looked before it sleeps"
        wait = min(max(self._looks_at - now, timedelta()), _LONGEST_SLEEP)
        self._timer.start(wait // timedelta(milliseconds=1) + 1)

    def _on_change(self, changes: Changes) -> None:
        if self._slept_from is not None and (changes.everything or changes.kinds or changes.devices):
            self._looks_at = None
            self._timer.start(_AFTER_CHANGE_MS)

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if self._slept_from is not None and state == Qt.ApplicationState.ApplicationActive:
            self._timer.start(0)

    # Telling.

    def _tell(self, announcements: Sequence[Announcement], now: datetime, *, while_away: bool) -> None:
        local = now.astimezone(self._workspace.library.zone)
        names = self._names(announcements)
        if while_away:
            self.list_asked.emit("While you were away", away_rows(announcements, names, local))
            return
        made = notices(announcements, names, self._workspace.terms, local)
        if len(made) == 1 and made[0].key == MANY_KEY:
            if self._show(made[0]):
                self._reminders.shown(*(each.deadline.key for each in announcements))
            else:
                self.list_asked.emit("Reminders", away_rows(announcements, names, local))
            return
        unshown = []
        for notice, announcement in zip(made, announcements, strict=True):
            if self._show(notice):
                self._reminders.shown(notice.key)
            else:
                unshown.append(announcement)
        if unshown:
            self.list_asked.emit("Reminders", away_rows(unshown, names, local))

    def _names(self, announcements: Sequence[Announcement]) -> dict[DeviceId, str]:
        library = self._workspace.library
        found = {each.deadline.device: library.get(Device, each.deadline.device) for each in announcements}
        return {id: "A device" if device is None else device_name(device) for id, device in found.items()}

    def _open(self, key: str) -> None:
        if key == MANY_KEY:
            self.deadlines_asked.emit()
        else:
            self.device_asked.emit(key.rsplit("/", 2)[0])

    def _snooze(self, key: str, now: datetime) -> None:
        deadline = self._reminders.deadline_named(key, now)
        choices = (
            () if deadline is None else snooze_choices(deadline.ends_at, now.astimezone(self._workspace.library.zone))
        )
        if choices:
            longest_within_a_day = choices[min(1, len(choices) - 1)]
            self._wishes.snooze(key, longest_within_a_day[0], now)
