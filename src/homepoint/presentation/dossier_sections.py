"""The parts of a dossier one by one: statement, timeline, device, bindings, cover, ways, claims, place, clauses."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from homepoint.application.flight_facts import kept_flight
from homepoint.domain.assessment import (
    Allowance,
    CareState,
    ClaimReading,
    Route,
)
from homepoint.domain.facts import Attachment, BoundTo, Claim, Incident, Position, Service
from homepoint.domain.rules.flyaway import bound_at
from homepoint.presentation.dossier_parts import NOT_KNOWN, Quote, Section, Subject, Table, money_text
from homepoint.presentation.incident_words import (
    INCIDENT_NAMES,
    PART_NAMES,
    STEP_NAMES,
    WHAT_HAPPENED,
    WHOSE_NAMES,
)
from homepoint.presentation.places import (
    PlaceMap,
    bearing_degrees,
    bearing_text,
    decimal_text,
    degrees_text,
    distance_m,
    distance_text,
    place_map,
)
from homepoint.presentation.wording import (
    DEADLINE_NAMES,
    PRODUCT_NAMES,
    counted,
    day_text,
    gap_remedy,
    gap_sentence,
    moment_text,
    name_of,
    region_name,
    short_day_text,
)


def statement_of(subject: Subject) -> tuple[str, ...]:
    """Return what the owner states, in sentences to sign."""
    device, incident = subject.facts.device, subject.incident
    serial = f"serial {device.serial}" if device.serial else "serial not known"
    happened = WHAT_HAPPENED[incident.kind] if incident.kind else "was part of an incident"
    said = [f"My {device.model}, {serial}, {happened}.", f"It happened on {subject.when}."]
    if incident.at is None:
        said[1] = "The time it happened is not known."
    else:
        said.append(f"That is {incident.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.")
    if incident.position is not None:
        said.append(f"The last known position is {decimal_text(incident.position)}.")
    if subject.is_lost:
        said.append("The unit cannot be retrieved.")
    elif incident.retrievable:
        said.append("The unit is with me and can be sent in.")
    if incident.parts:
        said.append(f"Affected: {', '.join(PART_NAMES[part] for part in incident.parts)}.")
    return tuple(said)


def sections_of(subject: Subject, *, redact: bool, attachments: Sequence[Attachment] = ()) -> tuple[Section, ...]:
    """Return every part that has something to say, in the order a claims clerk reads them."""
    claims = [
        part for claim, reading in subject.claims for part in claim_sections(subject, claim, reading, redact=redact)
    ]
    return (
        device_section(subject),
        *(() if subject.incident.position is None else (place_section(subject),)),
        *flight_sections(attachments, subject),
        timeline_section(subject),
        bindings_section(subject),
        cover_section(subject),
        *claims,
        ways_section(subject, redact=redact),
    )


def device_section(subject: Subject) -> Section:
    """Return the device, its serials and where it came from."""
    device, incident = subject.facts.device, subject.incident
    rows = [("Model", device.model), ("Serial of the device", device.serial or NOT_KNOWN)]
    if device.nickname:
        rows.append(("Owner's name for it", device.nickname))
    if incident.controller:
        rows.append(("Controller in use", subject.controller_name(incident.controller)))
    if incident.account:
        rows.append(("Account of the report", subject.account_name(incident.account)))
    rows.append(("Region", region_name(device.region)))
    if device.purchased_on:
        bought = f", {name_of(device.channel)}" if device.channel else ""
        rows.append(("Bought", day_text(device.purchased_on) + bought))
    if device.activated_at:
        rows.append(("Activated", subject.clock(device.activated_at)))
    proof = {True: "There is one", False: "There is none", None: NOT_KNOWN}[device.proof_of_purchase]
    rows.append(("Proof of purchase", proof))
    if subject.facts.predecessor is not None:
        rows.append(("Took over from", f"the unit with serial {subject.facts.predecessor.device.serial or NOT_KNOWN}"))
    return Section(key="device", title="Device", rows=tuple(rows))


def home_of(incident: Incident) -> Position | None:
    """Return the home point of the flight, where a newer record brought it along."""
    home = incident.extra.get("home")
    if not isinstance(home, dict):
        return None
    lat, lon = home.get("lat"), home.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float) and abs(lat) <= 90 and abs(lon) <= 180:
        return Position(lat=float(lat), lon=float(lon))
    return None


def place_section(subject: Subject) -> Section:
    """Return where the device was last, in every notation someone may ask for."""
    last = subject.incident.position
    assert last is not None, "only for an incident with a position"
    rows = [("Decimal degrees", decimal_text(last)), ("Degrees, minutes, seconds", degrees_text(last))]
    if last.altitude_m is not None:
        rows.append(("Height as recorded", f"{last.altitude_m:g} m"))
    if home := home_of(subject.incident):
        bearing = bearing_text(bearing_degrees(home, last))
        rows.append(("Home point", decimal_text(home)))
        rows.append(("From the home point", f"{distance_text(distance_m(home, last))} at a bearing of {bearing}"))
    return Section(key="place", title="Last known position", lead="Coordinates are WGS 84.", rows=tuple(rows))


def place_section_map(subject: Subject) -> PlaceMap | None:
    """Return the map, where a position is known."""
    last = subject.incident.position
    return None if last is None else place_map(last, home_of(subject.incident))


def flight_sections(attachments: Sequence[Attachment], subject: Subject) -> Iterator[Section]:
    """Yield what each flight record attached to the incident says of the flight; it proves no binding."""
    for each in attachments:
        flight = kept_flight(each)
        if flight is None or each.of != subject.incident.id:
            continue
        cut = ", as far as the app wrote it" if flight.is_serial_cut else ""
        told = (
            ("File", each.name),
            ("Aircraft", flight.product),
            ("Serial of the aircraft", flight.aircraft_serial and flight.aircraft_serial + cut),
            ("Serial of the controller", flight.controller_serial),
            ("Started", subject.clock(flight.started_at) if flight.started_at else None),
            ("Ended", subject.clock(flight.ended_at) if flight.ended_at else None),
            ("Last position", decimal_text(flight.last) if flight.last else None),
            ("Seen there", subject.clock(flight.last_at) if flight.last_at else None),
            ("Height above take-off", None if flight.last_height_m is None else f"{flight.last_height_m:g} m"),
            ("Battery", None if flight.battery_percent is None else f"{flight.battery_percent:g} %"),
        )
        yield Section(
            key="flight",
            title="Flight record",
            lead="As the record says. It shows who flew this aircraft at that time, and proves no binding.",
            rows=tuple((label, text) for label, text in told if text),
        )


def timeline_section(subject: Subject) -> Section:
    """Return every recorded instant that bears on the incident, the earliest first."""
    events = sorted(_events(subject), key=lambda event: event[0])
    return Section(
        key="timeline",
        title="What happened, in order",
        lead=f"Times are by the clock of {subject.facts.zone.key}.",
        table=Table(heads=("When", "What"), rows=tuple((when, what) for _, when, what in events), widths=(0, 1)),
    )


def _events(subject: Subject) -> Iterator[tuple[datetime, str, str]]:
    facts, zone = subject.facts, subject.facts.zone

    def on(day: date | None, what: str) -> Iterator[tuple[datetime, str, str]]:
        if day is not None:
            yield datetime(day.year, day.month, day.day, tzinfo=zone), short_day_text(day), what

    def at(instant: datetime | None, what: str) -> Iterator[tuple[datetime, str, str]]:
        if instant is not None:
            yield instant, moment_text(instant, zone), what

    yield from on(facts.device.purchased_on, "Device bought")
    yield from on(facts.device.received_on, "Device received")
    yield from at(facts.device.activated_at, "Device activated")
    for plan in facts.plans:
        yield from at(plan.purchased_at, f"{PRODUCT_NAMES[plan.product]} bought")
        yield from at(plan.bound_at, f"{PRODUCT_NAMES[plan.product]} bound to the device")
        yield from on(plan.starts_on, f"{PRODUCT_NAMES[plan.product]} starts")
    for binding in facts.bindings:
        to = "controller" if binding.to is BoundTo.CONTROLLER else "account"
        name = subject.controller_name if binding.to is BoundTo.CONTROLLER else subject.account_name
        yield from at(binding.bound_at, f"Bound to {to}: {name(binding.target)}")
        yield from at(max(binding.checked_at, default=None), f"Binding to {to} last checked: {name(binding.target)}")
        yield from at(binding.unbound_at, f"Unbound from {to}: {name(binding.target)}")
    kind = subject.incident.kind
    yield from at(subject.incident.at, f"Incident: {INCIDENT_NAMES[kind].lower() if kind else 'not named'}")
    for claim, _ in subject.claims:
        for step in claim.steps:
            yield from at(step.at, STEP_NAMES[step.step])


def bindings_section(subject: Subject) -> Section:
    """Return which account and controller the device was bound to when it happened, and what that means."""
    rows = []
    for to, name in ((BoundTo.ACCOUNT, subject.account_name), (BoundTo.CONTROLLER, subject.controller_name)):
        for binding in bound_at(subject.facts, to, subject.reading.judged_at):
            since = moment_text(binding.bound_at, subject.facts.zone) if binding.bound_at else NOT_KNOWN
            end = moment_text(binding.unbound_at, subject.facts.zone) if binding.unbound_at else "Still bound"
            rows.append((str(to).capitalize(), name(binding.target), since, end))
    readiness = subject.reading.readiness
    table = Table(heads=("Bound to", "Which", "Since", "Until"), rows=tuple(rows), widths=(0, 1, 0, 0))
    remarks: tuple[str, ...] = ()
    if subject.is_lost:
        remarks = tuple(f"{gap_sentence(gap)} {gap_remedy(gap)}" for gap in readiness.missing)
        remarks = remarks or ("Everything a flyaway report asks for was in place at that moment.",)
    return Section(
        key="bindings",
        title="Bindings at that moment",
        lead="" if rows else "No binding is recorded for that moment.",
        table=table if rows else None,
        remarks=remarks,
        because=readiness.because if subject.is_lost else (),
    )


def cover_section(subject: Subject) -> Section:
    """Return what the care plan gave when it happened."""
    care = subject.reading.care
    rows = [("State of the plan", name_of(care.state))]
    if care.product:
        rows.append(("Plan", PRODUCT_NAMES[care.product]))
    if care.edition and (edition := subject.terms.edition(care.edition)):
        rows.append(("Edition of the terms", edition.name))
    if care.starts_on and care.ends_on:
        rows.append(("First and last covered day", f"{day_text(care.starts_on)} to {day_text(care.ends_on)}"))
    if care.state is not CareState.NONE:
        rows.append(("Replacements", _allowance(care.replacements)))
        rows.append(("Flyaways among them", _allowance(care.flyaways)))
        rows.append(("Region of the plan", region_name(care.region)))
    return Section(
        key="cover",
        title="Cover at that moment",
        lead="Judged by what was bought, bound and used before it happened.",
        rows=tuple(rows),
        because=care.because,
    )


def ways_section(subject: Subject, *, redact: bool) -> Section:
    """Return the ways out of the incident: the open ones in the order advised, and why the others are closed."""
    open_ones = [route for route in subject.reading.routes if route.open]
    unsure = [route for route in subject.reading.routes if route.open is None]
    closed = [route for route in subject.reading.routes if route.open is False]
    heads: tuple[str, ...] = ("Rank", "Way", "Use", "Left after it", "Published fee")
    rows = [_way(route) for route in open_ones]
    if redact:
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    widths = (0, 1, 0, 0, 0)[: len(heads)]
    remarks = [f"{name_of(route.service)}: not decided, because {_unknown(route)} is not known." for route in unsure]
    if closed:
        remarks.append(f"Not open: {', '.join(f'{name_of(each.service)} ({each.because[0]})' for each in closed)}.")
    because = [id for route in open_ones[:1] for id in route.because] + [route.because[0] for route in closed]
    return Section(
        key="ways",
        title="Ways open at that moment",
        lead="In the order Homepoint advises." if open_ones else "No way was open.",
        table=Table(heads=heads, rows=tuple(rows), widths=widths) if rows else None,
        remarks=tuple(remarks),
        because=tuple(dict.fromkeys(because)),
    )


def _way(route: Route) -> tuple[str, ...]:
    left = "" if route.left_after is None else _left(route.left_after.replacements)
    fee = "" if route.service is Service.MAINTENANCE or route.use is None else "Shown at settlement"
    if route.fee is not None:
        fee = f"{money_text(route.fee.money)}, seen {route.fee.source.seen}"
    name = name_of(route.service) + (", with a deposit" if route.deposit else "")
    return (str(route.rank), name, "" if route.use is None else f"No. {route.use}", left, fee)


def claim_sections(subject: Subject, claim: Claim, reading: ClaimReading, *, redact: bool) -> Iterator[Section]:
    """Yield where a claim stands, and its fees."""
    rows = [("Service", name_of(claim.service) if claim.service else "Not chosen yet")]
    rows.append(("Latest step", STEP_NAMES[reading.state] if reading.state else "Draft: not submitted yet"))
    if reading.next and reading.whose:
        rows.append(("Next step", f"{STEP_NAMES[reading.next]} (the turn of {WHOSE_NAMES[reading.whose]})"))
    for deadline in reading.deadlines:
        ends = deadline.at.date() if isinstance(deadline.at, datetime) else deadline.at
        rows.append((DEADLINE_NAMES[deadline.kind], f"by the end of {day_text(ends)}"))
    if claim.deposit:
        rows.append(("Deposit", money_text(claim.deposit)))
    if claim.returned and claim.returned.serial:
        said = {True: "is the registered one", False: "is NOT the registered one", None: "cannot be compared"}
        rows.append(("Serial sent back", f"{claim.returned.serial}, {said[reading.returned.serial_matches]}"))
    if claim.new_serial:
        rows.append(("Serial of the replacement", claim.new_serial))
    table = None
    if claim.fees and not redact:
        fees = tuple(
            (
                fee.label or "Fee",
                moment_text(fee.paid_at, subject.facts.zone) if fee.paid_at else "",
                money_text(fee.amount),
            )
            for fee in claim.fees
        )
        table = Table(heads=("Fee", "Paid", "Amount"), rows=fees, widths=(1, 0, 0))
    yield Section(key="claim", title="Claim", rows=tuple(rows), table=table)


def quotes_for(subject: Subject) -> tuple[Quote, ...]:
    """Return every clause the dossier names, once, in the order of first naming."""
    ids = dict.fromkeys(id for part in sections_of(subject, redact=False) for id in part.because)
    contradictions = {each.id: each for each in subject.terms.contradictions}
    return tuple(
        Quote(
            id=clause.id,
            says=clause.says,
            source=clause.source.name,
            url=clause.source.url or "",
            seen=clause.source.seen,
            disputes=tuple(
                f"Sources differ. {contradictions[each].what} {contradictions[each].reading}"
                for each in clause.disputed_by
                if each in contradictions
            ),
        )
        for clause in subject.terms.says(ids)
    )


def _allowance(allowance: Allowance) -> str:
    if allowance.allowed is None:
        return f"No source states how many; {allowance.used} used before"
    return f"{counted(allowance.allowed, 'in all', 'in all')}, {allowance.used} used before, {allowance.left} left"


def _left(replacements: int | None) -> str:
    return NOT_KNOWN if replacements is None else counted(replacements, "replacement")


def _unknown(route: Route) -> str:
    return ", ".join(route.unknown) or "something"
