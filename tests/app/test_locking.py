"""The lock as its owner meets it: turned on in Settings, asked for at the start, closed by hand and by idleness."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from homepoint.app.idle import Idle
from homepoint.app.locking import LockChoices
from homepoint.app.starting import Started, start
from homepoint.application.locking import locks_itself, wait_after
from homepoint.domain.facts import Device
from homepoint.storage.connecting import is_encrypted
from homepoint.system.attachments import Kept
from homepoint.system.paths import LOCK_NAME, library_file
from homepoint.ui.dialogs.security import NewPassphraseDialog, RecoveryCodeDialog, SecretDialog
from homepoint.ui.screens.settings_security import SecurityCard
from tests import builders as make
from tests.doubles import SetClock

PASSPHRASE = "four words and a comma"
SERIAL = "1581F6Z9C24AU0034SRD"


class Shown:
    """The program as it is on the screen now; a lock puts another window in its place."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path) -> None:
        started = start(application, folder)
        assert started is not None
        self.qtbot, self.folder, self.first = qtbot, folder, started
        self.wait_open()

    @property
    def now(self) -> Started:
        found = self.first
        while found.successor is not None:
            found = found.successor
        return found

    @property
    def library(self) -> Any:
        assert self.now.program is not None
        return self.now.program.library

    def is_open(self) -> bool:
        return self.now.program is not None

    def wait_open(self) -> None:
        self.qtbot.waitUntil(
            lambda: self.now.program is not None and self.now.window.current_page != "", timeout=20_000
        )

    def wait_page(self) -> Any:
        self.qtbot.waitUntil(
            lambda: self.now.unlocking is not None and self.now.unlocking.page.isVisible()
            and self.now.unlocking.page.form.isEnabled(),
            timeout=20_000,
        )  # fmt: skip
        assert self.now.unlocking is not None
        return self.now.unlocking.page

    def card(self) -> SecurityCard:
        self.now.window.show_page("settings")
        card = self.now.window.findChild(SecurityCard)
        assert isinstance(card, SecurityCard)
        return card

    def dialog(self, kind: type[Any]) -> Any:
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.now.window.findChildren(kind)))
        return next(each for each in self.now.window.findChildren(kind) if each.isVisible())

    def encrypt(self) -> str:
        before = self.now
        QTest.mouseClick(self.card().switch, Qt.MouseButton.LeftButton)
        form = self.dialog(NewPassphraseDialog)
        QTest.keyClicks(form.new.line, PASSPHRASE)
        QTest.keyClicks(form.again.line, PASSPHRASE)
        QTest.mouseClick(form.primary, Qt.MouseButton.LeftButton)
        shown = self.dialog(RecoveryCodeDialog)
        code: str = shown.shown.text()
        QTest.keyClicks(shown.typed, code[-4:].lower())
        QTest.mouseClick(shown.primary, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: self.now is not before)
        self.wait_open()
        return code

    def unlock(self, secret: str) -> None:
        page = self.wait_page()
        QTest.keyClicks(page.field.line, secret)
        QTest.mouseClick(page.unlock, Qt.MouseButton.LeftButton)

    def lock(self) -> None:
        before = self.now
        self.now.window.lock_action.trigger()
        self.qtbot.waitUntil(lambda: self.now is not before)


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    opened = Shown(qtbot, qapp, tmp_path)
    opened.library.write(make.adding(make.device(serial=SERIAL, nickname="Kestrel")), make.NOW)
    yield opened
    last = opened.now
    opened.first.close()
    last.window.set_close_policy(lambda: False)
    last.window.close()


def _texts(window: QWidget) -> str:
    labels = [each.text() for each in window.findChildren(QLabel)]
    return "\n".join([window.windowTitle(), *labels, *(each.text() for each in window.findChildren(QPushButton))])


def test_encrypting_keeps_every_fact_and_file_and_the_lock_opens_only_for_the_passphrase(
    shown: Shown, tmp_path: Path
) -> None:
    assert shown.now.program is not None
    (tmp_path / "proof.txt").write_bytes(b"what the owner saw")
    kept = shown.now.program.evidence.take_in(tmp_path / "proof.txt")
    shown.encrypt()
    assert is_encrypted(library_file(tmp_path))
    assert shown.library.get(Device, "d1").nickname == "Kestrel"
    assert shown.now.program.evidence.check(kept.sha256) is Kept.WHOLE
    shown.lock()
    page = shown.wait_page()
    assert "Kestrel" not in _texts(shown.now.window)
    shown.unlock("four words and a coma")
    shown.qtbot.waitUntil(page.problem.isVisible)
    assert "does not open" in page.problem.text()
    assert not shown.is_open()
    page.field.line.clear()
    shown.unlock(PASSPHRASE)
    shown.wait_open()
    assert shown.library.get(Device, "d1").serial == SERIAL


