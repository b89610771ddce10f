"""The guided report: its pages in order, where a draft stands, what can have happened, and what is asked about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from homepoint.domain.facts import Category, Claim, Device, Incident, IncidentKind, Part, Position, Wish
from homepoint.domain.rules.evaluate import category_of
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import IncidentId, Region
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_words import INCIDENT_NAMES
from homepoint.presentation.places import decimal_text
from homepoint.presentation.wording import moment_text, region_name, when_text

PAGE_KEY, HOME_KEY = "homepoint-page", "home"
"""Where an incident's `extra` keeps the page its report has got to, and the home point of the flight."""

KEPT = "kept"
"""The page of a report that was put away without a claim."""


class ReportPage(StrEnum):
    """The pages of the report; the value is kept with the draft."""

    DEVICE = "device"
    WHAT = "what"
    FIND = "find"
    WHEN = "when"
    READY = "ready"
    EVIDENCE = "evidence"
    WAYS = "ways"
    CHECKLIST = "checklist"


PAGE_TITLES: Mapping[ReportPage, str] = MappingProxyType(
    {
        ReportPage.DEVICE: "Which device",
        ReportPage.WHAT: "What happened",
        ReportPage.FIND: "Find it first",
        ReportPage.WHEN: "When and where",
        ReportPage.READY: "Is it covered",
        ReportPage.EVIDENCE: "Evidence",
        ReportPage.WAYS: "Your ways",
        ReportPage.CHECKLIST: "What to do",
    }
)

