"""Shows the diagnostics, letter by letter what is copied, so that an owner knows what they send."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.text import Label

WHAT_IT_IS = (
    "For a question to whoever mends Homepoint. Serials, names, addresses, places and passwords are taken out; read it"
    " before you send it. Nothing is sent by itself."
)
_COPIED = "Copied."
_WIDTH, _HEIGHT = 760, 560


class DiagnosticsDialog(QDialog):
    """A text that can be read and copied, not changed."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Show a text."""
        super().__init__(parent)
        self.setWindowTitle("Diagnostics")
        self._text = text
        self.shown = QPlainTextEdit(text)
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setAccessibleName("Diagnostics")
        self.shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copied = Label("", tone=Tone.GOOD)
        self.copy = Button("Copy", IconName.COPY)
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._on_copy)
        self.close_button = PrimaryButton("Close")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Diagnostics", TextRole.HEADING))
        column.addWidget(Label(WHAT_IT_IS, tone=Tone.MUTED, wrap=True))
        column.addWidget(self.shown, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.copied, 1)
        row.addWidget(self.copy)
        row.addWidget(self.close_button)
        column.addLayout(row)
        width, height = theme().pixels(_WIDTH), theme().pixels(_HEIGHT)
        if parent is not None:
            width = min(width, parent.window().width() - 2 * Space.XL)
            height = min(height, parent.window().height() - 2 * Space.XL)
        self.resize(width, height)
        self.close_button.setFocus()

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._text)
        self.copied.setText(_COPIED)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, _COPIED))
