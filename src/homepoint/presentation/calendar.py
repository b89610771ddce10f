"""Deadlines as events of the owner's calendar: what each is called, what is lost, why, and when it rings."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from homepoint.application.calendar import CalendarEvent
from homepoint.domain.assessment import CLAIM_DEADLINES, Assessment, Deadline, DeadlineKind, DeadlineState
from homepoint.domain.facts import Device, NoticeResult, PlanProduct
from homepoint.domain.lead_times import LeadTimes
from homepoint.domain.reminders import kind_of_reminder
from homepoint.domain.rules.claims import awaits_the_old_unit, claim_reading
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import plan_spans
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId, DeviceId
from homepoint.presentation.deadline_list import clause_texts
from homepoint.presentation.device_list import device_name
from homepoint.presentation.wording import DEADLINE_NAMES, day_text, loss_of, moment_text

Leads = Mapping[DeadlineKind, Sequence[timedelta]]
"""How long before the end of a window to ring, by kind of deadline."""

LeadsOf = Callable[[DeviceId, Deadline], Sequence[timedelta]]
"""How long before the end of a window to ring, for one deadline of a device."""

CALENDAR_NAME = "Homepoint deadlines"

RINGS_AT = timedelta(hours=9)
"""When on its day an alarm of a day window rings: nobody wants to hear of a renewal at midnight."""

_HOURS = tuple(timedelta(hours=hours) for hours in (24, 6, 1))
_RETURN = tuple(timedelta(days=days) for days in (4, 2, 1, 0))
_OTHERS = tuple(timedelta(days=days) for days in (30, 7, 1))

USUAL_LEADS: Leads = MappingProxyType(
    {
        **dict.fromkeys(DeadlineKind, _OTHERS),
        **dict.fromkeys((DeadlineKind.FIRST_PURCHASE, DeadlineKind.NOTICE_PURCHASE), _HOURS),
        **dict.fromkeys(CLAIM_DEADLINES, _RETURN),
        DeadlineKind.RENEWAL: tuple(timedelta(days=days) for days in (30, 14, 3, 0)),
    }
)
"""The lead times where the owner chose no others."""


class _Owned(NamedTuple):
    """A deadline and what it belongs to: the id of a plan, a notice or a claim, or nothing for the device itself."""

    deadline: Deadline
    belongs_to: str = ""
    product: PlanProduct | None = None


def calendar_events(
    devices: Iterable[tuple[DeviceFacts, Assessment]], terms: Terms, leads: Leads | LeadsOf = USUAL_LEADS
) -> tuple[CalendarEvent, ...]:
    """Return an event for every deadline that is not met, those that passed too.

    Args:
        devices: facts and what the rules say of them, all at one instant.
        terms: the catalogue, for the clauses' words.
        leads: when to ring; a kind that is not in it does not ring.
    """
    known = tuple(devices)
    leads_of = leads if callable(leads) else _by_kind(leads)
    names = _names([facts.device for facts, _ in known])
    return tuple(
        _event(facts, names[facts.device.id], owned, terms, leads_of)
        for facts, assessment in known
        for owned in _owned_deadlines(facts, assessment, terms)
        if owned.deadline.state is not DeadlineState.MET
    )


def leads_from(lead_times: LeadTimes) -> LeadsOf:
    """Return when to ring so that the calendar rings when the owner's reminders come."""

    def leads_of(device: DeviceId, deadline: Deadline) -> Sequence[timedelta]:
        return [lead.span for lead in lead_times.of(kind_of_reminder(deadline.kind, deadline.at), device)]

    return leads_of


def event_uid(device: str, kind: DeadlineKind, belongs_to: str = "") -> str:
    """Return the name of an event for ever: the same when its date moves, and telling nobody a serial.

    What a deadline belongs to keeps apart the renewals of two plans, or the returns of two claims, of one device.
    """
    parts = json.dumps([device, kind, belongs_to])
    return f"{sha256(parts.encode()).hexdigest()[:32]}@homepoint"


