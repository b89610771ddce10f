"""Something happened: which services are a way out, and which one first?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from homepoint.domain.assessment import IncidentReading, Route
from homepoint.domain.facts import Incident, IncidentKind, Service, Wish
from homepoint.domain.rules.case import FAILURES, Case
from homepoint.domain.rules.evaluate import category_of, evaluate
from homepoint.domain.rules.flyaway import flyaway_readiness
from homepoint.domain.rules.known import known_by
from homepoint.domain.rules.plans import plan_spans
from homepoint.domain.rules.ways import WAYS
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms

_EXPRESS = (Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM)


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
    case = Case(
        incident=incident,
        facts=known,
        category=category,
        then=replace(then, flyaway=readiness),
        terms=terms,
    )
    judged = {service: judge(case) for service, judge in WAYS.items()}
    return IncidentReading(
        incident=incident.id,
        judged_at=judged_at,
        care=then.care,
        readiness=readiness,
        routes=_ranked(judged, case),
    )


def _ranked(judged: Mapping[Service, Route], case: Case) -> tuple[Route, ...]:
    order = _order(case)
    ways = sorted(judged.values(), key=lambda route: order.index(route.service))
    open_ones = [route for route in ways if route.open]
    rest = [route for route in ways if not route.open]
    return (*(replace(route, rank=rank) for rank, route in enumerate(open_ones, 1)), *rest)


def _order(case: Case) -> list[Service]:
    """Return the services in the order they are advised.

    A failure goes to the exchange or the warranty first, since Express forfeits the inspection. After an accident
    Express comes before repair, Basic before Premium unless speed is wanted; an inspection or a quote turns that round.
    """
    wants = set(case.incident.wants)
    express = _EXPRESS if Wish.SPEED not in wants else tuple(reversed(_EXPRESS))
    repairs = (Service.REPAIR_WARRANTY, Service.REPAIR_DISCOUNT, Service.REPAIR_PAID)
    if case.incident.kind is IncidentKind.RETURN or Wish.REFUND in wants:
        first: tuple[Service, ...] = (Service.REFUND, Service.REPLACEMENT, *repairs, *express)
    elif case.incident.kind in FAILURES:
        first = (Service.REPLACEMENT, *repairs, *express)
    elif wants & {Wish.INSPECTION, Wish.QUOTE_FIRST}:
        first = (*repairs, *express)
    else:
        first = (*express, *repairs)
    order = [Service.FLYAWAY_REPORT, *first] if case.is_lost else [*first, Service.FLYAWAY_REPORT]
    return [*order, *(each for each in (Service.MAINTENANCE, Service.REPLACEMENT, Service.REFUND) if each not in order)]
