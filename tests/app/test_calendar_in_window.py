"""The calendar from the pages of the whole program: exported from Deadlines, chosen in Settings, gone on with."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from homepoint.app import jumping
from homepoint.application.devices import RegisterDevice
from homepoint.presentation import jump
from homepoint.ui.screens.deadlines import DeadlinesScreen
from homepoint.ui.screens.settings_calendar import CalendarCard
from tests import builders as make
from tests.app.conftest import Opened

PATIENCE_MS = 20_000


@pytest.fixture(autouse=True)
def _a_deadline(opened: Opened) -> None:
    drone = make.device(region="DE", nickname="Kestrel", activated_at=make.NOW - timedelta(hours=1))
    opened.program.do(RegisterDevice(device=drone))


def answer(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given, **_options: (str(file), ""))


def test_the_deadlines_page_and_the_jump_box_export_a_calendar_file(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "once")
    opened.window.show_page("deadlines")
    page = opened.window.page("deadlines")
    assert isinstance(page, DeadlinesScreen)
    page.export.click()
    qtbot.waitUntil(lambda: opened.told == "1 deadline exported to once.ics", timeout=PATIENCE_MS)
    assert "Kestrel" in (tmp_path / "once.ics").read_text(encoding="utf-8")
    answer(monkeypatch, tmp_path / "again.ics")
    jumping.commands(opened.program)[jump.Command.CALENDAR]()
    qtbot.waitUntil(lambda: opened.told == "1 deadline exported to again.ics", timeout=PATIENCE_MS)


def test_a_file_chosen_in_the_settings_is_written_and_the_card_says_so(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "kept.ics")
    opened.window.show_page("settings")
    card = opened.window.page("settings").findChild(CalendarCard)
    assert isinstance(card, CalendarCard)
    card.choose.click()
    qtbot.waitUntil(lambda: card.file_state.text().endswith(", 1 deadline."), timeout=PATIENCE_MS)
    assert card.file.full_text == str(tmp_path / "kept.ics")
    assert (tmp_path / "kept.ics").exists()
