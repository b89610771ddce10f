"""Flight exports as CSV, from AirData and from HealthyDrones before it: columns known by name, units read from them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import ExportPoint, FlightExport, TrackPoint
from homepoint.intake.limits import MOST_POINTS, decoded, is_flying_time, is_on_earth

_HEADING = re.compile(r"\s*([^()]{1,60}?)\s*(?:\(([^()]{0,20})\))?\s*")
_METRES: Mapping[str, float] = {
    "": 1.0, "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "ft": 0.3048, "foot": 0.3048, "feet": 0.3048,
}  # fmt: skip
_METRES_PER_SECOND: Mapping[str, float] = {
    "": 1.0, "m/s": 1.0, "mps": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "mph": 0.44704,
    "knots": 1852 / 3600, "kn": 1852 / 3600, "ft/s": 0.3048,
}  # fmt: skip
_SECONDS: Mapping[str, float] = {"millisecond": 0.001, "milliseconds": 0.001, "ms": 0.001, "second": 1.0, "s": 1.0}
_ANY_UNIT: Mapping[str, float] = {}
_COLUMNS: Mapping[str, tuple[tuple[str, ...], Mapping[str, float]]] = {
    "lat": (("latitude", "lat"), _ANY_UNIT),
    "lon": (("longitude", "lon", "lng"), _ANY_UNIT),
    "after": (("time",), _SECONDS),
    "clock": (("datetime",), _ANY_UNIT),
    "height": (("height_above_takeoff", "ascent"), _METRES),
    "altitude": (("altitude_above_sealevel", "altitude"), _METRES),
    "speed": (("speed",), _METRES_PER_SECOND),
    "distance": (("distance",), _METRES),
    "battery": (("battery_percent", "battery"), _ANY_UNIT),
    "satellites": (("satellites",), _ANY_UNIT),
    "mode": (("flycstate",), _ANY_UNIT),
    "message": (("message",), _ANY_UNIT),
}
"""What is read, under which names it stands (the best first), and what its units are worth."""

_CLOCKS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")
_TEXTS = frozenset({"clock", "mode", "message"})
_CLOCKS_TRIED = 20
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    worth: float  # 1 of its unit in ours
    unit: str

    def text(self, row: Sequence[str]) -> str:
        return row[self.index].strip()[:_LONGEST_TEXT] if self.index < len(row) else ""

    def number(self, row: Sequence[str]) -> float | None:
        try:
            value = float(row[self.index]) * self.worth
        except (ValueError, IndexError):
            return None
        return value if abs(value) < 1e12 else None  # also drops "nan" and "inf"


def looks_like_export(head: bytes) -> bool:
    """Say whether the beginning of a file is the header of a flight export."""
    line = decoded(head[: head.find(b"\n") if b"\n" in head else len(head)][:10_000])[0]
    return _columns(_split(line, _delimiter(line))) is not None


def read_export(data: bytes) -> FlightExport:
    """Return the flight of an AirData or HealthyDrones CSV; rows without a usable place are counted and left out.

    Raises:
        HomepointError: it is no such export, or there is no usable place in it.
    """
    text = decoded(data)[0]
    header, _, _ = text.partition("\n")
    delimiter = _delimiter(header[:10_000])
    headings = _split(header[:10_000], delimiter)
    columns = _columns(headings)
    if columns is None:
        raise HomepointError(
            "This table is no flight export.",
            "It needs the columns latitude, longitude and time, as AirData names them.",
        )
    rows = _rows(text, delimiter)
    started_at, points, left_out = _points(rows, columns)
    if not points:
        raise HomepointError("There is no usable position in this export.", "Export the flight again.")
    notes = [] if started_at else ["The export does not say when the flight began; it can be tied to no flight record."]
    if left_out:
        notes.append(f"{left_out} rows hold no usable position.")
    return FlightExport(
        origin="HealthyDrones" if headings[0].strip().lower().startswith("latitude") else "AirData",
        started_at=started_at,
        points=points,
        notes=tuple(notes),
    )


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        next(reader, None)
        yield from islice(reader, MOST_POINTS)
    except csv.Error:  # a quote that never closes; the rows before it are good
        return


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str]) -> Mapping[str, _Column] | None:
    """Find the columns by name and unit; None where a flight cannot be made of them."""
    there: dict[str, tuple[int, str]] = {}
    for index, heading in enumerate(header):
        found = _HEADING.fullmatch(heading)
        if found:
            there.setdefault(found[1].lower().replace(" ", "_"), (index, (found[2] or "").strip().lower()))
    columns = {}
    for what, (names, units) in _COLUMNS.items():
        for name in names:
            if name in there and (not units or there[name][1] in units):
                index, unit = there[name]
                columns[what] = _Column(index, units.get(unit, 1.0), unit)
                break
    return columns if {"lat", "lon", "after"} <= columns.keys() else None


def _points(
    rows: Iterator[list[str]], columns: Mapping[str, _Column]
) -> tuple[datetime | None, tuple[ExportPoint, ...], int]:
    """Return the flight's start, its points, and how many rows have none."""
    started_at: datetime | None = None
    tries = _CLOCKS_TRIED if "clock" in columns else 0
    points, left_out = [], 0
    numbers = {what: column.number for what, column in columns.items() if what not in _TEXTS}
    texts = {what: column.text for what, column in columns.items() if what in _TEXTS}
    for row in rows:
        if not any(row):
            continue
        found = {what: number(row) for what, number in numbers.items()}
        lat, lon, after_s = found["lat"], found["lon"], found["after"]
        if tries and started_at is None and after_s is not None:
            tries -= 1
            started_at = _start(columns["clock"], row, after_s)
        if lat is None or lon is None or not is_on_earth(lat, lon):
            left_out += 1
            continue
        said = {what: text(row) or None for what, text in texts.items()}
        points.append(_export_point(found, said, lat, lon, _instant(started_at, after_s)))
    return started_at, tuple(points), left_out


def _export_point(
    found: Mapping[str, float | None], said: Mapping[str, str | None], lat: float, lon: float, at: datetime | None
) -> ExportPoint:
    number = found.get
    satellites = number("satellites")
    return ExportPoint(
        place=TrackPoint(
            lat=lat,
            lon=lon,
            at=at,
            after_s=number("after"),
            height_m=number("height"),
            altitude_m=number("altitude"),
        ),
        speed_m_per_s=number("speed"),
        home_distance_m=number("distance"),
        battery_percent=number("battery"),
        satellites=None if satellites is None else int(satellites),
        mode=said.get("mode"),
        message=said.get("message"),
    )


def _start(column: _Column, row: Sequence[str], after_s: float) -> datetime | None:
    """Return the instant the flight began by one row's clock; only a column in UTC names an instant."""
    if column.unit not in ("utc", "gmt"):
        return None
    for form in _CLOCKS:
        try:
            at = datetime.strptime(column.text(row), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return _instant(at, -after_s) if is_flying_time(at) else None
    return None


def _instant(start: datetime | None, after_s: float | None) -> datetime | None:
    if start is None or after_s is None or abs(after_s) > 10 * 86400:
        return None
    return start + timedelta(seconds=after_s)
