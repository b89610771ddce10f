"""The forms for money in a claim: an amount paid or asked for, and the deposit held on the card."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QWidget

from homepoint.application.claims import AddClaimFee, SetDeposit
from homepoint.domain.facts import Claim, Device, Fee
from homepoint.domain.values import Money
from homepoint.presentation.amounts import UNREADABLE, likely_currency, offered, read_amount
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, line, moment_field, moment_of, zone_problem
from homepoint.ui.theme import Space, theme

_AMOUNT_WIDTH, _CURRENCY_WIDTH = 140, 96


class AmountField(QWidget):
    """An amount and its currency; an empty one is not known."""

    def __init__(self, name: str, value: Money | None, currency: str) -> None:
        """Ask for an amount, in `currency` unless it has one."""
        super().__init__()
        chosen = value.currency if value else currency
        self.text = line(name, str(value.amount) if value else "", "0.00")
        self.text.setMaximumWidth(theme().pixels(_AMOUNT_WIDTH))
        self.currency = Choice[str](f"{name}: currency", list(offered(chosen)), chosen)
        self.currency.setMinimumWidth(theme().pixels(_CURRENCY_WIDTH))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.text)
        row.addWidget(self.currency)
        row.addStretch(1)
        self.setFocusProxy(self.text)

    @property
    def entered(self) -> tuple[str, str]:
        """Return what was typed."""
        return self.text.text(), self.currency.value

    @property
    def value(self) -> Money | None:
        """Return the amount; None while it is empty or cannot be read."""
        amount = read_amount(self.text.text())
        return None if amount is None else Money(amount=amount, currency=self.currency.value)

    def problem(self, key: str, *, needed: bool = False) -> Mapping[str, str]:
        """Return what is wrong with the amount; an empty one only where it is needed."""
        is_empty = not self.text.text().strip()
        return {key: UNREADABLE} if self.value is None and (needed or not is_empty) else {}


class FeeDialog(FormDialog):
    """Notes an amount that was paid, or that DJI asks for."""

    def __init__(self, desk: Desk, claim: Claim, parent: QWidget | None = None) -> None:
        """Ask what for, how much, and when it was paid."""
        super().__init__(
            "Note an amount", "Note amount", "A fee, shipping, customs: what this claim costs you.", parent
        )
        self._desk, self._claim = desk, claim
        device = desk.workspace.library.get(Device, claim.device)
        self.label = line("What for", "", "Replacement fee")
        self.amount = AmountField("Amount", None, likely_currency(claim, device.region if device else None))
        self.paid = moment_field("Paid", desk.now(), desk.now(), desk.zone)
        self.add_row("label", "What for", self.label)
        self.add_row("amount", "Amount", self.amount)
        self.add_row("fees", "Paid", self.paid, "Not known stands for: asked for, not paid yet.")

    def entered(self) -> object:
        """Return what was typed."""
        return self.label.text(), self.amount.entered, self.paid.value

    def send(self) -> Mapping[str, str]:
        """Note the amount."""
        problems = {**self.amount.problem("amount", needed=True), **zone_problem("fees", self.paid)}
        amount = self.amount.value
        if problems or amount is None:
            return problems
        fee = Fee(amount=amount, label=self.label.text().strip() or None, paid_at=moment_of(self.paid))
        return problems_of(self._desk.do(AddClaimFee(claim=self._claim.id, fee=fee)))


class DepositDialog(FormDialog):
    """Notes how much DJI holds on the card."""

    def __init__(self, desk: Desk, claim: Claim, parent: QWidget | None = None) -> None:
        """Ask for the deposit; leaving it empty says that it is not known."""
        says = "DJI shows the amount at settlement, and your card's statement does. It is at most the product's value."
        super().__init__("The deposit on your card", "Save", says, parent)
        self._desk, self._claim = desk, claim
        device = desk.workspace.library.get(Device, claim.device)
        self.amount = AmountField("Deposit", claim.deposit, likely_currency(claim, device.region if device else None))
        self.add_row("deposit", "Deposit", self.amount, "Leave it empty if you do not know it.")

    def entered(self) -> object:
        """Return what was typed."""
        return self.amount.entered

    def send(self) -> Mapping[str, str]:
        """Note the deposit."""
        problems = self.amount.problem("deposit")
        if problems:
            return problems
        return problems_of(self._desk.do(SetDeposit(claim=self._claim.id, deposit=self.amount.value)))
