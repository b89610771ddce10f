"""Closing the window ends the program, unless the owner chose otherwise and a tray is there to see."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from homepoint.app.preferences import KeptPreferences
from homepoint.app.staying import OnClose, Staying, on_close, shows_window_at_start
from homepoint.system.login_start import AutostartEntry
from homepoint.system.settings import Settings
from homepoint.ui.window import MainWindow


class Set:
    """A window with its policy, on preferences of its own."""

    def __init__(self, folder: Path, application: QApplication) -> None:
        settings = Settings(folder / "settings.json")
        self.login = AutostartEntry(folder / "autostart")
        self.preferences = KeptPreferences(settings, folder, self.login)
        self.window = MainWindow(settings)
        self.has_tray = True
        self.staying = Staying(application, self.window, self.preferences, lambda: self.has_tray)
        self.window.show()


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Collects wishes to end, which must not end the tests."""
    wishes: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_self: wishes.append(True))
    return wishes


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path, qapp: QApplication, ended: list[bool]) -> Iterator[Set]:
    made = Set(tmp_path, qapp)
    qtbot.addWidget(made.window)
    yield made
    made.window.set_close_policy(lambda: False)
    qapp.setQuitOnLastWindowClosed(True)


def test_it_hides_only_when_chosen_with_a_tray_and_not_quitting() -> None:
    for chosen, hosted, quitting in product((False, True), repeat=3):
        hides = on_close(is_chosen=chosen, is_hosted=hosted, is_quitting=quitting) is OnClose.HIDE
        assert hides == ((chosen, hosted, quitting) == (True, True, False))


def test_a_hidden_start_shows_the_window_only_where_nothing_else_reaches_the_owner() -> None:
    for hosted, notices in product((False, True), repeat=2):
        assert shows_window_at_start(hidden_asked=False, is_hosted=hosted, shows_notices=notices)
        shown = shows_window_at_start(hidden_asked=True, is_hosted=hosted, shows_notices=notices)
        assert shown == (not hosted and not notices)


def test_by_default_closing_the_window_ends_the_program(at: Set, ended: list[bool], qtbot: QtBot) -> None:
    at.window.close()
    assert not at.window.isVisible()
    qtbot.waitUntil(lambda: ended == [True])


def test_chosen_closing_hides_the_window_which_can_be_shown_again(at: Set, ended: list[bool]) -> None:
    at.preferences.set_stays_in_tray(True)
    assert not at.window.close()
    assert not at.window.isVisible()
    at.window.show()
    assert at.window.isVisible()
    QApplication.processEvents()
    assert ended == []


def test_chosen_but_without_a_tray_the_program_ends(at: Set, ended: list[bool], qtbot: QtBot) -> None:
    at.preferences.set_stays_in_tray(True)
    at.has_tray = False
    at.window.close()
    qtbot.waitUntil(lambda: ended == [True])


def test_ctrl_q_and_quit_from_the_tray_end_it_all_the_same(at: Set, ended: list[bool], qtbot: QtBot) -> None:
    at.preferences.set_stays_in_tray(True)
    next(each for each in at.window.actions() if each.text() == "Quit").trigger()
    qtbot.waitUntil(lambda: ended == [True])


def test_quit_from_the_tray_ends_it_while_the_window_is_hidden(at: Set, ended: list[bool], qtbot: QtBot) -> None:
    at.preferences.set_stays_in_tray(True)
    at.window.close()
    at.staying.quit()
    qtbot.waitUntil(lambda: ended == [True])


def test_a_dialog_closed_while_the_window_is_hidden_ends_nothing(at: Set, ended: list[bool], qtbot: QtBot) -> None:
    at.preferences.set_stays_in_tray(True)
    at.window.close()
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.close()
    QApplication.processEvents()
    assert ended == []
    assert not QApplication.quitOnLastWindowClosed()


def test_the_choices_are_kept_and_start_at_login_is_what_the_system_has(at: Set, tmp_path: Path) -> None:
    preferences = at.preferences
    assert (preferences.stays_in_tray, preferences.starts_at_login) == (False, False)
    preferences.set_stays_in_tray(True)
    preferences.set_starts_at_login(True)
    again = KeptPreferences(Settings(tmp_path / "settings.json"), tmp_path, at.login)
    assert (again.stays_in_tray, again.starts_at_login) == (True, True)
    assert f"--data {tmp_path}" in at.login.file.read_text().replace('"', "")
    at.login.turn_off()
    assert not preferences.starts_at_login
    preferences.set_starts_at_login(False)