def test_the_recovery_code_opens_and_the_passphrase_can_be_changed_by_it(shown: Shown) -> None:
    code = shown.encrypt()
    shown.lock()
    shown.unlock(code.lower().replace("-", " "))
    shown.wait_open()
    QTest.mouseClick(shown.card().passphrase, Qt.MouseButton.LeftButton)
    form = shown.dialog(NewPassphraseDialog)
    for field, text in ((form.old, code), (form.new, "another one entirely"), (form.again, "another one entirely")):
        QTest.keyClicks(field.line, text)
    QTest.mouseClick(form.primary, Qt.MouseButton.LeftButton)
    shown.qtbot.waitUntil(lambda: not form.isVisible())
    shown.lock()
    shown.unlock("another one entirely")
    shown.wait_open()


def test_decrypting_asks_for_the_passphrase_and_leaves_a_plain_library(shown: Shown, tmp_path: Path) -> None:
    shown.encrypt()
    before = shown.now
    QTest.mouseClick(shown.card().switch, Qt.MouseButton.LeftButton)
    form = shown.dialog(SecretDialog)
    QTest.keyClicks(form.secret.line, PASSPHRASE)
    QTest.mouseClick(form.primary, Qt.MouseButton.LeftButton)
    shown.qtbot.waitUntil(lambda: shown.now is not before)
    shown.wait_open()
    assert not (tmp_path / LOCK_NAME).exists()
    assert shown.library.key is None
    assert shown.library.get(Device, "d1").nickname == "Kestrel"


def test_a_recovery_code_that_was_not_written_down_encrypts_nothing(shown: Shown, tmp_path: Path) -> None:
    QTest.mouseClick(shown.card().switch, Qt.MouseButton.LeftButton)
    form = shown.dialog(NewPassphraseDialog)
    for field in (form.new, form.again):
        QTest.keyClicks(field.line, PASSPHRASE)
    QTest.mouseClick(form.primary, Qt.MouseButton.LeftButton)
    code = shown.dialog(RecoveryCodeDialog)
    QTest.keyClicks(code.typed, "0000")
    QTest.mouseClick(code.primary, Qt.MouseButton.LeftButton)
    assert "not the last four" in code.rows["typed"].fault
    code.cancel.click()
    code.discard.click()
    assert not (tmp_path / LOCK_NAME).exists()
    assert not is_encrypted(library_file(tmp_path))


def test_an_idle_window_locks_itself_and_a_used_one_does_not(qtbot: QtBot, qapp: QApplication) -> None:
    locked: list[str] = []
    clock, widget = SetClock(), QWidget()
    qtbot.addWidget(widget)
    idle = Idle(lambda: 5, clock, lambda: locked.append("locked"), widget)
    clock.now += timedelta(minutes=4)
    QTest.keyClick(widget, Qt.Key.Key_A)
    clock.now += timedelta(minutes=4)
    idle.look()
    assert not locked
    clock.now += timedelta(minutes=2)
    idle.look()
    assert locked == ["locked"]


def test_a_window_that_is_never_to_lock_itself_does_not_and_a_clock_set_back_does() -> None:
    now = make.NOW
    assert not locks_itself(now, now + timedelta(days=400), 0)
    assert not locks_itself(now, now + timedelta(minutes=4), 5)
    assert locks_itself(now, now + timedelta(minutes=5), 5)
    assert locks_itself(now, now - timedelta(seconds=1), 5)


def test_wrong_guesses_wait_longer_and_longer_but_never_for_ever() -> None:
    waits = [wait_after(wrong) for wrong in range(40)]
    assert waits[0] == waits[2] == timedelta()
    assert waits == sorted(waits)
    assert timedelta() < waits[3] < waits[6] <= waits[-1] == timedelta(minutes=1)


def test_what_the_owner_chose_about_the_lock_is_kept(shown: Shown) -> None:
    shown.encrypt()
    card = shown.card()
    card.idle.set_value(15)
    card.idle.activated.emit(card.idle.currentIndex())
    assert LockChoices(shown.now.settings).idle_minutes == 15


def test_where_there_is_no_keyring_the_switch_says_so_and_goes_back(shown: Shown) -> None:
    shown.encrypt()
    card = shown.card()
    card.keyring.click()
    shown.qtbot.waitUntil(card.keyring.isEnabled)
    assert "no keyring" in card.keyring_note.text()
    assert not card.keyring.isChecked()
    assert not LockChoices(shown.now.settings).keyring_remembers
