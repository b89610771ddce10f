"""Commands about incidents and the claims that follow from them, step by step."""

from dataclasses import dataclass, replace
from datetime import datetime

from homepoint.application.changes import Change, Edit
from homepoint.application.checks import Wrong, add, check_known, check_past, correct, gone, remove
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Account, Claim, ClaimStep, Controller, Device, Incident, Plan, Step
from homepoint.domain.values import ClaimId, IncidentId

_TITLES = {step: f"Claim: {step.replace('-', ' ')}" for step in Step}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIncident:
    """Record what happened to a device."""

    incident: Incident

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.incident, _incident_faults(self.incident, library, now), "Incident recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectIncident:
    """Put these values in place of what is recorded of the incident with this id."""

    incident: Incident

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.incident, _incident_faults(self.incident, library, now), "Incident changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveIncident:
    """Remove an incident recorded by mistake; its claims stay, as claims without an incident."""

    incident: IncidentId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        incident = library.get(Incident, self.incident)
        if incident is None:
            return gone(Incident)
        edit = remove(library, Incident, self.incident, "Incident removed")
        if isinstance(edit, Refused):
            return edit
        freed = [
            Change(before=claim, after=replace(claim, incident=None))
            for claim in library.about(Claim, incident.device)
            if claim.incident == incident.id
        ]
        return Edit(title=edit.title, changes=(*freed, *edit.changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """Begin a claim: a draft while it has no steps."""

    claim: Claim

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.claim, _claim_faults(self.claim, library, now), "Claim opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClaim:
    """Put these values in place of what is recorded of the claim with this id."""

    claim: Claim

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.claim, _claim_faults(self.claim, library, now), "Claim changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveClaim:
    """Remove a claim recorded by mistake. One that was given up is withdrawn instead."""

    claim: ClaimId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return remove(library, Claim, self.claim, "Claim removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClaimStep:
    """Record that a claim took a step."""

    claim: ClaimId
    step: ClaimStep

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Claim, self.claim)
        if before is None:
            return gone(Claim)
        return _with_steps(before, (*before.steps, self.step), library, now, _TITLES[self.step.step])


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectClaimStep:
    """Put another step in place of one; `index` counts `steps` from 0."""

    claim: ClaimId
    index: int
    step: ClaimStep

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Claim, self.claim)
        if before is None or not 0 <= self.index < len(before.steps):
            return gone(Claim)
        steps = (*before.steps[: self.index], self.step, *before.steps[self.index + 1 :])
        return _with_steps(before, steps, library, now, "Claim step changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveClaimStep:
    """Take a step of a claim back; `index` counts `steps` from 0."""

    claim: ClaimId
    index: int

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Claim, self.claim)
        if before is None or not 0 <= self.index < len(before.steps):
            return gone(Claim)
        steps = (*before.steps[: self.index], *before.steps[self.index + 1 :])
        return _with_steps(before, steps, library, now, "Claim step removed")


def _with_steps(
    claim: Claim, steps: tuple[ClaimStep, ...], library: Library, now: datetime, title: str
) -> Edit | Refused:
    """Return the edit that gives a claim these steps, in the order in which they happened."""
    after = replace(claim, steps=tuple(sorted(steps, key=lambda step: step.at)))
    return correct(library, after, _claim_faults(after, library, now), title)


def _incident_faults(incident: Incident, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    check_known(wrong, library, incident, device=Device, account=Account, controller=Controller)
    check_past(wrong, library, now, at=incident.at)
    if incident.position is not None and not (
        -90 <= incident.position.lat <= 90 and -180 <= incident.position.lon <= 180
    ):
        wrong["position"] = "This is no place on earth: latitude goes to 90 degrees, longitude to 180."
    return wrong


def _claim_faults(claim: Claim, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    check_known(wrong, library, claim, device=Device, incident=Incident, plan=Plan)
    for step in claim.steps:
        check_past(wrong, library, now, steps=step.at)
    for fee in claim.fees:
        check_past(wrong, library, now, fees=fee.paid_at)
    return wrong
