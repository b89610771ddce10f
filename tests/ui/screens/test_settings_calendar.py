"""The card "Calendar": what is chosen, how it stands, and what its buttons ask for."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from homepoint.presentation.calendar_card import CalendarForm, CalendarPage
from homepoint.ui.calendar_desk import CalendarDesk
from homepoint.ui.dialogs.calendar_server import CalendarServerDialog, StopPublishingDialog
from homepoint.ui.screens.settings_calendar import CalendarCard
from homepoint.ui.theme import Tone, theme

OFF = CalendarPage()
ON = CalendarPage(
    file="/home/ada/drones.ics", file_state="Last written 4 May.", server="https://cal/", server_state="ok"
)


class Asked(CalendarDesk):
    """A desk that shows what a test puts there, and notes what was asked for."""

    def __init__(self, page: CalendarPage) -> None:
        super().__init__()
        self._page = page
        self.asked: list[Any] = []

    @property
    def page(self) -> CalendarPage:
        return self._page

    @property
    def chosen_server(self) -> CalendarForm:
        return CalendarForm(address=self._page.server)

    def put(self, page: CalendarPage) -> None:
        self._page = page
        self.changed.emit()

    def choose_file(self, file: Path) -> None:
        self.asked.append(file)

    def stop_file(self) -> None:
        self.asked.append("stop file")
        self.put(OFF)

    def publish_now(self) -> None:
        self.asked.append("publish")

    def cancel(self) -> None:
        self.asked.append("cancel")


@pytest.fixture
def asked() -> Asked:
    theme()
    return Asked(OFF)


def shown(qtbot: QtBot, asked: Asked) -> CalendarCard:
    card = CalendarCard(asked)
    qtbot.addWidget(card)
    card.resize(800, 300)
    with qtbot.waitExposed(card):
        card.show()
    card.activateWindow()
    return card


def test_while_nothing_is_chosen_only_choosing_and_setting_up_are_offered(qtbot: QtBot, asked: Asked) -> None:
    card = shown(qtbot, asked)
    assert (card.choose.isVisible(), card.set_up.isVisible()) == (True, True)
    assert not any(each.isVisible() for each in (card.stop_file, card.now, card.cancel, card.stop_server))
    assert "any calendar program" in card.file_state.text()


def test_a_chosen_file_is_named_with_when_it_was_written_and_can_be_let_go(qtbot: QtBot, asked: Asked) -> None:
    card = shown(qtbot, asked)
    asked.put(ON)
    assert (card.file.full_text, card.file_state.text()) == ("/home/ada/drones.ics", "Last written 4 May.")
    card.stop_file.setFocus()
    QTest.keyClick(card.stop_file, Qt.Key.Key_Space)
    assert asked.asked == ["stop file"]
    assert not card.file.isVisible()
    assert card.focusWidget() is card.choose


def test_what_is_in_the_way_stands_there_in_words_and_colour(qtbot: QtBot, asked: Asked) -> None:
    card = shown(qtbot, asked)
    asked.put(CalendarPage(file="/x.ics", file_state="It could not be written.", file_is_well=False))
    assert card.file_state.text() == "It could not be written."
    tones = [card.file_state.tone]
    asked.put(ON)
    assert [*tones, card.file_state.tone] == [Tone.OVERDUE, Tone.MUTED]


def test_publishing_can_be_asked_for_and_cancelled_and_the_focus_stays(qtbot: QtBot, asked: Asked) -> None:
    card = shown(qtbot, asked)
    asked.put(ON)
    card.now.setFocus()
    QTest.keyClick(card.now, Qt.Key.Key_Space)
    asked.put(CalendarPage(server="https://cal/", server_state="Publishing: 1 of 4 changes", is_publishing=True))
    assert not card.now.isVisible()
    assert card.focusWidget() is card.cancel
    QTest.keyClick(card.cancel, Qt.Key.Key_Space)
    asked.put(ON)
    assert card.focusWidget() is card.now
    assert asked.asked == ["publish", "cancel"]


def test_a_file_chosen_without_its_ending_gets_it(
    qtbot: QtBot, asked: Asked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    card, answers = shown(qtbot, asked), [str(tmp_path / "drones"), ""]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given, **_options: (answers.pop(0), ""))
    card.choose.click()
    card.choose.click()  # and given up
    assert asked.asked == [tmp_path / "drones.ics"]


def test_setting_up_and_stopping_open_their_dialogs(qtbot: QtBot, asked: Asked) -> None:
    card = shown(qtbot, asked)
    assert card.set_up.text() == "Set up…"
    asked.put(ON)
    assert card.set_up.text() == "Change…"
    card.set_up.click()
    [dialog] = card.findChildren(CalendarServerDialog)
    assert dialog.address.text() == "https://cal/"
    dialog.reject()
    card.stop_server.click()
    [asking] = card.findChildren(StopPublishingDialog)
    assert asking.isVisible()
    asking.reject()
