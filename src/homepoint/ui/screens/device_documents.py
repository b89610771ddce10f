"""The device page's documents: what is kept with the device and its plans, such as receipts and photos."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from homepoint.domain.facts import Attachment
from homepoint.presentation.incident_words import size_text
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import ElidedLabel, Label

_NONE = "Nothing is attached. A receipt, a photo of the serial label and flight records prove what you say."


class DocumentsCard(Card):
    """Files kept with a device. `add_asked` wishes to add some, `remove_asked(attachment)` to take one away."""

    add_asked = Signal()
    remove_asked = Signal(str)

    def __init__(self) -> None:
        """Make an empty card."""
        self.add = Button("Attach files …", IconName.ADD)
        super().__init__("Documents", self.add)
        self.add.clicked.connect(self.add_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files, in the order they were added."""
        clear(self._rows)
        if not files:
            self._rows.addWidget(Label(_NONE, tone=Tone.MUTED, wrap=True))
        for file in files:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._row(file))

    def _row(self, file: Attachment) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(file.name, middle=True))
        about = ", ".join(each for each in (file.media_type, size_text(file.size)) if each)
        words.addWidget(Label(about, TextRole.SMALL, Tone.MUTED, selectable=True))
        row.addLayout(words, 1)
        remove = QuietButton("Remove")
        remove.setAccessibleName(f"Remove {file.name}")
        remove.clicked.connect(lambda: self.remove_asked.emit(file.id))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        return row