LOSSES = frozenset({IncidentKind.FLYAWAY, IncidentKind.LOST})
_FOR_LOSSES = frozenset({ReportPage.FIND, ReportPage.READY})
_FLIERS = frozenset({None, Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One answer to "What happened?"."""

    kind: IncidentKind
    title: str
    sentence: str


TILES: Sequence[Tile] = (
    Tile(kind=IncidentKind.COLLISION, title="It crashed", sentence="It hit something, fell or was dropped."),
    Tile(kind=IncidentKind.WATER, title="It got wet", sentence="It fell into water, or water got in."),
    Tile(kind=IncidentKind.WEAR, title="It is worn", sentence="Something wore out in ordinary use."),
    Tile(
        kind=IncidentKind.MALFUNCTION,
        title="It does not work",
        sentence="Nothing happened to it, yet it fails.",
    ),
    Tile(kind=IncidentKind.FLYAWAY, title="It flew away", sentence="It is gone, or cannot be fetched."),
    Tile(kind=IncidentKind.STOLEN, title="It was stolen", sentence="Somebody took it."),
    Tile(kind=IncidentKind.ARRIVED_FAULTY, title="It arrived faulty", sentence="It was not right from the start."),
    Tile(kind=IncidentKind.RETURN, title="I want my money back", sentence="I do not want to keep it."),
)
RARE_TILES: Sequence[Tile] = (
    Tile(kind=IncidentKind.LOST, title="It was left behind or mislaid", sentence="Not in flight."),
    Tile(
        kind=IncidentKind.UNSUITABLE_CONDITIONS,
        title="In conditions the manual warns of",
        sentence="Such as storm, or ice.",
    ),
    Tile(
        kind=IncidentKind.THIRD_PARTY_PART,
        title="Through a part that DJI does not make",
        sentence="Such as another maker's battery.",
    ),
    Tile(kind=IncidentKind.DELIBERATE, title="On purpose", sentence="Somebody meant to damage it."),
)

WISHES: Mapping[Wish, str] = MappingProxyType(
    {
        Wish.INSPECTION: "Look for a fault of the product",
        Wish.QUOTE_FIRST: "Know the price first",
        Wish.SPEED: "Have a working one soon",
        Wish.REFUND: "Get the money back",
    }
)
_FLIERS_PARTS = (
    Part.AIRCRAFT,
    Part.GIMBAL,
    Part.CAMERA,
    Part.BATTERY,
    Part.PROPELLERS,
    Part.REMOTE_CONTROLLER,
    Part.ACCESSORY,
)
_HELD_PARTS = (Part.HANDHELD, Part.GIMBAL, Part.CAMERA, Part.BATTERY, Part.ACCESSORY)
RETRIEVABLE: Sequence[tuple[bool | None, str]] = (
    (None, "Not known yet"),
    (True, "Yes, I have it or can fetch it"),
    (False, "No, it is out of reach"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A report that was not finished: "Kestrel, crash on 3 May"."""

    incident: IncidentId
    title: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyText:
    """Something to put on the clipboard, and what it is called."""

    label: str
    text: str


def pages_of(incident: Incident | None) -> tuple[ReportPage, ...]:
    """Return the pages of a report in order; those about a loss only where something is lost."""
    lost = incident is not None and incident.kind in LOSSES
    return tuple(page for page in ReportPage if lost or page not in _FOR_LOSSES)


def open_pages(incident: Incident | None, chosen: Claim | None) -> frozenset[ReportPage]:
    """Return the pages one may go to: all but the last once it is known what happened, the last with a way chosen."""
    if incident is None or incident.kind is None:
        return frozenset({ReportPage.DEVICE, ReportPage.WHAT})
    closed = frozenset() if chosen else frozenset({ReportPage.CHECKLIST})
    return frozenset(pages_of(incident)) - closed


def page_of(incident: Incident, chosen: Claim | None = None) -> ReportPage:
    """Return the page a report has got to: the one after the last that was confirmed."""
    kept = incident.extra.get(PAGE_KEY)
    pages = [page for page in pages_of(incident) if page in open_pages(incident, chosen)]
    if kept in pages:
        return ReportPage(str(kept))
    if chosen is not None:
        return ReportPage.CHECKLIST
    return ReportPage.WHAT if incident.kind is None else pages[2]


def at_page(incident: Incident, page: ReportPage) -> Incident:
    """Return an incident whose report has got to a page; it never goes back behind a later one."""
    pages = pages_of(incident)
    before = incident.extra.get(PAGE_KEY)
    at = pages.index(ReportPage(str(before))) if before in pages else -1
    furthest = pages[max(at, pages.index(page) if page in pages else 0)]
    return replace(incident, extra={**incident.extra, PAGE_KEY: furthest.value})


def put_away(incident: Incident) -> Incident:
    """Return an incident whose report is finished without a claim."""
    return replace(incident, extra={**incident.extra, PAGE_KEY: KEPT})


def is_draft(incident: Incident, claims: Iterable[Claim]) -> bool:
    """Say whether a report waits to be finished: begun here, not put away, and no claim has come of it."""
    begun = PAGE_KEY in incident.extra and incident.extra[PAGE_KEY] != KEPT
    return begun and not any(claim.incident == incident.id for claim in claims)


def draft_line(incident: Incident, device: Device | None, now: datetime) -> DraftLine:
    """Return a draft in words; `now` is in the owner's time zone."""
    name = device_name(device) if device else "A device not in the list"
    what = INCIDENT_NAMES[incident.kind].lower() if incident.kind else "not said yet what happened"
    when = "" if incident.at is None else f" on {when_text(incident.at.astimezone(now.tzinfo).date(), now)}"
    when = when.replace(" on to", " to").replace(" on yes", " yes")
    return DraftLine(incident=incident.id, title=f"{name}, {what}{when}", page=PAGE_TITLES[page_of(incident)])


def can_fly(facts: DeviceFacts, terms: Terms) -> bool:
    """Say whether a device is an aircraft, or may be one."""
    return category_of(facts, terms) in _FLIERS


def parts_asked(facts: DeviceFacts, terms: Terms) -> Sequence[Part]:
    """Return the parts to ask about: those a device of this kind has."""
    return _FLIERS_PARTS if can_fly(facts, terms) else _HELD_PARTS


def service_regions(facts: DeviceFacts, terms: Terms) -> Sequence[tuple[Region | None, str]]:
    """Return the places where service may be wanted, the device's own first."""
    own = facts.device.region
    here = f"Where it was bought ({region_name(own)})" if own else "Where it was bought"
    others = sorted((region for region in terms.care_regions.value if region != own), key=region_name)
    return ((None, here), *((region, region_name(region)) for region in others))


def home_position(incident: Incident) -> Position | None:
    """Return the home point of the flight, if one was entered."""
    home = incident.extra.get(HOME_KEY)
    if not isinstance(home, Mapping):
        return None
    lat, lon = home.get("lat"), home.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float) and abs(lat) <= 90 and abs(lon) <= 180:
        return Position(lat=float(lat), lon=float(lon))
    return None


def with_home(incident: Incident, home: Position | None) -> Incident:
    """Return an incident with another home point of the flight, or none."""
    extra = {key: value for key, value in incident.extra.items() if key != HOME_KEY}
    if home is not None:
        extra[HOME_KEY] = {"lat": home.lat, "lon": home.lon}
    return replace(incident, extra=extra)


def statement(incident: Incident, facts: DeviceFacts) -> str:
    """Return what happened in a few sentences, to paste into a form of DJI; only what is recorded."""
    device = facts.device
    serial = f" (serial {device.serial})" if device.serial else ""
    happened = _HAPPENED[incident.kind] if incident.kind else "had an incident"
    when = "" if incident.at is None else f" on {moment_text(incident.at, facts.zone)} ({_offset(incident.at, facts)})"
    said = [f"My {device.model}{serial} {happened}{when}."]
    if incident.position is not None and incident.kind in LOSSES:
        said.append(f"Its last known position is {decimal_text(incident.position)}.")
    if incident.retrievable is False:
        said.append("It cannot be retrieved.")
    if incident.description and incident.description.strip():
        said.append(incident.description.strip())
    return " ".join(said)


def copy_texts(incident: Incident, facts: DeviceFacts) -> tuple[CopyText, ...]:
    """Return what DJI's forms ask for, ready to be pasted."""
    found = [CopyText(label="Device", text=facts.device.model)]
    if facts.device.serial:
        found.append(CopyText(label="Serial", text=facts.device.serial))
    if incident.at is not None:
        found.append(CopyText(label="When it happened", text=moment_text(incident.at, facts.zone)))
    return (*found, CopyText(label="What happened", text=statement(incident, facts)))


def _offset(at: datetime, facts: DeviceFacts) -> str:
    text = at.astimezone(facts.zone).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"


_HAPPENED: Mapping[IncidentKind, str] = MappingProxyType(
    {
        IncidentKind.COLLISION: "was damaged in a crash",
        IncidentKind.WATER: "was damaged by water",
        IncidentKind.WEAR: "is worn by ordinary use",
        IncidentKind.MALFUNCTION: "stopped working properly although nothing had happened to it",
        IncidentKind.ARRIVED_FAULTY: "was faulty when it arrived",
        IncidentKind.FLYAWAY: "flew away",
        IncidentKind.LOST: "was lost",
        IncidentKind.STOLEN: "was stolen",
        IncidentKind.DELIBERATE: "was damaged on purpose",
        IncidentKind.UNSUITABLE_CONDITIONS: "was damaged in unsuitable conditions",
        IncidentKind.THIRD_PARTY_PART: "was damaged through a part of another maker",
        IncidentKind.RETURN: "is to be returned",
    }
)
