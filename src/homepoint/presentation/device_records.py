"""What is recorded of a device in words: bindings, plans, checks by DJI, warranty rows and the history."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo

from homepoint.application.changes import Change, HistoryEntry
from homepoint.application.conflicts import Overridden
from homepoint.domain.assessment import Assessment, CareState, WarrantyBasis, WarrantySpan
from homepoint.domain.facts import Binding, BoundTo, Fact, NoticeKind, NoticeResult, Plan, PurchaseNotice, kind_of
from homepoint.domain.rules.plans import PlanSpan
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import AccountId, BindingId, ControllerId, NoticeId, PlanId, day_of
from homepoint.presentation.wording import (
    PRODUCT_NAMES,
    counted,
    moment_text,
    name_of,
    region_name,
    short_day_text,
)


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
    code_hint: str | None
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
class GaveWayText:
    """Something that an edit set and another, made at the same time, overrode; `restore` names the act."""

    says: str
    restore: str
    overridden: Overridden


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryText:
    """One edit: when, what, by whom, and what of it gave way to another made at the same time."""

    number: int
    at: str
    title: str
    what: str
    who: str
    gave_way: tuple[GaveWayText, ...] = ()


def bindings_text(known: DeviceFacts, to: BoundTo, at: datetime) -> tuple[BindingText, ...]:
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


def plan_text(span: PlanSpan, facts: DeviceFacts, assessment: Assessment, at: datetime) -> PlanText:
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
        code_hint=plan.activation_code_hint,
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


NOTICE_NAMES = {NoticeKind.VIDEO: "Check by video", NoticeKind.SEND_IN: "Check in the workshop"}
_RESULTS = {NoticeResult.PASSED: "Passed", NoticeResult.FAILED: "Not passed"}


def notice_text(notice: PurchaseNotice, zone: tzinfo) -> NoticeText:
    sent = f"sent {moment_text(notice.submitted_at, zone)}" if notice.submitted_at else "day sent not known"
    state = f"Waiting for DJI; {sent}"
    if notice.result is not None:
        told = f", told {moment_text(notice.notice_at, zone)}" if notice.notice_at else ", day told not known"
        state = f"{_RESULTS[notice.result]}; {sent}{told}"
    return NoticeText(id=notice.id, name=NOTICE_NAMES[notice.kind], state=state, is_pending=notice.result is None)


def warranty_text(span: WarrantySpan, at: datetime, zone: tzinfo) -> WarrantyText:
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


def history_text(entry: HistoryEntry, facts: DeviceFacts, gave_way: Sequence[Overridden] = ()) -> HistoryText:
    """Put an edit into words; `gave_way` is what of it was overridden by an edit made at the same time."""
    what = "; ".join(dict.fromkeys(each for change in entry.edit.changes if (each := _changed(change))))
    title = f"Taken back: {entry.edit.title}" if entry.undoes is not None else entry.edit.title
    return HistoryText(
        number=entry.number,
        at=moment_text(entry.at, facts.zone),
        title=title,
        what=what,
        who=_who(entry),
        gave_way=tuple(_gave_way(each) for each in gave_way),
    )


def _who(entry: HistoryEntry) -> str:
    return f"{entry.person} on {entry.computer}" if entry.person else entry.computer


def _gave_way(lost: Overridden) -> GaveWayText:
    what = _kind_in_words(lost.fact)
    if lost.name is None:
        says = f"{what}: {_who(lost.by)} changed it at the same time, and later. So it was not removed."
        return GaveWayText(says=says, restore="", overridden=lost)
    name = _field_in_words(lost.name)
    value = _value_in_words(lost.value)
    how = "removed it" if all(change.after is None for change in lost.by.edit.changes) else "set it otherwise"
    return GaveWayText(
        says=f"{what}, {name}: {value} gave way, because {_who(lost.by)} {how} at the same time, and later.",
        restore=f"Restore {value}",
        overridden=lost,
    )


def _value_in_words(value: object) -> str:
    """Return a plain value short enough for a line."""
    if value is None or value in ("", []):
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else "what was entered"
    text = str(value)
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


def _changed(change: Change) -> str:
    """Name the fields a change altered; a whole fact added or removed is told by the edit's title."""
    before, after = change.before, change.after
    if before is None or after is None:
        return ""
    names = [each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)]
    said = [_field_in_words(name) for name in names]
    return f"{_kind_in_words(after)}: {', '.join(said)}" if said else ""


def _field_in_words(name: str) -> str:
    return name.removesuffix("_at").removesuffix("_on").removesuffix("_hint").replace("_", " ")


def _kind_in_words(fact: Fact) -> str:
    return kind_of(fact).replace("_", " ").removesuffix("s").capitalize()
