"""What of an incident closes a way out before any service is looked at: its cause, its place, its parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from homepoint.domain.assessment import Assessment, Because, Caution, ServiceReading
from homepoint.domain.facts import Category, Incident, IncidentKind, Part, Service
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.service_area import serves
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms

FAILURES = frozenset({IncidentKind.MALFUNCTION, IncidentKind.ARRIVED_FAULTY})
"""What fails though nothing happened to it: a warranty matter, not an accident."""

_LOSSES = frozenset({IncidentKind.FLYAWAY, IncidentKind.LOST})
_EXCLUDED: Mapping[IncidentKind, Reason] = {
    IncidentKind.STOLEN: Reason.ROUTE_STOLEN,
    IncidentKind.DELIBERATE: Reason.ROUTE_DELIBERATE,
    IncidentKind.UNSUITABLE_CONDITIONS: Reason.ROUTE_UNSUITABLE_CONDITIONS,
    IncidentKind.THIRD_PARTY_PART: Reason.ROUTE_THIRD_PARTY_PART,
}
_PRODUCT = frozenset({Part.AIRCRAFT, Part.HANDHELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One incident with all that its routes are judged by."""

    incident: Incident
    facts: DeviceFacts
    category: Category | None
    then: Assessment
    terms: Terms

    @property
    def is_lost(self) -> bool:
        """True when there is no unit to send in."""
        return self.incident.retrievable is False or (
            self.incident.kind in _LOSSES and self.incident.retrievable is None
        )


def reading_of(case: Case, service: Service) -> ServiceReading:
    """Return how a service stood at the instant of the incident."""
    return next(each for each in case.then.services if each.service is service)


def barred(case: Case) -> Because | None:
    """Return the clauses that close every service of the plan for this incident, or None."""
    kind = case.incident.kind
    if kind is not None and kind in _EXCLUDED:
        return case.terms.because(_EXCLUDED[kind])
    without_water = case.terms.because(Reason.ROUTE_WATER_AT_LAUNCH)
    editions = {edition for clause in case.terms.says(without_water) for edition in clause.editions}
    return without_water if kind is IncidentKind.WATER and case.then.care.edition in editions else None


def elsewhere(case: Case) -> Because | None:
    """Return the clauses that close the plan's services in the place where service is wanted, or None."""
    place = case.incident.service_region or case.facts.device.region
    if serves(case.then.service_area, place, case.terms):
        return None
    return (*case.terms.because(Reason.ROUTE_OUTSIDE_AREA), *case.then.service_area.because)


def no_unit(case: Case) -> Because | None:
    """Return the clauses that close what needs a unit to send in, or None."""
    return case.terms.because(Reason.ROUTE_LOST) if case.is_lost else None


def parts_in_scope(case: Case) -> tuple[bool | None, Because, tuple[Caution, ...]]:
    """Say whether what was damaged is in the plan's scope: the product itself always is, the controller never.

    So is what the older editions name for every series. Batteries and propellers differ by series there, and for
    newer models no source names them: then the plan still answers for the rest, with a caution.
    """
    outside = case.terms.uncovered_parts
    parts = set(case.incident.parts)
    named = {part for part in parts if part.value not in outside.value}
    cautions = [Caution.CONTROLLER_NOT_COVERED] if Part.REMOTE_CONTROLLER in parts else []
    if parts and not named:
        not_covered = case.terms.because(Reason.SERVICE_PART_NOT_COVERED)
        return False, (*outside.because, *not_covered), tuple(cautions)
    others = named - _PRODUCT - _in_every_series(case.terms)
    in_scope, why, caution = _other_parts(case, others)
    if caution is not None:
        cautions.append(caution)
    return (True if named - others else in_scope), why, tuple(cautions)


def _other_parts(case: Case, others: set[Part]) -> tuple[bool | None, Because, Caution | None]:
    """Say whether parts that differ by series are covered, by the words of an older edition."""
    if not others:
        return True, (), None
    model = case.terms.models.get(case.facts.device.model)
    listed = next((each for each in case.terms.covered_parts if model and model.family in each.families), None)
    if listed is None:
        return None, case.terms.because(Reason.ROUTE_PARTS_UNKNOWN), Caution.PARTS_UNKNOWN
    covered = {part for part in others if part.value in listed.parts}
    if covered == others:
        return True, listed.because, None
    why = (*listed.because, *case.terms.because(Reason.SERVICE_PART_NOT_COVERED))
    return bool(covered), why, Caution.PART_NOT_COVERED


def _in_every_series(terms: Terms) -> frozenset[Part]:
    """Return the parts that every list of covered parts names: what belongs to the product itself."""
    lists = [listed.parts for listed in terms.covered_parts]
    return frozenset(Part(part) for part in frozenset.intersection(*lists)) if lists else frozenset()
