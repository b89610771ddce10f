"""Activation codes in the whole window: taken out of files, moved out of an older library, hidden in reports."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from homepoint.app.faults import UnforeseenFaults
from homepoint.app.moving_codes import MovingCodes
from homepoint.app.starting import Started
from homepoint.domain.facts import Device, Plan
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.fleet_preview import FleetDialog
from homepoint.ui.one_instance import OneInstance
from tests import builders as make
from tests.app.conftest import Opened
from tests.system.keyring_in_memory import KeyringInMemory, keyring_in_use
from tests.system.secret_search import find_secrets

CODE = "ABCD-1234-5678"


@pytest.fixture
def store() -> Iterator[KeyringInMemory]:
    with keyring_in_use() as made:
        yield made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Press the first button of every message, and note what it said."""
    words: list[str] = []

    def press(box: QMessageBox) -> None:
        words.append(f"{box.text()} {box.informativeText()}")
        if box.buttons():
            box.buttons()[0].click()

    monkeypatch.setattr(QMessageBox, "exec", press)
    return words


def owner_file(folder: Path) -> Path:
    """Write an owner file of one plan with a code."""
    tree = {
        "format": "homepoint-owner-file", "version": 1, "time_zone": "UTC",
        "devices": [{"id": "d1", "model": "DJI Mini 4 Pro"}],
        "plans": [{"id": "p1", "device": "d1", "product": "care-refresh-1y", "activation_code": CODE}],
    }  # fmt: skip
    (folder / "owner.json").write_text(json.dumps(tree), encoding="utf-8")
    return folder / "owner.json"


def hints(opened: Opened) -> list[str | None]:
    """Return what the records hold of codes."""
    return [each.activation_code_hint for each in opened.program.library.all(Plan)]


def test_the_code_of_an_owner_file_goes_to_the_keyring(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory, said: list[str]
) -> None:
    opened.program.exchange.read(owner_file(tmp_path))
    qtbot.waitUntil(lambda: hints(opened) == ["5678"])
    assert "Keeps 1 activation code with the passwords of this computer." in said[0]
    assert list(store.kept.values()) == [CODE]
    assert opened.told == "Owner file imported"
    assert len(said) == 1


def test_with_a_locked_keyring_the_file_is_imported_without_its_code_and_that_is_said(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory, said: list[str]
) -> None:
    store.is_locked = True
    opened.program.exchange.read(owner_file(tmp_path))
    qtbot.waitUntil(lambda: len(said) == 2)
    assert hints(opened) == [None]
    assert "1 activation code of the file was not kept" in said[1]
    store.is_locked = False
    opened.program.exchange.read(owner_file(tmp_path))
    qtbot.waitUntil(lambda: hints(opened) == ["5678"])


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_fleet_table_with_a_code_is_taken_over_like_that_too(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory, said: list[str], is_locked: bool
) -> None:
    store.is_locked = is_locked
    file = tmp_path / "fleet.csv"
    file.write_text(f"model,serial,plan,plan_activation_code\nMini,1581F6Z9C24AU0034SRD,1-year,{CODE}\n")
    opened.program.exchange.read_table(file)
    qtbot.waitUntil(lambda: bool(opened.window.findChildren(FleetDialog)))
    [dialog] = opened.window.findChildren(FleetDialog)
    dialog.primary.click()
    qtbot.waitUntil(lambda: bool(opened.program.library.all(Device)))
    qtbot.waitUntil(lambda: bool(said) == is_locked)
    assert hints(opened) == [None if is_locked else "5678"]
    assert list(store.kept.values()) == ([] if is_locked else [CODE])


def _put_old_code(opened: Opened) -> MovingCodes:
    """Let a code wait in the library's file as after the step to version 3."""
    program = opened.program
    program.library.write(make.adding(make.device(), make.plan(activation_code_hint="5678")), make.NOW)
    with closing(sqlite3.connect(program.library.path)) as file, file:
        file.execute("INSERT INTO codes_to_move VALUES ('p1', ?)", (CODE,))
        file.execute("INSERT INTO library VALUES ('codes-in-file', '1')")
    return MovingCodes(opened.window, program.waiting_codes, program.codes, program.pool)


def test_codes_of_an_older_library_are_moved_at_the_start(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory
) -> None:
    _put_old_code(opened)
    opened.program._warm_up()
    qtbot.waitUntil(lambda: opened.told == "1 activation code moved from the library's file to the passwords")
    assert list(store.kept.values()) == [CODE]
    assert not find_secrets(tmp_path, {"code": CODE})


def test_while_they_cannot_be_moved_the_owner_is_told_and_can_try_again(
    opened: Opened, qtbot: QtBot, store: KeyringInMemory, said: list[str]
) -> None:
    moving, store.is_locked = _put_old_code(opened), True
    moving.begin()
    waits = "1 activation code still in the library's file, not yet with the passwords"
    qtbot.waitUntil(lambda: opened.told == waits)
    store.is_locked = False
    opened.window._toast.button.click()  # type: ignore[union-attr]  # it was just told something
    assert said[0].startswith(f"{waits}. The keyring is locked")
    qtbot.waitUntil(opened.program.waiting_codes.are_gone)


def test_the_owner_may_forget_them_instead(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving, store.is_locked = _put_old_code(opened), True
    moving.begin()
    qtbot.waitUntil(lambda: opened.told.startswith("1 activation code still"))
    monkeypatch.setattr(
        QMessageBox, "exec", lambda box: next(b for b in box.buttons() if b.text().startswith("Forget")).click()
    )
    opened.window._toast.button.click()  # type: ignore[union-attr]  # it was just told something
    qtbot.waitUntil(opened.program.waiting_codes.are_gone)
    assert not find_secrets(tmp_path, {"code": CODE})


@pytest.mark.logs_expected
def test_a_code_in_the_words_of_a_fault_stands_neither_in_its_report_nor_in_the_log(
    opened: Opened, qtbot: QtBot, tmp_path: Path, store: KeyringInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: reports.append(box.detailedText()))
    code = "a code of plain words"
    faults = UnforeseenFaults(opened.window, tmp_path)
    faults.secrets = opened.program.secrets.seen
    opened.program.codes.keep(make.plan().id, code)
    error = ValueError(f"{code} is none")
    sys.excepthook(ValueError, error, None)
    qtbot.waitUntil(lambda: bool(reports))
    faults.close()
    assert "ValueError: [hidden] is none" in reports[0]
    assert not find_secrets(tmp_path, {"code": code})


def test_the_started_program_knows_what_its_log_must_hide(qtbot: QtBot, tmp_path: Path, store: KeyringInMemory) -> None:
    started = Started(tmp_path, Settings(tmp_path / "settings.json"), OneInstance(tmp_path))
    qtbot.addWidget(started.window)
    started.fill()
    assert started.program is not None
    started.program.codes.keep(make.plan().id, CODE)
    assert CODE in set(started.faults.secrets())
    started.close()
