"""Something happened: which services are a way out, in which order, at what price?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from homepoint.domain.assessment import (
    Assessment,
    Because,
    CareState,
    Caution,
    IncidentReading,
    LeftAfter,
    Route,
    ServiceReading,
    WarrantyBasis,
)
from homepoint.domain.facts import Category, Incident, IncidentKind, Part, Service, Wish
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.evaluate import category_of, evaluate
from homepoint.domain.rules.fees import known_fee
from homepoint.domain.rules.flyaway import flyaway_readiness
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import plan_spans
from homepoint.domain.rules.service_area import serves
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import day_of

_ACCIDENTS = frozenset({IncidentKind.COLLISION, IncidentKind.WATER, IncidentKind.WEAR})
_FAILURES = frozenset({IncidentKind.MALFUNCTION, IncidentKind.ARRIVED_FAULTY})
_LOSSES = frozenset({IncidentKind.FLYAWAY, IncidentKind.LOST})
_EXCLUDED: Mapping[IncidentKind, Reason] = {
    IncidentKind.STOLEN: Reason.ROUTE_STOLEN,
    IncidentKind.DELIBERATE: Reason.ROUTE_DELIBERATE,
    IncidentKind.UNSUITABLE_CONDITIONS: Reason.ROUTE_UNSUITABLE_CONDITIONS,
    IncidentKind.THIRD_PARTY_PART: Reason.ROUTE_THIRD_PARTY_PART,
}
_EXPRESS = (Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM)
_PRODUCT = frozenset({Part.AIRCRAFT, Part.HANDHELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
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


def incident_reading(facts: DeviceFacts, incident: Incident, terms: Terms, at: datetime) -> IncidentReading:
    """Say which services are open for an incident, the advised one first.

    All of it is judged at the incident's instant and place (at `at` where its instant is not known): what was bought,
    bound or used later does not count. What is certain to be covered and forfeits nothing comes first.
    """
    judged_at = incident.at or at
    known = known_by(facts, judged_at)
    spans = plan_spans(known, terms, judged_at)
    then = evaluate(facts, terms, judged_at)
    category = category_of(known, terms)
    readiness = flyaway_readiness(known, category, then.care, spans, terms, judged_at, incident)
    case = _Case(
        incident=incident,
        facts=known,
        category=category,
        then=replace(then, flyaway=readiness),
        terms=terms,
    )
    judged = {service: judge(case) for service, judge in _JUDGES.items()}
    return IncidentReading(
        incident=incident.id,
        judged_at=judged_at,
        care=then.care,
        readiness=readiness,
        routes=_ranked(judged, case),
    )


def _ranked(judged: Mapping[Service, Route], case: _Case) -> tuple[Route, ...]:
    order = _order(case)
    ways = sorted(judged.values(), key=lambda route: order.index(route.service))
    open_ones = [route for route in ways if route.open]
    rest = [route for route in ways if not route.open]
    return (*(replace(route, rank=rank) for rank, route in enumerate(open_ones, 1)), *rest)


def _order(case: _Case) -> list[Service]:
    """Return the services in the order they are advised.

    A failure goes to the exchange or the warranty first, since Express forfeits the inspection. After an accident
    Express comes before repair, Basic before Premium unless speed is wanted; an inspection or a quote turns that round.
    """
    wants = set(case.incident.wants)
    express = _EXPRESS if Wish.SPEED not in wants else tuple(reversed(_EXPRESS))
    repairs = (Service.REPAIR_WARRANTY, Service.REPAIR_DISCOUNT, Service.REPAIR_PAID)
    if case.incident.kind is IncidentKind.RETURN or Wish.REFUND in wants:
        first: tuple[Service, ...] = (Service.REFUND, Service.REPLACEMENT, *repairs, *express)
    elif case.incident.kind in _FAILURES:
        first = (Service.REPLACEMENT, *repairs, *express)
    elif wants & {Wish.INSPECTION, Wish.QUOTE_FIRST}:
        first = (*repairs, *express)
    else:
        first = (*express, *repairs)
    order = [Service.FLYAWAY_REPORT, *first] if case.is_lost else [*first, Service.FLYAWAY_REPORT]
    return [*order, *(each for each in (Service.MAINTENANCE, Service.REPLACEMENT, Service.REFUND) if each not in order)]


def _closed(service: Service, because: Because) -> Route:
    return Route(service=service, open=False, because=because)


def _reading(case: _Case, service: Service) -> ServiceReading:
    return next(each for each in case.then.services if each.service is service)


def _barred(case: _Case) -> Because | None:
    """Return the clauses that close every service of the plan for this incident, or None."""
    kind = case.incident.kind
    if kind is not None and kind in _EXCLUDED:
        return case.terms.because(_EXCLUDED[kind])
    without_water = case.terms.because(Reason.ROUTE_WATER_AT_LAUNCH)
    editions = {edition for clause in case.terms.says(without_water) for edition in clause.editions}
    return without_water if kind is IncidentKind.WATER and case.then.care.edition in editions else None


def _elsewhere(case: _Case) -> Because | None:
    """Return the clauses that close the plan's services in the place where service is wanted, or None."""
    place = case.incident.service_region or case.facts.device.region
    if serves(case.then.service_area, place, case.terms):
        return None
    return (*case.terms.because(Reason.ROUTE_OUTSIDE_AREA), *case.then.service_area.because)


