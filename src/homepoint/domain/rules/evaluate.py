"""Everything the rules say about one device at one instant, and until when it stays true."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from homepoint.domain.assessment import Assessment
from homepoint.domain.facts import Category
from homepoint.domain.rules.care import care
from homepoint.domain.rules.claims import awaits_the_old_unit, claim_reading
from homepoint.domain.rules.deadlines import becomes_due_at, deadlines
from homepoint.domain.rules.flyaway import flyaway_readiness
from homepoint.domain.rules.known import fact_instants, known_by, moved_at
from homepoint.domain.rules.plans import plan_spans
from homepoint.domain.rules.purchase import purchase
from homepoint.domain.rules.renewal import renewal
from homepoint.domain.rules.service_area import service_area
from homepoint.domain.rules.services import services
from homepoint.domain.rules.warranty import warranty
from homepoint.domain.serials import read_serial
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import end_of, start_of

_INSTANT = timedelta(microseconds=1)


def evaluate(facts: DeviceFacts, terms: Terms, at: datetime) -> Assessment:
    """Assess one device at an instant (with a time zone) by what was known then.

    How to add a question: a module beside this one with one pure function, a value in `assessment.py`, a line here.
    """
    known = known_by(facts, at)
    category = category_of(known, terms)
    serial = read_serial(known.device.serial, terms)
    spans = plan_spans(known, terms, at)
    plan = care(known, spans, terms, at)
    warranties = warranty(known, spans, serial, terms, at)
    first = purchase(known, category, spans, terms, at)
    onward = renewal(known, spans, terms, at)
    readiness = flyaway_readiness(known, category, plan, spans, terms, at)
    area = service_area(known, plan, terms)
    readings = services(known, plan, warranties, readiness, terms, at)
    ends = (
        *deadlines(known, category, spans, plan, first, onward, warranties, terms, at),
        *(
            each
            for claim in known.claims
            if awaits_the_old_unit(claim)
            for each in claim_reading(known, claim, terms, at).deadlines
        ),
    )

    days: list[date | None] = [each for span in spans for each in (span.starts_on, span.ends_on)]
    days += [each for span in warranties for each in (span.from_day, span.until_day)]
    untils = [first.until, onward.until, *(reading.until for reading in readings)]
    days += [until for until in untils if not isinstance(until, datetime)]
    turns = {until for until in untils if isinstance(until, datetime)}
    turns |= {deadline.ends_at for deadline in ends}
    turns |= {becomes_due_at(deadline, facts.zone) for deadline in ends}
    return Assessment(
        device=known.device.id,
        at=at,
        holds_until=_next_turn(facts, terms, at, turns, days),
        category=category,
        serial=serial,
        care=plan,
        warranty=warranties,
        purchase=first,
        renewal=onward,
        flyaway=readiness,
        service_area=area,
        services=readings,
        deadlines=tuple(sorted(ends, key=lambda each: each.ends_at)),
    )


def category_of(facts: DeviceFacts, terms: Terms) -> Category | None:
    """Return a device's category: the catalogue's for a model it knows, else what the owner says."""
    model = terms.models.get(facts.device.model)
    return model.category if model else facts.device.category


def _next_turn(
    facts: DeviceFacts, terms: Terms, at: datetime, turns: set[datetime], days: Iterable[date | None]
) -> datetime | None:
    """Return the next instant at which any verdict may change.

    Days turn at their beginning and their end. A binding still holds at the instant it is unbound, so what rests on a
    fact's instant changes just after it as well as at it.
    """
    zone = facts.zone
    turns = turns | {turn for day in days if day is not None for turn in (start_of(day, zone), end_of(day, zone))}
    turns |= {start_of(edition.valid_from, zone) for edition in terms.editions}
    named = fact_instants(facts)
    if facts.successor is not None and (moved := moved_at(facts, facts.successor)) is not None:
        named.add(moved)
    turns |= named | {each + _INSTANT for each in named}
    return min((turn for turn in turns if turn > at), default=None)
