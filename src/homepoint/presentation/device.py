"""Everything the page of one device shows, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from homepoint.application.changes import HistoryEntry
from homepoint.application.conflicts import overridden
from homepoint.domain.assessment import Assessment, CareState, Gap, PurchaseVerdict
from homepoint.domain.facts import (
    BoundTo,
    Category,
    DeviceStatus,
    Service,
)
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import PlanSpan, plan_spans
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import PlanId, day_of
from homepoint.presentation.device_answers import Answer, ClauseText, answers, clause_texts
from homepoint.presentation.device_records import (
    BindingText,
    HistoryText,
    NoticeText,
    PlanText,
    WarrantyText,
    bindings_text,
    history_text,
    notice_text,
    plan_text,
    warranty_text,
)
from homepoint.presentation.timeline import Timeline, timeline
from homepoint.presentation.wording import (
    PRODUCT_NAMES,
    counted,
    day_text,
    gap_remedy,
    gap_sentence,
    moment_text,
    name_of,
    region_name,
    short_day_text,
)


class Form(StrEnum):
    """The forms an answer or a button on the page can open."""

    DEVICE = "device"
    BIND_ACCOUNT = "bind-account"
    BIND_CONTROLLER = "bind-controller"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact that is missing, asked for; the button opens `form` at `field` (of the plan `plan`, if it is one)."""

    asks: str
    why: str
    form: Form
    field: str
    plan: PlanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapText:
    """One thing between the aircraft and flyaway cover, and the form that closes it, where one does."""

    sentence: str
    remedy: str
    form: Form | None = None
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessText:
    """Flyaway readiness: ready, or the gaps; `where` says where in DJI's app both are bound."""

    is_ready: bool
    gaps: tuple[GapText, ...]
    where: tuple[str, ...]
    why: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePage:
    """The page of one device at one instant."""

    title: str
    model: str
    serial: str | None
    category: Category | None
    status: str
    in_use: bool
    cover: str
    details: tuple[tuple[str, str | None], ...]
    as_of: str | None
    asks_title: str
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]
    readiness: ReadinessText | None
    accounts: tuple[BindingText, ...]
    controllers: tuple[BindingText, ...]
    plans: tuple[PlanText, ...]
    notices: tuple[NoticeText, ...]
    may_notify: bool
    warranty: tuple[WarrantyText, ...]
    warranty_why: tuple[ClauseText, ...]
    history: tuple[HistoryText, ...]
    timeline: Timeline


def device_page(
    assessment: Assessment, facts: DeviceFacts, terms: Terms, *, is_now: bool, history: Sequence[HistoryEntry] = ()
) -> DevicePage:
    """Return all the page shows.

    Args:
        assessment: of the device at the instant the page is about.
        facts: all facts of the device, later ones included.
        terms: the catalogue.
        is_now: the instant is the present one.
        history: the edits of this device, the newest first.
    """
    device, at, zone = facts.device, assessment.at, facts.zone
    known = known_by(facts, at)
    spans = plan_spans(known, terms, at)
    told = moment_text(at, zone)
    gave_way = overridden(history)
    return DevicePage(
        title=device.nickname or device.model,
        model=device.model,
        serial=assessment.serial.text or None,
        category=assessment.category,
        status=name_of(device.status),
        in_use=device.status is DeviceStatus.IN_USE,
        cover=cover_text(assessment),
        details=_details(facts, assessment),
        as_of=None if is_now else f"You are looking at {told}. Everything below is as it was or will be then.",
        asks_title="What you can ask for today" if is_now else f"What you can ask for on {day_text(day_of(at, zone))}",
        answers=answers(assessment, facts, terms),
        questions=tuple(_questions(assessment, known, spans)),
        readiness=_readiness(assessment, terms),
        accounts=bindings_text(known, BoundTo.ACCOUNT, at),
        controllers=bindings_text(known, BoundTo.CONTROLLER, at),
        plans=tuple(plan_text(span, facts, assessment, at) for span in reversed(spans)),
        notices=tuple(notice_text(each, zone) for each in known.notices),
        may_notify=assessment.care.plan is None and assessment.purchase.verdict is PurchaseVerdict.VERIFY,
        warranty=tuple(warranty_text(each, at, zone) for each in assessment.warranty),
        warranty_why=clause_texts((each for span in assessment.warranty for each in span.because), terms),
        history=tuple(history_text(each, facts, gave_way.get(each.number, ())) for each in history),
        timeline=timeline(assessment, facts, terms, is_now=is_now),
    )


