"""The devices page: search by any part of a serial, sort, open and leave by the keyboard alone."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from homepoint.application.changes import Changes
from homepoint.domain.facts import DeviceStatus, Fact
from homepoint.presentation.device_list import Column, DeviceLine
from homepoint.ui.screens.device_table import PAGE, DeviceTableModel
from homepoint.ui.screens.devices import DevicesScreen
from homepoint.ui.widgets.buttons import Button
from tests import builders
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk

NAME, SERIAL = list(Column).index(Column.NAME), list(Column).index(Column.SERIAL)


def _fleet(count: int) -> Sequence[Fact]:
    return [
        builders.device(
            f"d{number}",
            nickname=f"Drone {number:03}",
            serial=f"1581F6Z9C24AU{number:07}",
            activated_at=NOW - timedelta(days=number + 1),
        )
        for number in range(count)
    ]


def _shown(qtbot: QtBot, at: At) -> DevicesScreen:
    screen = DevicesScreen(at.desk)
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    screen.show()
    return screen


def _names(screen: DevicesScreen) -> list[str]:
    lines = screen.table.lines
    return [str(lines.data(lines.index(row, NAME))) for row in range(lines.rowCount())]


def test_the_model_keeps_the_rules_of_models(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(3)) as at:
        screen = _shown(qtbot, at)
        QAbstractItemModelTester(screen.table.lines, QAbstractItemModelTester.FailureReportingMode.Fatal)
        screen.redraw()


def test_typing_in_the_table_searches_and_finds_by_a_part_of_the_serial(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(12)) as at:
        screen = _shown(qtbot, at)
        QTest.keyClick(screen.table, Qt.Key.Key_0)
        QTest.keyClicks(screen.search, "000011")
        qtbot.waitUntil(lambda: _names(screen) == ["Drone 011"])
        assert screen.page.subtitle.text() == "1 device with “0000011”"


def test_enter_opens_the_current_device(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(3)) as at:
        screen = _shown(qtbot, at)
        screen.table.horizontalHeader().setSortIndicator(NAME, Qt.SortOrder.AscendingOrder)
        screen.table.selectRow(0)
        QTest.keyClick(screen.table, Qt.Key.Key_Down)
        QTest.keyClick(screen.table, Qt.Key.Key_Return)
        assert at.trips.devices == ["d1"]


def test_tab_leaves_the_table(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(3)) as at:
        screen = _shown(qtbot, at)
        screen.activateWindow()
        screen.table.setFocus()
        qtbot.waitUntil(screen.table.hasFocus)
        QTest.keyClick(screen.table, Qt.Key.Key_Tab)
        assert not screen.table.hasFocus()


def test_a_heading_sorts_and_a_heading_without_an_order_does_not(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(3)) as at:
        screen = _shown(qtbot, at)
        screen.table.horizontalHeader().setSortIndicator(NAME, Qt.SortOrder.DescendingOrder)
        assert _names(screen) == ["Drone 002", "Drone 001", "Drone 000"]
        unsorted = list(Column).index(Column.CARE)
        screen.table.horizontalHeader().setSortIndicator(unsorted, Qt.SortOrder.AscendingOrder)
        assert _names(screen) == ["Drone 002", "Drone 001", "Drone 000"]
        assert screen.table.horizontalHeader().sortIndicatorSection() == NAME


def test_the_current_row_stays_when_the_page_is_drawn_anew(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(3)) as at:
        screen = _shown(qtbot, at)
        screen.table.selectRow(2)
        kept = screen.table.current_device
        screen.mark_changed(Changes(everything=True))
        assert screen.table.current_device == kept
        assert screen.table.currentIndex().row() == 2


def test_a_lost_device_is_found_under_no_longer_in_use(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, builders.device(nickname="Gone", status=DeviceStatus.LOST), *_fleet(1)[:0]) as at:
        screen = _shown(qtbot, at)
        assert _names(screen) == []
        screen.filter.set_current("gone")
        screen.redraw()
        assert _names(screen) == ["Gone"]


def test_without_any_device_the_page_offers_to_add_one(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at)
        assert not screen.table.isVisible()
        assert not screen.search.isVisible()


def test_a_search_without_result_offers_everything_again(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(2)) as at:
        screen = _shown(qtbot, at)
        screen.search.setText("nothing like it")
        QTest.keyClick(screen.search, Qt.Key.Key_Return)
        assert (screen.table.isVisible(), screen.search.isVisible()) == (False, True)
        [every] = [each for each in screen.findChildren(Button) if each.text() == "Show all devices"]
        every.click()
        assert len(_names(screen)) == 2
        QTest.keyClick(screen.search, Qt.Key.Key_Return)


def test_every_cell_can_be_read_aloud(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *_fleet(1)) as at:
        lines = _shown(qtbot, at).table.lines
        said = lines.data(lines.index(0, NAME), Qt.ItemDataRole.AccessibleTextRole)
        assert "Serial: 1581F6Z9C24AU0000000" in str(said)


@pytest.mark.parametrize("row", [0, 99_999, 50_000])
def test_of_a_hundred_thousand_rows_only_the_pages_seen_are_read(qtbot: QtBot, row: int) -> None:
    read: list[int] = []

    def page(offset: int, limit: int) -> Sequence[DeviceLine]:
        read.append(offset)
        return ()

    model = DeviceTableModel()
    model.show_lines(page, 100_000, ())
    assert model.rowCount() == 100_000
    assert model.line(row) is None
    assert read == ([] if row < PAGE else [row // PAGE * PAGE])
