"""Places on earth in words, and as a small map: decimal degrees, degrees-minutes-seconds, distance and bearing."""

from dataclasses import dataclass
from math import asin, atan2, ceil, cos, degrees, log10, radians, sin, sqrt

from homepoint.domain.facts import Position

_EARTH_RADIUS_M = 6_371_008.8
_COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_SMALLEST_VIEW_M = 200.0
_ROOM_AROUND = 1.15
_MOST_RINGS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A point of a map: metres east and north of its centre."""

    label: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMap:
    """A map around the last known position. `radius_m` reaches its edge; `rings_m` are the rings to draw.

    `says` tells in words what is to be seen.
    """

    points: tuple[MapPoint, ...]
    radius_m: float
    rings_m: tuple[float, ...]
    says: str


def decimal_text(place: Position) -> str:
    """Return a place in decimal degrees, about as exact as a satellite fix: "52.516275, 13.377704"."""
    return f"{place.lat:.6f}, {place.lon:.6f}"


def degrees_text(place: Position) -> str:
    """Return a place in degrees, minutes and seconds: 52° 30' 58.6" N, 13° 22' 39.7" E."""
    north = _one_angle(place.lat, "N" if place.lat >= 0 else "S")
    return f"{north}, {_one_angle(place.lon, 'E' if place.lon >= 0 else 'W')}"


def distance_m(one: Position, other: Position) -> float:
    """Return the way over ground between two places in metres."""
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def bearing_degrees(start: Position, end: Position) -> float:
    """Return the direction from one place to another, clockwise from true north, at least 0 and below 360."""
    east = radians(end.lon - start.lon)
    y = sin(east) * cos(radians(end.lat))
    x = cos(radians(start.lat)) * sin(radians(end.lat)) - sin(radians(start.lat)) * cos(radians(end.lat)) * cos(east)
    return degrees(atan2(y, x)) % 360.0


def bearing_text(bearing: float) -> str:
    """Return a direction for reading aloud: "48° (north-east)"."""
    return f"{round(bearing) % 360}° ({_COMPASS[round(bearing / 45) % 8]})"


def distance_text(metres: float) -> str:
    """Return a distance: "640 m", "3.2 km", "41 km"."""
    if metres < 1000:
        return f"{round(metres)} m"
    return f"{metres / 1000:.1f} km" if metres < 10_000 else f"{round(metres / 1000):,} km"


def place_map(last: Position, home: Position | None) -> PlaceMap:
    """Return the map around a last known position, with the home point where it is known."""
    points = [MapPoint(label="Last known position", east_m=0.0, north_m=0.0)]
    far, says = 0.0, "The last known position lies in the centre."
    if home is not None:
        far, bearing = distance_m(last, home), radians(bearing_degrees(last, home))
        points.append(MapPoint(label="Home point", east_m=far * sin(bearing), north_m=far * cos(bearing)))
        says += (
            f" From the home point it is {distance_text(far)} away, at a bearing of"
            f" {bearing_text(bearing_degrees(home, last))}."
        )
    radius = max(_SMALLEST_VIEW_M, far * _ROOM_AROUND)
    rings = _rings(radius)
    says += f" North is up; the rings are {', '.join(distance_text(ring) for ring in rings)} around it."
    return PlaceMap(points=tuple(points), radius_m=radius, rings_m=rings, says=says)


def _rings(radius: float) -> tuple[float, ...]:
    """Return up to four rings at round distances."""
    step = radius / _MOST_RINGS
    size = 10.0 ** int(log10(step))
    step = next(size * each for each in (1, 2, 5, 10, 20) if size * each >= step)
    return tuple(step * number for number in range(1, ceil(radius / step) + 1) if step * number <= radius)


def _one_angle(angle: float, side: str) -> str:
    tenths = round(abs(angle) * 36_000)
    minutes, tenths = divmod(tenths, 600)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}° {minutes:02d}' {tenths / 10:04.1f}\" {side}"
