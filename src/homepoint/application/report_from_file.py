"""What a flight record, photo or track fills in of a report: proposed beside what is there, taken over as one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from homepoint.application.changes import Change, Edit
from homepoint.application.flight_facts import KEY, FlightFacts, flight_facts, to_keep
from homepoint.application.incidents import CorrectIncident
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Attachment, Controller, Device, Incident, Position
from homepoint.domain.flight import AppMessage, EmbeddedPicture, FlightRecord, SignalLoss
from homepoint.domain.intake_values import FlightExport, MapFile, Photo, TrackPoint, VideoSubtitles
from homepoint.domain.rules.last_seen import LAST_MESSAGES
from homepoint.domain.serials import normalised, same_serial

HOME = "home"
"""Where an incident's `extra` keeps the home point of the flight."""


class Order(StrEnum):
    """Which of two numbers that are a place comes first."""

    LATITUDE_FIRST = "latitude first"
    LONGITUDE_FIRST = "longitude first"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """What a file proposes for an incident, and what else it tells.

    `incident` has everything filled in. `is_other_aircraft`: the file names another serial than the report's device.
    `flight` is kept with the file. `losses` is None where the record does not tell.
    """

    incident: Incident
    flight: FlightFacts | None = None
    is_other_aircraft: bool = False
    is_clock_unsure: bool = False
    controller_serial: str | None = None
    losses: tuple[SignalLoss, ...] | None = None
    messages: tuple[AppMessage, ...] = ()
    pictures: tuple[EmbeddedPicture, ...] = ()


def filled_in(
    value: object, incident: Incident, device: Device, controllers: Iterable[Controller], zone: tzinfo
) -> FilledIn | None:
    """Return what a file's value proposes for an incident; None where it says nothing of time or place.

    Args:
        value: what a reader gave back.
        incident: as it is recorded.
        device: the one the report is about.
        controllers: those recorded, to know one by its serial.
        zone: the owner's, in which a photo's clock is meant where it names none.
    """
    if isinstance(value, FlightRecord):
        return _from_record(value, incident, device, controllers)
    if isinstance(value, Photo):
        return _from_photo(value, incident, device, zone)
    last = _last_point(value)
    if last is None:
        return None
    at = last.at or (last.local_at.replace(tzinfo=zone) if last.local_at else None)
    filled = replace(incident, at=at or incident.at, position=_position(last))
    return FilledIn(incident=filled, is_clock_unsure=last.at is None and at is not None)


def readings(value: object) -> Mapping[Order, VideoSubtitles]:
    """Return both ways to read subtitles that do not say which number is latitude; nothing for any other value."""
    if not isinstance(value, VideoSubtitles) or not value.needs_confirmation:
        return {}
    as_read = replace(value, needs_confirmation=False)
    both = {Order.LATITUDE_FIRST: value.turned(), Order.LONGITUDE_FIRST: as_read}
    return {order: track for order, track in both.items() if track.points}


def _last_point(value: object) -> TrackPoint | None:
    """Return where an export, subtitles or a map file end; a track that may be the wrong way round tells nothing."""
    if isinstance(value, FlightExport) and value.points:
        return value.points[-1].place
    if isinstance(value, VideoSubtitles) and value.points and not value.needs_confirmation:
        return value.points[-1]
    if isinstance(value, MapFile):
        points = [track.points[-1] for track in value.tracks if track.points] or [each.point for each in value.places]
        return points[-1] if len(points) == 1 else None
    return None


def _from_record(
    record: FlightRecord, incident: Incident, device: Device, controllers: Iterable[Controller]
) -> FilledIn:
    """The last fix is when and where it happened; without a readable track the header gives start and end."""
    flight = flight_facts(record)
    controller = next((each for each in controllers if same_serial(each.serial, flight.controller_serial)), None)
    changes: dict[str, Any] = {"at": flight.last_at or flight.ended_at or flight.started_at or incident.at}
    if flight.last is not None:
        changes["position"] = flight.last
    if controller is not None:
        changes["controller"] = controller.id
    home = flight.home or flight.start
    return FilledIn(
        incident=_with_home(replace(incident, **changes), home),
        flight=flight,
        is_other_aircraft=_is_other(flight.aircraft_serial, device.serial, is_cut=flight.is_serial_cut),
        controller_serial=flight.controller_serial if controller is None else None,
        losses=record.signal_losses,
        messages=record.messages[-LAST_MESSAGES:],
        pictures=record.pictures,
    )


def _from_photo(photo: Photo, incident: Incident, device: Device, zone: tzinfo) -> FilledIn | None:
    at = photo.taken_at or (photo.taken_local_at.replace(tzinfo=zone) if photo.taken_local_at else None)
    if at is None and photo.place is None:
        return None
    place = _position(photo.place) if photo.place else incident.position
    others = [each.text for each in photo.serials if each.of == "aircraft"]
    return FilledIn(
        incident=replace(incident, at=at or incident.at, position=place),
        is_other_aircraft=any(_is_other(each, device.serial, is_cut=False) for each in others),
        is_clock_unsure=photo.taken_at is None and at is not None,
    )


def _position(point: TrackPoint) -> Position:
    return Position(lat=round(point.lat, 7), lon=round(point.lon, 7))


def _is_other(found: str | None, recorded: str | None, *, is_cut: bool) -> bool:
    one, two = normalised(found or ""), normalised(recorded or "")
    if not one or not two or one == two:
        return False
    return not (is_cut and two.startswith(one)) and not (len(two) < len(one) and one.startswith(two))


def _with_home(incident: Incident, home: Position | None) -> Incident:
    if home is None:
        return incident
    extra = {**incident.extra, HOME: {"lat": home.lat, "lon": home.lon}}
    return replace(incident, extra=MappingProxyType(extra))


@dataclass(frozen=True, slots=True, kw_only=True)
class FillInReport:
    """Take over what a file proposes, and keep with the file what it tells of the flight: one step of undo."""

    filled: FilledIn
    attachment: Attachment

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        edit = CorrectIncident(incident=self.filled.incident).plan(library, now)
        if isinstance(edit, Refused):
            return edit
        changes = list(edit.changes)
        stored = library.get(Attachment, self.attachment.id)
        if stored is not None and self.filled.flight is not None:
            extra: Mapping[str, object] = {**stored.extra, KEY: to_keep(self.filled.flight)}
            if extra != dict(stored.extra):
                changes.append(Change(before=stored, after=replace(stored, extra=MappingProxyType(extra))))
        return Edit(title=f"Report filled in from {self.attachment.name}", changes=tuple(changes))
