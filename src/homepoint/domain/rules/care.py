"""Is the device under a care plan at this instant, and what does the plan still give?"""

from collections.abc import Iterable
from datetime import date, datetime

from homepoint.domain.assessment import NO_ALLOWANCE, Allowance, Care, CareState
from homepoint.domain.facts import Claim, Service, Step
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.known import REPLACING_SERVICES, step_at, turned_down
from homepoint.domain.rules.plans import PlanSpan, span_in_force
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import ModelList, Stated, Terms
from homepoint.domain.values import ClauseId, day_of

_REPLACEMENT_USED = (Step.FEE_PAID, Step.REPLACEMENT_SENT)
_BENEFIT_USED = (Step.FEE_PAID, Step.REPAIRED, Step.REPLACEMENT_SENT, Step.CLOSED)


def care(facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms, at: datetime) -> Care:
    """Say which plan counts at this instant, its state, and what is left of its allowances.

    A replaced unit has no care any more: plan and uses moved to its successor.
    """
    if facts.successor is not None:
        return Care(state=CareState.NONE, because=terms.because(Reason.CARE_MOVED))
    today = day_of(at, facts.zone)
    span = span_in_force(spans, today)
    if span is None:
        return Care(state=CareState.NONE, because=terms.because(Reason.CARE_NONE))
    return care_of(span, facts, spans, terms, today)


def care_of(span: PlanSpan, facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms, today: date) -> Care:
    """Return what one plan gives on a day, with the uses that had been made of it."""
    replacements, why_replacements = _replacements(span, facts, spans, terms)
    flyaways, why_flyaways = _flyaways(span, facts, spans, terms, replacements)
    moved = terms.because(Reason.CARE_MOVED) if span.plan.device != facts.device.id else ()
    return Care(
        state=_state(span, replacements, today),
        plan=span.plan.id,
        product=span.plan.product,
        edition=span.edition.id,
        region=span.plan.region or facts.device.region,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        replacements=replacements,
        flyaways=flyaways,
        repair_discounts=_benefit(span, facts, spans, terms, Service.REPAIR_DISCOUNT),
        maintenance=_benefit(span, facts, spans, terms, Service.MAINTENANCE),
        because=_once((*why_replacements, *why_flyaways, *span.because, *moved)),
    )


def uses(
    span: PlanSpan, facts: DeviceFacts, spans: tuple[PlanSpan, ...], services: frozenset[Service]
) -> list[datetime]:
    """Return when each use of a plan through these services was made, in order.

    A use counts once its fee is paid or the replacement sent, unless it was refused or withdrawn; a claim that names
    no plan counts for the one in force when its incident happened.
    """
    counted = []
    steps = _REPLACEMENT_USED if services <= REPLACING_SERVICES else _BENEFIT_USED
    for unit in facts.lineage():
        for claim in unit.claims:
            used_at = step_at(claim, *steps)
            if claim.service in services and used_at is not None and not turned_down(claim):
                named = claim.plan or _plan_then(claim, unit, spans, used_at)
                if named == span.plan.id:
                    counted.append(used_at)
    return sorted(counted)


def used_up_at(span: PlanSpan, facts: DeviceFacts, spans: tuple[PlanSpan, ...]) -> datetime | None:
    """Return when the last replacement of a plan was used, or None while some are left."""
    allowed = span.plan.replacements if span.plan.replacements is not None else span.terms.replacements.value
    made = uses(span, facts, spans, REPLACING_SERVICES)
    return made[allowed - 1] if 0 < allowed <= len(made) else None


def supports_flyaway(span: PlanSpan, model: str) -> bool:
    """Say whether the plan's edition lists the model for flyaways, or the service agreement grants some."""
    return bool(span.plan.flyaways) or any(model in each.models for each in span.edition.flyaway_lists)


def _plan_then(claim: Claim, unit: DeviceFacts, spans: tuple[PlanSpan, ...], used_at: datetime) -> str | None:
    happened = next((each.at for each in unit.incidents if each.id == claim.incident), None) or used_at
    span = span_in_force(spans, day_of(happened, unit.zone))
    return span.plan.id if span else None


def _state(span: PlanSpan, replacements: Allowance, today: date) -> CareState:
    if span.ended_before(today):
        return CareState.EXPIRED
    if span.starts_on is None or today < span.starts_on:
        return CareState.NOT_STARTED
    return CareState.USED_UP if replacements.left == 0 else CareState.ACTIVE


def _replacements(
    span: PlanSpan, facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms
) -> tuple[Allowance, tuple[ClauseId, ...]]:
    stated, agreed = span.terms.replacements, span.plan.replacements
    used = len(uses(span, facts, spans, REPLACING_SERVICES))
    if agreed is not None:
        return _left(agreed, used), (*terms.because(Reason.CARE_AGREEMENT), *stated.because)
    return _left(stated.value, used), stated.because


def _flyaways(
    span: PlanSpan,
    facts: DeviceFacts,
    spans: tuple[PlanSpan, ...],
    terms: Terms,
    replacements: Allowance,
) -> tuple[Allowance, tuple[ClauseId, ...]]:
    """Return the flyaway allowance: none for a model on no list of the edition, never more than replacements left."""
    used = len(uses(span, facts, spans, frozenset({Service.FLYAWAY_REPORT})))
    stated: Stated[int | None] = span.terms.flyaways
    if span.plan.flyaways is not None:
        allowed, why = span.plan.flyaways, terms.because(Reason.CARE_AGREEMENT)
    elif not supports_flyaway(span, facts.device.model):
        return Allowance(allowed=0, used=used, left=0), terms.because(Reason.FLYAWAY_MODEL_SUPPORT)
    elif stated.value is None:
        return Allowance(allowed=None, used=used, left=None), (
            *stated.because,
            *terms.because(Reason.FLYAWAY_QUOTA_NOT_FOUND),
        )
    else:
        allowed, why = stated.value, stated.because
    left = max(0, min(allowed - used, replacements.left if replacements.left is not None else allowed))
    return Allowance(allowed=allowed, used=used, left=left), why


def _benefit(
    span: PlanSpan, facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms, service: Service
) -> Allowance:
    """Return a benefit of few models: what the edition states for those on its list, nothing for all others."""
    stated = span.terms.repair_discounts if service is Service.REPAIR_DISCOUNT else span.terms.maintenance
    ever_listed = (
        each.repair_discount_models if service is Service.REPAIR_DISCOUNT else each.maintenance_models
        for each in terms.editions
    )
    if not _on_any(ever_listed, facts.device.model):
        return NO_ALLOWANCE
    used = len(uses(span, facts, spans, frozenset({service})))
    if stated.value is None:
        return Allowance(allowed=None, used=used, left=None)
    return _left(stated.value, used)


def _on_any(lists: Iterable[ModelList | None], model: str) -> bool:
    return any(model in each.models for each in lists if each is not None)


def _left(allowed: int, used: int) -> Allowance:
    return Allowance(allowed=allowed, used=used, left=max(0, allowed - used))


def _once(ids: Iterable[ClauseId]) -> tuple[ClauseId, ...]:
    return tuple(dict.fromkeys(ids))
