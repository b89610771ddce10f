"""What photos, subtitles, exports, map files and tables hold, as JSON and in words, for all who read any file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.domain.intake_values import FoundSerial, MapFile, TrackPoint
from homepoint.domain.portable import instant_text
from homepoint.intake.reading import FileKind, Reading

Rows = Sequence[tuple[str, str]]


def looks_like_photo(head: bytes) -> bool:
    """Say whether the beginning of a file is a photo's."""
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")) or (
        head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    )


def looks_like_pdf(head: bytes) -> bool:
    """Say whether the beginning of a file is a PDF's; some programs write a few bytes before it."""
    return b"%PDF-" in head[:1024]


def looks_like_subtitles(head: bytes) -> bool:
    """Say whether the beginning of a file holds the time line of subtitles."""
    from homepoint.intake.srt import has_time_line

    return has_time_line(head[:2000])


def looks_like_export(head: bytes) -> bool:
    """Say whether the beginning of a file is the header of a flight export."""
    from homepoint.intake import exports

    return exports.looks_like_export(head)


def looks_like_fleet(head: bytes) -> bool:
    """Say whether the beginning of a file is the header of a fleet table."""
    from homepoint.intake import fleet_table

    return fleet_table.looks_like_fleet(head)


def looks_like_gpx(head: bytes) -> bool:
    """Say whether the beginning of a file is that of GPX."""
    return b"<gpx" in head[:4000].replace(b"\0", b"")


def looks_like_kml(head: bytes) -> bool:
    """Say whether the beginning of a file is that of KML, or of an archive with KML in it."""
    return b"<kml" in head[:4000].replace(b"\0", b"") or (head.startswith(b"PK\3\4") and b".kml" in head)


def photo(data: bytes) -> Reading:
    """Read a photo's notes."""
    from homepoint.intake.photo import read_photo

    found = read_photo(data)
    plain = {
        "maker": found.maker,
        "camera_model": found.camera_model,
        "aircraft_model": found.aircraft_model,
        "width": found.width,
        "height": found.height,
        "serials": _serials(found.serials),
        "taken_at": found.taken_at and instant_text(found.taken_at),
        "taken_local_at": found.taken_local_at and found.taken_local_at.isoformat(),
        "place": _point(found.place),
        "notes": list(found.notes),
    }
    rows = [
        ("camera", " ".join(filter(None, (found.maker, found.camera_model)))),
        ("aircraft", found.aircraft_model or ""),
        *((f"{serial.of} serial", serial.text) for serial in found.serials),
        ("taken", _when(found.taken_at, found.taken_local_at)),
        *_place_rows("at", found.place),
        ("size", f"{found.width} x {found.height}"),
    ]
    return _reading(FileKind.PHOTO, found, plain, rows, found.notes)


def subtitles(data: bytes) -> Reading:
    """Read the track in video subtitles."""
    from homepoint.intake.srt import read_srt

    found = read_srt(data)
    plain = {
        **_track(found.points),
        "home": _point(found.home),
        "needs_confirmation": found.needs_confirmation,
        "notes": list(found.notes),
    }
    rows = [*_track_rows(found.points), *_place_rows("home point", found.home)]
    return _reading(FileKind.SUBTITLES, found, plain, rows, found.notes)


def flight_export(data: bytes) -> Reading:
    """Read a flight export."""
    from homepoint.intake.exports import read_export

    found = read_export(data)
    points = [point.place for point in found.points]
    last = found.points[-1]
    plain = {
        "origin": found.origin,
        "started_at": found.started_at and instant_text(found.started_at),
        **_track(points),
        "last_battery_percent": last.battery_percent,
        "notes": list(found.notes),
    }
    battery = f"battery {last.battery_percent:.0f} %" if last.battery_percent is not None else ""
    rows = [("from", found.origin), ("started", _when(found.started_at, None)), *_track_rows(points), ("", battery)]
    return _reading(FileKind.FLIGHT_EXPORT, found, plain, rows, found.notes)


def gpx(data: bytes) -> Reading:
    """Read a GPX file."""
    from homepoint.intake.geo_files import read_gpx

    return _map_file(FileKind.GPX, read_gpx(data))


def kml(data: bytes) -> Reading:
    """Read a KML or KMZ file."""
    from homepoint.intake.geo_files import read_kml

    return _map_file(FileKind.KML, read_kml(data))


