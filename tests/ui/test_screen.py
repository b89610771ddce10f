"""A page redraws when what it shows has changed: at once while it is seen, otherwise when it is shown next."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from homepoint.application.changes import Changes
from homepoint.domain.values import DeviceId
from homepoint.ui.desk import Desk
from homepoint.ui.screen import Screen
from tests.ui.screens.desks import at_a_desk

EVERYTHING = Changes(everything=True)


class Counting(Screen):
    """A page about one device that counts how often it was drawn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.drawn = 0

    def concerns(self, changes: Changes) -> bool:
        return changes.everything or "d1" in changes.devices

    def redraw(self) -> None:
        self.drawn += 1


def test_it_is_drawn_when_first_shown_and_not_before(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        page = Counting(at.desk)
        qtbot.addWidget(page)
        page.mark_changed(EVERYTHING)
        assert page.drawn == 0
        page.show()
        assert page.drawn == 1


def test_hidden_it_waits_and_many_changes_cost_one_drawing(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        page = Counting(at.desk)
        qtbot.addWidget(page)
        page.show()
        page.hide()
        for _ in range(5):
            page.mark_changed(EVERYTHING)
        assert page.drawn == 1
        page.show()
        assert page.drawn == 2
        page.hide()
        page.show()
        assert page.drawn == 2


def test_what_does_not_concern_it_leaves_it_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        page = Counting(at.desk)
        qtbot.addWidget(page)
        page.show()
        page.mark_changed(Changes(devices=frozenset({DeviceId("d2")})))
        assert page.drawn == 1
        page.mark_changed(Changes(devices=frozenset({DeviceId("d1")})))
        assert page.drawn == 2
