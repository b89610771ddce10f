"""Which windows end, when, and how near is each end?"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from homepoint.domain.assessment import (
    Care,
    Deadline,
    DeadlineKind,
    DeadlineState,
    Purchase,
    PurchaseVerdict,
    RenewalReading,
    WarrantySpan,
)
from homepoint.domain.facts import Category, DeviceStatus
from homepoint.domain.rules.plans import PlanSpan
from homepoint.domain.rules.purchase import first_purchase_window, notice_window
from homepoint.domain.rules.renewal import history_renews, last_day_to_renew
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId, day_of, end_of

DUE_HOURS, DUE_DAYS = 72, 3
"""A deadline is due when less than this is left: Homepoint's own choice of when to worry, not one of the terms."""


def deadlines(
    facts: DeviceFacts,
    category: Category | None,
    spans: tuple[PlanSpan, ...],
    care: Care,
    purchase: Purchase,
    renewal: RenewalReading,
    warranties: tuple[WarrantySpan, ...],
    terms: Terms,
    at: datetime,
) -> tuple[Deadline, ...]:
    """Return the deadlines of a device in use, the earliest first; a replaced or sold one has none."""
    if facts.successor is not None or facts.device.status is not DeviceStatus.IN_USE:
        return ()
    found = (
        *_first_purchase(facts, category, spans, purchase, terms, at),
        *_defect_replacement(facts, terms, at),
        *_plan_end(facts, spans, care, at),
        *_renewal(facts, spans, renewal, terms, at),
        *_warranty_end(facts, warranties, care, at),
    )
    return tuple(sorted(found, key=lambda each: each.ends_at))


def state_of(until: datetime | date, at: datetime, zone: tzinfo, *, met: bool = False) -> DeadlineState:
    """Say how near the end of a window is: hour windows by the clock, day windows by the calendar."""
    if met:
        return DeadlineState.MET
    if isinstance(until, datetime):
        if at >= until:
            return DeadlineState.PASSED
        return DeadlineState.DUE if until - at < timedelta(hours=DUE_HOURS) else DeadlineState.AHEAD
    today = day_of(at, zone)
    if today > until:
        return DeadlineState.PASSED
    return DeadlineState.DUE if (until - today).days < DUE_DAYS else DeadlineState.AHEAD


def becomes_due_at(deadline: Deadline, zone: tzinfo) -> datetime:
    """Return the instant at which a deadline turns from ahead to due."""
    if isinstance(deadline.at, datetime):
        return deadline.at - timedelta(hours=DUE_HOURS)
    return end_of(deadline.at - timedelta(days=DUE_DAYS), zone)


def make_deadline(
    kind: DeadlineKind,
    until: datetime | date,
    because: tuple[ClauseId, ...],
    at: datetime,
    zone: tzinfo,
    *,
    met: bool = False,
) -> Deadline:
    """Return a deadline with its state at an instant."""
    return Deadline(
        kind=kind,
        at=until,
        ends_at=until if isinstance(until, datetime) else end_of(until, zone),
        state=state_of(until, at, zone, met=met),
        because=because,
    )


def _first_purchase(
    facts: DeviceFacts,
    category: Category | None,
    spans: tuple[PlanSpan, ...],
    purchase: Purchase,
    terms: Terms,
    at: datetime,
) -> Iterator[Deadline]:
    if purchase.verdict is PurchaseVerdict.UNAVAILABLE or facts.predecessor is not None:
        return
    bought = bool(spans)
    window = first_purchase_window(facts, category, terms)
    if window is not None:
        yield make_deadline(DeadlineKind.FIRST_PURCHASE, window.until, window.because, at, facts.zone, met=bought)
    notice = notice_window(facts, terms, at)
    if notice is not None:
        yield make_deadline(DeadlineKind.NOTICE_PURCHASE, notice.until, notice.because, at, facts.zone, met=bought)


def _defect_replacement(facts: DeviceFacts, terms: Terms, at: datetime) -> Iterator[Deadline]:
    bought_on, days = facts.device.purchased_on, terms.defect_replacement_days
    if bought_on is not None and bought_on <= day_of(at, facts.zone):
        until = bought_on + timedelta(days=days.value)
        yield make_deadline(DeadlineKind.DEFECT_REPLACEMENT, until, days.because, at, facts.zone)


def _plan_end(facts: DeviceFacts, spans: tuple[PlanSpan, ...], care: Care, at: datetime) -> Iterator[Deadline]:
    if care.ends_on is not None:
        renewed = bool(spans) and spans[-1].plan.id != care.plan
        yield make_deadline(DeadlineKind.PLAN_END, care.ends_on, care.because, at, facts.zone, met=renewed)


def _renewal(
    facts: DeviceFacts,
    spans: tuple[PlanSpan, ...],
    renewal: RenewalReading,
    terms: Terms,
    at: datetime,
) -> Iterator[Deadline]:
    """The last day to renew, as long as renewing was possible at all."""
    edition = terms.edition_on(day_of(at, facts.zone))
    if renewal.until is not None and spans and history_renews(spans, edition.renewal):
        until = last_day_to_renew(spans, edition)
        if until is not None:
            yield make_deadline(DeadlineKind.RENEWAL, until, renewal.because, at, facts.zone)


def _warranty_end(
    facts: DeviceFacts, warranties: tuple[WarrantySpan, ...], care: Care, at: datetime
) -> Iterator[Deadline]:
    """The day the last warranty ends, where that is not simply the end of the plan."""
    known = [span for span in warranties if span.until_day is not None]
    if not known:
        return
    last = max(known, key=lambda span: span.until_day or date.min)
    if last.until_day is not None and last.until_day != care.ends_on:
        yield make_deadline(DeadlineKind.WARRANTY_END, last.until_day, last.because, at, facts.zone)
