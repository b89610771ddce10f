"""The card about tray and start: off at first, effective at once, and true to what the system says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from homepoint.application.problems import HomepointError
from homepoint.ui.screens.settings_staying import StayingCard
from homepoint.ui.theme import theme
from tests.ui.screens.test_settings import Kept


class Unwilling(Kept):
    """Preferences on a system that does not take the start at login."""

    def set_starts_at_login(self, starts: bool) -> None:
        raise HomepointError("Start at login could not be changed: no room.", "Start it by hand.")


@pytest.fixture(autouse=True)
def _dressed(qapp: object) -> None:
    theme()


def _shown(qtbot: QtBot, kept: Kept, *, has_tray: bool = True) -> StayingCard:
    card = StayingCard(kept, lambda: has_tray)
    qtbot.addWidget(card)
    card.show()
    return card


def test_both_are_off_until_chosen_and_kept_at_once(qtbot: QtBot) -> None:
    kept = Kept()
    card = _shown(qtbot, kept)
    assert not card.stays.isChecked()
    assert not card.starts.isChecked()
    QTest.keyClick(card.stays, Qt.Key.Key_Space)
    assert (kept.stays_in_tray, kept.starts_at_login) == (True, False)
    QTest.keyClick(card.starts, Qt.Key.Key_Space)
    assert kept.starts_at_login
    QTest.keyClick(card.stays, Qt.Key.Key_Space)
    assert not kept.stays_in_tray


def test_what_the_system_says_is_shown_without_being_written_back(qtbot: QtBot) -> None:
    kept = Unwilling()
    card = _shown(qtbot, kept)
    kept.starts_at_login = kept.stays_in_tray = True
    card.redraw()
    assert card.starts.isChecked()
    assert card.stays.isChecked()


def test_when_the_system_refuses_the_switch_stays_as_it_was_and_says_why(qtbot: QtBot) -> None:
    card = _shown(qtbot, Unwilling())
    card.starts.click()
    assert not card.starts.isChecked()
    assert card.starts_note.text() == "Start at login could not be changed: no room. Start it by hand."
    assert card.starts.accessibleDescription() == card.starts_note.text()


def test_without_a_tray_it_is_said_that_closing_ends_the_program(qtbot: QtBot) -> None:
    card = _shown(qtbot, Kept(), has_tray=False)
    assert "shows no tray" not in card.stays_note.text()
    card.stays.click()
    assert "shows no tray" in card.stays_note.text()
