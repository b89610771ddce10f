"""What is kept of one flight beside its record: who flew, from when to when, where it was last, for comparing later."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from homepoint.domain.facts import Attachment, Position
from homepoint.domain.flight import Condition, FlightRecord
from homepoint.domain.flight import Position as Spot
from homepoint.domain.portable import NotPortableError, instant, instant_text
from homepoint.domain.rules.last_seen import last_seen
from homepoint.domain.serials import normalised

KEY = "homepoint-flight"
"""Where the `extra` of a kept flight record says what it holds."""

_INSTANTS = frozenset({"started_at", "last_at", "activated_at"})
_PLACES = frozenset({"start", "last", "home"})
_NUMBERS = frozenset({"duration_s", "last_height_m", "battery_percent", "signal_losses"})
_YES_NO = frozenset({"is_serial_cut", "is_track_enciphered", "is_whole"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightFacts:
    """One flight in short; None is unknown. Heights are metres above take-off.

    `account_hash` is only good for "the same account as before" or "another one". `activated_at` is a hint.
    `last` and what begins with `last_` is the last usable fix, None where the track is enciphered.
    """

    product: str | None = None
    aircraft_name: str | None = None
    aircraft_serial: str | None = None
    is_serial_cut: bool = False
    camera_serial: str | None = None
    controller_serial: str | None = None
    battery_serial: str | None = None
    account_hash: str | None = None
    activated_at: datetime | None = None
    started_at: datetime | None = None
    duration_s: float | None = None
    start: Position | None = None
    home: Position | None = None
    last: Position | None = None
    last_at: datetime | None = None
    last_height_m: float | None = None
    battery_percent: float | None = None
    signal_losses: float | None = None
    is_track_enciphered: bool = False
    is_whole: bool = True

    @property
    def ended_at(self) -> datetime | None:
        """The end of the flight, where its start and its length are known."""
        if self.started_at is None or self.duration_s is None:
            return None
        return self.started_at + timedelta(seconds=self.duration_s)

    def is_same_flight(self, other: "FlightFacts") -> bool:
        """Say whether the other record is of the same aircraft and start, whatever its bytes are."""
        one, two = normalised(self.aircraft_serial or ""), normalised(other.aircraft_serial or "")
        if not one or not two or self.started_at is None or self.started_at != other.started_at:
            return False
        return (
            one == two or (self.is_serial_cut and two.startswith(one)) or (other.is_serial_cut and one.startswith(two))
        )


def flight_facts(record: FlightRecord) -> FlightFacts:
    """Return what is worth keeping of a whole record."""
    who, seen = record.identity, last_seen(record)
    home = record.home_points[-1].position if record.home_points else None
    return FlightFacts(
        product=who.product,
        aircraft_name=who.aircraft_name,
        aircraft_serial=who.aircraft_serial,
        is_serial_cut=who.is_aircraft_serial_cut,
        camera_serial=who.camera_serial,
        controller_serial=who.controller_serial,
        battery_serial=who.battery_serial,
        account_hash=who.account_hash,
        activated_at=who.activated_at,
        started_at=record.started_at,
        duration_s=_rounded(record.totals.time_s),
        start=_place(record.start),
        home=_place(home),
        last=_place(seen.position) if seen else None,
        last_at=seen.at if seen else None,
        last_height_m=_rounded(seen.height_m) if seen else None,
        battery_percent=seen.battery_percent if seen else None,
        signal_losses=None if record.signal_losses is None else len(record.signal_losses),
        is_track_enciphered=record.is_track_enciphered,
        is_whole=record.condition is Condition.WHOLE,
    )


def to_keep(flight: FlightFacts) -> Mapping[str, object]:
    """Return a flight as JSON for an attachment's `extra`; what is unknown is left out."""
    return {each.name: _plain(value) for each in fields(flight) if (value := getattr(flight, each.name)) is not None}


def kept_flight(attachment: Attachment) -> FlightFacts | None:
    """Return the flight an attachment says it holds; what another program may have put there wrongly is left out."""
    given = attachment.extra.get(KEY)
    if not isinstance(given, Mapping):
        return None
    known = {each.name for each in fields(FlightFacts)}
    values: dict[str, Any] = {name: _read(name, value) for name, value in given.items() if name in known}
    return FlightFacts(**{name: value for name, value in values.items() if value is not None})


def _place(spot: Spot | None) -> Position | None:
    return None if spot is None else Position(lat=round(spot.latitude, 7), lon=round(spot.longitude, 7))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    return {"lat": value.lat, "lon": value.lon} if isinstance(value, Position) else value


def _read(name: str, value: object) -> object:
    if name in _INSTANTS:
        try:
            return instant(value) if isinstance(value, str) else None
        except NotPortableError:
            return None
    if name in _PLACES:
        return _read_place(value)
    if name in _NUMBERS:
        return value if _is_number(value) else None
    if name in _YES_NO:
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def _read_place(value: object) -> Position | None:
    if not isinstance(value, Mapping):
        return None
    lat, lon = value.get("lat"), value.get("lon")
    if not (isinstance(lat, int | float) and isinstance(lon, int | float) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    return Position(lat=float(lat), lon=float(lon))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
