"""The settings page: what is chosen takes effect and is kept, and the terms can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from homepoint.ui.dialogs.about import AboutDialog
from homepoint.ui.dialogs.shortcuts import ShortcutsDialog
from homepoint.ui.screens.settings import SettingsScreen
from homepoint.ui.theme import Scheme, SchemeChoice, theme
from homepoint.ui.widgets.buttons import IconButton
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.text import Label
from tests import builders
from tests.builders import NOW
from tests.ui.screens.desks import TERMS, At, at_a_desk


class Kept:
    """Preferences in memory."""

    theme = "system"
    data_folder = "/home/ada/homepoint"

    stays_in_tray = False
    starts_at_login = False

    def set_theme(self, theme: str) -> None:
        self.theme = theme

    def set_stays_in_tray(self, stays: bool) -> None:
        self.stays_in_tray = stays

    def set_starts_at_login(self, starts: bool) -> None:
        self.starts_at_login = starts


@pytest.fixture(autouse=True)
def _scheme_as_before(qapp: object) -> Iterator[None]:
    theme()
    yield
    theme().choose_scheme(SchemeChoice.SYSTEM)


def _shown(qtbot: QtBot, at: At, kept: Kept, *, has_sample: bool = False) -> SettingsScreen:
    screen = SettingsScreen(at.desk, kept, lambda: has_sample)
    qtbot.addWidget(screen)
    screen.resize(1000, 700)
    screen.show()
    return screen


def test_choosing_dark_applies_at_once_and_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        kept = Kept()
        screen = _shown(qtbot, at, kept)
        assert screen.theme_choice.current == "system"
        dark = next(each for each in screen.theme_choice.findChildren(QPushButton) if each.text() == "Dark")
        QTest.mouseClick(dark, Qt.MouseButton.LeftButton)
        assert (kept.theme, theme().scheme) == ("dark", Scheme.DARK)


def test_another_time_zone_is_stored_and_everything_is_assessed_anew(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, builders.device()) as at:
        screen = _shown(qtbot, at, Kept())
        assert screen.zone.currentText() == "Europe/Berlin"
        told: list[bool] = []
        at.desk.workspace.subscribe(lambda changes: told.append(changes.everything))
        screen.zone.setCurrentText("Asia/Tokyo")
        screen.zone.activated.emit(screen.zone.currentIndex())
        assert (at.library.zone.key, told) == ("Asia/Tokyo", [True])
        assert list(at.library.stale(NOW, TERMS.version, 9)) == ["d1"]


def test_the_data_folder_can_be_copied(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at, Kept())
        QTest.mouseClick(screen.findChildren(IconButton)[0], Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == "/home/ada/homepoint"


def test_sample_data_can_be_removed_only_when_there_is_some(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        assert not _shown(qtbot, at, Kept()).sample.isEnabled()
        screen = _shown(qtbot, at, Kept(), has_sample=True)
        with qtbot.waitSignal(screen.sample_data_removal_asked):
            screen.sample.click()


def test_every_contradiction_can_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at, Kept())
        first = TERMS.contradictions[0]
        [found] = [each for each in screen.findChildren(Disclosure) if f"({first.id})" in each.button.text()]
        found.set_open(True)
        assert any(first.reading in label.text() for label in found.content.findChildren(Label))


def test_about_says_who_did_not_make_it_and_shows_licences(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        dialog = AboutDialog(at.desk)
        qtbot.addWidget(dialog)
        dialog.show()
        assert any("not made by DJI" in label.text() for label in dialog.findChildren(Label))
        dialog.findChildren(Disclosure)[0].set_open(True)


def test_the_list_of_keys_closes_by_escape(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