def table(data: bytes) -> Reading:
    """Read a fleet table; times without a zone are taken for UTC here, as nobody's time zone is known."""
    from homepoint.intake.fleet_table import read_fleet

    found = read_fleet(data, ZoneInfo("UTC"))
    plain = {
        "rows": len(found.rows),
        "columns": dict(found.mapping),
        "faults": [{"row": fault.row, "column": fault.column, "says": fault.says} for fault in found.faults],
    }
    rows = [
        ("rows", f"{len(found.rows):,}"),
        ("not read", ", ".join(found.ignored)),
        *(("fault" if index == 0 else "", str(fault)) for index, fault in enumerate(found.faults[:10])),
    ]
    return _reading(FileKind.TABLE, found, plain, rows, ())


def _map_file(kind: FileKind, found: MapFile) -> Reading:
    plain = {
        "places": [{"name": each.name, **(_point(each.point) or {})} for each in found.places],
        "tracks": [{"name": each.name, **_track(each.points)} for each in found.tracks],
        "notes": list(found.notes),
    }
    rows: list[tuple[str, str]] = []
    for place in found.places[:10]:
        rows += _place_rows(place.name or "place", place.point)
    for track in found.tracks[:10]:
        rows += [("track", track.name), *_track_rows(track.points)]
    return _reading(kind, found, plain, rows, found.notes)


def _reading(kind: FileKind, value: object, plain: Mapping[str, Any], rows: Rows, notes: Iterable[str]) -> Reading:
    said = [(_shown(label), _shown(text)) for label, text in (*rows, *(("note", note) for note in notes)) if text]
    return Reading(kind=kind, value=value, plain=plain, rows=tuple(said))


def _shown(text: str) -> str:
    """Return a text from a file as a terminal may show it."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _serials(serials: Iterable[FoundSerial]) -> list[dict[str, str]]:
    return [{"serial": each.text, "of": str(each.of)} for each in serials]


def _point(point: TrackPoint | None) -> dict[str, object] | None:
    if point is None:
        return None
    return {
        "lat": point.lat,
        "lon": point.lon,
        "at": point.at and instant_text(point.at),
        "local_at": point.local_at and point.local_at.isoformat(),
        "height_m": point.height_m,
        "altitude_m": point.altitude_m,
    }


def _track(points: Sequence[TrackPoint]) -> dict[str, object]:
    return {"points": len(points), "first": _point(points[0]), "last": _point(points[-1])}


def _track_rows(points: Sequence[TrackPoint]) -> Rows:
    last = points[-1]
    return [("positions", f"{len(points):,}"), *_place_rows("first", points[0]), *_place_rows("last", last)]


def _place_rows(label: str, point: TrackPoint | None) -> Rows:
    if point is None:
        return []
    height = f"{point.height_m:.1f} m above take-off" if point.height_m is not None else ""
    sea = f"{point.altitude_m:.1f} m above the sea" if point.altitude_m is not None else ""
    when = _when(point.at, point.local_at)
    return [(label, f"{point.lat:.6f}, {point.lon:.6f}"), ("", ", ".join(filter(None, (height, sea, when))))]


def _when(at: datetime | None, local_at: datetime | None) -> str:
    if at is not None:
        return f"{at:%Y-%m-%d %H:%M:%S %Z}"
    return f"{local_at:%Y-%m-%d %H:%M:%S}, local time" if local_at is not None else ""


Sign = Callable[[bytes], bool]
SIGNS: tuple[tuple[FileKind, Sign], ...] = (
    (FileKind.PHOTO, looks_like_photo),
    (FileKind.PDF, looks_like_pdf),
    (FileKind.GPX, looks_like_gpx),
    (FileKind.KML, looks_like_kml),
    (FileKind.SUBTITLES, looks_like_subtitles),
    (FileKind.FLIGHT_EXPORT, looks_like_export),
    (FileKind.TABLE, looks_like_fleet),
)
"""How these kinds are told, those with the fewest false friends first. A PDF is told and not read: see `invoice`."""

READERS: Mapping[FileKind, Callable[[bytes], Reading]] = {
    FileKind.PHOTO: photo,
    FileKind.SUBTITLES: subtitles,
    FileKind.FLIGHT_EXPORT: flight_export,
    FileKind.GPX: gpx,
    FileKind.KML: kml,
    FileKind.TABLE: table,
}
