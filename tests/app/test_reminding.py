"""The program tells of reminders when they come due, lists what came while it was closed, and carries out answers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from homepoint.app.reminding import JOURNAL_FILE, KeptJournal, Reminding
from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.application.workspace import Workspace
from homepoint.domain.values import DeviceId
from homepoint.presentation.reminders import MANY_KEY, AwayRow, ReminderNotice
from homepoint.storage.library import SqliteLibrary
from homepoint.system.settings import Settings
from tests import builders as make
from tests.domain.owner import TERMS
from tests.doubles import HeldMarks, SetClock

HOUR = timedelta(hours=1)


class Running:
    """The part of the program that reminds, on a real library and a real journal file."""

    def __init__(self, folder: Path, devices: int = 1) -> None:
        self.folder, self.clock, self.marks = folder, SetClock(), HeldMarks()
        self.library: SqliteLibrary = make.library_at(folder / "library.db")
        made = [make.device(f"d{at}", region="US", activated_at=make.NOW) for at in range(1, devices + 1)]
        self.library.write(make.adding(*made), make.NOW)
        self.can_show = True
        self.open()

    def open(self) -> None:
        """Start, as the program does."""
        self.notices: list[ReminderNotice] = []
        self.lists: list[tuple[str, list[AwayRow]]] = []
        self.workspace = Workspace(self.library, TERMS, self.clock)
        journal = KeptJournal(Settings(self.folder / JOURNAL_FILE))
        reminders = Reminders(self.workspace, self.marks, journal, "desk")
        self.wishes = ReminderWishes(reminders, self.workspace, self.marks)
        self.reminding = Reminding(reminders, self.wishes, self.workspace, self._show)
        self.reminding.list_asked.connect(lambda title, rows: self.lists.append((title, list(rows))))
        self.reminding.begin()
        self.refresh()

    def refresh(self) -> None:
        while self.workspace.refresh_some(self.clock()):
            pass

    def let_pass(self, qtbot: QtBot, time: timedelta) -> None:
        """Move the clock, as if the computer had slept, and bring the window to the front."""
        self.clock.move(time)
        self.refresh()
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        self.settle(qtbot)

    def settle(self, qtbot: QtBot) -> None:
        """Wait until it sleeps for good."""
        qtbot.waitUntil(lambda: self.reminding._looks_at is not None and self.reminding._timer.interval() > 1000)

    def _show(self, notice: ReminderNotice) -> bool:
        if self.can_show:
            self.notices.append(notice)
        return self.can_show


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    made.settle(qtbot)
    yield made
    made.reminding.stop()
    made.library.close()


def test_a_reminder_becomes_a_notice_and_only_once(qtbot: QtBot, running: Running) -> None:
    assert running.notices == []
    running.let_pass(qtbot, 24 * HOUR)
    assert [each.title for each in running.notices] == ["Buy a care plan: 1 d 0 h 0 m left"]
    running.let_pass(qtbot, HOUR)
    assert len(running.notices) == 1
    assert running.lists == []


def test_it_sleeps_until_the_next_one_but_asks_the_clock_every_few_minutes(qtbot: QtBot, running: Running) -> None:
    assert running.reminding._timer.interval() == 300_001, "a computer that sleeps does not count the time"
    running.let_pass(qtbot, 24 * HOUR - timedelta(minutes=2))
    assert running.reminding._looks_at == running.clock() + timedelta(minutes=2)
    assert running.reminding._timer.interval() == 120_001


def test_what_came_while_the_program_was_closed_is_listed_and_again_if_nobody_saw_the_list(
    qtbot: QtBot, running: Running
) -> None:
    running.reminding.stop()
    running.clock.move(43 * HOUR)
    for may_have_been_seen in (False, True):
        running.open()
        running.settle(qtbot)
        [(title, [row])] = running.lists
        assert title == "While you were away"
        assert [line for line in row.came if "before:" in line] == [
            "Reminder 24 hours before: 5 May 2026, 12:00",
            "Reminder 6 hours before: 6 May 2026, 06:00",
        ]
        assert any("may have seen" in line for line in row.came) is may_have_been_seen
        assert running.notices == []
        running.reminding.stop()
    running.open()
    running.settle(qtbot)
    [(_, rows)] = running.lists
    running.reminding.listed([row.key for row in rows])
    running.reminding.stop()
    running.open()
    running.settle(qtbot)
    assert running.lists == []


def test_where_nothing_shows_notices_they_are_listed_in_the_window(qtbot: QtBot, running: Running) -> None:
    running.can_show = False
    running.let_pass(qtbot, 24 * HOUR)
    [(title, [row])] = running.lists
    assert (title, row.title) == ("Reminders", "Buy a care plan")


def test_answers_to_a_notice_are_carried_out(qtbot: QtBot, running: Running) -> None:
    running.let_pass(qtbot, 24 * HOUR)
    key = running.notices[0].key
    with qtbot.waitSignal(running.reminding.device_asked) as asked:
        running.reminding.answer(key, "open")
    assert asked.args == ["d1"]
    running.reminding.answer(key, "snooze")
    running.let_pass(qtbot, 21 * HOUR)  # nine the next morning, and the reminder six hours before
    assert len(running.notices) == 2
    running.reminding.answer(key, "done")
    running.let_pass(qtbot, 2 * HOUR + HOUR / 2)
    assert len(running.notices) == 2


def test_many_at_once_are_one_notice_that_opens_the_deadlines(qtbot: QtBot, tmp_path: Path) -> None:
    running = Running(tmp_path, devices=9)
    running.settle(qtbot)
    running.let_pass(qtbot, 24 * HOUR)
    assert [each.key for each in running.notices] == [MANY_KEY]
    with qtbot.waitSignal(running.reminding.deadlines_asked):
        running.reminding.answer(MANY_KEY, "open")
    running.let_pass(qtbot, HOUR)
    assert len(running.notices) == 1
    running.reminding.stop()
    running.library.close()


def test_a_muted_device_says_nothing_and_a_changed_lead_time_counts_at_once(qtbot: QtBot, running: Running) -> None:
    running.wishes.mute(DeviceId("d1"), running.clock())
    running.let_pass(qtbot, 24 * HOUR)
    assert running.notices == []


def test_a_library_that_is_in_use_is_asked_again(
    qtbot: QtBot, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise HomepointError("The library is in use.", "Close the other program.")

    with monkeypatch.context() as patched:
        patched.setattr(running.marks, "set_marks", refuse)
        running.let_pass(qtbot, 24 * HOUR)
        assert running.notices == []
        with qtbot.waitSignal(running.reminding.failed):
            running.reminding.answer("d1/first-purchase/2026-05-06T10:00:00Z", "done")
    running.let_pass(qtbot, HOUR)
    assert len(running.notices) == 1
