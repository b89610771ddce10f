"""The dialog that lists what the keys do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import PrimaryButton
from homepoint.ui.widgets.text import Label

SHORTCUTS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "Everywhere",
        (
            ("Ctrl+K", "Jump to a device, a serial, a page or a command"),
            ("Ctrl+1", "Go to the first page; Ctrl+2 to the second, and so on"),
            ("Alt+M", "Open the menu More"),
            ("Ctrl+Z", "Undo"),
            ("Ctrl+Shift+Z", "Redo"),
            ("Ctrl+O", "Import"),
            ("Ctrl+E", "Export"),
            ("Ctrl+/", "Show this list"),
            ("Ctrl+L", "Lock now, where the library is encrypted"),
            ("Ctrl+Q", "Quit"),
        ),
    ),
    (
        "In a list of devices",
        (
            ("Ctrl+F", "Go to the search; any letter typed in the table does so too"),
            ("Return", "Open the device"),
            ("Tab", "Leave the table"),
        ),
    ),
    ('Under an answer, at "Why?"', (("Right", "Show the reasons"), ("Left", "Hide them"))),
)
"""Headings, and under each the keys (as Qt writes them portably) with what they do."""


class ShortcutsDialog(QDialog):
    """Lists the keys in the words of the system they are pressed on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.M)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        at = 0
        for heading, keys in SHORTCUTS:
            grid.addWidget(Label(heading, TextRole.STRONG), at, 0, 1, 2)
            for sequence, does in keys:
                at += 1
                shown = QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
                grid.addWidget(Label(shown, tabular=True), at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Label(does, tone=Tone.MUTED), at, 1)
            at += 1
            grid.setRowMinimumHeight(at, Space.S)
            at += 1
        column.addLayout(grid)
        row = QHBoxLayout()
        row.addStretch(1)
        close = PrimaryButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
