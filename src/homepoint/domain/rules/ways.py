"""Each service as a way out of an incident: open or closed, why, at what price, and what is left after it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from homepoint.domain.assessment import (
    Because,
    CareState,
    Caution,
    LeftAfter,
    Route,
    ServiceReading,
    WarrantyBasis,
)
from homepoint.domain.facts import IncidentKind, Service, Wish
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.case import FAILURES, Case, barred, elsewhere, no_unit, parts_in_scope, reading_of
from homepoint.domain.rules.fees import known_fee
from homepoint.domain.values import day_of


def _closed(service: Service, because: Because) -> Route:
    return Route(service=service, open=False, because=because)


def _express(case: Case, service: Service) -> Route:
    """Express sends another unit for the damaged one, without looking for a defect."""
    kind = case.incident.kind
    closed_by = barred(case) or no_unit(case)
    reading = reading_of(case, service)
    if closed_by or not reading.open:
        return _closed(service, closed_by or reading.because)
    if kind is IncidentKind.RETURN:
        return _closed(service, case.terms.because(Reason.ROUTE_ACCIDENT))
    other_place = elsewhere(case) or (_premium_elsewhere(case) if service is Service.EXPRESS_PREMIUM else None)
    in_scope, why_parts, cautions = parts_in_scope(case)
    if other_place or in_scope is False:
        return _closed(service, other_place or why_parts)
    failure = kind in FAILURES
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


def _premium_elsewhere(case: Case) -> Because | None:
    place = case.incident.service_region
    where = case.terms.premium_regions
    return None if place is None or place in where.value else where.because


def _use_of_plan(case: Case, route: Route) -> Route:
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


def _flyaway(case: Case) -> Route:
    """An aircraft that is gone and cannot be retrieved is reported, if everything was in place before the loss."""
    service = Service.FLYAWAY_REPORT
    closed_by = barred(case)
    if closed_by:
        return _closed(service, closed_by)
    if not case.is_lost:
        return _closed(service, case.terms.because(Reason.ROUTE_NOT_LOST))
    readiness = case.then.flyaway
    closed = () if readiness.ready else readiness.because
    other_place = elsewhere(case)
    if closed or other_place:
        return _closed(service, closed or other_place or ())
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


def _replacement(case: Case) -> Route:
    """A factory fault within some days of the purchase is exchanged."""
    service = Service.REPLACEMENT
    reading = reading_of(case, service)
    refused = no_unit(case)
    if case.incident.kind not in FAILURES:
        refused = refused or case.terms.because(Reason.ROUTE_NO_DEFECT)
    if refused:
        return _closed(service, refused)
    return _as_read(case, reading)


def _warranty(case: Case) -> Route:
    """A warranty repair is for what failed by itself; after an accident only an inspection can tell."""
    service = Service.REPAIR_WARRANTY
    closed_by = barred(case) or no_unit(case)
    if closed_by:
        return _closed(service, closed_by)
    kind = case.incident.kind
    inspected = Wish.INSPECTION in case.incident.wants
    if kind not in FAILURES and not inspected:
        return _closed(service, case.terms.because(Reason.ROUTE_NO_DEFECT))
    reading = _warranty_reading(case)
    why = case.terms.because(Reason.ROUTE_FAILURE if kind in FAILURES else Reason.ROUTE_INSPECTION)
    cautions = () if kind in FAILURES else (Caution.NO_WARRANTY_FOR_ACCIDENTS, Caution.FEE_AFTER_INSPECTION)
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


def _warranty_reading(case: Case) -> ServiceReading:
    """Return the warranty that counts in the place of the claim: outside the plan's area only the maker's own."""
    reading = reading_of(case, Service.REPAIR_WARRANTY)
    other_place = elsewhere(case)
    if other_place is None or not reading.open:
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
    return replace(reading, open=is_open, until=None, because=other_place)


def _paid(case: Case) -> Route:
    """Repair against payment stays when nothing else does, as long as there is a unit to send in."""
    service = Service.REPAIR_PAID
    refused = no_unit(case)
    if case.incident.kind is IncidentKind.STOLEN:
        refused = case.terms.because(Reason.ROUTE_STOLEN)
    if refused or case.facts.successor is not None:
        return _closed(service, refused or case.terms.because(Reason.CARE_MOVED))
    why = case.terms.because(Reason.SERVICE_REPAIR)
    cautions = (Caution.FEE_AFTER_INSPECTION,)
    return _left_alone(case, Route(service=service, open=True, warnings=cautions, because=why))


def _extra(case: Case, service: Service) -> Route:
    """Repair discount and maintenance: extras of the plan for few models."""
    reading = reading_of(case, service)
    refused = barred(case) or no_unit(case) or elsewhere(case)
    worn = case.incident.kind in {IncidentKind.WEAR, IncidentKind.MALFUNCTION}
    if service is Service.MAINTENANCE and not worn:
        refused = refused or case.terms.because(Reason.ROUTE_NOT_WORN)
    if case.incident.kind is IncidentKind.RETURN:
        refused = refused or case.terms.because(Reason.ROUTE_RETURN)
    if refused:
        return _closed(service, refused)
    return _as_read(case, reading)


def _refund(case: Case) -> Route:
    """Money back is asked of the store, if the device was bought there."""
    service = Service.REFUND
    wanted = case.incident.kind is IncidentKind.RETURN or Wish.REFUND in case.incident.wants
    refused = no_unit(case)
    if not wanted:
        refused = case.terms.because(Reason.ROUTE_NO_RETURN_WANTED)
    if refused:
        return _closed(service, refused)
    reading = reading_of(case, service)
    return _as_read(case, reading)


def _as_read(case: Case, reading: ServiceReading) -> Route:
    """Return the route as the service itself is open at that instant."""
    route = Route(service=reading.service, open=reading.open, unknown=reading.unknown, because=reading.because)
    return _left_alone(case, route)


def _left_alone(case: Case, route: Route) -> Route:
    """Add that a route uses nothing of the plan, where there is one."""
    care = case.then.care
    if not route.open or care.state in (CareState.NONE, CareState.EXPIRED, CareState.NOT_STARTED):
        return route
    return replace(route, left_after=LeftAfter(replacements=care.replacements.left, flyaways=care.flyaways.left))


WAYS: Mapping[Service, Callable[[Case], Route]] = {
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
