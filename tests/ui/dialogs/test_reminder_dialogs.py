"""The list "While you were away" and the reminders of one device, as an owner uses them."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.domain.facts import Device
from homepoint.domain.lead_times import ReminderKind
from homepoint.domain.values import DeviceId
from homepoint.presentation.reminder_words import leads_text
from homepoint.presentation.reminders import away_rows
from homepoint.presentation.wording import Section
from homepoint.ui.dialogs.device_reminders import DeviceRemindersDialog, RemindMe
from homepoint.ui.dialogs.while_away import WhileAwayDialog
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label
from tests import builders as make
from tests.builders import NOW
from tests.doubles import HeldJournal, HeldMarks
from tests.presentation.test_reminders import NAMES, came, renewal
from tests.ui.screens.desks import At, at_a_desk

ROWS = away_rows(
    [came(renewal(day.date()), NOW) for day in (NOW - timedelta(days=2), NOW + timedelta(days=2))], NAMES, NOW
)
OVER, OPEN = (row.key for row in ROWS)


def wishing(at: At) -> tuple[Reminders, ReminderWishes]:
    marks = HeldMarks()
    reminders = Reminders(at.desk.workspace, marks, HeldJournal(), "desk")
    return reminders, ReminderWishes(reminders, at.desk.workspace, marks)


def listed(qtbot: QtBot, done: list[str]) -> WhileAwayDialog:
    dialog = WhileAwayDialog("While you were away", ROWS, done.append)
    qtbot.addWidget(dialog)
    return dialog


def test_the_list_says_once_that_it_was_seen_and_closes_by_escape(qtbot: QtBot) -> None:
    dialog = listed(qtbot, [])
    seen: list[object] = []
    dialog.seen.connect(seen.append)
    dialog.show()
    assert seen == [(OVER, OPEN)]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog.show()
    assert len(seen) == 1


def test_every_button_says_what_it_is_for_and_what_is_over_cannot_be_done(qtbot: QtBot) -> None:
    dialog = listed(qtbot, [])
    dialog.show()
    assert dialog.open_buttons[OVER].accessibleName() == "Open: Drone 1: The time to renew is over"
    assert list(dialog.done_buttons) == [OPEN]
    assert dialog.done_buttons[OPEN].accessibleName() == "Done, no more reminders: Drone 1: Renew the care plan"
    assert any("came closer while" in label.text() for label in dialog.findChildren(Label))


def test_done_is_carried_out_by_the_keyboard_and_shown(qtbot: QtBot) -> None:
    done: list[str] = []
    dialog = listed(qtbot, done)
    dialog.show()
    dialog.done_buttons[OPEN].setFocus()
    QTest.keyClick(dialog.done_buttons[OPEN], Qt.Key.Key_Space)
    assert done == [OPEN]
    assert dialog.isVisible()
    assert not dialog.done_buttons[OPEN].isVisible()
    assert [each.text() for each in dialog.findChildren(StatusLabel) if each.isVisible()] == ["Done"]


def test_what_is_in_the_way_of_done_is_said(qtbot: QtBot) -> None:
    def refuse(_key: str) -> None:
        raise HomepointError("The library is in use.", "Close the other program.")

    dialog = WhileAwayDialog("While you were away", ROWS, refuse)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.done_buttons[OPEN].click()
    assert dialog.done_buttons[OPEN].isVisible()
    assert any("in use" in label.text() and label.isVisible() for label in dialog.findChildren(Label))


def test_open_leads_to_the_device_and_its_section(qtbot: QtBot) -> None:
    dialog = listed(qtbot, [])
    dialog.show()
    with qtbot.waitSignal(dialog.device_asked) as asked:
        dialog.open_buttons[OPEN].click()
    assert asked.args == ["d1", Section.PLANS.value]
    assert not dialog.isVisible()


def test_lead_times_of_a_device_are_kept_and_an_empty_field_follows_the_settings(qtbot: QtBot, tmp_path: Path) -> None:
    device = make.device(region="US", activated_at=NOW)
    with at_a_desk(tmp_path, device) as at:
        reminders, wishes = wishing(at)
        kind, id = ReminderKind.BUY_WITHIN_HOURS, DeviceId("d1")
        for typed, kept in (("12 hours, 2", "12 hours, 2 hours"), ("", "24 hours, 6 hours, 1 hour")):
            dialog = DeviceRemindersDialog(at.desk, reminders, wishes, device)
            qtbot.addWidget(dialog)
            dialog.show()
            assert next(iter(dialog.fields)) is kind, "the kinds of its own deadlines come first"
            dialog.fields[kind].setText(typed)
            dialog.primary.click()
            assert not dialog.isVisible()
            assert leads_text(reminders.lead_times().of(kind, id)) == kept


def test_nonsense_is_said_beside_its_field_and_nothing_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    device = make.device(region="US", activated_at=NOW)
    with at_a_desk(tmp_path, device) as at:
        reminders, wishes = wishing(at)
        dialog = DeviceRemindersDialog(at.desk, reminders, wishes, device)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.fields[ReminderKind.RENEWAL].setText("10 days")
        dialog.fields[ReminderKind.BUY_WITHIN_HOURS].setText("on the day")
        dialog.primary.click()
        assert dialog.isVisible()
        assert "how many hours" in dialog.rows[ReminderKind.BUY_WITHIN_HOURS.value].fault
        assert not reminders.lead_times().by_device


def test_a_device_can_be_muted_and_a_deadline_done_and_both_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    device = make.device(region="US", activated_at=NOW)
    with at_a_desk(tmp_path, device) as at:
        reminders, wishes = wishing(at)
        for wanted in (True, False):
            dialog = DeviceRemindersDialog(at.desk, reminders, wishes, device)
            qtbot.addWidget(dialog)
            dialog.show()
            [(key, box)] = dialog.done_boxes.items()
            dialog.reminds.setChecked(not wanted)
            assert box.isEnabled() is not wanted
            box.setChecked(wanted)
            dialog.primary.click()
            assert reminders.record().is_done(key) is wanted
            assert reminders.record().is_muted(DeviceId("d1")) is wanted


@pytest.mark.parametrize("words", ["No reminder is to come.", "The device is muted."])
def test_the_line_for_the_device_page_says_how_it_stands(qtbot: QtBot, words: str) -> None:
    line = RemindMe()
    qtbot.addWidget(line)
    line.show_state(words, "Mini")
    assert (line.words.text(), line.button.accessibleName()) == (words, "Reminders of Mini")


def test_a_device_without_deadlines_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    device: Device = make.device()
    with at_a_desk(tmp_path, device) as at:
        dialog = DeviceRemindersDialog(at.desk, *wishing(at), device)
        qtbot.addWidget(dialog)
        dialog.show()
        assert any("no deadline ahead" in label.text() for label in dialog.findChildren(Label))
