"""What was known at an instant: facts that came later are not there yet."""

from dataclasses import replace
from datetime import date, datetime

from homepoint.domain.facts import Claim, Device, Plan, Service, Step
from homepoint.domain.serials import same_serial
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import start_of

TURNED_DOWN = frozenset({Step.REFUSED, Step.WITHDRAWN})


def known_by(facts: DeviceFacts, at: datetime) -> DeviceFacts:
    """Return the facts as they were at an instant.

    Plans bought, bindings made, notices, incidents and claim steps of later instants are left out, and so is a
    succession that had not happened yet. A fact without an instant counts as always known.
    """
    before = facts.predecessor
    if before is not None and _later(moved_at(before, facts.device), at):
        before = None
    successor = facts.successor
    if successor is not None and _later(moved_at(facts, successor), at):
        successor = None
    return replace(
        facts,
        device=_device_by(facts.device, at),
        bindings=tuple(each for each in facts.bindings if not _later(each.bound_at, at)),
        plans=tuple(each for each in facts.plans if not _later(_plan_known_at(each, facts), at)),
        notices=tuple(each for each in facts.notices if not _later(each.submitted_at or each.notice_at, at)),
        incidents=tuple(each for each in facts.incidents if not _later(each.at, at)),
        claims=tuple(_claim_by(each, at) for each in facts.claims),
        predecessor=None if before is None else known_by(before, at),
        successor=successor,
    )


def moved_at(old: DeviceFacts, new: Device) -> datetime | None:
    """Return when the new unit took over: when DJI sent it, else when it arrived; None where no fact tells."""
    sent = [
        step.at
        for claim in old.claims
        if not turned_down(claim) and (claim.new_serial is None or same_serial(claim.new_serial, new.serial))
        for step in claim.steps
        if step.step is Step.REPLACEMENT_SENT
    ]
    if sent:
        return max(sent)
    if new.received_on is not None:
        return start_of(new.received_on, old.zone)
    return new.activated_at


def turned_down(claim: Claim) -> bool:
    """Say whether a claim was refused or withdrawn."""
    return any(step.step in TURNED_DOWN for step in claim.steps)


def step_at(claim: Claim, *steps: Step) -> datetime | None:
    """Return when the first of these steps happened in a claim, or None."""
    return min((each.at for each in claim.steps if each.step in steps), default=None)


def fact_instants(facts: DeviceFacts) -> set[datetime]:
    """Return every instant and the start of every day these facts name: where a verdict may change."""
    found: set[datetime | date | None] = set()
    for unit in facts.lineage():
        device = unit.device
        found |= {device.activated_at, device.shipped_at, device.purchased_on, device.received_on}
        for binding in unit.bindings:
            found |= {binding.bound_at, binding.unbound_at, *binding.checked_at}
        for plan in unit.plans:
            found |= {plan.purchased_at, plan.bound_at, plan.starts_on}
        for notice in unit.notices:
            found |= {notice.submitted_at, notice.notice_at}
        found |= {incident.at for incident in unit.incidents}
        found |= {step.at for claim in unit.claims for step in claim.steps}
    if facts.successor is not None:
        found |= {facts.successor.activated_at, facts.successor.received_on}
    return {each if isinstance(each, datetime) else start_of(each, facts.zone) for each in found if each is not None}


def _later(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant > at


def _plan_known_at(plan: Plan, facts: DeviceFacts) -> datetime | None:
    bought = plan.purchased_at or plan.bound_at
    if bought is None and plan.starts_on is not None:
        return start_of(plan.starts_on, facts.zone)
    return bought


def _device_by(device: Device, at: datetime) -> Device:
    if _later(device.activated_at, at):
        return replace(device, activated_at=None)
    return device


def _claim_by(claim: Claim, at: datetime) -> Claim:
    if any(step.at > at for step in claim.steps):
        return replace(claim, steps=tuple(step for step in claim.steps if step.at <= at))
    return claim


REPLACING_SERVICES = frozenset({Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM, Service.FLYAWAY_REPORT})
"""The services that use up a replacement; a warranty repair, a 15-day replacement and a paid repair use none."""