def _owned_deadlines(facts: DeviceFacts, assessment: Assessment, terms: Terms) -> Iterator[_Owned]:
    known = known_by(facts, assessment.at)
    for deadline in assessment.deadlines:
        if deadline.kind not in CLAIM_DEADLINES:
            yield _owned(deadline, known, assessment, terms)
    for claim in known.claims:
        if awaits_the_old_unit(claim):
            for deadline in claim_reading(known, claim, terms, assessment.at).deadlines:
                yield _Owned(deadline, claim.id)


def _owned(deadline: Deadline, known: DeviceFacts, assessment: Assessment, terms: Terms) -> _Owned:
    care = assessment.care
    if deadline.kind is DeadlineKind.PLAN_END:
        return _Owned(deadline, care.plan or "", care.product)
    if deadline.kind is DeadlineKind.RENEWAL:  # it runs from the end of the plan that ends last
        ended = [span for span in plan_spans(known, terms, assessment.at) if span.ends_on is not None]
        last = max(ended, key=lambda span: span.ends_on or date.min).plan
        return _Owned(deadline, last.id, last.product)
    if deadline.kind is DeadlineKind.NOTICE_PURCHASE:
        passed = [each for each in known.notices if each.result is NoticeResult.PASSED]
        opened = [(each.notice_at, each.id) for each in passed if each.notice_at and each.notice_at <= assessment.at]
        return _Owned(deadline, max(opened)[1])
    return _Owned(deadline, product=care.product)


def _by_kind(leads: Leads) -> LeadsOf:
    return lambda _device, deadline: leads.get(deadline.kind, ())


def _event(facts: DeviceFacts, name: str, owned: _Owned, terms: Terms, leads_of: LeadsOf) -> CalendarEvent:
    deadline = owned.deadline
    return CalendarEvent(
        uid=event_uid(facts.device.id, deadline.kind, owned.belongs_to),
        title=f"{DEADLINE_NAMES[deadline.kind]}: {name}",
        starts=deadline.at,
        description=_description(facts, owned, terms),
        alarms=_alarms(deadline.at, leads_of(facts.device.id, deadline)),
    )


def _description(facts: DeviceFacts, owned: _Owned, terms: Terms) -> str:
    deadline = owned.deadline
    if isinstance(deadline.at, datetime):
        until = f"Open until {moment_text(deadline.at, facts.zone)} ({facts.zone.key})."
    else:
        until = f"Open until the end of {day_text(deadline.at)}."
    clauses = clause_texts(terms, tuple(ClauseId(each) for each in deadline.because))
    return "\n\n".join(
        (
            loss_of(deadline.kind, owned.product),
            until,
            *(("Why:", *clauses) if clauses else ()),
            "From your own records in Homepoint, which DJI did not make.",
        )
    )


def _alarms(starts: datetime | date, leads: Sequence[timedelta]) -> tuple[timedelta, ...]:
    """Return the alarms as spans before `starts`, the earliest first.

    For a day window, whole days before ring in the morning of that day; less than a day counts from the day's end.
    """
    if isinstance(starts, datetime):
        spans = set(leads)
    else:
        a_day = timedelta(days=1)
        spans = {lead - a_day if timedelta(0) < lead < a_day else lead - RINGS_AT for lead in leads}
    return tuple(sorted(spans, reverse=True))


def _names(devices: Sequence[Device]) -> Mapping[str, str]:
    """Name devices; only where two bear one name, the last four of the serial tell them apart."""
    count = Counter(device_name(device) for device in devices)
    return {
        device.id: name if count[name := device_name(device)] == 1 else _with_last_four(name, device)
        for device in devices
    }


def _with_last_four(name: str, device: Device) -> str:
    serial = normalised(device.serial or "")
    return f"{name} …{serial[-4:]}" if serial else name
