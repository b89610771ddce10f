"""The diagnostics: what is copied is letter by letter what is shown, and nothing of it can be changed."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from homepoint.ui.dialogs.diagnostics import DiagnosticsDialog
from homepoint.ui.theme import theme

TEXT = "Homepoint diagnostics\n  made at …\n\nLog\n  ERROR  two  spaces <b>&amp;</b>\n"


def test_what_is_shown_is_copied_to_the_letter_and_cannot_be_typed_into(qtbot: QtBot) -> None:
    theme()
    dialog = DiagnosticsDialog(TEXT)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClicks(dialog.shown, "mine")
    assert dialog.shown.toPlainText() == TEXT
    QTest.keyClick(dialog.copy, Qt.Key.Key_Space)
    assert QApplication.clipboard().text() == TEXT
    assert dialog.copied.text() == "Copied."
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
