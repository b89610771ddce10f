"""The parts put together: what an act does to the library, the pages, the toast and the menu."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from homepoint.app import jumping
from homepoint.application.devices import CorrectDevice, RegisterDevice
from homepoint.application.incidents import OpenClaim
from homepoint.application.problems import Refused
from homepoint.domain.facts import Device, Service
from homepoint.presentation import jump
from homepoint.presentation.incident_guide import ReportPage
from homepoint.ui.jump_results import jump_result
from homepoint.ui.theme import Scheme, theme
from tests import builders as make
from tests.app.conftest import Opened

KESTREL = make.device(nickname="Kestrel", serial="1581F6Z9C24AU0034SRD")


def _shown(opened: Opened) -> list[str]:
    page = opened.window.stack.currentWidget()
    assert page is not None
    return [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]


def test_an_act_is_written_told_and_shown_at_once(opened: Opened) -> None:
    assert "Add your first device" in _shown(opened)
    assert opened.program.do(RegisterDevice(device=KESTREL)) is None
    assert opened.program.library.get(Device, "d1") is not None
    assert opened.told == "Device added"
    assert "Add your first device" not in _shown(opened)


def test_what_makes_no_sense_comes_back_to_the_form_and_nothing_is_told(opened: Opened) -> None:
    refused = opened.program.do(CorrectDevice(device=replace(KESTREL, model=" ")))
    assert isinstance(refused, Refused)
    assert refused.fields
    assert opened.told == ""
    assert not opened.program.library.all(Device)


def test_undo_and_redo_say_what_they_did_and_the_menu_what_they_would_do(opened: Opened, qtbot: QtBot) -> None:
    window, library = opened.window, opened.program.library
    assert not window.undo_action.isEnabled()
    opened.program.do(RegisterDevice(device=KESTREL))
    assert window.undo_action.isEnabled()

    window.undo_action.trigger()
    assert not library.all(Device)
    assert opened.told == "Undone: Device added"
    qtbot.waitUntil(lambda: "Add your first device" in _shown(opened))
    assert not window.undo_action.isEnabled()

    window.redo_action.trigger()
    assert library.all(Device) == [KESTREL]
    assert opened.told == "Done again: Device added"


def test_the_undo_of_the_toast_takes_back_what_it_tells_of(opened: Opened) -> None:
    opened.program.do(RegisterDevice(device=KESTREL))
    opened.window._toast.button.click()  # type: ignore[union-attr]  # it was just told something
    assert not opened.program.library.all(Device)


def test_a_claim_is_one_click_away_from_overview_and_from_its_device(opened: Opened) -> None:
    program, window = opened.program, opened.window
    program.do(RegisterDevice(device=KESTREL))
    program.do(OpenClaim(claim=make.claim("k1", service=Service.EXPRESS_BASIC)))
    overview = window.page("overview")
    see = overview.findChild(QPushButton, "claim/k1")
    assert isinstance(see, QPushButton)
    see.click()
    assert (window.current_page, program.pages.claim.claim) == ("claim", "k1")

    program.pages.open_device(KESTREL.id)
    program.pages.device.claim_asked.emit("k1")
    assert window.current_page == "claim"


def test_a_report_begins_from_the_device_it_is_about(opened: Opened) -> None:
    program, window = opened.program, opened.window
    program.do(RegisterDevice(device=KESTREL))
    program.pages.open_device(KESTREL.id)
    program.pages.device.report_button.click()
    assert window.current_page == "report"
    assert program.pages.report_page.page is ReportPage.WHAT


def test_every_command_of_the_jump_box_leads_somewhere(opened: Opened) -> None:
    assert set(jumping.commands(opened.program)) == set(jump.Command)


def test_the_jump_box_chooses_a_page_a_device_and_a_theme(opened: Opened) -> None:
    program, window = opened.program, opened.window
    program.do(RegisterDevice(device=KESTREL))
    for typed, page in (("deadlines", "deadlines"), ("kestrel", "device"), ("0034srd", "device")):
        [best, *_] = jumping.found(program, typed)
        window.jump_chosen.emit(best)
        assert window.current_page == page
    before = theme().choice
    try:
        found = jump.Found(kind=jump.FoundKind.COMMAND, target=jump.Command.DARK, title="Use the dark theme")
        window.jump_chosen.emit(jump_result(found))
        assert theme().scheme is Scheme.DARK
        assert program.preferences.theme == "dark"
    finally:
        theme().choose_scheme(before)


def test_an_owner_file_with_faults_shows_them_and_changes_nothing(
    opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(json.dumps({"format": "homepoint-owner-file", "version": 1, "devices": [{"id": 7}]}), "utf-8")
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(f"{box.text()} {box.informativeText()}"))
    opened.program.exchange.read(file)
    qtbot.waitUntil(lambda: bool(said))
    assert "broken.json was not taken over. Your records are unchanged." in said[0]
    assert "/devices/0/id" in said[0]
    assert not opened.program.library.all(Device)
    assert not opened.program.library.history()


def test_an_owner_file_saved_from_the_window_is_read_by_another_one(
    opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "saved.json"
    opened.program.do(RegisterDevice(device=KESTREL))
    opened.program.exchange.save(file)
    assert opened.told == "1 record saved to saved.json"
    opened.program.undo()

    def agree(box: QMessageBox) -> None:
        next(button for button in box.buttons() if button.text() == "Take over").click()

    monkeypatch.setattr(QMessageBox, "exec", agree)
    opened.program.exchange.read(file)
    qtbot.waitUntil(lambda: opened.told == "Owner file imported")
    [device] = opened.program.library.all(Device)
    assert device.serial == KESTREL.serial
    opened.program.exchange.read(file)
    qtbot.waitUntil(lambda: opened.told.startswith("Nothing to do"))
