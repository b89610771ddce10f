"""The overview: the most urgent first, five at most, one button that does the thing, never blank."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from homepoint.application.changes import Changes
from homepoint.application.sample_data import AddSampleData
from homepoint.domain.facts import BoundTo, Condition, Fact
from homepoint.domain.values import Region
from homepoint.presentation.overview import FIRST_CARDS
from homepoint.ui.screens.overview import OverviewScreen
from homepoint.ui.widgets.banner import Banner
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.countdown import CountdownLabel
from homepoint.ui.widgets.status import UrgencyBar
from tests import builders
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk


def _shown(qtbot: QtBot, at: At, *, has_sample: bool = False) -> OverviewScreen:
    screen = OverviewScreen(at.desk, lambda: has_sample)
    qtbot.addWidget(screen)
    screen.resize(1000, 700)
    screen.show()
    qtbot.waitUntil(lambda: bool(_cards(screen)))
    return screen


def _new(id: str, hours: int) -> Fact:
    return builders.device(
        id, nickname=id, region=Region("DE"), condition=Condition.NEW, activated_at=NOW - timedelta(hours=hours)
    )


def _acts(screen: OverviewScreen) -> list[Button]:
    return [each for each in screen.findChildren(Button) if each.objectName().startswith("act/")]


def _cards(screen: OverviewScreen) -> list[ActionCard]:
    return [each for each in screen.findChildren(ActionCard) if each.isVisible()]


def _again(screen: OverviewScreen, name: str) -> ActionCard:
    [found] = [each for each in screen.findChildren(ActionCard) if each.objectName() == name]
    return found


def test_the_first_start_offers_three_ways_and_sample_data(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at)
        serial, records, file, sample = _cards(screen)
        for card, asked in (
            (serial, screen.add_device_asked),
            (records, screen.import_asked),
            (file, screen.import_asked),
            (sample, screen.sample_data_asked),
        ):
            with qtbot.waitSignal(asked):
                QTest.keyClick(card, Qt.Key.Key_Return)


def test_the_most_urgent_of_many_deadlines_stand_first_and_five_at_most(qtbot: QtBot, tmp_path: Path) -> None:
    hours = {"slow": 2, "late": 46, "mid": 20, "soon": 40, "calm": 1, "half": 30, "last": 10}
    with at_a_desk(tmp_path, *(_new(id, spent) for id, spent in hours.items())) as at:
        screen = _shown(qtbot, at)
        names = [each.accessibleName().split(": ")[1].split(",")[0] for each in _acts(screen)]
        assert names == ["late", "soon", "half", "mid", "last"]
        assert len(screen.findChildren(UrgencyBar)) == 5
        assert screen.findChildren(CountdownLabel)[0].text() == "2 h 0 m left"


def test_buying_opens_the_official_page(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("wren", 30)) as at:
        screen = _shown(qtbot, at)
        QTest.mouseClick(_acts(screen)[0], Qt.MouseButton.LeftButton)
        assert [link.startswith("https://store.dji.com/") for link in at.trips.links] == [True]


def test_an_unbound_controller_leads_to_the_bindings_of_the_device(qtbot: QtBot, tmp_path: Path) -> None:
    facts = (
        builders.device(activated_at=NOW - timedelta(days=60)),
        builders.plan(starts_on=(NOW - timedelta(days=59)).date(), bound_at=NOW - timedelta(days=59)),
        builders.account(),
        builders.binding(bound_at=NOW - timedelta(days=60)),
    )
    with at_a_desk(tmp_path, *facts) as at:
        screen = _shown(qtbot, at)
        [button] = [each for each in _acts(screen) if each.text() == "Bind the controller"]
        with qtbot.waitSignal(screen.section_asked) as asked:
            button.click()
        assert (at.trips.devices, asked.args) == (["d1"], ["d1", "bindings"])
        assert "not ready - controller not bound" in _cards(screen)[0].accessibleName()
        at.record(builders.controller(), builders.binding("b2", target="c1", to=BoundTo.CONTROLLER, bound_at=NOW))
        screen.mark_changed(Changes(everything=True))
        assert [each for each in _acts(screen) if each.text() == "Bind the controller"] == []


def test_a_card_opens_its_device_by_the_keyboard(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("wren", 30)) as at:
        screen = _shown(qtbot, at)
        QTest.keyClick(_cards(screen)[0], Qt.Key.Key_Space)
        assert at.trips.devices == ["wren"]


def test_the_focus_stays_on_the_same_button_when_the_page_is_drawn_anew(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("wren", 30)) as at:
        screen = _shown(qtbot, at)
        screen.activateWindow()
        card = _cards(screen)[0]
        card.setFocus()
        qtbot.waitUntil(card.hasFocus)
        screen.mark_changed(Changes(everything=True))
        again = _again(screen, "card/wren")
        assert again is not card
        qtbot.waitUntil(again.hasFocus)


def test_sample_data_is_marked_and_one_click_asks_to_remove_it(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        at.desk.do(AddSampleData())
        screen = _shown(qtbot, at, has_sample=True)
        [banner] = screen.findChildren(Banner)
        assert "Sample data" in banner.accessibleName()
        with qtbot.waitSignal(screen.sample_data_removal_asked):
            QTest.mouseClick(banner.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)


def test_of_very_many_devices_only_the_nearest_get_a_card(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *(_new(f"d{number}", 1) for number in range(70))) as at:
        screen = _shown(qtbot, at)
        assert len(_cards(screen)) == FIRST_CARDS
        [every] = [each for each in screen.findChildren(Button) if each.text() == "Show all 70 devices"]
        every.click()
        assert at.trips.pages == ["devices"]
