"""The recovery code, big and in groups, with the ways to keep it and the field that shows it was kept."""

from pathlib import Path

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.presentation.sync_forms import CONFIRMED_SIGNS, WHAT_A_CODE_DOES, code_is_confirmed, code_spoken
from homepoint.ui.dialogs.fields import line
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.icons import IconName
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_FILES = "Page to print (*.pdf);;Text (*.txt)"


class RecoveryCode(QWidget):
    """Shows a recovery code; `is_confirmed` once its last signs were typed."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Make it without a code."""
        super().__init__(parent)
        self._sync, self._code = sync, ""
        self.shown = _CodeLabel()
        self.copy = Button("Copy", IconName.COPY)
        self.copy.clicked.connect(self._on_copy)
        self.save = Button("Save to print…", IconName.DOCUMENT)
        self.save.clicked.connect(self._on_save)
        self.saved = Label("", tone=Tone.GOOD)
        self.typed = line("The last four signs of the recovery code", "")
        self.typed.setMaxLength(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(Label(WHAT_A_CODE_DOES, wrap=True))
        column.addWidget(self.shown)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for button in (self.copy, self.save):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addWidget(self.saved)
        row.addStretch(1)
        column.addLayout(row)
        question = Label(f"Type its last {CONFIRMED_SIGNS} signs, to show that you have it:")
        question.setBuddy(self.typed)
        asked = QHBoxLayout()
        asked.setSpacing(Space.M)
        asked.addWidget(question)
        self.typed.setFixedWidth(110)
        asked.addWidget(self.typed)
        asked.addStretch(1)
        column.addLayout(asked)
        self.setFocusProxy(self.typed)

    @property
    def is_confirmed(self) -> bool:
        """True when the last signs were typed."""
        return bool(self._code) and code_is_confirmed(self._code, self.typed.text())

    def show_code(self, code: str) -> None:
        """Show a code."""
        self._code = code
        self.shown.setText(code)
        self.shown.setAccessibleName(f"Recovery code: {code_spoken(code)}")

    def forget(self) -> None:
        """Show no code any more."""
        self.show_code("")
        self.typed.clear()

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._code)
        self._say("Copied. Paste it into a password store, then copy something else.")

    def _on_save(self) -> None:
        chosen, kind = QFileDialog.getSaveFileName(
            self, "Save the recovery code", "homepoint-recovery-code.pdf", _FILES
        )
        if not chosen:
            return
        file = Path(chosen)
        if "*.txt" in kind and file.suffix == ".pdf":  # another kind was chosen, the name left
            file = file.with_suffix(".txt")
        try:
            self._sync.save_code(file, self._code)
        except HomepointError as error:
            show_error(self.window(), error)
            return
        self._say(f"Saved as {file.name}.")

    def _say(self, words: str) -> None:
        self.saved.setText(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))


class _CodeLabel(Label):
    def __init__(self) -> None:
        super().__init__("", TextRole.HEADING, selectable=True, tabular=True, wrap=True)

    def _dress(self) -> None:
        super()._dress()
        font = self.font()
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.5)
        self.setFont(font)


def forget_all(dialog: QWidget) -> None:
    """Empty every field of a dialog that holds a secret."""
    for field in dialog.findChildren(SecretField):
        field.forget()
    for code in dialog.findChildren(RecoveryCode):
        code.forget()
