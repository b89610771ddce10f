"""Which warranties run on the device, on what, and from which to which day? They add up and are never merged."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from homepoint.domain.assessment import SerialReading, WarrantyBasis, WarrantySpan
from homepoint.domain.facts import PlanProduct, Service, Step
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.care import used_up_at, uses
from homepoint.domain.rules.known import REPLACING_SERVICES, moved_at, step_at, turned_down
from homepoint.domain.rules.plans import PlanSpan
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId, day_of, last_day_of_term

_REPAIRS = frozenset({Service.REPAIR_WARRANTY, Service.REPAIR_PAID, Service.REPAIR_DISCOUNT})


def warranty(
    facts: DeviceFacts, spans: tuple[PlanSpan, ...], serial: SerialReading, terms: Terms, at: datetime
) -> tuple[WarrantySpan, ...]:
    """Return every span of warranty known at this instant, running, past or to come."""
    if facts.successor is not None:
        return ()
    return (
        *_of_plans(facts, spans, terms),
        *_safe_use_reward(facts, spans, terms, at),
        *_after_service(facts, terms),
        *_standard(facts, serial, terms),
    )


def _of_plans(facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms) -> Iterator[WarrantySpan]:
    """While a plan is valid DJI repairs covered parts that fail through no fault of the owner.

    In the older editions a plan ends with its last replacement; Care Refresh + lengthens the warranty by its year.
    """
    for span in spans:
        plus = span.plan.product is PlanProduct.PLUS
        until, why = span.ends_on, span.terms.warranty.because
        ended_at = used_up_at(span, facts, spans)
        ends_plan = span.edition.used_up_ends_plan
        if ends_plan.value and ended_at is not None and until is not None:
            until, why = min(until, day_of(ended_at, facts.zone)), (*why, *ends_plan.because)
        yield WarrantySpan(
            basis=WarrantyBasis.CARE_PLUS if plus else WarrantyBasis.CARE_PLAN,
            from_day=span.starts_on,
            until_day=until,
            because=terms.because(Reason.WARRANTY_PLUS) if plus else why,
        )


def _safe_use_reward(
    facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms, at: datetime
) -> Iterator[WarrantySpan]:
    """A listed model whose first plan ran out without one replacement used gets a year of warranty after it."""
    if not spans or spans[0].ends_on is None:
        return
    first, ends_on = spans[0], spans[0].ends_on
    models, months = first.edition.reward_models, first.edition.reward_months
    if models is None or months is None or facts.device.model not in models.models:
        return
    if not first.ended_before(day_of(at, facts.zone)) or uses(first, facts, spans, REPLACING_SERVICES):
        return
    starts_on = ends_on + timedelta(days=1)
    yield WarrantySpan(
        basis=WarrantyBasis.SAFE_USE_REWARD,
        from_day=starts_on,
        until_day=last_day_of_term(starts_on, months.value),
        because=terms.because(Reason.WARRANTY_REWARD),
    )


def _after_service(facts: DeviceFacts, terms: Terms) -> Iterator[WarrantySpan]:
    """What DJI repaired or sent keeps the rest of the original warranty, or this many days, whichever is longer."""
    starts = [
        day_of(done_at, facts.zone)
        for claim in facts.claims
        if claim.service in _REPAIRS
        and not turned_down(claim)
        and (done_at := step_at(claim, Step.REPAIRED)) is not None
    ]
    if facts.predecessor is not None:
        sent_at = moved_at(facts.predecessor, facts.device)
        if sent_at is not None:
            starts.append(facts.device.received_on or day_of(sent_at, facts.zone))
    for starts_on in sorted(starts):
        yield WarrantySpan(
            basis=WarrantyBasis.AFTER_SERVICE,
            from_day=starts_on,
            until_day=starts_on + timedelta(days=terms.after_service.days),
            because=terms.after_service.because,
        )


def _standard(facts: DeviceFacts, serial: SerialReading, terms: Terms) -> Iterator[WarrantySpan]:
    """The manufacturer's warranty by part, for models whose table is known; for all others it is not known."""
    first = list(facts.lineage())[-1]
    starts_on, why = _start(first, serial, terms)
    table = next((each for each in terms.standard_warranties if facts.device.model in each.models), None)
    if table is None:
        yield WarrantySpan(
            basis=WarrantyBasis.STANDARD,
            from_day=starts_on,
            because=(*terms.because(Reason.WARRANTY_NOT_FOUND), *why),
        )
        return
    for part in table.parts:
        if part.months:
            yield WarrantySpan(
                basis=WarrantyBasis.STANDARD,
                part=part.part,
                from_day=starts_on,
                until_day=last_day_of_term(starts_on, part.months) if starts_on else None,
                note=part.condition,
                because=(*table.because, *why),
            )


def _start(first: DeviceFacts, serial: SerialReading, terms: Terms) -> tuple[date | None, tuple[ClauseId, ...]]:
    """Return when the manufacturer's warranty began: on receipt, else on purchase; without proof, after the making."""
    device = first.device
    if device.proof_of_purchase is False and serial.factory_day is not None:
        starts_on = serial.factory_day + timedelta(days=terms.factory_warranty_days.value)
        return starts_on, terms.because(Reason.WARRANTY_STARTS_WITHOUT_PROOF)
    return device.received_on or device.purchased_on, terms.because(Reason.WARRANTY_STARTS)
