"""Video subtitles (.SRT): the track a DJI camera writes beside its films, in about a dozen layouts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import TrackPoint, VideoSubtitles
from homepoint.intake.limits import MOST_POINTS, decoded, is_flying_time, is_on_earth

_NUMBER = r"([+-]?\d{1,7}(?:\.\d{0,20})?)"
_CUE = re.compile(r"(\d{1,4}):(\d\d):(\d\d)[,.](\d{1,3})\s{0,9}-->")
_LATITUDE = re.compile(rf"\blat(?:itude)?\s{{0,9}}[:=]\s{{0,9}}{_NUMBER}", re.IGNORECASE)
_LONGITUDE = re.compile(rf"\b(?:lon|lng|longt?itude)\s{{0,9}}[:=]\s{{0,9}}{_NUMBER}", re.IGNORECASE)
_PAIR = rf"\s{{0,9}}\(\s{{0,9}}{_NUMBER}\s{{0,9}},\s{{0,9}}{_NUMBER}\s{{0,9}}(?:,\s{{0,9}}{_NUMBER}\s{{0,9}}(M)?)?"
_GPS = re.compile(rf"\bGPS{_PAIR}", re.IGNORECASE)
_HOME = re.compile(rf"\bHOME{_PAIR}", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})[ T]{1,9}(\d{1,2}):(\d{1,2}):(\d{1,2})"
    r"(?:[.,:](\d{1,3})(?:[.,:]?(\d{1,3}))?)?"
)
_HEIGHT = re.compile(rf"(?:\brel_alt\s?:\s{{0,9}}|\bBAROMETER\s?:\s{{0,9}}|\bHb\s?:\s{{0,9}}|\bH\s){_NUMBER}")
_ALTITUDE = re.compile(rf"\b(?:abs_alt|altitude)\s?:\s{{0,9}}{_NUMBER}", re.IGNORECASE)
_GPS_ALTITUDE = re.compile(
    rf"\bGPS\s{{0,9}}\([^,()]{{1,40}},[^,()]{{1,40}},\s{{0,9}}(?!0+\.?0*\s{{0,9}}M){_NUMBER}\s{{0,9}}M"
)
_LONGEST_CUE = 4000
_MARKS = ("GPS", "lat", "LAT", "Lat")

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
    homes = [home for _, text in cues if (home := _pair(_HOME.search(text)))]
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
        body = text[found.end() : min(end, found.end() + _LONGEST_CUE)]
        yield hours * 3600 + minutes * 60 + seconds + float(f"0.{found[4]}"), body


def _place(text: str) -> _Pair | None:
    if not any(mark in text for mark in _MARKS):
        return None
    latitude, longitude = _LATITUDE.search(text), _LONGITUDE.search(text)
    if latitude and longitude:
        return _Pair(float(latitude[1]), float(longitude[1]), latitude_first=True)
    return _pair(_GPS.search(text))


def _pair(found: re.Match[str] | None) -> _Pair | None:
    """Read `GPS(a,b,cM)` as latitude first, and `GPS(a,b,c)` by the one number that can only be a longitude."""
    if found is None:
        return None
    first, second = float(found[1]), float(found[2])
    if abs(first) > 90:
        return _Pair(first, second, latitude_first=False)
    if abs(second) > 90 or (found[4] and found.re is _GPS):
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
                height_m=_metres(_HEIGHT.search(text)),
                altitude_m=_metres(_ALTITUDE.search(text) or _GPS_ALTITUDE.search(text)),
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
    year, month, day, hour, minute, second = (int(found[part]) for part in range(1, 7))
    try:
        at = datetime(year, month, day, hour, minute, second, microsecond)  # noqa: DTZ001 - the file names no zone
    except ValueError:
        return None
    return at if is_flying_time(at) else None


def _metres(found: re.Match[str] | None) -> float | None:
    metres = None if found is None else float(found[1])
    return metres if metres is not None and abs(metres) < 20_000 else None


def _notes(points: tuple[TrackPoint, ...], cues: int, doubtful: bool) -> tuple[str, ...]:
    notes = [_ORDER_NOTE] if doubtful else []
    if any(point.local_at for point in points):
        notes.append(_LOCAL_NOTE)
    else:
        notes.append("The file does not say when the film was taken.")
    if len(points) < cues:
        notes.append(f"{cues - len(points)} of {cues} entries hold no usable position.")
    return tuple(notes)
