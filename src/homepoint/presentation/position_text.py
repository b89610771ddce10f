"""A place as an owner types or reads it: decimal degrees or minutes and seconds, links, and the rings of a search."""

import re
from dataclasses import dataclass

from homepoint.domain.facts import Position
from homepoint.presentation.places import bearing_degrees, bearing_text, distance_m, distance_text

_DECIMAL = re.compile(r"([+-]?\d+(?:\.\d+)?)°?\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)°?(?:\s*[,;]\s*[+-]?\d+(?:\.\d+)?\s*m?)?")
_SIDES = re.compile(r"[NSEW]", re.IGNORECASE)
_ANGLE = re.compile(
    r"""\s*(?P<before>[NSEW])?\s*(?P<sign>[+-])?(?P<degrees>\d+(?:\.\d+)?)\s*[°d:\s]?
        \s*(?:(?P<minutes>\d+(?:\.\d+)?)\s*['\u2019\u2032m:\s]?)?
        \s*(?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:"|\u201d|\u2033|''|s)?)?
        \s*(?P<after>[NSEW])?\s*""",
    re.IGNORECASE | re.VERBOSE,
)

EXAMPLES = "Such as 52.516275, 13.377704 or 52° 30' 58.6\" N, 13° 22' 39.7\" E."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A ring around a last position: how far the aircraft was in `share` of the cases, `seconds` after it."""

    seconds: int
    share: str
    metres: int


RINGS = (
    Ring(seconds=5, share="half", metres=3),
    Ring(seconds=5, share="9 of 10", metres=26),
    Ring(seconds=10, share="half", metres=8),
    Ring(seconds=10, share="9 of 10", metres=49),
    Ring(seconds=30, share="half", metres=25),
    Ring(seconds=30, share="9 of 10", metres=122),
)
RINGS_DRAWN = tuple(ring for ring in RINGS if ring.share != "half")
RINGS_ORIGIN = "A back-test on 500 cuts of real flights; not a promise for this one."
"""Where the rings come from; it stands beside them wherever they are shown."""


def read_position(text: str) -> Position | None:
    """Return the place a text names, None where it names none; latitude comes first unless the letters say otherwise.

    It takes decimal degrees ("52.5, 13.4"), degrees with minutes and seconds, a hemisphere letter before or after,
    and a `geo:` link. Figures outside of the earth are no place.
    """
    text = text.strip()
    if text.startswith("geo:"):
        text = re.split("[?;]", text.removeprefix("geo:"))[0]
    decimal = _DECIMAL.fullmatch(text)
    if decimal is not None:
        return _position(float(decimal[1]), float(decimal[2]))
    angles = [found for each in _halves(text) if (found := _angle(each))]
    if len(angles) != 2:
        return None
    (lat, side), (lon, other) = angles
    if {side, other} & {"E", "W"} and side in ("E", "W") and other in ("N", "S", ""):
        lat, lon = lon, lat
    elif (side and side not in ("N", "S")) or (other and other not in ("E", "W")):
        return None
    return _position(lat, lon)


def geo_link(place: Position) -> str:
    """Return a place as a link that maps on a phone open: "geo:52.516275,13.377704"."""
    return f"geo:{place.lat:.6f},{place.lon:.6f}"


def both_ways(home: Position, last: Position) -> tuple[str, str, str]:
    """Return the distance between home and the last position, the direction there, and the direction back."""
    return (
        distance_text(distance_m(home, last)),
        bearing_text(bearing_degrees(home, last)),
        bearing_text(bearing_degrees(last, home)),
    )


def ring_sentence(seconds: int) -> str:
    """Say what the rings of one time after the last position mean."""
    half, most = (ring.metres for ring in RINGS if ring.seconds == seconds)
    return f"After {seconds} seconds: half of them within {half} m, 9 of 10 within {most} m."


def _halves(text: str) -> list[str]:
    """Split at the comma or semicolon, else after the first hemisphere letter."""
    parts = [part for part in re.split(r"[;,]", text) if part.strip()]
    if len(parts) == 2:
        return parts
    sides = list(_SIDES.finditer(text))
    if len(parts) != 1 or len(sides) != 2:
        return []
    cut = sides[1].start() if text[: sides[0].start()].strip() == "" else sides[0].end()
    return [text[:cut], text[cut:]]


def _angle(text: str) -> tuple[float, str] | None:
    found = _ANGLE.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    side = (found["before"] or found["after"] or "").upper()
    if minutes >= 60 or seconds >= 60 or (side and found["sign"]):
        return None
    angle = float(found["degrees"]) + minutes / 60 + seconds / 3600
    return (-angle if found["sign"] == "-" or side in ("S", "W") else angle), side


def _position(lat: float, lon: float) -> Position | None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Position(lat=round(lat, 7), lon=round(lon, 7))
