"""The form to record a care plan or to correct one; what it would give stands at the foot."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from homepoint.application.checks import new_id
from homepoint.application.plans import CorrectPlan, RecordPlan
from homepoint.application.problems import HomepointError, Refused
from homepoint.domain.facts import Channel, Plan, PlanProduct
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import PlanId, Region
from homepoint.presentation.activation_codes import ELSEWHERE, KEEPING, code_text, not_forgotten, not_kept
from homepoint.presentation.plan_forms import (
    PlanForm,
    bundle_note,
    check_plan,
    draft_plan,
    plan_form_of,
    preview_plan,
    products_offered,
)
from homepoint.presentation.region_names import REGION_NAMES
from homepoint.presentation.wording import region_name
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, day_field, line, moment_field, moment_of, zone_problem
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.theme import Space
from homepoint.ui.widgets.buttons import QuietButton


class Bought(StrEnum):
    """How a plan came to the owner."""

    SEPARATELY = "separately"
    CODE = "code"
    WITH_DEVICE = "with-device"


_BOUGHT = (
    (Bought.SEPARATELY, "Separately, for this device"),
    (Bought.CODE, "As an activation code"),
    (Bought.WITH_DEVICE, "In one order with the device"),
)
_COUNTS: list[tuple[int | None, str]] = [(None, "As published"), *((each, str(each)) for each in range(10))]


class PlanDialog(FormDialog):
    """Records a plan of a device, or corrects one."""

    def __init__(
        self, desk: Desk, facts: DeviceFacts, recorded: Plan | None = None, parent: QWidget | None = None
    ) -> None:
        """Ask for a plan; with one, show and correct it."""
        super().__init__(
            "Edit the plan" if recorded else "Record a care plan",
            "Save" if recorded else "Record plan",
            "" if recorded else "Homepoint records the plan you bought; it buys nothing.",
            parent,
        )
        self._desk, self._facts, self._recorded = desk, facts, recorded
        form = plan_form_of(recorded) if recorded else PlanForm()
        now, zone = desk.now(), desk.zone
        self.product = Choice[PlanProduct]("Plan", products_offered(facts, recorded), form.product)
        self.bought = Choice[Bought]("How it was bought", _BOUGHT, _bought(form, facts, recorded))
        self.code = _CodeField(recorded.activation_code_hint if recorded else None)
        self._id = recorded.id if recorded else PlanId(new_id())
        self._has_no_code = False
        self.purchased = moment_field("Bought", form.purchased_at, now, zone)
        self.bound = moment_field("Bound", form.bound_at if recorded else now, now, zone)
        self.region = Choice[Region | None]("Region of the plan", _regions(facts, form.region), form.region)
        self.starts = day_field("First covered day", form.starts_on, now.date())
        self.ends = day_field("Last covered day", form.ends_on, now.date())
        self.replacements = Choice[int | None]("Replacements in the agreement", _COUNTS, form.replacements)
        self.flyaways = Choice[int | None]("Flyaways in the agreement", _COUNTS, form.flyaways)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        self.add_row("product", "Plan", self.product)
        self.add_row("bought", "How it was bought", self.bought)
        self.add_row("activation_code", "Activation code", self.code)
        self.add_row("purchased_at", "Bought", self.purchased)
        self.add_row("bound_at", "Bound to the device", self.bound, "The plan starts on this day.")
        self.add_row("region", "Region of the plan", self.region)
        self.add_heading(
            "What your service agreement says",
            "DJI's status page shows it. What you enter here counts more than the published terms.",
        )
        self.add_row("starts_on", "First covered day", self.starts)
        self.add_row("ends_on", "Last covered day", self.ends)
        self.add_row("replacements", "Replacements", self.replacements)
        self.add_row("flyaways", "Flyaways", self.flyaways, "They count among the replacements.")

    def _connect(self) -> None:
        for choice in (self.product, self.bought, self.region, self.replacements, self.flyaways):
            choice.currentIndexChanged.connect(self._refresh)
        for field in (self.purchased, self.bound, self.starts, self.ends):
            field.changed.connect(self._refresh)
        self.code.show_button.clicked.connect(self._on_show_code)

    def _refresh(self) -> None:
        bought = self.bought.value
        self.rows["activation_code"].set_visible(bought is Bought.CODE)
        self.rows["bound_at"].set_visible(bought is not Bought.WITH_DEVICE)
        note = bundle_note(self._facts, self._desk.terms) if bought is Bought.WITH_DEVICE else ""
        self.rows["bought"].set_hint(note)
        told = preview_plan(self._drafted(), self._facts, self._desk.terms, self._desk.now())
        self.set_preview(told.words, is_open=told.is_open)

    def _drafted(self) -> Plan:
        form = replace(self.form, activation_code=None) if self._has_no_code else self.form
        return replace(draft_plan(form, self._facts.device.id, self._recorded), id=self._id)

    @property
    def form(self) -> PlanForm:
        """Return what stands in the form."""
        bought = self.bought.value
        return PlanForm(
            product=self.product.value,
            region=self.region.value,
            activation_code=self.code.change if bought is Bought.CODE else "",
            purchased_at=moment_of(self.purchased),
            bound_at=None if bought is Bought.WITH_DEVICE else moment_of(self.bound),
            starts_on=self.starts.value,
            ends_on=self.ends.value,
            replacements=self.replacements.value,
            flyaways=self.flyaways.value,
        )

    def entered(self) -> object:
        """Return the form."""
        return self.form, self.bought.value

    def accept(self) -> None:
        """Keep a code that was typed with the secrets, then record the plan with its hint."""
        code = self.form.activation_code
        if not code:
            super().accept()
            return
        problems = self._problems()
        self.show_problems(problems)
        if not problems:
            self.set_busy(KEEPING)
            job = self._desk.codes.keep(self._id, code)
            job.finished.connect(self._on_kept)
            job.failed.connect(self._on_not_kept)

    def send(self) -> Mapping[str, str]:
        """Record the plan, or correct it; then forget the code of one that has none any more."""
        problems = self._problems() or problems_of(self._desk.do(self._command()))
        had = self._recorded.activation_code_hint if self._recorded else None
        if not problems and had and self._drafted().activation_code_hint is None:
            job, window = self._desk.codes.forget(self._id), self.parentWidget()
            job.failed.connect(lambda problem: show_error(window, not_forgotten(problem)))
        return problems

    def _problems(self) -> Mapping[str, str]:
        problems = {
            **check_plan(self.form),
            **zone_problem("purchased_at", self.purchased),
            **({} if self.bought.value is Bought.WITH_DEVICE else zone_problem("bound_at", self.bound)),
        }
        if problems:
            return problems
        planned = self._command().plan(self._desk.workspace.library, self._desk.now())
        return problems_of(planned if isinstance(planned, Refused) else None)

    def _command(self) -> RecordPlan | CorrectPlan:
        drafted = self._drafted()
        return RecordPlan(plan_bought=drafted) if self._recorded is None else CorrectPlan(plan_bought=drafted)

    def _on_kept(self) -> None:
        self.set_busy("")
        self._refresh()
        super().accept()

    def _on_not_kept(self, problem: Exception) -> None:
        self._has_no_code = True
        self._on_kept()
        self._has_no_code = False
        if not self.isVisible():
            told = not_kept(problem) if isinstance(problem, HomepointError) else problem
            show_error(self.parentWidget(), told)

    def _on_show_code(self) -> None:
        if self._recorded is not None and self._recorded.activation_code_hint is not None:
            job = self._desk.codes.fetch(self._id, self._recorded.activation_code_hint)
            job.finished.connect(self._on_code)
            job.failed.connect(self._on_no_code)

    def _on_code(self, code: str | None) -> None:
        self.rows["activation_code"].set_hint("" if code else ELSEWHERE)
        if code:
            self.code.show_code(code)

    def _on_no_code(self, problem: Exception) -> None:
        self.rows["activation_code"].set_hint(str(problem))


class _CodeField(QWidget):
    """An activation code of which only the end is seen until it is asked for. Emptied, it is taken away."""

    def __init__(self, hint: str | None) -> None:
        super().__init__()
        text = code_text(hint) if hint else ""
        self._as_recorded = {text}
        self.line = line("Activation code", text, "May stay empty")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.line, 1)
        self.show_button = QuietButton("Show")
        self.show_button.setAccessibleName("Show the activation code")
        self.show_button.setAutoDefault(False)
        self.show_button.setVisible(hint is not None)
        row.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFocusProxy(self.line)

    @property
    def change(self) -> str | None:
        """Return what was typed, "" where the code was taken away, None where it is as recorded."""
        text = self.line.text().strip()
        return None if text in self._as_recorded else text

    def show_code(self, code: str) -> None:
        """Show the recorded code, unless something else was typed meanwhile."""
        if self.change is None:
            self._as_recorded.add(code)
            self.line.setText(code)
            self.show_button.hide()


def _bought(form: PlanForm, facts: DeviceFacts, recorded: Plan | None) -> Bought:
    if recorded is not None and recorded.activation_code_hint:
        return Bought.CODE
    first = not facts.plans
    if form.bound_at is None and facts.device.channel is Channel.DJI_STORE_BUNDLE and (first or form.purchased_at):
        return Bought.WITH_DEVICE
    return Bought.SEPARATELY


def _regions(facts: DeviceFacts, recorded: Region | None) -> list[tuple[Region | None, str]]:
    home = facts.device.region
    same = f"Same as the device ({region_name(home)})" if home else "Same as the device"
    codes = sorted({*REGION_NAMES, *([recorded] if recorded else [])}, key=region_name)
    return [(None, same), *((Region(code), region_name(code)) for code in codes)]
