"""Everything the page of one device shows, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from enum import StrEnum

from homepoint.application.changes import Change, HistoryEntry
from homepoint.domain.assessment import Assessment, CareState, Gap, PurchaseVerdict, WarrantyBasis, WarrantySpan
from homepoint.domain.facts import (
    Binding,
    BoundTo,
    Category,
    DeviceStatus,
    Fact,
    NoticeKind,
    NoticeResult,
    Plan,
    PurchaseNotice,
    kind_of,
)
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import PlanSpan, plan_spans
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import AccountId, BindingId, ControllerId, EditionId, NoticeId, PlanId, day_of
from homepoint.presentation.device_answers import Answer, ClauseText, answers, clause_texts
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
class BindingText:
    """One binding in words; `holds` while it is in force at the page's instant."""

    id: BindingId
    to: BoundTo
    name: str
    since: str
    checked: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """One plan in words."""

    id: PlanId
    name: str
    state: str
    is_active: bool
    rows: tuple[tuple[str, str | None], ...]
    code: str | None
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """A verification before a late purchase, in words."""

    id: NoticeId
    name: str
    state: str
    is_pending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyText:
    """One row of the warranty table."""

    part: str
    basis: str
    begins: str
    ends: str
    runs: bool | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryText:
    """One edit: when, what, by whom."""

    number: int
    at: str
    title: str
    what: str
    who: str


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
        accounts=_bindings(known, BoundTo.ACCOUNT, at),
        controllers=_bindings(known, BoundTo.CONTROLLER, at),
        plans=tuple(_plan(span, facts, assessment, at) for span in reversed(spans)),
        notices=tuple(_notice(each, zone) for each in known.notices),
        may_notify=assessment.care.plan is None and assessment.purchase.verdict is PurchaseVerdict.VERIFY,
        warranty=tuple(_warranty(each, at, zone) for each in assessment.warranty),
        warranty_why=clause_texts((each for span in assessment.warranty for each in span.because), terms),
        history=tuple(_history(each, facts) for each in history),
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
    readings = (assessment.purchase.unknown, *(each.unknown for each in assessment.services))
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


def _bindings(known: DeviceFacts, to: BoundTo, at: datetime) -> tuple[BindingText, ...]:
    """Return the bindings in words, those in force first, then the latest."""
    mine = [each for each in known.bindings if each.to is to]
    mine.sort(key=lambda each: (_holds(each, at), (each.bound_at or at).timestamp()), reverse=True)
    return tuple(_binding(each, known, at) for each in mine)


def _holds(binding: Binding, at: datetime) -> bool:
    return binding.unbound_at is None or binding.unbound_at > at


def _binding(binding: Binding, known: DeviceFacts, at: datetime) -> BindingText:
    zone = known.zone
    began = f"since {moment_text(binding.bound_at, zone)}" if binding.bound_at else "since a day not known"
    if not _holds(binding, at) and binding.unbound_at is not None:
        start = moment_text(binding.bound_at, zone) if binding.bound_at else "a day not known"
        began = f"from {start} to {moment_text(binding.unbound_at, zone)}"
    checks = [each for each in binding.checked_at if each <= at]
    return BindingText(
        id=binding.id,
        to=binding.to,
        name=_target_name(binding, known),
        since=f"Bound {began}",
        checked=f"Last checked {moment_text(max(checks), zone)}" if checks else "Not checked since",
        holds=_holds(binding, at),
    )


def _target_name(binding: Binding, known: DeviceFacts) -> str:
    if binding.to is BoundTo.ACCOUNT:
        account = next((each for each in known.accounts if each.id == AccountId(binding.target)), None)
        if account is None:
            return "An account that is no longer recorded"
        return f"{account.label} ({account.email})" if account.email else account.label
    controller = next((each for each in known.controllers if each.id == ControllerId(binding.target)), None)
    if controller is None:
        return "A controller that is no longer recorded"
    name = controller.label or controller.model or "Controller"
    return f"{name} · {controller.serial}" if controller.serial else name


