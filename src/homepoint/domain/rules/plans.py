"""When does each plan of a device run, and by which edition? The ground for every question about care."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homepoint.domain.facts import Channel, Plan, PlanProduct
from homepoint.domain.reasons import Reason
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Edition, ProductTerms, Terms
from homepoint.domain.values import ClauseId, day_of, last_day_of_term


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSpan:
    """A plan with its edition, its first and last covered day (None: not known yet), and why they are those."""

    plan: Plan
    edition: Edition
    terms: ProductTerms
    starts_on: date | None
    ends_on: date | None
    because: tuple[ClauseId, ...]

    def covers(self, day: date) -> bool:
        """Say whether a day lies in the plan."""
        return self.starts_on is not None and self.ends_on is not None and self.starts_on <= day <= self.ends_on

    def ended_before(self, day: date) -> bool:
        """Say whether the plan was over before a day."""
        return self.ends_on is not None and self.ends_on < day


def plan_spans(facts: DeviceFacts, terms: Terms, at: datetime) -> tuple[PlanSpan, ...]:
    """Return the plans of a device, its own and those that came with the units before it, the first one first."""
    plans = [plan for unit in facts.lineage() for plan in unit.plans]
    first_unit = list(facts.lineage())[-1]
    spans: list[PlanSpan] = []
    for plan in sorted(plans, key=lambda each: _order(each, facts)):
        spans.append(_span(plan, spans[-1] if spans else None, first_unit, terms, at))
    return tuple(spans)


def span_in_force(spans: tuple[PlanSpan, ...], day: date) -> PlanSpan | None:
    """Return the plan in force on a day; when none is, the latest that was; when none was, the one to come."""
    running = [span for span in spans if span.covers(day)]
    if running:
        return running[-1]
    over = [span for span in spans if span.ended_before(day)]
    if over:
        return over[-1]
    return spans[0] if spans else None


def _order(plan: Plan, facts: DeviceFacts) -> tuple[bool, date]:
    """Sort by the first day a plan is known for; a Care Refresh + follows the plan it lengthens."""
    known = plan.bound_at or plan.purchased_at
    day = plan.starts_on or (day_of(known, facts.zone) if known else date.max)
    return plan.product is PlanProduct.PLUS and plan.starts_on is None, day


def _span(plan: Plan, before: PlanSpan | None, unit: DeviceFacts, terms: Terms, at: datetime) -> PlanSpan:
    starts_on, why = _start(plan, before, unit, terms)
    known = plan.bound_at or plan.purchased_at
    judged_on = starts_on or day_of(known or at, unit.zone)
    edition = (terms.edition(plan.edition) if plan.edition else None) or terms.edition_on(judged_on)
    product = edition.products[plan.product]
    ends_on = plan.ends_on
    if ends_on is not None:
        why = (*terms.because(Reason.CARE_AGREEMENT), *why)
    elif starts_on is not None:
        ends_on = last_day_of_term(starts_on, product.months.value)
    return PlanSpan(
        plan=plan,
        edition=edition,
        terms=product,
        starts_on=starts_on,
        ends_on=ends_on,
        because=(*product.months.because, *why),
    )


def _start(
    plan: Plan, before: PlanSpan | None, unit: DeviceFacts, terms: Terms
) -> tuple[date | None, tuple[ClauseId, ...]]:
    """Return the first covered day and why.

    What the owner read in the service agreement comes first. A plan bought together with the device starts some days
    after shipping, every other one when it is bound; one that continues another starts the day after it.
    """
    if plan.starts_on is not None:
        return plan.starts_on, ()
    bound_on = day_of(plan.bound_at, unit.zone) if plan.bound_at else None
    if before is not None and before.ends_on is not None:
        continues = plan.product is PlanProduct.PLUS or (bound_on is not None and bound_on <= before.ends_on)
        if continues:
            return before.ends_on + timedelta(days=1), terms.because(Reason.CARE_FOLLOWS_ON)
    device = unit.device
    if before is None and device.channel is Channel.DJI_STORE_BUNDLE and device.shipped_at is not None:
        active_at = device.shipped_at + timedelta(days=terms.bundle_start_days.value)
        return day_of(active_at, unit.zone), terms.because(Reason.CARE_BUNDLE_START)
    if bound_on is not None:
        return bound_on, ()
    return None, terms.because(Reason.CARE_NOT_BOUND)
