"""Commands of the guided report: each answer is written as it is given, so that nothing is ever lost."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from homepoint.application.changes import Edit
from homepoint.application.incidents import (
    AddIncident,
    CorrectClaim,
    CorrectIncident,
    OpenClaim,
    RemoveClaim,
    RemoveIncident,
)
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Claim, Incident
from homepoint.domain.values import IncidentId

_CLAIM_STANDS = (
    "A claim of this report has steps recorded, so its device stays. If it is the wrong one, begin another report."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReport:
    """Keep an answer of a report. The first one begins it; `about` says which answer, for the history.

    Another device takes the way chosen for the first one back: it was judged for that. Once a claim of the report has
    taken a step, the device stays.
    """

    incident: Incident
    about: str

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Incident, self.incident.id)
        if before is None:
            return _titled(AddIncident(incident=self.incident).plan(library, now), "Report begun")
        left = self._left_behind(before, library) if before.device != self.incident.device else []
        if any(each.steps for each in left):
            return Refused(fields=MappingProxyType({"": _CLAIM_STANDS}))
        edit = CorrectIncident(incident=self.incident).plan(library, now)
        if isinstance(edit, Refused):
            return edit
        removals = [RemoveClaim(claim=each.id).plan(library, now) for each in left]
        changes = [change for each in removals if isinstance(each, Edit) for change in each.changes]
        return Edit(title=f"Report: {self.about}", changes=(*changes, *edit.changes))

    def _left_behind(self, before: Incident, library: Library) -> list[Claim]:
        """Return the claims of this report about the device it was about so far."""
        return [each for each in library.about(Claim, before.device) if each.incident == before.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardReport:
    """Throw a report away with the files kept with it; undo brings all of it back."""

    incident: IncidentId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return _titled(RemoveIncident(incident=self.incident).plan(library, now), "Report discarded")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseWay:
    """Choose the way of a report: this opens its claim, or changes one that has not been submitted yet.

    `claim` names the incident, the service and the plan as the rules say; a claim of this incident without steps keeps
    its own id and whatever else was recorded of it.
    """

    claim: Claim

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        waiting = next((each for each in library.about(Claim, self.claim.device) if self._is_draft(each)), None)
        if waiting is None:
            return _titled(OpenClaim(claim=self.claim).plan(library, now), "Way chosen")
        changed = replace(waiting, service=self.claim.service, plan=self.claim.plan)
        return _titled(CorrectClaim(claim=changed).plan(library, now), "Way changed")

    def _is_draft(self, claim: Claim) -> bool:
        return claim.incident == self.claim.incident and not claim.steps


def _titled(edit: Edit | Refused, title: str) -> Edit | Refused:
    return edit if isinstance(edit, Refused) else replace(edit, title=title)