def _no_unit(case: _Case) -> Because | None:
    """Return the clauses that close what needs a unit to send in, or None."""
    return case.terms.because(Reason.ROUTE_LOST) if case.is_lost else None


def _parts(case: _Case) -> tuple[bool | None, Because, tuple[Caution, ...]]:
    """Say whether what was damaged is in the plan's scope: the product itself always is, the controller never.

    So is what the older editions name for every series. Batteries and propellers differ by series there, and for
    newer models no source names them.
    """
    parts = set(case.incident.parts)
    outside = case.terms.uncovered_parts
    uncovered = {part for part in parts if part.value in outside.value}
    caution = (Caution.CONTROLLER_NOT_COVERED,) if Part.REMOTE_CONTROLLER in uncovered else ()
    named = parts - uncovered
    if parts and not named:
        return False, (*outside.because, *case.terms.because(Reason.SERVICE_PART_NOT_COVERED)), caution
    if not named or named & (_PRODUCT | _in_every_series(case.terms)):
        return True, (), caution
    model = case.terms.models.get(case.facts.device.model)
    listed = next((each for each in case.terms.covered_parts if model and model.family in each.families), None)
    if listed is None:
        return None, case.terms.because(Reason.ROUTE_PARTS_UNKNOWN), (*caution, Caution.PARTS_UNKNOWN)
    if named <= {Part(part) for part in listed.parts}:
        return True, listed.because, caution
    if any(part.value in listed.parts for part in named):
        return True, listed.because, (*caution, Caution.PARTS_UNKNOWN)
    return False, (*listed.because, *case.terms.because(Reason.SERVICE_PART_NOT_COVERED)), caution


def _in_every_series(terms: Terms) -> frozenset[Part]:
    """Return the parts that every list of covered parts names: what belongs to the product itself."""
    lists = [listed.parts for listed in terms.covered_parts]
    return frozenset(Part(part) for part in frozenset.intersection(*lists)) if lists else frozenset()


def _express(case: _Case, service: Service) -> Route:
    """Express sends another unit for the damaged one, without looking for a defect."""
    kind = case.incident.kind
    barred = _barred(case) or _no_unit(case)
    reading = _reading(case, service)
    if barred or not reading.open:
        return _closed(service, barred or reading.because)
    if kind is IncidentKind.RETURN:
        return _closed(service, case.terms.because(Reason.ROUTE_ACCIDENT))
    elsewhere = _elsewhere(case) or (_premium_elsewhere(case) if service is Service.EXPRESS_PREMIUM else None)
    in_scope, why_parts, cautions = _parts(case)
    if elsewhere or in_scope is False:
        return _closed(service, elsewhere or why_parts)
    failure = kind in _FAILURES
    why = case.terms.because(Reason.ROUTE_FAILURE if failure else Reason.ROUTE_ACCIDENT)
    deposit = service is Service.EXPRESS_PREMIUM
    return _use_of_plan(
        case,
        Route(
            service=service,
            open=True if in_scope else None,
            unknown=() if in_scope else ("parts",),
            deposit=deposit,
            warnings=(
                *((Caution.NO_INSPECTION,) if failure or Wish.INSPECTION in case.incident.wants else ()),
                *((Caution.DEPOSIT,) if deposit else ()),
                *cautions,
            ),
            because=(*why, *reading.because, *why_parts),
        ),
    )