def cover_text(assessment: Assessment) -> str:
    """Say in one sentence which plan counts and what is left of it."""
    care = assessment.care
    if care.state is CareState.NONE or care.product is None:
        return "No care plan."
    name = PRODUCT_NAMES[care.product]
    if care.state is CareState.NOT_STARTED:
        return f"{name}, starts on {day_text(care.starts_on)}." if care.starts_on else f"{name}, not started yet."
    if care.ends_on is None:
        return f"{name}, {name_of(care.state).lower()}."
    if care.state is CareState.EXPIRED:
        return f"{name} ended on {day_text(care.ends_on)}."
    left = care.replacements.left
    uses = "" if left is None else f", {left} of {counted(care.replacements.allowed or 0, 'replacement')} left"
    return f"{name} until {day_text(care.ends_on)}{uses}."


def _details(facts: DeviceFacts, assessment: Assessment) -> tuple[tuple[str, str | None], ...]:
    device, zone = facts.device, facts.zone
    activated = moment_text(device.activated_at, zone) if device.activated_at else None
    if activated is None and assessment.purchase.verdict is PurchaseVerdict.OPEN and assessment.purchase.until is None:
        activated = "Not activated yet"
    proof = {True: "Yes", False: "No", None: None}[device.proof_of_purchase]
    return (
        ("Activated", activated),
        ("Purchased", short_day_text(device.purchased_on) if device.purchased_on else None),
        ("Received", short_day_text(device.received_on) if device.received_on else None),
        ("Region of purchase", region_name(device.region) if device.region else None),
        ("Bought from", name_of(device.channel) if device.channel else None),
        ("Condition when bought", name_of(device.condition) if device.condition else None),
        ("Proof of purchase", proof),
    )


_QUESTIONS = {
    "activated_at": ("When was it activated?", "It decides until when a care plan can be bought."),
    "region": ("In which region was it bought?", "Plans, prices and service depend on it."),
    "category": ("What kind of device is it?", "An aircraft and a handheld have different times to buy a plan."),
    "purchased_on": ("When was it bought?", "A device that came faulty is exchanged in the first days."),
    "received_on": ("When did you receive it?", "The warranty begins on that day."),
    "channel": ("Where was it bought?", "It decides whether DJI serves it abroad."),
    "proof_of_purchase": ("Do you have a proof of purchase?", "It decides whether DJI serves it abroad."),
}


def _questions(assessment: Assessment, known: DeviceFacts, spans: tuple[PlanSpan, ...]) -> Iterator[Question]:
    """Ask for each missing fact once, the most useful first; a unit that is gone needs no answers."""
    if known.successor is not None or known.device.status is not DeviceStatus.IN_USE:
        return
    for span in spans:
        if span.starts_on is None:
            name = PRODUCT_NAMES[span.plan.product]
            yield Question(
                asks=f"When was {name} bound?",
                why="The plan starts on that day.",
                form=Form.PLAN,
                field="bound_at",
                plan=span.plan.id,
            )
    readings = (
        assessment.purchase.unknown,
        *(each.unknown for each in assessment.services if each.service is not Service.REFUND),
    )
    missing = dict.fromkeys(name for unknown in (*readings, assessment.service_area.unknown) for name in unknown)
    for name in missing:
        if name in _QUESTIONS:
            asks, why = _QUESTIONS[name]
            yield Question(asks=asks, why=why, form=Form.DEVICE, field=name)


_CLOSES = {
    Gap.ACCOUNT_BINDING: (Form.BIND_ACCOUNT, "Record the account …"),
    Gap.CONTROLLER_BINDING: (Form.BIND_CONTROLLER, "Record the controller …"),
    Gap.PLAN: (Form.PLAN, "Record a plan …"),
    Gap.FLYAWAY_QUOTA: (Form.PLAN, "Enter the agreement …"),
    Gap.MODEL_SUPPORT: (Form.PLAN, "Enter the agreement …"),
}
_WHERE_TO_BIND = ("S0-70", "S0-71")


def _readiness(assessment: Assessment, terms: Terms) -> ReadinessText | None:
    missing = assessment.flyaway.missing
    if Gap.NOT_AN_AIRCRAFT in missing:
        return None
    has_plan = assessment.care.plan is not None
    gaps = []
    for gap in missing:
        form, act = _CLOSES.get(gap, (None, ""))
        if gap in (Gap.FLYAWAY_QUOTA, Gap.MODEL_SUPPORT) and not has_plan:
            form, act = None, ""
        gaps.append(GapText(sentence=gap_sentence(gap), remedy=gap_remedy(gap), form=form, act=act))
    binding_is_missing = {Gap.ACCOUNT_BINDING, Gap.CONTROLLER_BINDING} & set(missing)
    where = [clause.says for id, clause in terms.clauses.items() if binding_is_missing and id in _WHERE_TO_BIND]
    return ReadinessText(
        is_ready=assessment.flyaway.ready,
        gaps=tuple(gaps),
        where=tuple(where),
        why=clause_texts(assessment.flyaway.because, terms),
    )
