"""One flight as its record tells it: who flew what, where it was at each instant, and what the app said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import NamedTuple

_EARTH_M = 6_371_000.0
_SAME_START = timedelta(seconds=2)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Position(NamedTuple):
    """A place on earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float


class Frame(NamedTuple):
    """What the aircraft reported at one moment, about ten times a second.

    Heights are metres above take-off; speeds are metres a second to the north, to the east and downwards; `yaw_deg`
    is where its nose points, 0 north and clockwise. `latitude` and `longitude` are None where it had no usable fix.
    `at_ms` counts milliseconds since 1970 (UTC) by the clock of the phone, None before its first word.
    """

    at_ms: int | None
    latitude: float | None
    longitude: float | None
    height_m: float
    north_m_s: float
    east_m_s: float
    down_m_s: float
    yaw_deg: float
    flight_mode: int
    satellites: int
    gps_level: int
    battery_percent: int | None
    is_signal_lost: bool
    flown_s: float

    @property
    def at(self) -> datetime | None:
        """The instant, in UTC."""
        return None if self.at_ms is None else instant_of(self.at_ms)

    @property
    def position(self) -> Position | None:
        """Where it was, if it had a usable fix."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)

    @property
    def speed_m_s(self) -> float:
        """How fast it went over the ground."""
        return hypot(self.north_m_s, self.east_m_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who flew what, as far as the record says it believably; None is unknown.

    `account_hash` stands for the app account and is only good for "the same as before" or "another one".
    `activated_at` is a hint: many records hold none, or nonsense, which is left out.
    """

    product_code: int | None = None
    product: str | None = None
    aircraft_name: str | None = None
    aircraft_serial: str | None = None
    is_aircraft_serial_cut: bool = False
    camera_serial: str | None = None
    controller_serial: str | None = None
    battery_serial: str | None = None
    account_hash: str | None = None
    app_version: str | None = None
    app_platform: int | None = None
    department: int | None = None
    activated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums the app wrote when the flight ended; None is unknown."""

    distance_m: float | None = None
    time_s: float | None = None
    max_height_m: float | None = None
    max_horizontal_m_s: float | None = None
    max_vertical_m_s: float | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePoint:
    """Where the aircraft would have returned to, from an instant on, and the height it would have climbed to."""

    at_ms: int | None
    position: Position
    return_height_m: int

    @property
    def at(self) -> datetime | None:
        """The instant, in UTC."""
        return None if self.at_ms is None else instant_of(self.at_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLoss:
    """A span without the controller's signal; `until_ms` is None where the record ends without it."""

    since_ms: int | None
    until_ms: int | None
    first_frame: int
    frames: int

    @property
    def since(self) -> datetime | None:
        """The instant of the first frame without signal, in UTC."""
        return None if self.since_ms is None else instant_of(self.since_ms)

    @property
    def until(self) -> datetime | None:
        """The instant of the first frame with signal again, in UTC."""
        return None if self.until_ms is None else instant_of(self.until_ms)

    @property
    def lasted_s(self) -> float | None:
        """How long it lasted, where both ends are known."""
        return None if self.since_ms is None or self.until_ms is None else (self.until_ms - self.since_ms) / 1000


class MessageKind(StrEnum):
    """How serious the app meant it."""

    TIP = "tip"
    WARNING = "warning"
    SERIOUS = "serious warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMessage:
    """A sentence the app showed to the pilot, in the words of the app."""

    at_ms: int | None
    kind: MessageKind
    text: str

    @property
    def at(self) -> datetime | None:
        """The instant, in UTC."""
        return None if self.at_ms is None else instant_of(self.at_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPicture:
    """A JPEG inside the record: the bytes from `offset` on, and their seal."""

    offset: int
    length: int
    sha256: str


class Condition(StrEnum):
    """In what state a record came."""

    WHOLE = "whole"
    CUT_SHORT = "cut short"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightRecord:
    """Everything one flight record tells without anyone's help.

    `frames` is empty and `signal_losses` None where the track is enciphered (`is_track_enciphered`): that it lost
    the signal or not is then unknown. `frame_count` counts the frames in the file, readable or not.
    """

    version: int
    condition: Condition
    is_track_enciphered: bool
    identity: Identity
    started_at: datetime | None
    start: Position | None
    totals: Totals
    frame_count: int
    frames: Sequence[Frame]
    home_points: tuple[HomePoint, ...]
    signal_losses: tuple[SignalLoss, ...] | None
    messages: tuple[AppMessage, ...]
    pictures: tuple[EmbeddedPicture, ...]

    @property
    def flight_key(self) -> tuple[str, datetime] | None:
        """What tells a flight that came twice with other bytes: the aircraft and the instant it started."""
        if self.identity.aircraft_serial is None or self.started_at is None:
            return None
        return self.identity.aircraft_serial, self.started_at


def is_same_flight(one: FlightRecord, other: FlightRecord) -> bool:
    """Say whether two records are of one flight, however many bytes of it each has.

    The start of a record that was cut short is only known to about a second, and its serial may be the cut one.
    """
    if one.flight_key is None or other.flight_key is None:
        return False
    (serial, started_at), (other_serial, other_started_at) = one.flight_key, other.flight_key
    is_same_aircraft = serial == other_serial or (
        one.identity.is_aircraft_serial_cut != other.identity.is_aircraft_serial_cut
        and (serial.startswith(other_serial) or other_serial.startswith(serial))
    )
    return is_same_aircraft and abs(started_at - other_started_at) <= _SAME_START


def instant_of(milliseconds: int) -> datetime:
    """Return the instant so many milliseconds after 1970 began (UTC)."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def distance_m(one: Position, other: Position) -> float:
    """Return the metres between two places along the great circle."""
    north, other_north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(half)))


def bearing_deg(one: Position, other: Position) -> float:
    """Return the direction in which to set out from one place to another: 0 north, 90 east, below 360."""
    north, other_north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    along_east = sin(east) * cos(other_north)
    along_north = cos(north) * sin(other_north) - sin(north) * cos(other_north) * cos(east)
    return degrees(atan2(along_east, along_north)) % 360.0 % 360.0
