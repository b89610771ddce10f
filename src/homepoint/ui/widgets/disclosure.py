"""The "Why?" under an answer: opens to the clauses that give the reason."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName, icon
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.text import Label


class Disclosure(QWidget):
    """A quiet toggle and the texts it opens; Space, Enter, Right and Left work it."""

    toggled = Signal(bool)

    def __init__(self, texts: Sequence[str] = (), title: str = "Why?", parent: QWidget | None = None) -> None:
        """Hide texts behind a title; each text becomes a paragraph that can be marked and copied."""
        super().__init__(parent)
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        self.button = _Toggle(title)
        self.button.toggled.connect(self._on_toggled)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        column.addLayout(row)
        self.content = QWidget()
        self._paragraphs = QVBoxLayout(self.content)
        self._paragraphs.setContentsMargins(theme().pixels(26), 0, 0, Space.XS)
        self._paragraphs.setSpacing(Space.S)
        column.addWidget(self.content)
        self.set_texts(texts)
        self._on_toggled(False)

    @property
    def is_open(self) -> bool:
        """Say whether the texts are shown."""
        return self.button.isChecked()

    def set_open(self, wanted: bool) -> None:
        """Open or close."""
        self.button.setChecked(wanted)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Put other paragraphs behind the title."""
        while (item := self._paragraphs.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for text in texts:
            self._paragraphs.addWidget(Label(text, tone=Tone.MUTED, wrap=True, selectable=True))

    def add_widget(self, widget: QWidget) -> None:
        """Add something richer than a paragraph behind the title."""
        self._paragraphs.addWidget(widget)

    def _on_toggled(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self.button.setIcon(icon(IconName.DOWN if is_open else IconName.RIGHT, Tone.ACCENT))
        self.button.setAccessibleName(f"{self._title} ({'shown' if is_open else 'hidden'})")
        self.toggled.emit(is_open)


class _Toggle(QPushButton):
    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setProperty("kind", "disclosure")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Right or Enter, close by Left."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
