"""Backups from the window: made by themselves, restored after a preview, and the ways on from a damaged start."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from homepoint.app.backing_up import BackingUp
from homepoint.app.starting import Started
from homepoint.storage.library import SqliteLibrary
from homepoint.system.backups import backups_in
from homepoint.system.paths import library_file
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.damaged_library import DamagedLibraryDialog
from homepoint.ui.dialogs.restore_preview import RestoreDialog
from homepoint.ui.one_instance import OneInstance
from homepoint.ui.screens.settings_backup import BackupCard
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.window import MainWindow
from tests import builders as make
from tests.doubles import SetClock

PATIENCE_MS = 20_000


class At:
    """A window with a library, and what backs it up."""

    def __init__(self, folder: Path, window: MainWindow) -> None:
        self.folder, self.window, self.clock = folder, window, SetClock()
        self.library: SqliteLibrary = make.library_at(library_file(folder))
        self.told: list[str] = []
        self.pool = ThreadPoolExecutor(1)
        self.backing_up = BackingUp(
            window, folder, Settings(folder / "settings.json"), self.pool, self.clock,
            lambda: ZoneInfo("Europe/Berlin"), self.told.append, self.restart,
        )  # fmt: skip
        self.card = BackupCard(window)
        self.backing_up.attach(self.card)

    def restart(
        self, between: Callable[[], None] | None = None, *, errand: object = None, asks_keyring: bool = True
    ) -> None:
        assert between is not None
        assert errand is None
        assert asks_keyring
        self.library.close()
        between()
        self.library = make.library_at(library_file(self.folder))
        self.told.append("restarted")

    def add(self, id: str) -> None:
        self.library.write(make.adding(make.device(id, nickname=id)), make.NOW)

    def look(self, qtbot: QtBot) -> int:
        """Ask for an automatic backup and return how many there are then."""
        with qtbot.waitSignal(self.backing_up.made, timeout=PATIENCE_MS):
            self.backing_up.look()
        return len(backups_in(self.folder / "backups"))


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[At]:
    window = MainWindow(Settings(tmp_path / "window.json"))
    qtbot.addWidget(window)
    window.show()
    found = At(tmp_path, window)
    found.add("d1")
    yield found
    found.backing_up.stop()
    found.pool.shutdown()
    found.library.close()


def test_an_automatic_backup_is_made_once_a_day_and_only_when_something_was_recorded(qtbot: QtBot, at: At) -> None:
    assert at.look(qtbot) == 1
    at.add("d2")
    assert at.look(qtbot) == 1
    at.clock.move(timedelta(days=1))
    assert at.look(qtbot) == 2
    at.clock.move(timedelta(days=1))
    assert at.look(qtbot) == 2


def test_a_folder_that_vanished_is_told_once_and_shown_until_it_is_back(qtbot: QtBot, at: At) -> None:
    at.backing_up.choices.set_folder(at.folder / "drive" / "backups")
    at.backing_up.look()
    qtbot.waitUntil(lambda: len(at.told) == 1, timeout=PATIENCE_MS)
    assert "cannot be reached" in at.told[0]
    (at.folder / "drive").mkdir()
    with qtbot.waitSignal(at.backing_up.made, timeout=PATIENCE_MS):
        at.backing_up.look()
    assert len(at.told) == 1


def test_a_damaged_library_is_found_by_the_automatic_backup(qtbot: QtBot, at: At) -> None:
    at.library.close()
    content = bytearray(library_file(at.folder).read_bytes())
    content[4096 * 5 : 4096 * 9] = b"x" * 4096 * 4
    library_file(at.folder).write_bytes(content)
    with qtbot.waitSignal(at.backing_up.damage_found, timeout=PATIENCE_MS) as found:
        at.backing_up.look()
    assert "damaged" in found.args[0]


def test_a_backup_is_restored_from_the_list_after_its_preview(qtbot: QtBot, at: At) -> None:
    at.look(qtbot)
    at.add("d2")
    at.card.show()
    qtbot.waitUntil(lambda: _named(at.card, "Restore the backup of 4 May 2026, 12:00") is not None, timeout=PATIENCE_MS)
    button = _named(at.card, "Restore the backup of 4 May 2026, 12:00")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: bool(at.window.findChildren(RestoreDialog)), timeout=PATIENCE_MS)
    [dialog] = at.window.findChildren(RestoreDialog)
    assert dialog.lost is not None
    assert isinstance(dialog.lost, Disclosure)
    assert {each.id for each in at.library.snapshot().devices} == {"d1", "d2"}
    dialog.primary.click()
    qtbot.waitUntil(lambda: "restarted" in at.told, timeout=PATIENCE_MS)
    assert {each.id for each in at.library.snapshot().devices} == {"d1"}
    assert len(backups_in(at.folder / "backups")) == 2


def test_automatic_backups_can_be_switched_off(qtbot: QtBot, at: At) -> None:
    at.card.show()
    qtbot.waitUntil(lambda: at.card.last.text() == "No backup yet.", timeout=PATIENCE_MS)
    assert at.card.automatic.isChecked()
    at.card.automatic.click()
    assert not at.backing_up.choices.is_automatic


def _named(card: BackupCard, name: str) -> QPushButton | None:
    return next((each for each in card.findChildren(QPushButton) if each.accessibleName() == name), None)


# -- a damaged start --------------------------------------------------------------------------------------------------


@pytest.fixture
def damaged(qtbot: QtBot, tmp_path: Path) -> Iterator[Started]:
    """A start on a library that is no database any more, with an automatic backup of it."""
    window = MainWindow(Settings(tmp_path / "window.json"))
    qtbot.addWidget(window)
    before = At(tmp_path, window)
    before.add("d1")
    assert before.look(qtbot) == 1
    before.add("d2")
    before.backing_up.stop()
    before.pool.shutdown()
    before.library.close()
    library_file(tmp_path).write_bytes(b"this is a shopping list" * 100)
    started = Started(tmp_path, Settings(tmp_path / "settings.json"), OneInstance(tmp_path))
    qtbot.addWidget(started.window)
    started.window.show()
    started.fill()
    yield started
    started.close()


def _dialog(started: Started) -> DamagedLibraryDialog:
    assert started.damaged is not None
    return started.damaged.dialog


def test_a_damaged_start_offers_the_newest_good_backup_and_opens_it(qtbot: QtBot, damaged: Started) -> None:
    dialog = _dialog(damaged)
    qtbot.waitUntil(dialog.restore.isEnabled, timeout=PATIENCE_MS)
    assert "1 device" in dialog.says.text()
    dialog.restore.click()
    qtbot.waitUntil(dialog.go_on.isVisible, timeout=PATIENCE_MS)
    dialog.go_on.click()
    assert damaged.program is not None
    assert [each.id for each in damaged.program.library.snapshot().devices] == ["d1"]
    [aside] = damaged.folder.glob("*.damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"this is a shopping list")


def test_what_can_be_read_is_saved_and_the_rest_is_named(qtbot: QtBot, damaged: Started) -> None:
    dialog = _dialog(damaged)
    qtbot.waitUntil(dialog.salvage.isEnabled, timeout=PATIENCE_MS)
    dialog.salvage.click()
    qtbot.waitUntil(dialog.go_on.isVisible, timeout=PATIENCE_MS)
    assert "Not everything could be read" in dialog.says.text()
    dialog.go_on.click()
    assert damaged.program is not None
    assert damaged.program.library.snapshot().devices == ()


def test_quit_leaves_everything_as_it_is(qtbot: QtBot, damaged: Started) -> None:
    dialog = _dialog(damaged)
    qtbot.waitUntil(dialog.quit.isEnabled, timeout=PATIENCE_MS)
    dialog.reject()
    assert not damaged.window.isVisible()
    assert library_file(damaged.folder).read_bytes().startswith(b"this is a shopping list")


def test_a_restart_opens_the_program_anew_on_what_was_put_there(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    instance = OneInstance(tmp_path)
    assert instance.is_first()
    started = Started(tmp_path, Settings(tmp_path / "settings.json"), instance)
    started.window.show()
    started.fill()

    def put_another_there() -> None:
        library = make.library_at(library_file(tmp_path))
        library.write(make.adding(make.device("d9")), make.NOW)
        library.close()

    started.restart(put_another_there)
    successor = started.successor
    assert successor is not None
    qtbot.addWidget(successor.window)
    qtbot.waitUntil(lambda: successor.program is not None, timeout=PATIENCE_MS)
    assert successor.program is not None
    assert [each.id for each in successor.program.library.snapshot().devices] == ["d9"]
    qtbot.waitUntil(lambda: not isValid(started.window), timeout=PATIENCE_MS)
    started.close()
