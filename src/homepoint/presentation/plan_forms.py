"""The forms about plans, checks before a late purchase, and bindings: values, problems, and what they would bring."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from homepoint.domain.activation_codes import hint_of
from homepoint.domain.facts import (
    BoundTo,
    Channel,
    NoticeKind,
    NoticeResult,
    Plan,
    PlanProduct,
    PurchaseNotice,
)
from homepoint.domain.rules.care import care_of
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import plan_spans
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId, NoticeId, PlanId, Region, day_of
from homepoint.presentation.activation_codes import HIDDEN_MARKS
from homepoint.presentation.forms import Preview, Problems
from homepoint.presentation.wording import PRODUCT_NAMES, counted, day_text, short_day_text

DRAFT_PLAN = PlanId("draft-plan")
DRAFT_NOTICE = NoticeId("draft-notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """What stands in the plan form; the last ones are what the owner's service agreement says.

    `activation_code` is None for the recorded one, "" for none, else what was typed.
    """

    product: PlanProduct = PlanProduct.ONE_YEAR
    region: Region | None = None
    activation_code: str | None = field(default=None, repr=False)
    purchased_at: datetime | None = None
    bound_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    replacements: int | None = None
    flyaways: int | None = None


def plan_form_of(plan: Plan) -> PlanForm:
    """Return the form that shows a recorded plan."""
    return PlanForm(
        product=plan.product,
        region=plan.region,
        purchased_at=plan.purchased_at,
        bound_at=plan.bound_at,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        replacements=plan.replacements,
        flyaways=plan.flyaways,
    )


def draft_plan(form: PlanForm, device: DeviceId, recorded: Plan | None = None) -> Plan:
    """Return the plan a form describes, keeping what the form does not show from the recorded one."""
    return replace(
        recorded or Plan(id=DRAFT_PLAN, device=device, product=form.product),
        product=form.product,
        region=form.region,
        activation_code_hint=_hint(form, recorded),
        purchased_at=form.purchased_at,
        bound_at=form.bound_at,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        replacements=form.replacements,
        flyaways=form.flyaways,
    )


def _hint(form: PlanForm, recorded: Plan | None) -> str | None:
    if form.activation_code is None:
        return recorded.activation_code_hint if recorded else None
    return hint_of(form.activation_code)


def check_plan(form: PlanForm) -> Problems:
    """Return what is wrong with a plan form."""
    if form.activation_code and any(mark in form.activation_code for mark in HIDDEN_MARKS):
        return {"activation_code": "Enter the whole code, or leave the field as it was."}
    if form.starts_on and form.ends_on and form.ends_on < form.starts_on:
        return {"ends_on": "The last covered day lies before the first one."}
    return {}


def products_offered(facts: DeviceFacts, recorded: Plan | None) -> Sequence[tuple[PlanProduct, str]]:
    """Return the products to choose from; Care Refresh + only where it can stand: after another plan."""
    offered = [(each, PRODUCT_NAMES[each]) for each in (PlanProduct.ONE_YEAR, PlanProduct.TWO_YEARS)]
    others = [plan for plan in facts.plans if recorded is None or plan.id != recorded.id]
    if others or (recorded is not None and recorded.product is PlanProduct.PLUS):
        offered.append((PlanProduct.PLUS, f"{PRODUCT_NAMES[PlanProduct.PLUS]} (no longer sold)"))
    return offered


def bundle_note(facts: DeviceFacts, terms: Terms) -> str:
    """Say when a plan bought together with this device starts, and what must be recorded for it."""
    days = counted(terms.bundle_start_days.value, "day")
    start = f"Bought in one order at the DJI Store, it starts {days} after shipping."
    device = facts.device
    if device.channel is not Channel.DJI_STORE_BUNDLE:
        return f"{start} For that, say “DJI Store, together with a plan” where the device was bought."
    if device.shipped_at is None:
        return f"{start} The day of shipping is not recorded with the device yet."
    return f"{start} It was shipped on {short_day_text(day_of(device.shipped_at, facts.zone))}."


def preview_plan(plan: Plan, facts: DeviceFacts, terms: Terms, now: datetime) -> Preview:
    """Say what a plan would give: its days, its replacements and flyaways, by the edition that counts."""
    others = tuple(each for each in facts.plans if each.id != plan.id)
    known = replace(known_by(facts, now), plans=(*others, plan))
    spans = plan_spans(known, terms, now)
    span = next((each for each in spans if each.plan.id == plan.id), None)
    if span is None or span.starts_on is None or span.ends_on is None:
        return Preview(words="The first covered day is not known yet: enter when it was bound, or its first day.")
    care = care_of(span, known, spans, terms, day_of(now, facts.zone))
    gives = [counted(care.replacements.allowed or 0, "replacement")]
    if care.flyaways.allowed is None:
        gives.append("flyaways not stated")
    elif care.flyaways.allowed:
        gives.append(f"of these {counted(care.flyaways.allowed, 'flyaway')}")
    else:
        gives.append("no flyaway for this model")
    days = f"Covers {day_text(span.starts_on)} to {day_text(span.ends_on)}"
    words = f"{days}: {', '.join(gives)}."
    return Preview(words=words, is_open=span.covers(day_of(now, facts.zone)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeForm:
    """What stands in the form about a check before a late purchase."""

    kind: NoticeKind = NoticeKind.VIDEO
    submitted_at: datetime | None = None
    result: NoticeResult | None = None
    notice_at: datetime | None = None


def notice_form_of(notice: PurchaseNotice) -> NoticeForm:
    """Return the form that shows a recorded check."""
    return NoticeForm(
        kind=notice.kind, submitted_at=notice.submitted_at, result=notice.result, notice_at=notice.notice_at
    )


def check_notice(form: NoticeForm) -> Problems:
    """Return what is wrong with a form about a check."""
    if form.result is NoticeResult.PASSED and form.notice_at is None:
        return {"notice_at": "Say when DJI told you: the time to buy counts from then."}
    if form.notice_at and form.submitted_at and form.notice_at < form.submitted_at:
        return {"notice_at": "DJI's answer lies before the day the check was sent."}
    return {}


def bind_problems(to: BoundTo, target: str | None, label: str, serial: str) -> Problems:
    """Return what is wrong with a binding form: it needs a recorded target, or enough to record a new one."""
    if target is not None:
        return {}
    if to is BoundTo.ACCOUNT and not label.strip():
        return {"label": "Give the account a name you know it by."}
    if to is BoundTo.CONTROLLER and not serial.strip() and not label.strip():
        return {"serial": "Enter the controller's serial, or a name for it."}
    return {}
