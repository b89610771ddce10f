"""Would a flyaway at this instant be covered, and if not, what is missing?"""

from collections.abc import Iterator
from datetime import datetime

from homepoint.domain.assessment import Care, CareState, Gap, Readiness
from homepoint.domain.facts import Binding, BoundTo, Category, Incident
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.care import supports_flyaway
from homepoint.domain.rules.plans import PlanSpan
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import day_of

_REASONS = {gap: Reason(f"flyaway.{gap.value}") for gap in Gap}


def flyaway_readiness(
    facts: DeviceFacts,
    category: Category | None,
    care: Care,
    spans: tuple[PlanSpan, ...],
    terms: Terms,
    at: datetime,
    incident: Incident | None = None,
) -> Readiness:
    """Say whether a flyaway at this instant would be covered, and what is missing.

    Account and controller must both be bound *before* the loss; one that was unbound earlier does not count, one
    unbound later does no harm. With an incident, its account must be the bound one and its controller a bound one.
    """
    if category is not None and category not in (Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT):
        missing: tuple[Gap, ...] = (Gap.NOT_AN_AIRCRAFT,)
    else:
        missing = (
            *_plan_gaps(facts, care, spans, terms, at),
            *_binding_gaps(facts, at, incident),
        )
    because = [clause for gap in missing for clause in terms.because(_REASONS[gap])]
    return Readiness(
        missing=missing,
        because=tuple(dict.fromkeys(because)) or (*terms.because(Reason.FLYAWAY_READY), *care.because),
    )


def bound_at(facts: DeviceFacts, to: BoundTo, at: datetime) -> tuple[Binding, ...]:
    """Return the bindings that held at an instant, the latest first.

    A binding whose beginning is not known counts from the first time it was checked.
    """
    holding = [binding for binding in facts.bindings if binding.to is to and _holds(binding, at)]
    return tuple(sorted(holding, key=lambda each: each.bound_at or at, reverse=True))


def _holds(binding: Binding, at: datetime) -> bool:
    began = binding.bound_at or min(binding.checked_at, default=None)
    return began is not None and began <= at and (binding.unbound_at is None or binding.unbound_at >= at)


def _plan_gaps(
    facts: DeviceFacts, care: Care, spans: tuple[PlanSpan, ...], terms: Terms, at: datetime
) -> Iterator[Gap]:
    span = next((each for each in spans if each.plan.id == care.plan), None)
    if span is None:
        edition = terms.edition_on(day_of(at, facts.zone))
        supported = any(facts.device.model in each.models for each in edition.flyaway_lists)
    else:
        supported = supports_flyaway(span, facts.device.model)
    if care.state is CareState.NOT_STARTED:
        yield Gap.PLAN_NOT_STARTED
    elif care.state in (CareState.NONE, CareState.EXPIRED):
        yield Gap.PLAN
    elif care.replacements.left == 0:
        yield Gap.REPLACEMENTS
    elif supported and _quota_used(care):
        yield Gap.FLYAWAY_QUOTA
    if not supported:
        yield Gap.MODEL_SUPPORT


def _quota_used(care: Care) -> bool:
    """An allowance no source states is not promised either."""
    return care.flyaways.allowed is None or care.flyaways.used >= care.flyaways.allowed


def _binding_gaps(facts: DeviceFacts, at: datetime, incident: Incident | None) -> Iterator[Gap]:
    accounts = bound_at(facts, BoundTo.ACCOUNT, at)
    controllers = bound_at(facts, BoundTo.CONTROLLER, at)
    if not accounts:
        yield Gap.ACCOUNT_BINDING
    if not controllers or not _is_among(incident.controller if incident else None, controllers):
        yield Gap.CONTROLLER_BINDING
    if accounts and not _is_among(incident.account if incident else None, accounts[:1]):
        yield Gap.CLAIMANT


def _is_among(target: str | None, bindings: tuple[Binding, ...]) -> bool:
    return target is None or any(binding.target == target for binding in bindings)
