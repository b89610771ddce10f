"""Diagnostics from the settings page of the whole program."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from homepoint.application.devices import RegisterDevice
from homepoint.system.logs import LOG_NAME
from homepoint.ui.dialogs.diagnostics import DiagnosticsDialog
from homepoint.ui.screens.settings_diagnostics import DiagnosticsCard
from tests import builders as make
from tests.app.conftest import Opened


@pytest.fixture
def card(opened: Opened) -> DiagnosticsCard:
    opened.window.show_page("settings")
    found = opened.window.page("settings").findChild(DiagnosticsCard)
    assert isinstance(found, DiagnosticsCard)
    return found


def test_the_card_says_where_passwords_are(qtbot: QtBot, card: DiagnosticsCard) -> None:
    qtbot.waitUntil(lambda: card.passwords.text() == "Passwords are asked for at each start.")


def test_the_text_counts_what_is_there_and_hides_serials_and_secrets(
    qtbot: QtBot, opened: Opened, card: DiagnosticsCard
) -> None:
    opened.program.do(RegisterDevice(device=make.device(serial="1581F6Z9A237B00DEMO1")))
    opened.program.secrets.set("calendar/x/password", "hunter2 hunter2")
    (opened.program.folder / LOG_NAME).write_text("1581F6Z9A237B00DEMO1 said hunter2 hunter2\n", encoding="utf-8")
    card.show_button.click()
    qtbot.waitUntil(lambda: bool(opened.window.findChildren(DiagnosticsDialog)))
    [dialog] = opened.window.findChildren(DiagnosticsDialog)
    shown = dialog.shown.toPlainText()
    assert "  devices: 1\n" in shown
    assert "Passwords are asked for at each start." in shown
    assert "…EMO1 said [hidden]" in shown
    assert "1581F6Z9" not in shown


def test_the_logs_folder_is_opened(opened: Opened, card: DiagnosticsCard, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", folders.append)
    card.folder.click()
    assert folders == [QUrl.fromLocalFile(str(opened.program.folder))]
