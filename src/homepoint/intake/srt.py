"""Video subtitles (.SRT): the track a DJI camera writes beside its films, in about a dozen layouts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import TrackPoint, VideoSubtitles
from homepoint.intake.limits import MOST_POINTS, decoded, is_flying_time, is_on_earth

# A cue is searched in lower case, and each pattern begins with letters: that is ten times as fast as anything else.
_NUMBER = r"([+-]?\d{1,7}(?:\.\d{0,20})?)"
_IS = r"\s{0,9}[:=]\s{0,9}"
_CUE = re.compile(r"(\d{1,4}):(\d\d):(\d\d)[,.](\d{1,3})\s{0,9}-->")
_LATITUDE = re.compile(rf"lat(?:itude)?{_IS}{_NUMBER}")
_LONGITUDE = re.compile(rf"l(?:on|ng|ongt?itude){_IS}{_NUMBER}")
_PAIR = rf"\s{{0,9}}\(\s{{0,9}}{_NUMBER}\s{{0,9}},\s{{0,9}}{_NUMBER}\s{{0,9}}(?:,\s{{0,9}}{_NUMBER}\s{{0,9}}(m)?)?"
_GPS = re.compile(rf"gps{_PAIR}")
_HOME = re.compile(rf"home{_PAIR}")
_CLOCK = re.compile(
    r"20(\d\d)[-./](\d{1,2})[-./](\d{1,2})[ t]{1,9}(\d{1,2}):(\d{1,2}):(\d{1,2})"
    r"(?:[.,:](\d{1,3})(?:[.,:]?(\d{1,3}))?)?"
)
_HEIGHTS = (
    ("rel_alt", re.compile(rf"rel_alt{_IS}{_NUMBER}")),
    ("barometer", re.compile(rf"barometer{_IS}{_NUMBER}")),
    ("hb", re.compile(rf"hb{_IS}{_NUMBER}")),
    (", h ", re.compile(rf", h\s{{1,9}}{_NUMBER}")),
)
_ALTITUDES = (
    ("abs_alt", re.compile(rf"abs_alt{_IS}{_NUMBER}")),
    ("altitude", re.compile(rf"altitude{_IS}{_NUMBER}")),
)
_LONGEST_CUE = 4000

_ORDER_NOTE = (
    "This layout does not say which number is latitude. Longitude was taken to come first, as DJI mostly writes it:"
    " check the place on a map."
)
_LOCAL_NOTE = "The times are the camera's clock; its time zone is not in the file."


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two numbers that are a place, and whether their order is known."""

    first: float
    second: float
    latitude_first: bool | None  # None: the layout does not say
    altitude_m: float | None = None

    def point(self, latitude_first: bool) -> tuple[float, float]:
        """Return latitude and longitude."""
        known = latitude_first if self.latitude_first is None else self.latitude_first
        return (self.first, self.second) if known else (self.second, self.first)


def read_srt(data: bytes) -> VideoSubtitles:
    """Return the track in video subtitles; a broken file gives what is readable.

    Raises:
        HomepointError: there is no time line in it, or no position.
    """
    cues = list(_cues(decoded(data)[0]))
    if not cues:
        raise HomepointError("There is no time line in these subtitles.", "Copy the file again from the memory card.")
    places = [_place(text) for _, text in cues]
    homes = [home for _, text in cues if "home" in text and (home := _pair(_HOME.search(text)))]
    latitude_first = _order([pair for pair in places if pair])
    ordered = bool(latitude_first)
    points = tuple(_points(cues, places, ordered))
    if not points:
        raise HomepointError(
            "These subtitles hold no position.",
            "The camera had no fix, or this layout has none: use the flight record.",
        )
    doubtful = latitude_first is None and any(pair and pair.latitude_first is None for pair in places)
    return VideoSubtitles(
        points=points,
        home=_home(homes, ordered),
        needs_confirmation=doubtful,
        notes=_notes(points, len(cues), doubtful),
    )


def has_time_line(data: bytes) -> bool:
    """Say whether there is a time line of subtitles in the beginning of a file."""
    return _CUE.search(decoded(data)[0]) is not None


