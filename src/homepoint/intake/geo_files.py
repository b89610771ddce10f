"""Map files in: places and tracks of GPX, KML and KMZ, as other programs write them."""

import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import MapFile, NamedPlace, NamedTrack, TrackPoint
from homepoint.intake.limits import MEGABYTE, MOST_POINTS, is_flying_time, is_on_earth
from homepoint.intake.safe_xml import listen

MOST_KML_BYTES = 32 * MEGABYTE
MOST_ENTRIES = 1000
_LONGEST_NAME = 200
_BROKEN_NOTE = "The file is cut short or damaged: this is what stands before the fault."


def read_gpx(data: bytes) -> MapFile:
    """Return the waypoints, routes and tracks of a GPX file; a broken one gives what stands before the fault.

    Raises:
        HomepointError: it is not safe to read, or there is no usable position in it.
    """
    gpx = _Gpx()
    whole = listen(data, gpx) or gpx.cut_off()
    return _found(gpx, whole)


def read_kml(data: bytes) -> MapFile:
    """Return the points, lines and timed tracks of a KML file or of the first one inside a KMZ.

    Raises:
        HomepointError: it is not safe to read, or there is no usable position in it.
    """
    kml = _Kml()
    whole = listen(_unpacked(data) if data.startswith(b"PK") else data, kml) or kml.cut_off()
    return _found(kml, whole)


def _found(heard: "_Gpx | _Kml", whole: bool) -> MapFile:
    tracks = tuple(track for track in heard.tracks if track.points)
    if not heard.places and not tracks:
        raise HomepointError("There is no usable position in this file.", "Export it again.")
    notes = [] if whole else [_BROKEN_NOTE]
    if heard.left_out:
        notes.append(f"{heard.left_out} points are no usable position.")
    if heard.is_too_long:
        notes.append(f"Only the first {MOST_POINTS:,} points were read.")
    return MapFile(places=tuple(heard.places), tracks=tracks, notes=tuple(notes))


