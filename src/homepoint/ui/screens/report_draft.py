"""The report being made: which device, which incident, and the one way its answers are written."""

from collections.abc import Mapping

from homepoint.application.checks import new_id
from homepoint.application.problems import HomepointError, Refused
from homepoint.application.reports import AnswerReport, ChooseWay
from homepoint.application.workspace import Command
from homepoint.domain.assessment import IncidentReading
from homepoint.domain.facts import Claim, Incident, Service
from homepoint.domain.rules.known import turned_down
from homepoint.domain.rules.routes import incident_reading
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import ClaimId, DeviceId, IncidentId
from homepoint.ui.desk import Desk


class ReportDraft:
    """Reads the report from the library each time, so that undo and other windows are always heeded.

    Answers are written without the window's toast for each: the page says that everything is kept. `is_writing` is
    true while that happens, so that a field one types in is not drawn anew under one's hands.
    """

    def __init__(self, desk: Desk) -> None:
        """Begin without a device."""
        self.desk = desk
        self.device: DeviceId | None = None
        self.incident_id: IncidentId | None = None
        self.is_writing = False

    def begin(self, device: DeviceId | None) -> None:
        """Begin a new report; nothing is written before the first answer."""
        self.device, self.incident_id = device, None

    def open(self, incident: IncidentId) -> bool:
        """Go on with a report; return whether it is there."""
        found = self.desk.workspace.library.get(Incident, incident)
        if found is None:
            return False
        self.device, self.incident_id = found.device, found.id
        return True

    @property
    def incident(self) -> Incident | None:
        """Return what is recorded, None before the first answer or after the report was discarded."""
        return self.desk.workspace.library.get(Incident, self.incident_id) if self.incident_id else None

    @property
    def facts(self) -> DeviceFacts | None:
        """Return the device with all that bears on it."""
        return self.desk.workspace.library.device_facts(self.device) if self.device else None

    @property
    def chosen(self) -> Claim | None:
        """Return the claim that came of the report, the latest that still stands."""
        if self.device is None or self.incident_id is None:
            return None
        claims = self.desk.workspace.library.about(Claim, self.device)
        mine = [each for each in claims if each.incident == self.incident_id and not turned_down(each)]
        return mine[-1] if mine else None

    def started(self) -> Incident | None:
        """Return the incident as recorded, or a new one of the chosen device that is not written yet."""
        if self.incident is not None:
            return self.incident
        return Incident(id=IncidentId(new_id()), device=self.device) if self.device else None

    def reading(self) -> IncidentReading | None:
        """Return what the rules say about the incident at its own instant."""
        incident, facts = self.incident, self.facts
        if incident is None or facts is None:
            return None
        return incident_reading(facts, incident, self.desk.terms, self.desk.now())

    def keep(self, incident: Incident, about: str) -> Mapping[str, str]:
        """Write an answer at once; return what makes no sense, by field ("" for the whole)."""
        if incident == self.incident:
            return {}
        problems = self._write(AnswerReport(incident=incident, about=about))
        if not problems:
            self.device, self.incident_id = incident.device, incident.id
        return problems

    def choose(self, service: Service) -> Mapping[str, str]:
        """Choose the way: the claim of this report is there from now on."""
        incident, reading = self.incident, self.reading()
        if incident is None or reading is None:
            return {"": "Say first what happened."}
        claim = Claim(
            id=ClaimId(new_id()),
            incident=incident.id,
            device=incident.device,
            plan=reading.care.plan,
            service=service,
        )
        return self._write(ChooseWay(claim=claim))

    def _write(self, command: Command) -> Mapping[str, str]:
        self.is_writing = True
        try:
            answer = self.desk.workspace.do(command)
        except HomepointError as error:
            return {"": f"{error.title} {error.advice}"}
        finally:
            self.is_writing = False
        return answer.fields if isinstance(answer, Refused) else {}