def _cues(text: str) -> Iterator[tuple[float, str]]:
    """Yield each cue's start in seconds and its text."""
    starts = []
    for found in _CUE.finditer(text):
        starts.append((found.start(), found))
        if len(starts) > MOST_POINTS:
            break
    ends = [*(start for start, _ in starts[1:]), len(text)]
    for (_, found), end in zip(starts, ends, strict=False):
        hours, minutes, seconds = (int(found[part]) for part in (1, 2, 3))
        body = text[found.end() : min(end, found.end() + _LONGEST_CUE)].lower()
        yield hours * 3600 + minutes * 60 + seconds + float(f"0.{found[4]}"), body


def _place(text: str) -> _Pair | None:
    if "lat" in text:
        latitude, longitude = _LATITUDE.search(text), _LONGITUDE.search(text)
        if latitude and longitude:
            return _Pair(float(latitude[1]), float(longitude[1]), latitude_first=True)
    return _pair(_GPS.search(text)) if "gps" in text else None


def _pair(found: re.Match[str] | None) -> _Pair | None:
    """Read `GPS(a,b,cM)` as latitude first, and `GPS(a,b,c)` by the one number that can only be a longitude."""
    if found is None:
        return None
    first, second = float(found[1]), float(found[2])
    if abs(first) > 90:
        return _Pair(first, second, latitude_first=False)
    if found[4] and found.re is _GPS:  # exactly 0.0M is written where the altitude is not known
        return _Pair(first, second, latitude_first=True, altitude_m=float(found[3]) or None)
    if abs(second) > 90:
        return _Pair(first, second, latitude_first=True)
    return _Pair(first, second, latitude_first=None)


def _order(pairs: list[_Pair]) -> bool | None:
    """Say whether latitude comes first in all the file: one place beyond 90 degrees settles it for its neighbours."""
    said = {pair.latitude_first for pair in pairs} - {None}
    return said.pop() if len(said) == 1 else None


def _points(cues: list[tuple[float, str]], places: list[_Pair | None], latitude_first: bool) -> Iterator[TrackPoint]:
    for (after_s, text), pair in zip(cues, places, strict=True):
        if pair is None:
            continue
        lat, lon = pair.point(latitude_first)
        if is_on_earth(lat, lon):
            yield TrackPoint(
                lat=lat,
                lon=lon,
                local_at=_clock(text),
                after_s=after_s,
                height_m=_metres(text, _HEIGHTS),
                altitude_m=_metres(text, _ALTITUDES) if pair.altitude_m is None else pair.altitude_m,
            )


def _home(pairs: list[_Pair], latitude_first: bool) -> TrackPoint | None:
    for pair in reversed(pairs):
        lat, lon = pair.point(latitude_first)
        if is_on_earth(lat, lon):
            return TrackPoint(lat=lat, lon=lon)
    return None


def _clock(text: str) -> datetime | None:
    found = _CLOCK.search(text)
    if found is None:
        return None
    microsecond = int((found[7] or "").ljust(3, "0") + (found[8] or "").ljust(3, "0"))
    years, month, day, hour, minute, second = (int(found[part]) for part in range(1, 7))
    try:
        at = datetime(2000 + years, month, day, hour, minute, second, microsecond)  # noqa: DTZ001 - the file names no zone
    except ValueError:
        return None
    return at if is_flying_time(at) else None


def _metres(text: str, ways: Sequence[tuple[str, re.Pattern[str]]]) -> float | None:
    for mark, pattern in ways:
        if mark in text and (found := pattern.search(text)):
            metres = float(found[1])
            return metres if abs(metres) < 20_000 else None
    return None


def _notes(points: tuple[TrackPoint, ...], cues: int, doubtful: bool) -> tuple[str, ...]:
    notes = [_ORDER_NOTE] if doubtful else []
    if any(point.local_at for point in points):
        notes.append(_LOCAL_NOTE)
    else:
        notes.append("The file does not say when the film was taken.")
    if len(points) < cues:
        notes.append(f"{cues - len(points)} of {cues} entries hold no usable position.")
    return tuple(notes)