def _unpacked(data: bytes) -> bytes:
    """Return the KML inside a KMZ: read in memory, never unpacked to a disk, and never more than a fair size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = _entry(archive.infolist())
            with archive.open(entry) as opened:
                kml = opened.read(MOST_KML_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, NotImplementedError) as error:
        raise HomepointError("This KMZ file is damaged or locked.", "Export it again.") from error
    if len(kml) > MOST_KML_BYTES:
        raise _suspicious("it unpacks to far more than it should")
    return kml


def _entry(entries: Sequence[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    if len(entries) > MOST_ENTRIES:
        raise _suspicious("it holds thousands of files")
    for entry in entries:
        steps = entry.filename.replace("\\", "/").split("/")
        if ".." in steps or steps[0] == "" or ":" in steps[0]:
            raise _suspicious("a file in it claims a place outside of it")
    kml = [entry for entry in entries if entry.filename.lower().endswith(".kml")]
    if not kml:
        raise HomepointError("There is no map (KML) in this archive.", "Choose the KML or KMZ file itself.")
    if kml[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _suspicious("it is packed in a way that KMZ files are not")
    if kml[0].file_size > MOST_KML_BYTES:
        raise _suspicious("it unpacks to far more than it should")
    return kml[0]


def _suspicious(why: str) -> HomepointError:
    return HomepointError(f"This KMZ file was refused: {why}.", "Choose another file.")


class _Texts:
    """Gathers the text of elements of interest."""

    def __init__(self, names: frozenset[str], longest: int) -> None:
        self._names = names
        self._longest = longest
        self._pieces: list[str] = []
        self._length = 0
        self._open = ""

    def start(self, name: str) -> None:
        if name in self._names:
            self._open, self._pieces, self._length = name, [], 0

    def data(self, text: str) -> None:
        if self._open and self._length < self._longest:
            self._pieces.append(text)
            self._length += len(text)

    def end(self, name: str) -> str | None:
        """Return the text of an element of interest that ends here."""
        if name != self._open:
            return None
        self._open = ""
        return "".join(self._pieces).strip()

    def cut_off(self) -> None:
        """Forget a text that was cut short: half of a number is another number."""
        pieces = "".join(self._pieces).split()[:-1] if self._open == "coordinates" else []
        self._pieces = [" ".join(pieces)]


class _Gpx:
    """Listens to GPX: wpt, and trk or rte with their points."""

    def __init__(self) -> None:
        self.places: list[NamedPlace] = []
        self.tracks: list[NamedTrack] = []
        self.left_out = 0
        self._texts = _Texts(frozenset({"name", "ele", "time"}), _LONGEST_NAME)
        self.data = self._texts.data
        self._within: list[str] = []
        self._line: list[TrackPoint] = []
        self._line_name = ""
        self._point: dict[str, str] = {}
        self._count = 0
        self.is_too_long = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self._within.append(name)
        self._texts.start(name)
        if name in ("wpt", "trkpt", "rtept"):
            self._point = {"lat": attributes.get("lat", ""), "lon": attributes.get("lon", "")}
        elif name in ("trk", "rte"):
            self._line, self._line_name = [], ""

    def end(self, tag: str) -> None:
        name = self._within.pop()
        if (text := self._texts.end(name)) is not None:
            self._keep(name, text[:_LONGEST_NAME])
        elif name in ("wpt", "trkpt", "rtept"):
            self._add(name)
        elif name in ("trk", "rte"):
            self.tracks.append(NamedTrack(name=self._line_name, points=tuple(self._line)))
            self._line = []

    def cut_off(self) -> bool:
        """Take in what is there of a file that ended too early; it never was whole."""
        self._texts.cut_off()
        while self._within:
            self.end(self._within[-1])
        return False

    def _keep(self, name: str, text: str) -> None:
        parent = self._within[-1] if self._within else ""
        if parent in ("wpt", "trkpt", "rtept"):
            self._point[name] = text
        elif parent in ("trk", "rte") and name == "name":
            self._line_name = text

    def _add(self, name: str) -> None:
        self._count += 1
        self.is_too_long = self._count > MOST_POINTS
        if self.is_too_long:
            return
        said = self._point.get
        point = _point(said("lat", ""), said("lon", ""), said("ele", ""), said("time", ""))
        if point is None:
            self.left_out += 1
            return
        if name == "wpt":
            self.places.append(NamedPlace(name=self._point.get("name", ""), point=point))
        else:
            self._line.append(point)


class _Kml:
    """Listens to KML: Placemarks with Point, LineString, LinearRing or gx:Track."""

    def __init__(self) -> None:
        self.places: list[NamedPlace] = []
        self.tracks: list[NamedTrack] = []
        self.left_out = 0
        self._texts = _Texts(frozenset({"name", "coordinates", "when", "coord", "altitudeMode"}), MOST_KML_BYTES)
        self.data = self._texts.data
        self._within: list[str] = []
        self._name = self._when_of_place = ""
        self._whens: list[str] = []
        self._coords: list[list[str]] = []
        self._held: list[tuple[str, list[TrackPoint | None]]] = []
        self._above_sea = False
        self._count = 0
        self.is_too_long = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self._within.append(name)
        self._texts.start(name)
        if name == "Placemark":
            self._name = self._when_of_place = ""
            self._held = []
        elif name in ("Point", "LineString", "LinearRing", "Track"):
            self._whens, self._coords, self._above_sea = [], [], False

    def end(self, tag: str) -> None:
        name = self._within.pop()
        if (text := self._texts.end(name)) is not None:
            self._keep(name, text)
        elif name in ("Point", "LineString", "LinearRing", "Track"):
            self._held.append((name, self._geometry(name)))
        elif name == "Placemark":
            self._give()

    def cut_off(self) -> bool:
        """Take in what is there of a file that ended too early; it never was whole."""
        self._texts.cut_off()
        while self._within:
            self.end(self._within[-1])
        return False

    def _keep(self, name: str, text: str) -> None:
        parent = self._within[-1] if self._within else ""
        if name == "name" and parent == "Placemark":
            self._name = text[:_LONGEST_NAME]
        elif name == "when" and parent == "TimeStamp":
            self._when_of_place = text
        elif name == "altitudeMode":
            self._above_sea = text == "absolute"
        elif name == "when":
            self._whens.append(text[:40])
        elif name == "coord":
            self._add([text.split()])
        elif name == "coordinates":
            self._add([each.split(",") for each in text.split(maxsplit=MOST_POINTS)[:MOST_POINTS]])

    def _add(self, coords: list[list[str]]) -> None:
        taken = coords[: MOST_POINTS - self._count]
        self._count += len(taken)
        self._coords += taken
        self.is_too_long = self.is_too_long or self._count >= MOST_POINTS

    def _geometry(self, name: str) -> list[TrackPoint | None]:
        whens = [self._when_of_place if name == "Point" else ""] * len(self._coords)
        if name == "Track" and len(self._whens) == len(self._coords):
            whens = self._whens
        return [self._read(numbers, when) for numbers, when in zip(self._coords, whens, strict=True)]

    def _read(self, numbers: list[str], when: str) -> TrackPoint | None:
        if len(numbers) < 2:
            return None
        # Unless it is said to be absolute, the third number counts from the ground, whose height nobody here knows.
        return _point(numbers[1], numbers[0], numbers[2] if len(numbers) > 2 and self._above_sea else "", when)

    def _give(self) -> None:
        for name, points in self._held:
            good = [point for point in points if point is not None]
            self.left_out += len(points) - len(good)
            if name == "Point":
                self.places += [NamedPlace(name=self._name, point=point) for point in good[:1]]
            else:
                self.tracks.append(NamedTrack(name=self._name, points=tuple(good)))
        self._held = []


def _local(tag: str) -> str:
    return tag.rpartition("}")[2] if tag.startswith("{") else tag


def _point(lat: str, lon: str, altitude: str, when: str) -> TrackPoint | None:
    try:
        place = float(lat), float(lon)
    except ValueError:
        return None
    if not is_on_earth(*place):
        return None
    at = _time(when) if when else None
    zoned = at is not None and at.tzinfo is not None
    return TrackPoint(
        lat=place[0],
        lon=place[1],
        altitude_m=_metres(altitude) if altitude else None,
        at=at if zoned else None,
        local_at=None if zoned else at,
    )


def _metres(altitude: str) -> float | None:
    try:
        metres = float(altitude)
    except ValueError:
        return None
    return metres if math.isfinite(metres) and abs(metres) < 20_000 else None


def _time(when: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return None
    return at if is_flying_time(at) else None
