"""The form to add a DJI account or to correct one."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from homepoint.application.bindings import AddAccount, CorrectAccount
from homepoint.application.checks import new_id
from homepoint.domain.facts import Account
from homepoint.domain.values import AccountId
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import line


class AccountDialog(FormDialog):
    """Adds an account, or corrects a recorded one. `saved` carries its id."""

    saved = Signal(str)

    def __init__(self, desk: Desk, account: Account | None = None, parent: QWidget | None = None) -> None:
        """Ask for an account; with one, show and correct it."""
        super().__init__(
            "Edit the account" if account else "Add an account",
            "Save" if account else "Add account",
            "Homepoint never signs in to DJI and never asks for a password.",
            parent,
        )
        self._desk, self._account = desk, account
        self.label = line("Name of the account", account.label if account else "", "Such as the person who owns it")
        self.email = line("E-mail of the account", (account.email or "") if account else "", "May stay empty")
        self.add_row("label", "Name", self.label)
        self.add_row("email", "E-mail", self.email)

    def entered(self) -> object:
        """Return what was typed."""
        return self.label.text(), self.email.text()

    def send(self) -> Mapping[str, str]:
        """Add the account, or correct it."""
        drafted = account_of(self.label.text(), self.email.text(), self._account)
        command = CorrectAccount(account=drafted) if self._account else AddAccount(account=drafted)
        refused = problems_of(self._desk.do(command))
        if not refused:
            self.saved.emit(drafted.id)
        return refused


def account_of(label: str, email: str, recorded: Account | None = None) -> Account:
    """Return the account that a name and an e-mail describe."""
    base = recorded or Account(id=AccountId(new_id()), label="")
    return replace(base, label=label.strip(), email=email.strip() or None)
