"""What readers of an owner's files hand over: plain values that were found, each no surer than the file makes it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

TIED_WITHIN = timedelta(seconds=2)
"""An export names no serial: it belongs to the flight record that started at the same time, give or take this."""


class SerialOf(StrEnum):
    """Which part a serial was found to belong to."""

    AIRCRAFT = "aircraft"
    CAMERA = "camera"
    CONTROLLER = "controller"
    BATTERY = "battery"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSerial:
    """A serial as a file gives it, and of what it is. `models` are those its first characters were seen on."""

    text: str
    of: SerialOf
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """Where an aircraft was (WGS 84, degrees), and when.

    `at` is an instant with its zone; `local_at` a wall clock whose zone the file does not say; `after_s` counts from
    the start of the recording. `height_m` is above take-off, `altitude_m` above sea level.
    """

    lat: float
    lon: float
    at: datetime | None = None
    local_at: datetime | None = None
    after_s: float | None = None
    height_m: float | None = None
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What a photo's own notes say. `local_at` of the position is the camera's clock, mostly without a zone."""

    width: int
    height: int
    maker: str | None = None
    camera_model: str | None = None
    aircraft_model: str | None = None
    serials: tuple[FoundSerial, ...] = ()
    taken_at: datetime | None = None
    taken_local_at: datetime | None = None
    place: TrackPoint | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSubtitles:
    """The track in a video's subtitles. `needs_confirmation`: latitude and longitude may be the wrong way round."""

    points: tuple[TrackPoint, ...]
    home: TrackPoint | None = None
    needs_confirmation: bool = False
    notes: tuple[str, ...] = ()

    def turned(self) -> "VideoSubtitles":
        """Return the same track with latitude and longitude exchanged, for an owner who says so.

        Points that would then lie outside the earth are left out.
        """
        return VideoSubtitles(
            points=tuple(_turned(point) for point in self.points if abs(point.lon) <= 90),
            home=_turned(self.home) if self.home is not None and abs(self.home.lon) <= 90 else None,
            notes=self.notes,
        )


def _turned(point: TrackPoint) -> TrackPoint:
    return TrackPoint(
        lat=point.lon,
        lon=point.lat,
        at=point.at,
        local_at=point.local_at,
        after_s=point.after_s,
        height_m=point.height_m,
        altitude_m=point.altitude_m,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPoint:
    """One row of a flight export: the place, and what else the row says."""

    place: TrackPoint
    speed_m_per_s: float | None = None
    home_distance_m: float | None = None
    battery_percent: float | None = None
    satellites: int | None = None
    mode: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightExport:
    """A flight as AirData or HealthyDrones exports it. It names no serial: it is tied to a record by its start."""

    origin: str
    started_at: datetime | None
    points: tuple[ExportPoint, ...]
    notes: tuple[str, ...] = ()

    def is_of_flight(self, started_at: datetime) -> bool:
        """Say whether this is the flight that started at an instant, within two seconds."""
        return self.started_at is not None and abs(self.started_at - started_at) <= TIED_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A single place in a map file."""

    name: str
    point: TrackPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTrack:
    """A line of points in a map file, in its order."""

    name: str
    points: tuple[TrackPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """The places and tracks of a GPX, KML or KMZ file."""

    places: tuple[NamedPlace, ...]
    tracks: tuple[NamedTrack, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCode:
    """One QR code or barcode: its kind, its text, and the serials in it that look like one."""

    kind: str
    text: str
    serials: tuple[FoundSerial, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCodes:
    """The codes on a photo of the box or label; the owner confirms what is taken from them."""

    codes: tuple[FoundCode, ...]
    notes: tuple[str, ...] = ()

    @property
    def serials(self) -> tuple[FoundSerial, ...]:
        """Every serial proposed, once."""
        return tuple({serial.text: serial for code in self.codes for serial in code.serials}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value that may be right, and the line it stands on. `value` is typed by the list it is in."""

    value: str | date | FoundSerial
    line: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAmount:
    """An amount with its currency (ISO 4217) as a line gives it."""

    amount: Decimal
    currency: str
    line: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What the text of an invoice proposes. Nothing of it is a fact before the owner says so."""

    days: tuple[Proposal, ...] = ()
    serials: tuple[Proposal, ...] = ()
    models: tuple[Proposal, ...] = ()
    order_numbers: tuple[Proposal, ...] = ()
    amounts: tuple[ProposedAmount, ...] = ()
    notes: tuple[str, ...] = ()
