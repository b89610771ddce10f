"""The form to record a step of a claim, or to correct when it was taken."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from homepoint.application.claims import QUOTE_UNTIL, TRACKING_NUMBER, RecordClaimStep
from homepoint.domain.facts import Claim, ClaimStep, Device, Fee, Step
from homepoint.presentation.amounts import likely_currency
from homepoint.presentation.claim_page import day_noted, possible_steps
from homepoint.presentation.incident_words import STEP_NAMES
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fee import AmountField
from homepoint.ui.dialogs.fields import Choice, day_field, line, moment_field, moment_of, zone_problem


class ClaimStepDialog(FormDialog):
    """Asks when a step was taken, and what became known by it: tracking number, fee, deposit, date of a quote."""

    def __init__(
        self, desk: Desk, claim: Claim, step: Step, index: int | None = None, parent: QWidget | None = None
    ) -> None:
        """Ask about a step; with `index`, correct the one recorded there."""
        recorded = None if index is None else claim.steps[index]
        super().__init__(
            "Correct a step" if recorded else "Record a step",
            "Save" if recorded else "Record step",
            "Put in when it really happened; you can correct it or take it back at any time.",
            parent,
        )
        self._desk, self._claim, self._index, self._recorded = desk, claim, index, recorded
        device = desk.workspace.library.get(Device, claim.device)
        currency = likely_currency(claim, device.region if device else None)
        now = desk.now().replace(second=0, microsecond=0)
        options = [(each, STEP_NAMES[each]) for each in possible_steps(claim.service)]
        self.step = Choice[Step]("Step", options, step)
        self.at = moment_field("When", recorded.at if recorded else now, now, desk.zone, can_be_unknown=False)
        self.tracking = line("Tracking number", str(claim.extra.get(TRACKING_NUMBER) or ""), "On the carrier's receipt")
        self.fee = AmountField("Amount paid", None, currency)
        self.deposit = AmountField("Deposit", claim.deposit, currency)
        self.quote_until = day_field("Answer by", day_noted(claim, QUOTE_UNTIL), now.date())
        self.add_row("step", "What happened", self.step)
        self.add_row("steps", "When", self.at)
        self.add_row("tracking", "Tracking number", self.tracking, "It proves that the unit was sent. May stay empty.")
        self.add_row("fee", "Amount paid", self.fee, "May stay empty; you can note it later.")
        self.add_row("deposit", "Deposit", self.deposit, "What DJI reserved on your card. May stay empty.")
        self.add_row("quote_until", "Answer by", self.quote_until, "The day the quote names, if it names one.")
        self.step.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        step = self.step.value
        self.rows["tracking"].set_visible(step is Step.SENT)
        self.rows["fee"].set_visible(step is Step.FEE_PAID and self._index is None)
        self.rows["deposit"].set_visible(step is Step.DEPOSIT_HELD)
        self.rows["quote_until"].set_visible(step is Step.QUOTED)

    def entered(self) -> object:
        """Return what was typed."""
        amounts = self.fee.entered, self.deposit.entered
        return self.step.value, self.at.value, self.tracking.text(), amounts, self.quote_until.value

    def send(self) -> Mapping[str, str]:
        """Record the step, or correct it."""
        step, at = self.step.value, moment_of(self.at)
        pays, holds = step is Step.FEE_PAID and self._index is None, step is Step.DEPOSIT_HELD
        problems = {
            **zone_problem("steps", self.at),
            **(self.fee.problem("fee") if pays else {}),
            **(self.deposit.problem("deposit") if holds else {}),
        }
        if problems or at is None:
            return problems
        noted: dict[str, object] = {}
        if step is Step.SENT:
            noted[TRACKING_NUMBER] = self.tracking.text().strip() or None
        if step is Step.QUOTED:
            until = self.quote_until.value
            noted[QUOTE_UNTIL] = None if until is None else until.isoformat()
        amount = self.fee.value if pays else None
        base = self._recorded or ClaimStep(step=step, at=at)
        command = RecordClaimStep(
            claim=self._claim.id,
            step=replace(base, step=step, at=at),
            index=self._index,
            noted=noted,
            fee=Fee(amount=amount, paid_at=at) if amount else None,
            deposit=self.deposit.value if holds else None,
        )
        return problems_of(self._desk.do(command))
