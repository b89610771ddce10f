"""A text to read and to put on the clipboard by one button."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.buttons import IconButton
from homepoint.ui.widgets.text import Label

_NAME_WIDTH = 130
_TOP = Qt.AlignmentFlag.AlignTop


class CopyRow(QWidget):
    """A name, its text, and the button that copies the text; the button shows a tick once it was pressed."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        """Offer a text under a name."""
        super().__init__(parent)
        self._name, self._text = name, text
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        label = Label(name, tone=Tone.MUTED, wrap=True)
        label.setFixedWidth(theme().pixels(_NAME_WIDTH))
        label.setContentsMargins(0, theme().pixels(6), 0, 0)
        row.addWidget(label, 0, _TOP)
        self.words = Label(text, wrap=True, selectable=True, tabular=True)
        self.words.setContentsMargins(0, theme().pixels(6), 0, 0)
        row.addWidget(self.words, 1, _TOP)
        self.button = IconButton(IconName.COPY, f"Copy: {name}")
        self.button.clicked.connect(self._on_copy)
        row.addWidget(self.button, 0, _TOP)

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._text)
        self.button.set_icon(IconName.CHECK)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{self._name} copied"))
