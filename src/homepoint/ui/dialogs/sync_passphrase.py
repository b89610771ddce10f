"""The dialogs about passphrases: type it, change it, and remove a computer, which needs a new one."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from homepoint.presentation.sync_forms import check_passphrases, strength_text
from homepoint.ui.dialogs.sync_code import RecoveryCode
from homepoint.ui.dialogs.sync_setup import show_strength
from homepoint.ui.dialogs.working import StepsDialog, WorkingDialog
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Tone
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_REMOVE = (
    "That computer gets nothing new any more, and what it sends is not taken. It keeps what it has: Homepoint cannot"
    " reach into it. The others go on by themselves. Change the storage's password too if the computer knew it."
)


class UnlockDialog(WorkingDialog):
    """Asks for the passphrase, and for the password of the storage where that was refused."""

    def __init__(self, sync: SyncDesk, *, with_password: bool, parent: QWidget | None = None) -> None:
        """Ask; `with_password` asks for the storage's password first."""
        sentence = "The passphrase never leaves this computer. Its keyring keeps both, where there is one."
        super().__init__("Type the password" if with_password else "Type the passphrase", "Go on", sentence, parent)
        self._sync, self._with_password = sync, with_password
        self.password, self.passphrase = SecretField("Password of the storage"), SecretField("Passphrase")
        password_hint = "" if with_password else "Only where it changed, or is not remembered; else leave it empty."
        rows = (
            ("password", "Password of the storage", self.password, password_hint),
            ("passphrase", "Passphrase", self.passphrase, "The one that was chosen when Sync was set up, or since."),
        )
        for key, words, field, hint in rows if with_password else reversed(rows):
            self.add_row(key, words, field, hint)

    def entered(self) -> object:
        """Return everything typed."""
        return self.password.text, self.passphrase.text

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense."""
        problems = {}
        if self._with_password and not self.password.text:
            problems["password"] = "Type the password."
        if not self.passphrase.text.strip():
            problems["passphrase"] = "Type the passphrase."
        return problems

    def proceed(self) -> None:
        """Give them."""
        job = self._sync.unlock(self.passphrase.text, self.password.text or None)
        self.work_on(job, "Checking…", lambda _result: self.finish())


class ChangePassphraseDialog(WorkingDialog):
    """Lets another passphrase open the library from now on."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Ask for it twice."""
        sentence = "Computers that have joined go on without being asked. The recovery code stays as it is."
        super().__init__("Change the passphrase", "Change passphrase", sentence, parent)
        self._sync = sync
        self.passphrase, self.again = SecretField("New passphrase"), SecretField("New passphrase again")
        row = self.add_row("passphrase", "New passphrase", self.passphrase, strength_text("").words)
        self.add_row("again", "Once more", self.again)
        self.passphrase.line.textChanged.connect(lambda text: show_strength(row, text))

    def entered(self) -> object:
        """Return everything typed."""
        return self.passphrase.text, self.again.text

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense."""
        return check_passphrases(self.passphrase.text, self.again.text)

    def proceed(self) -> None:
        """Change it."""
        job = self._sync.change_passphrase(self.passphrase.text)
        self.work_on(job, "Changing the passphrase…", lambda _result: self.finish())


class RemoveComputerDialog(StepsDialog):
    """Removes a computer under a new passphrase, and shows the new recovery code."""

    def __init__(self, sync: SyncDesk, computer: str, name: str, parent: QWidget | None = None) -> None:
        """Ask for the new passphrase; `computer` is the id, `name` what the owner calls it."""
        super().__init__(f"Remove {name} from Sync", ("New passphrase", "New recovery code"), parent)
        self._sync, self._computer = sync, computer
        self.begin_page(0, "Remove computer")
        self.add_wide(Label(_REMOVE, wrap=True))
        self.passphrase, self.again = SecretField("New passphrase"), SecretField("New passphrase again")
        why = "The removed computer knows the old one."
        row = self.add_row("passphrase", "New passphrase", self.passphrase, strength_text("").words)
        self.add_row("again", "Once more", self.again, why)
        self.passphrase.line.textChanged.connect(lambda text: show_strength(row, text))
        self.begin_page(1, "Done")
        self.add_wide(Label(f"{name} was removed. The old recovery code opens nothing new.", tone=Tone.GOOD, wrap=True))
        self.code = RecoveryCode(sync)
        self.add_wide(self.code)
        self.show_page(0)

    def entered(self) -> object:
        """Return everything typed."""
        return self.passphrase.text, self.again.text, self.page

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense on this page."""
        if self.page == 0:
            return check_passphrases(self.passphrase.text, self.again.text)
        return {} if self.code.is_confirmed else {"": "These are not the last four signs of the code above."}

    def proceed(self) -> None:
        """Remove, or close."""
        if self.page == 0:
            job = self._sync.remove(self._computer, self.passphrase.text)
            self.work_on(job, "Removing. Everything is encrypted anew, which may take minutes…", self._on_removed)
        else:
            self.finish()

    def reject(self) -> None:
        """Close; while the new recovery code is not confirmed, ask first."""
        if self.page == 1:
            self.question.setText("The new recovery code is not confirmed. It is not shown again.")
            self.discard.setText("Close all the same")
        super().reject()

    def _on_removed(self, code: str) -> None:
        self.passphrase.forget()
        self.again.forget()
        self.code.show_code(code)
        self.show_page(1)
        self.cancel.hide()  # there is no way back any more
