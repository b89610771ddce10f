"""Where does a claim stand, what comes next, whose turn is it, and what is at stake?"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from homepoint.domain.assessment import (
    CLAIM_DEADLINES,
    ClaimReading,
    Deadline,
    DeadlineKind,
    ReturnReading,
    Whose,
)
from homepoint.domain.facts import Claim, Service, Step
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.deadlines import make_deadline
from homepoint.domain.rules.known import step_at
from homepoint.domain.serials import same_serial
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import day_of, end_of

_OVER = (Step.CLOSED, Step.WITHDRAWN, Step.REFUSED)
_REPAIR = (
    Step.SUBMITTED,
    Step.ACCEPTED,
    Step.LABEL_RECEIVED,
    Step.SENT,
    Step.RECEIVED_BY_DJI,
    Step.INSPECTED,
    Step.QUOTED,
    Step.FEE_PAID,
    Step.REPAIRED,
    Step.CLOSED,
)
_FREE_REPAIR = tuple(step for step in _REPAIR if step not in (Step.QUOTED, Step.FEE_PAID))
PATHS: Mapping[Service, tuple[Step, ...]] = {
    Service.EXPRESS_BASIC: (
        Step.SUBMITTED,
        Step.ACCEPTED,
        Step.LABEL_RECEIVED,
        Step.SENT,
        Step.RECEIVED_BY_DJI,
        Step.FEE_PAID,
        Step.REPLACEMENT_SENT,
        Step.CLOSED,
    ),
    Service.EXPRESS_PREMIUM: (
        Step.SUBMITTED,
        Step.FEE_PAID,
        Step.DEPOSIT_HELD,
        Step.REPLACEMENT_SENT,
        Step.SENT,
        Step.RECEIVED_BY_DJI,
        Step.DEPOSIT_RELEASED,
        Step.CLOSED,
    ),
    Service.FLYAWAY_REPORT: (
        Step.SUBMITTED,
        Step.ACCEPTED,
        Step.FEE_PAID,
        Step.REPLACEMENT_SENT,
        Step.CLOSED,
    ),
    Service.REPLACEMENT: (
        Step.SUBMITTED,
        Step.ACCEPTED,
        Step.LABEL_RECEIVED,
        Step.SENT,
        Step.RECEIVED_BY_DJI,
        Step.REPLACEMENT_SENT,
        Step.CLOSED,
    ),
    Service.REPAIR_WARRANTY: _FREE_REPAIR,
    Service.REPAIR_PAID: _REPAIR,
    Service.REPAIR_DISCOUNT: _REPAIR,
    Service.MAINTENANCE: _FREE_REPAIR,
    Service.REFUND: (
        Step.SUBMITTED,
        Step.ACCEPTED,
        Step.LABEL_RECEIVED,
        Step.SENT,
        Step.RECEIVED_BY_DJI,
        Step.REFUNDED,
        Step.CLOSED,
    ),
}
"""The steps of each service in the order they usually come (the claim lifecycle of the product)."""

_OWNERS_STEPS = frozenset({Step.SUBMITTED, Step.SENT, Step.FEE_PAID, Step.CLOSED, Step.WITHDRAWN})


def claim_reading(facts: DeviceFacts, claim: Claim, terms: Terms, at: datetime) -> ClaimReading:
    """Say where a claim stands by the steps known at an instant; the state is computed from the events."""
    steps = sorted((each for each in claim.steps if each.at <= at), key=lambda each: each.at)
    done = [each.step for each in steps]
    over = next((step for step in _OVER if step in done), None)
    following = None if over else _next(claim.service, done)
    return ClaimReading(
        claim=claim.id,
        state=over or (done[-1] if done else None),
        next=following,
        whose=None if following is None else whose(following),
        returned=_returned(facts, claim, set(done), terms),
        deadlines=tuple(_deadlines(facts, claim, done, terms, at)),
    )


def awaits_the_old_unit(claim: Claim) -> bool:
    """Say whether DJI still waits for the old unit: only then do the limits of its return matter."""
    settled = {Step.RECEIVED_BY_DJI, Step.DEPOSIT_RELEASED, Step.DEPOSIT_CHARGED, *_OVER}
    return not settled & {each.step for each in claim.steps}


def whose(step: Step) -> Whose:
    """Say who takes a step."""
    return Whose.OWNER if step in _OWNERS_STEPS else Whose.DJI


def _next(service: Service | None, done: list[Step]) -> Step | None:
    """Return the step after the furthest one taken; a step that was left out is not asked for again."""
    if service is None:  # whatever else was done, nobody can say what follows
        return None if done else Step.SUBMITTED
    path = PATHS[service]
    furthest = max((path.index(step) for step in done if step in path), default=-1)
    if Step.DEPOSIT_CHARGED in done and service is Service.EXPRESS_PREMIUM:
        return Step.CLOSED
    return path[furthest + 1] if furthest + 1 < len(path) else None


def _returned(facts: DeviceFacts, claim: Claim, done: set[Step], terms: Terms) -> ReturnReading:
    """Compare what went back with what was registered: serial, battery, genuine product.

    A deposit is at risk from the day it is held until DJI has received the right unit, or has released it.
    """
    returned = claim.returned
    serial = returned.serial if returned else None
    matches = None if not serial else same_serial(serial, facts.device.serial)
    battery = returned.battery if returned else None
    battery_ok = True if claim.battery_registered is False else battery
    genuine = returned.genuine if returned else None
    all_right = bool(matches and battery_ok and genuine)
    held = claim.service is Service.EXPRESS_PREMIUM and Step.DEPOSIT_HELD in done
    safe = Step.DEPOSIT_RELEASED in done or (Step.RECEIVED_BY_DJI in done and all_right)
    return ReturnReading(
        serial_matches=matches,
        battery_ok=battery_ok,
        genuine=genuine,
        deposit_at_risk=held and not safe,
        because=terms.because(Reason.RETURN_CONDITIONS),
    )


def _deadlines(facts: DeviceFacts, claim: Claim, done: list[Step], terms: Terms, at: datetime) -> Iterator[Deadline]:
    """Express Premium: ship within three days of paying, and the agreed return period of 7 to 14 calendar days.

    A deposit that was released says as well as its own step that the unit has arrived.
    """
    paid_at = step_at(claim, Step.FEE_PAID)
    if claim.service is not Service.EXPRESS_PREMIUM or paid_at is None or paid_at > at:
        return
    if Step.WITHDRAWN in done or Step.REFUSED in done:
        return
    for kind, days in zip(CLAIM_DEADLINES, terms.return_days.value, strict=True):
        until = day_of(paid_at, facts.zone) + timedelta(days=days)
        meeting = Step.SENT if kind is DeadlineKind.SHIP_OLD_UNIT else Step.RECEIVED_BY_DJI
        met_at = step_at(claim, meeting, Step.RECEIVED_BY_DJI, Step.DEPOSIT_RELEASED)
        met = met_at is not None and met_at <= at and met_at < end_of(until, facts.zone)
        yield make_deadline(kind, until, terms.return_days.because, at, facts.zone, met=met)