def _plan(span: PlanSpan, facts: DeviceFacts, assessment: Assessment, at: datetime) -> PlanText:
    plan, zone, today = span.plan, facts.zone, day_of(at, facts.zone)
    state = CareState.EXPIRED if span.ended_before(today) else CareState.NOT_STARTED
    if span.covers(today):
        state = assessment.care.state if assessment.care.plan == plan.id else CareState.ACTIVE
    region = plan.region or facts.device.region
    return PlanText(
        id=plan.id,
        name=PRODUCT_NAMES[plan.product],
        state=name_of(state),
        is_active=state is CareState.ACTIVE,
        rows=(
            ("First covered day", short_day_text(span.starts_on) if span.starts_on else None),
            ("Last covered day", short_day_text(span.ends_on) if span.ends_on else None),
            ("Bought", moment_text(plan.purchased_at, zone) if plan.purchased_at else None),
            ("Bound", moment_text(plan.bound_at, zone) if plan.bound_at else None),
            ("Region", region_name(region) if region else None),
            ("Terms", f"{span.edition.name}"),
            ("Service agreement", agreement_text(plan) or "Nothing entered; the published terms count."),
        ),
        code=plan.activation_code,
        is_own=plan.device == facts.device.id,
    )


def agreement_text(plan: Plan) -> str:
    """Say what the owner read in the service agreement, or nothing."""
    parts = []
    if plan.ends_on is not None:
        parts.append(f"ends on {short_day_text(plan.ends_on)}")
    if plan.replacements is not None:
        parts.append(counted(plan.replacements, "replacement"))
    if plan.flyaways is not None:
        parts.append(counted(plan.flyaways, "flyaway"))
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def edition_name(terms: Terms, edition: EditionId | None) -> str:
    """Return an edition's name, or that it is not known."""
    found = terms.edition(edition) if edition else None
    return found.name if found else "Not known"


NOTICE_NAMES = {NoticeKind.VIDEO: "Check by video", NoticeKind.SEND_IN: "Check in the workshop"}
_RESULTS = {NoticeResult.PASSED: "Passed", NoticeResult.FAILED: "Not passed"}


def _notice(notice: PurchaseNotice, zone: tzinfo) -> NoticeText:
    sent = f"sent {moment_text(notice.submitted_at, zone)}" if notice.submitted_at else "day sent not known"
    state = f"Waiting for DJI; {sent}"
    if notice.result is not None:
        told = f", told {moment_text(notice.notice_at, zone)}" if notice.notice_at else ", day told not known"
        state = f"{_RESULTS[notice.result]}; {sent}{told}"
    return NoticeText(id=notice.id, name=NOTICE_NAMES[notice.kind], state=state, is_pending=notice.result is None)


def _warranty(span: WarrantySpan, at: datetime, zone: tzinfo) -> WarrantyText:
    today = day_of(at, zone)
    runs: bool | None = None
    if span.from_day is not None and today < span.from_day:
        runs = False
    elif span.until_day is not None:
        runs = today <= span.until_day and span.from_day is not None
    part = span.part.replace("-", " ").capitalize() if span.part else "Every covered part"
    if span.basis is WarrantyBasis.STANDARD and span.part is None:
        part = "The device"
    return WarrantyText(
        part=part,
        basis=name_of(span.basis),
        begins=short_day_text(span.from_day) if span.from_day else "Not known",
        ends=short_day_text(span.until_day) if span.until_day else "Not known",
        runs=runs,
        note=span.note or "",
    )


def _history(entry: HistoryEntry, facts: DeviceFacts) -> HistoryText:
    what = "; ".join(dict.fromkeys(each for change in entry.edit.changes if (each := _changed(change))))
    title = f"Taken back: {entry.edit.title}" if entry.undoes is not None else entry.edit.title
    return HistoryText(
        number=entry.number,
        at=moment_text(entry.at, facts.zone),
        title=title,
        what=what,
        who=f"{entry.person} on {entry.computer}",
    )


def _changed(change: Change) -> str:
    """Name the fields a change altered; a whole fact added or removed is told by the edit's title."""
    before, after = change.before, change.after
    if before is None or after is None:
        return ""
    names = [each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)]
    said = [_field_in_words(name) for name in names]
    return f"{_kind_in_words(after)}: {', '.join(said)}" if said else ""


def _field_in_words(name: str) -> str:
    return name.removesuffix("_at").removesuffix("_on").replace("_", " ")


def _kind_in_words(fact: Fact) -> str:
    return kind_of(fact).replace("_", " ").removesuffix("s").capitalize()
