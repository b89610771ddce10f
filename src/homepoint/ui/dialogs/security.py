"""The forms of the lock: encrypt with a new passphrase, keep the recovery code, change either, and decrypt."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from homepoint.application.locking import is_confirmed
from homepoint.application.problems import HomepointError
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fields import line
from homepoint.ui.icons import IconName
from homepoint.ui.theme import TextRole
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_NOT_THE_SAME = "The two are not the same."


class NewPassphraseDialog(FormDialog):
    """Asks for a new passphrase twice, and for the one so far where there is one."""

    def __init__(
        self, title: str, act: str, sentence: str, do: Callable[[str, str], None], *, asks_old: bool, parent: QWidget
    ) -> None:
        """Make the form; `do` gets the passphrase so far and the new one, and raises what is in the way."""
        super().__init__(title, act, sentence, parent)
        self._do = do
        self.old = SecretField("Passphrase or recovery code so far") if asks_old else None
        self.new, self.again = SecretField("New passphrase"), SecretField("New passphrase again")
        if self.old is not None:
            self.add_row("old", "So far", self.old, "The passphrase, or the recovery code.")
        hint = "At least ten characters. Four or five words that do not belong together are easy to remember."
        self.add_row("new", "New passphrase", self.new, hint)
        self.add_row("again", "Once more", self.again)

    def entered(self) -> object:
        """Return everything typed."""
        return self.old.text if self.old else "", self.new.text, self.again.text

    def send(self) -> Mapping[str, str]:
        """Do it, and return what is in the way."""
        if self.new.text != self.again.text:
            return {"again": _NOT_THE_SAME}
        try:
            with _waiting():
                self._do(self.old.text if self.old else "", self.new.text)
        except HomepointError as error:
            field = "new" if self.old is None or "short" in error.title else "old"
            return {field: f"{error.title} {error.advice}"}
        return {}

    def done(self, result: int) -> None:
        """Close, and forget what was typed."""
        _forget(self)
        super().done(result)


class SecretDialog(FormDialog):
    """Asks for the passphrase or the recovery code before something that only the owner may do."""

    def __init__(self, title: str, act: str, sentence: str, do: Callable[[str], None], parent: QWidget) -> None:
        """Make the form; `do` gets what was typed, and raises what is in the way."""
        super().__init__(title, act, sentence, parent)
        self._do = do
        self.secret = SecretField("Passphrase or recovery code")
        self.add_row("secret", "Passphrase", self.secret, "Or the recovery code.")

    def entered(self) -> object:
        """Return everything typed."""
        return self.secret.text

    def send(self) -> Mapping[str, str]:
        """Do it, and return what is in the way."""
        try:
            with _waiting():
                self._do(self.secret.text)
        except HomepointError as error:
            return {"secret": f"{error.title} {error.advice}"}
        return {}

    def done(self, result: int) -> None:
        """Close, and forget what was typed."""
        _forget(self)
        super().done(result)


class RecoveryCodeDialog(FormDialog):
    """Shows a recovery code once; it goes on when the last four characters were typed."""

    def __init__(self, code: str, act: str, do: Callable[[], None], parent: QWidget) -> None:
        """Show a code; `do` is called when it was confirmed."""
        super().__init__(
            "Recovery code",
            act,
            "It opens the library when the passphrase is forgotten. It is not shown again: print it or write it down, "
            "and keep it away from this computer. Without passphrase and code, nobody can open your records.",
            parent,
        )
        self._code, self._do = code, do
        self.shown = Label(code, TextRole.LARGE, wrap=True, selectable=True)
        font = self.shown.font()
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.shown.setFont(font)
        self.shown.setAccessibleName(f"Recovery code: {' '.join(code.replace('-', ', '))}")
        self.copy = Button("Copy", IconName.COPY)
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self._code))
        self.typed = line("The last four characters of the recovery code", "")
        self.add_row("code", "Recovery code", self.shown)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.copy)
        row.addStretch(1)
        self.add_row("copy", "", beside, "Into a password store; then copy something else.")
        self.add_row("typed", "Its last four", self.typed, "Type them to show that you have the code.")

    def entered(self) -> object:
        """Return everything typed."""
        return self.typed.text()

    def send(self) -> Mapping[str, str]:
        """Go on, once the code was confirmed."""
        if not is_confirmed(self._code, self.typed.text()):
            return {"typed": "These are not the last four characters of the code above."}
        try:
            self._do()
        except HomepointError as error:
            return {"": f"{error.title} {error.advice}"}
        return {}

    def done(self, result: int) -> None:
        """Close, and show the code no more."""
        self.shown.setText("")
        self.typed.clear()
        super().done(result)


class _waiting:  # noqa: N801  # used as a function
    """Shows that a passphrase is being stretched, which takes a good part of a second."""

    def __enter__(self) -> None:
        """Begin."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)

    def __exit__(self, *_fault: object) -> None:
        """End."""
        QApplication.restoreOverrideCursor()


def _forget(form: QWidget) -> None:
    for field in form.findChildren(SecretField):
        field.forget()
