"""An aircraft is gone: how to find it, whether its loss was covered at that moment, and who may report it how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from homepoint.domain.assessment import Gap, IncidentReading
from homepoint.domain.facts import BoundTo, Incident, IncidentKind
from homepoint.domain.rules.flyaway import bound_at
from homepoint.domain.rules.known import known_by
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId
from homepoint.presentation.device_answers import ClauseText, clause_texts
from homepoint.presentation.wording import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStep:
    """One step of the search."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGap:
    """What was missing when the aircraft was lost, and what can still be done about it."""

    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCover:
    """Whether a loss was covered when it happened. `about` holds (name, words) lines: who may report, and how."""

    is_covered: bool
    headline: str
    sentence: str
    gaps: tuple[LossGap, ...]
    about: tuple[tuple[str, str], ...]
    why: tuple[ClauseText, ...]


FIND_STEPS: Sequence[FindStep] = (
    FindStep(title="Breathe. Note the last position.", text="DJI's app shows it on the map of Find My Drone."),
    FindStep(
        title="Open Find My Drone in DJI's app",
        text="It leads you to the last position. If the aircraft is near and on, it can blink and beep.",
    ),
    FindStep(
        title="Do not unbind anything",
        text="Leave account and controller bound, and do not delete the aircraft in the app. The cover rests on both.",
    ),
    FindStep(
        title="Save the flight record",
        text="Keep phone and controller as they are, without resetting or removing the app. The record is your proof.",
    ),
    FindStep(
        title="Search in daylight, with somebody",
        text="Begin at the last position and go outwards. Look up into trees and onto roofs. Ask the neighbours.",
    ),
    FindStep(
        title="Do not climb, and do not go where you may not",
        text="If you see it out of reach, take photos from where you stand: they help the report.",
    ),
)


def loss_cover(reading: IncidentReading, incident: Incident, facts: DeviceFacts, terms: Terms) -> LossCover:
    """Say whether a loss was covered at its own instant, gap by gap, who may report it, where, and until when."""
    missing = reading.readiness.missing
    if missing:
        headline = "As it is recorded, the loss is not covered"
        sentence = "This was missing when it was lost. A record that is only incomplete can be put right."
    else:
        headline = "The loss is covered"
        sentence = "Plan, account and controller were all in place when it was lost."
    if incident.at is None:
        sentence += " The time of the loss is not recorded: this is judged by how things are now."
    limits = _ids("S0-68 S0-69 HP-NOT-FOUND-FLYAWAY-LIMIT")
    return LossCover(
        is_covered=not missing,
        headline=headline,
        sentence=sentence,
        gaps=tuple(LossGap(sentence=_GAPS[gap][0], remedy=_GAPS[gap][1]) for gap in missing),
        about=tuple(_about(reading, facts, terms)),
        why=clause_texts((*reading.readiness.because, *limits), terms),
    )


def still_possible(reading: IncidentReading, incident: Incident) -> tuple[str, ...]:
    """Return what an owner can do when no way is open: put records right, look again, ask others."""
    if incident.kind is IncidentKind.STOLEN:
        return ("Report the theft to the police, with the serial of the device and of its controller.", _OTHERS, _FOUND)
    if incident.retrievable is False or incident.kind in (IncidentKind.FLYAWAY, IncidentKind.LOST):
        remedies = (f"{_GAPS[gap][0]} {_GAPS[gap][1]}" for gap in reading.readiness.missing)
        return (*remedies, _FOUND, _OTHERS)
    return ("Ask DJI Support what it can do; it has the last word.", _OTHERS)


def _about(reading: IncidentReading, facts: DeviceFacts, terms: Terms) -> Sequence[tuple[str, str]]:
    """Return who was bound at that instant, and what that means for the report."""
    known = known_by(facts, reading.judged_at)
    accounts = bound_at(known, BoundTo.ACCOUNT, reading.judged_at)
    controllers = bound_at(known, BoundTo.CONTROLLER, reading.judged_at)
    owner = _account(facts, accounts[0].target) if accounts else "No account was bound"
    bound = " or ".join(_controller(facts, each.target) for each in controllers) or "No controller was bound"
    link = next(each for each in terms.links if each.step == "flyaway_reporting")
    where = link.note or "In DJI's app"
    return (
        ("Judged at", moment_text(reading.judged_at, facts.zone)),
        ("Who may report", f"{owner}: only the owner of the bound account." if accounts else f"{owner}."),
        ("With which controller", f"{bound}: the bound one." if controllers else f"{bound}."),
        ("Where", f"{where} Seen: {link.seen}; in the catalogue of {terms.version}. The app may have changed."),
        ("Time limit", "Not found in any source. Report it as soon as you have searched."),
    )


def _account(facts: DeviceFacts, target: str) -> str:
    return next((each.label for each in facts.accounts if each.id == target), "An account not in your records")


def _controller(facts: DeviceFacts, target: str) -> str:
    found = next((each for each in facts.controllers if each.id == target), None)
    if found is None:
        return "A controller not in your records"
    name = found.label or found.model or "Controller"
    return f"{name} ({found.serial})" if found.serial else name


def _ids(text: str) -> tuple[ClauseId, ...]:
    return tuple(ClauseId(each) for each in text.split())


_FOUND = "If you find it, come back and choose anew what happened: then there is a unit to send in."
_OTHERS = "Look at your household or drone insurance. The evidence and the dossier serve there too."
_RECORD_IT = (
    "If it was bound at that moment and only this record lacks it, record the binding with its date on the device "
    "page. Binding it now does not count for this loss."
)
_GAPS: Mapping[Gap, tuple[str, str]] = MappingProxyType(
    {
        Gap.NOT_AN_AIRCRAFT: ("It is not an aircraft.", "Look at the other ways."),
        Gap.PLAN: (
            "No care plan was running.",
            "If there was one, record it on the device page. A plan bought now does not cover this loss. An insurance "
            "of your own may.",
        ),
        Gap.PLAN_NOT_STARTED: (
            "The care plan had not started yet.",
            "Look at your service agreement: if it names an earlier first day, correct the plan on the device page.",
        ),
        Gap.REPLACEMENTS: (
            "No replacement was left on the plan.",
            "Look at DJI's status page. If it shows one, correct the plan or the earlier claims.",
        ),
        Gap.FLYAWAY_QUOTA: (
            "No flyaway was known to be left on the plan.",
            "Look at DJI's status page and at your service agreement; enter the number with the plan if it is another.",
        ),
        Gap.MODEL_SUPPORT: (
            "The flyaway list that was seen does not name this model.",
            "Ask DJI Support for the list of today. If your service agreement grants flyaways, enter their number.",
        ),
        Gap.ACCOUNT_BINDING: ("No DJI account was bound to it.", _RECORD_IT),
        Gap.CONTROLLER_BINDING: ("The controller that flew it was not bound to it.", _RECORD_IT),
        Gap.CLAIMANT: (
            "Another account than the bound one is named in this report.",
            "The owner of the bound account must report it. If that is you, correct the account under When and where.",
        ),
    }
)
