"""The unlock page: it asks, lets wrong guesses wait, and forgets what was typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from homepoint.ui.dialogs.unlock import UnlockPage


@pytest.fixture
def page(qtbot: QtBot) -> UnlockPage:
    made = UnlockPage()
    qtbot.addWidget(made)
    made.show()
    return made


def test_enter_asks_with_what_was_typed_and_nothing_typed_asks_nothing(page: UnlockPage) -> None:
    asked: list[str] = []
    page.unlock_asked.connect(asked.append)
    QTest.keyClick(page.field.line, Qt.Key.Key_Return)
    assert asked == []
    QTest.keyClicks(page.field.line, "four words")
    QTest.keyClick(page.field.line, Qt.Key.Key_Return)
    assert asked == ["four words"]


def test_after_a_wrong_guess_the_next_one_waits_and_the_button_says_how_long(page: UnlockPage) -> None:
    asked: list[str] = []
    page.unlock_asked.connect(asked.append)
    QTest.keyClicks(page.field.line, "wrong")
    page.show_problem("This does not open the library.", 2)
    assert page.problem.isVisible()
    assert page.unlock.text() == "Wait 2 s"
    QTest.keyClick(page.field.line, Qt.Key.Key_Return)
    assert asked == []
    page._tick()
    page._tick()
    assert page.unlock.text() == "Unlock"
    QTest.keyClick(page.field.line, Qt.Key.Key_Return)
    assert asked == ["wrong"]


def test_the_recovery_code_has_words_of_its_own_and_forgets_the_passphrase(page: UnlockPage) -> None:
    QTest.keyClicks(page.field.line, "half a passphrase")
    QTest.mouseClick(page.other_way, Qt.MouseButton.LeftButton)
    assert page.field.text == ""
    assert "groups of four" in page.sentence.text()
    assert page.field.line.accessibleName() == "Recovery code"


def test_while_it_works_nothing_can_be_typed_and_what_was_typed_is_forgotten_at_the_end(page: UnlockPage) -> None:
    QTest.keyClicks(page.field.line, "four words")
    page.show_working("Unlocking…")
    assert not page.form.isEnabled()
    assert not page.unlock.isEnabled()
    page.forget()
    assert page.field.text == ""
