"""A field for a password or passphrase: hidden as it is typed, shown while the owner asks for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from homepoint.ui.theme import Space
from homepoint.ui.widgets.buttons import QuietButton


class SecretField(QWidget):
    """A line that does not echo, and a toggle that shows it. Call `forget` when the form closes."""

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        """Make an empty field; `name` is what a screen reader calls it."""
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(placeholder)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.toggle = QuietButton("Show")
        self.toggle.setAutoDefault(False)
        self.toggle.setCheckable(True)
        self.toggle.setAccessibleName(f"Show {name[0].lower()}{name[1:]}")
        self.toggle.toggled.connect(self._on_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.line, 1)
        row.addWidget(self.toggle)
        self.setFocusProxy(self.line)
        self._on_toggled(False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def forget(self) -> None:
        """Empty the field, its undo steps too, and hide what comes next."""
        self.line.setText("")
        self.line.setModified(False)
        self.toggle.setChecked(False)

    def _on_toggled(self, is_shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
        self.toggle.setText("Hide" if is_shown else "Show")
