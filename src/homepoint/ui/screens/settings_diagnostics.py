"""The card "Diagnostics" of the settings page: what to send with a question, the log, and where passwords are kept."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label


class DiagnosticsCard(Card):
    """Two buttons and a line.

    Signals:
        shown: it is seen for the first time; where passwords are kept may be looked for.
        diagnostics_asked: the owner wants to see the diagnostics.
        folder_asked: the owner wants to see the log's folder.
    """

    shown = Signal()
    diagnostics_asked = Signal()
    folder_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a card that does not know yet where passwords are kept."""
        super().__init__("Diagnostics", parent=parent)
        self.body.setSpacing(Space.M)
        self._was_shown = False
        self.show_button, self.folder = Button("Show diagnostics…"), Button("Open the log's folder", IconName.FOLDER)
        self.show_button.clicked.connect(self.diagnostics_asked)
        self.folder.clicked.connect(self.folder_asked)
        self.passwords = Label("Looking where passwords are kept…", tone=Tone.MUTED, wrap=True, selectable=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("For a question", TextRole.STRONG))
        sentence = "Versions, counts and the log, without serials, names and passwords. You see all of it first."
        words.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        row.addSpacing(Space.L)
        row.addWidget(self.folder)
        row.addWidget(self.show_button)
        self.body.addLayout(row)
        self.body.addWidget(Line())
        place = QVBoxLayout()
        place.setSpacing(2)
        place.addWidget(Label("Passwords", TextRole.STRONG))
        place.addWidget(self.passwords)
        self.body.addLayout(place)

    def show_passwords(self, words: str) -> None:
        """Say where passwords are kept."""
        self.passwords.setText(words)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask once where passwords are kept."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.shown.emit()
