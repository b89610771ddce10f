"""The card "Reminders": what is typed is kept or refused beside its field, and defaults come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.domain.lead_times import ReminderKind
from homepoint.presentation.reminder_words import leads_text
from homepoint.ui.screens.settings_reminders import RemindersCard
from tests.doubles import HeldJournal, HeldMarks
from tests.ui.screens.desks import at_a_desk

RENEWAL = ReminderKind.RENEWAL


class Shown:
    """The card, and what stands behind it."""

    def __init__(self, card: RemindersCard, reminders: Reminders, marks: HeldMarks) -> None:
        self.card, self.reminders, self.marks = card, reminders, marks
        self.row = card.rows[RENEWAL]

    @property
    def kept(self) -> str:
        return leads_text(self.reminders.lead_times().of(RENEWAL))

    def type(self, text: str) -> None:
        self.row.field.setFocus()
        self.row.field.selectAll()
        QTest.keyClicks(self.row.field, text)
        QTest.keyClick(self.row.field, Qt.Key.Key_Return)


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    with at_a_desk(tmp_path) as at:
        marks = HeldMarks()
        reminders = Reminders(at.desk.workspace, marks, HeldJournal(), "desk")
        wishes = ReminderWishes(reminders, at.desk.workspace, marks)
        card = RemindersCard(reminders, wishes, at.desk.clock)
        qtbot.addWidget(card)
        card.resize(900, 700)
        card.show()
        yield Shown(card, reminders, marks)


def test_every_kind_shows_its_lead_times_and_whose_choice_they_are(shown: Shown) -> None:
    assert list(shown.card.rows) == list(ReminderKind)
    assert shown.row.field.text() == "30 days, 14 days, 3 days, on the day"
    assert shown.row.field.accessibleName() == "Reminders before: Renew the care plan"
    assert not shown.row.reset.isEnabled()
    assert shown.row.is_on.isChecked()


def test_what_is_typed_is_kept_in_the_words_it_is_shown_in_and_the_default_comes_back(shown: Shown) -> None:
    shown.type("3, 21 days")
    assert (shown.row.field.text(), shown.kept) == ("21 days, 3 days", "21 days, 3 days")
    assert shown.row.reset.isEnabled()
    shown.row.reset.click()
    assert shown.row.field.text() == shown.kept == "30 days, 14 days, 3 days, on the day"


@pytest.mark.parametrize(
    ("typed", "says"), [("soon", '"soon" is no time'), ("900 days", "At most 365 days"), (",", "Name at least one")]
)
def test_nonsense_is_said_beside_the_field_and_what_was_typed_stays(shown: Shown, typed: str, says: str) -> None:
    shown.type(typed)
    assert says in shown.row.fault.text()
    assert shown.row.fault.isVisible()
    assert says in shown.row.field.accessibleDescription()
    shown.card.show_kept()
    assert (shown.row.field.text(), shown.kept) == (typed, "30 days, 14 days, 3 days, on the day")


def test_a_kind_can_be_turned_off_and_on(shown: Shown) -> None:
    shown.row.is_on.click()
    assert shown.reminders.record().is_muted(RENEWAL)
    assert not shown.row.field.isEnabled()
    shown.row.is_on.click()
    assert not shown.reminders.record().is_muted(RENEWAL)


def test_what_is_in_the_way_is_said(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise HomepointError("The library is in use.", "Close the other program.")

    monkeypatch.setattr(shown.marks, "set_marks", refuse)
    shown.type("5 days")
    assert shown.row.fault.text() == "The library is in use. Close the other program."