def _premium_elsewhere(case: _Case) -> Because | None:
    place = case.incident.service_region
    where = case.terms.premium_regions
    return None if place is None or place in where.value else where.because


def _use_of_plan(case: _Case, route: Route) -> Route:
    """Add what a route that uses up a replacement costs and leaves."""
    care = case.then.care
    used, left = care.replacements.used, care.replacements.left
    is_flyaway = route.service is Service.FLYAWAY_REPORT
    replacements = None if left is None else left - 1
    unused = None if care.flyaways.allowed is None else care.flyaways.allowed - care.flyaways.used - is_flyaway
    flyaways = None if unused is None or replacements is None else max(0, min(unused, replacements))
    fee = known_fee(case.terms, case.facts.device, care, used + 1, flyaway=is_flyaway)
    cautions = [*route.warnings]
    if replacements == 0:
        cautions.append(Caution.LAST_REPLACEMENT)
    if fee is None:
        cautions.append(Caution.FEE_NOT_KNOWN)
    return replace(
        route,
        use=used + 1,
        fee=fee,
        left_after=LeftAfter(replacements=replacements, flyaways=flyaways),
        warnings=tuple(cautions),
    )


def _flyaway(case: _Case) -> Route:
    """An aircraft that is gone and cannot be retrieved is reported, if everything was in place before the loss."""
    service = Service.FLYAWAY_REPORT
    barred = _barred(case)
    if barred:
        return _closed(service, barred)
    if not case.is_lost:
        return _closed(service, case.terms.because(Reason.ROUTE_NOT_LOST))
    readiness = case.then.flyaway
    closed = () if readiness.ready else readiness.because
    elsewhere = _elsewhere(case)
    if closed or elsewhere:
        return _closed(service, closed or elsewhere or ())
    why = case.terms.because(Reason.ROUTE_NOT_LOST)
    limit = case.terms.because(Reason.FLYAWAY_NO_TIME_LIMIT_FOUND)
    return _use_of_plan(
        case,
        Route(
            service=service,
            open=True,
            warnings=(Caution.DO_NOT_UNBIND, Caution.NO_TIME_LIMIT_FOUND),
            because=(*why, *readiness.because, *limit),
        ),
    )


def _replacement(case: _Case) -> Route:
    """A factory fault within some days of the purchase is exchanged."""
    service = Service.REPLACEMENT
    reading = _reading(case, service)
    refused = _no_unit(case)
    if case.incident.kind not in _FAILURES:
        refused = refused or case.terms.because(Reason.ROUTE_NO_DEFECT)
    if refused:
        return _closed(service, refused)
    return _as_read(case, reading)


def _warranty(case: _Case) -> Route:
    """A warranty repair is for what failed by itself; after an accident only an inspection can tell."""
    service = Service.REPAIR_WARRANTY
    barred = _barred(case) or _no_unit(case)
    if barred:
        return _closed(service, barred)
    kind = case.incident.kind
    inspected = Wish.INSPECTION in case.incident.wants
    if kind not in _FAILURES and not inspected:
        return _closed(service, case.terms.because(Reason.ROUTE_NO_DEFECT))
    reading = _warranty_reading(case)
    why = case.terms.because(Reason.ROUTE_FAILURE if kind in _FAILURES else Reason.ROUTE_INSPECTION)
    cautions = () if kind in _FAILURES else (Caution.NO_WARRANTY_FOR_ACCIDENTS, Caution.FEE_AFTER_INSPECTION)
    if reading.open is False:
        return _closed(service, reading.because)
    return _left_alone(
        case,
        Route(
            service=service,
            open=reading.open,
            unknown=reading.unknown,
            warnings=cautions,
            because=(*why, *reading.because),
        ),
    )


