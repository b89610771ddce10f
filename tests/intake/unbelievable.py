"""Says what a reading tells that cannot be: a flight in 1970, a serial that is none, a place off the earth."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime

from homepoint.domain.flight import FlightRecord
from homepoint.domain.intake_values import FoundSerial, TrackPoint
from homepoint.domain.values import LAST_YEAR
from homepoint.intake.reading import Reading

_SERIAL = re.compile(r"[0-9A-Z]{8,20}", re.ASCII)


def unbelievable(found: Reading) -> list[str]:
    """Return what is wrong with a reading, whatever its kind; nothing if it may be true."""
    wrong = []
    try:
        json.dumps(found.plain, allow_nan=False).encode()
    except (TypeError, ValueError) as fault:
        wrong.append(f"its JSON cannot be written: {fault}")
    if any("\n" in label + text for label, text in found.rows):
        wrong.append("a row of words is more than one line")
    if isinstance(found.value, FlightRecord):
        wrong += _about_flight(found.value)
    else:
        wrong += _about_parts(found.value)
    return wrong


def _about_flight(record: FlightRecord) -> Iterator[str]:
    who = record.identity
    for serial in (who.aircraft_serial, who.camera_serial, who.controller_serial, who.battery_serial):
        if serial is not None and (not _SERIAL.fullmatch(serial) or len(set(serial)) < 2):
            yield f"no serial: {serial!r}"
    frames = list(record.frames)
    instants = [record.started_at, who.activated_at, *(frame.at for frame in frames)]
    instants += [message.at for message in record.messages]
    yield from (f"no instant of a flight: {at}" for at in instants if at is not None and not _can_be(at))
    places = [record.start, *(frame.position for frame in frames), *(home.position for home in record.home_points)]
    for place in places:
        if place is not None and not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
            yield f"no place on earth: {place}"


def _about_parts(value: object) -> Iterator[str]:
    """Look through whatever another reader found."""
    for part in _within(value):
        if isinstance(part, FoundSerial) and not _SERIAL.fullmatch(part.text):
            yield f"no serial: {part.text!r}"
        elif isinstance(part, TrackPoint) and not (abs(part.lat) <= 90 and abs(part.lon) <= 180):
            yield f"no place on earth: {part}"
        elif isinstance(part, datetime) and not _can_be(part):
            yield f"no instant of a flight: {part}"


def _within(value: object) -> Iterator[object]:
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _within(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _within(item)


def _can_be(at: datetime) -> bool:
    return 2010 <= at.year < LAST_YEAR
