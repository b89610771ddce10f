"""The field one types a search into."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from homepoint.ui.icons import IconName, icon
from homepoint.ui.theme import Tone

_PAUSE_MS = 150


class SearchField(QLineEdit):
    """A line with a magnifier and a clear button; Escape clears; `searched` comes after a short pause in typing."""

    searched = Signal(str)

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        """Make a field; `name` says what is searched, for a screen reader."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder or name)
        self.addAction(icon(IconName.SEARCH, Tone.MUTED), QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)
        glass, clear = self.findChildren(QToolButton)
        glass.setAccessibleName(name)
        clear.setAccessibleName("Clear the search")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(lambda _text: self._pause.start())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear by Escape; search at once by Enter."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_pause()
        super().keyPressEvent(event)

    def _on_pause(self) -> None:
        self._pause.stop()
        self.searched.emit(self.text().strip())