def _warranty_reading(case: _Case) -> ServiceReading:
    """Return the warranty that counts in the place of the claim: outside the plan's area only the maker's own."""
    reading = _reading(case, Service.REPAIR_WARRANTY)
    elsewhere = _elsewhere(case)
    if elsewhere is None or not reading.open:
        return reading
    today = day_of(case.then.at, case.facts.zone)
    own = [span for span in case.then.warranty if span.basis in (WarrantyBasis.STANDARD, WarrantyBasis.AFTER_SERVICE)]
    running = [
        span
        for span in own
        if span.from_day is not None and span.until_day is not None and span.from_day <= today <= span.until_day
    ]
    if running:
        return replace(reading, until=running[0].until_day, because=running[0].because)
    is_open = None if any(span.until_day is None for span in own) else False
    return replace(reading, open=is_open, until=None, because=elsewhere)


def _paid(case: _Case) -> Route:
    """Repair against payment stays when nothing else does, as long as there is a unit to send in."""
    service = Service.REPAIR_PAID
    refused = _no_unit(case)
    if case.incident.kind is IncidentKind.STOLEN:
        refused = case.terms.because(Reason.ROUTE_STOLEN)
    if refused or case.facts.successor is not None:
        return _closed(service, refused or case.terms.because(Reason.CARE_MOVED))
    why = case.terms.because(Reason.SERVICE_REPAIR)
    cautions = (Caution.FEE_AFTER_INSPECTION,)
    return _left_alone(case, Route(service=service, open=True, warnings=cautions, because=why))


def _extra(case: _Case, service: Service) -> Route:
    """Repair discount and maintenance: extras of the plan for few models."""
    reading = _reading(case, service)
    refused = _barred(case) or _no_unit(case) or _elsewhere(case)
    worn = case.incident.kind in {IncidentKind.WEAR, IncidentKind.MALFUNCTION}
    if service is Service.MAINTENANCE and not worn:
        refused = refused or case.terms.because(Reason.ROUTE_NOT_WORN)
    if case.incident.kind is IncidentKind.RETURN:
        refused = refused or case.terms.because(Reason.ROUTE_RETURN)
    if refused:
        return _closed(service, refused)
    return _as_read(case, reading)


def _refund(case: _Case) -> Route:
    """Money back is asked of the store, if the device was bought there."""
    service = Service.REFUND
    wanted = case.incident.kind is IncidentKind.RETURN or Wish.REFUND in case.incident.wants
    refused = _no_unit(case)
    if not wanted:
        refused = case.terms.because(Reason.ROUTE_NO_RETURN_WANTED)
    if refused:
        return _closed(service, refused)
    reading = _reading(case, service)
    return _as_read(case, reading)


def _as_read(case: _Case, reading: ServiceReading) -> Route:
    """Return the route as the service itself is open at that instant."""
    route = Route(service=reading.service, open=reading.open, unknown=reading.unknown, because=reading.because)
    return _left_alone(case, route)


def _left_alone(case: _Case, route: Route) -> Route:
    """Add that a route uses nothing of the plan, where there is one."""
    care = case.then.care
    if not route.open or care.state in (CareState.NONE, CareState.EXPIRED, CareState.NOT_STARTED):
        return route
    return replace(route, left_after=LeftAfter(replacements=care.replacements.left, flyaways=care.flyaways.left))


_JUDGES: Mapping[Service, Callable[[_Case], Route]] = {
    Service.EXPRESS_BASIC: lambda case: _express(case, Service.EXPRESS_BASIC),
    Service.EXPRESS_PREMIUM: lambda case: _express(case, Service.EXPRESS_PREMIUM),
    Service.REPLACEMENT: _replacement,
    Service.REPAIR_WARRANTY: _warranty,
    Service.REPAIR_PAID: _paid,
    Service.REPAIR_DISCOUNT: lambda case: _extra(case, Service.REPAIR_DISCOUNT),
    Service.FLYAWAY_REPORT: _flyaway,
    Service.MAINTENANCE: lambda case: _extra(case, Service.MAINTENANCE),
    Service.REFUND: _refund,
}
