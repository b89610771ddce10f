"""May the plan go on, with which product, and until which day?"""

from datetime import date, datetime, timedelta

from homepoint.domain.assessment import RenewalReading, RenewalVerdict
from homepoint.domain.facts import DeviceStatus
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.care import uses
from homepoint.domain.rules.known import REPLACING_SERVICES
from homepoint.domain.rules.plans import PlanSpan, span_in_force
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Edition, Renewal, Terms
from homepoint.domain.values import ClauseId, day_of


def renewal(facts: DeviceFacts, spans: tuple[PlanSpan, ...], terms: Terms, at: datetime) -> RenewalReading:
    """Say whether the device's care can be renewed at this instant, by the edition in force on this day.

    What was bought so far must be one of the edition's histories, its last plan not over for longer than the edition
    allows, and all plans together not longer than the edition's most. The older editions also want a replacement left.
    """
    if not spans:
        return RenewalReading(verdict=RenewalVerdict.NOT_NEEDED, because=terms.because(Reason.RENEWAL_NEVER_HAD_A_PLAN))
    if facts.successor is not None:
        return RenewalReading(verdict=RenewalVerdict.CLOSED, because=terms.because(Reason.RENEWAL_MOVED))
    if facts.device.status is not DeviceStatus.IN_USE:
        return RenewalReading(verdict=RenewalVerdict.CLOSED, because=terms.because(Reason.PURCHASE_NOT_OWNED))
    today = day_of(at, facts.zone)
    edition = terms.edition_on(today)
    until = last_day_to_renew(spans, edition)
    hindrance = _hindrance(facts, spans, edition, today)
    rules = edition.renewal
    if hindrance is not None or (until is not None and today > until):
        why = hindrance or rules.days_after.because
        return RenewalReading(
            verdict=RenewalVerdict.CLOSED,
            until=until if hindrance is None else None,
            because=_once((*why, *rules.product.because)),
        )
    return RenewalReading(
        verdict=RenewalVerdict.OPEN,
        product=rules.product.value,
        until=until,
        because=_once(
            (*rules.product.because, *rules.days_after.because, *rules.histories.because, *rules.store_decides)
        ),
    )


def last_day_to_renew(spans: tuple[PlanSpan, ...], edition: Edition) -> date | None:
    """Return the last day on which the latest plan may be renewed, or None while its end is not known."""
    ends = [span.ends_on for span in spans]
    if not ends or any(end is None for end in ends):
        return None
    return max(end for end in ends if end is not None) + timedelta(days=edition.renewal.days_after.value)


def history_renews(spans: tuple[PlanSpan, ...], rules: Renewal) -> bool:
    """Say whether the plans bought so far are one of the sequences that may be renewed."""
    return tuple(span.plan.product for span in spans) in rules.histories.value


def _hindrance(
    facts: DeviceFacts, spans: tuple[PlanSpan, ...], edition: Edition, today: date
) -> tuple[ClauseId, ...] | None:
    """Return the clauses that forbid renewal whatever the day, or None."""
    rules = edition.renewal
    if not history_renews(spans, rules):
        return rules.histories.because
    months = sum(span.terms.months.value for span in spans)
    added = edition.products[rules.product.value].months.value
    if rules.max_months.value is not None and months + added > rules.max_months.value:
        return rules.max_months.because
    if rules.needs_replacement_left.value and not _replacement_left(facts, spans, today):
        return rules.needs_replacement_left.because
    return None


def _replacement_left(facts: DeviceFacts, spans: tuple[PlanSpan, ...], today: date) -> bool:
    span = span_in_force(spans, today)
    if span is None:
        return False
    allowed = span.plan.replacements if span.plan.replacements is not None else span.terms.replacements.value
    return len(uses(span, facts, spans, REPLACING_SERVICES)) < allowed


def renewed_by(spans: tuple[PlanSpan, ...], span: PlanSpan) -> bool:
    """Say whether a later plan, a renewal or a Care Refresh +, continues this one."""
    return span is not spans[-1]


def _once(ids: tuple[ClauseId, ...]) -> tuple[ClauseId, ...]:
    return tuple(dict.fromkeys(ids))
