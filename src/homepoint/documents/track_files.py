"""A last position, the track before it and the rings of a search, as GPX, KML and GeoJSON for maps on a phone."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from homepoint.domain.intake_values import TrackPoint
from homepoint.domain.portable import instant_text
from homepoint.presentation.position_text import RINGS_DRAWN, RINGS_ORIGIN, Ring

GPX = "http://www.topografix.com/GPX/1/1"
KML = "http://www.opengis.net/kml/2.2"
_EARTH_METRES = 6_371_008.8
_RING_CORNERS = 72
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMap:
    """What people who search for an aircraft need on their map."""

    title: str
    last: TrackPoint
    track: tuple[TrackPoint, ...] = ()
    home: TrackPoint | None = None
    rings: tuple[Ring, ...] = RINGS_DRAWN

    def places(self) -> Iterator[tuple[str, TrackPoint]]:
        """Yield the single places with their names, the last position first."""
        yield f"{self.title}: last position", self.last
        if self.home is not None:
            yield f"{self.title}: home point", self.home


def gpx(search: SearchMap) -> bytes:
    """Return a GPX 1.1 file: waypoints, the track, and each ring as a track (GPX knows no areas)."""
    root = Element("gpx", {"version": "1.1", "creator": "Homepoint", "xmlns": GPX})
    SubElement(SubElement(root, "metadata"), "desc").text = RINGS_ORIGIN
    for name, point in search.places():
        _gpx_point(root, "wpt", point, _clean(name))
    _gpx_track(root, f"{search.title}: track", search.track)
    for ring in search.rings:
        _gpx_track(root, ring_name(ring), ring_around(search.last, ring.metres))
    return _written(root)


def kml(search: SearchMap) -> bytes:
    """Return a KML 2.2 file: points, the track with its times, and the rings as areas without a filling."""
    root = Element("kml", {"xmlns": KML, "xmlns:gx": "http://www.google.com/kml/ext/2.2"})
    document = SubElement(root, "Document")
    SubElement(document, "name").text = _clean(search.title)
    SubElement(document, "description").text = RINGS_ORIGIN
    style = SubElement(document, "Style", {"id": "ring"})
    SubElement(SubElement(style, "PolyStyle"), "fill").text = "0"
    for name, point in search.places():
        _kml_place(document, name, point)
    if search.track:
        _kml_track(document, f"{search.title}: track", search.track)
    for ring in search.rings:
        mark = _placemark(document, ring_name(ring))
        SubElement(mark, "styleUrl").text = "#ring"
        edge = SubElement(SubElement(SubElement(mark, "Polygon"), "outerBoundaryIs"), "LinearRing")
        SubElement(edge, "coordinates").text = _coordinates(ring_around(search.last, ring.metres))
    return _written(root)


def geojson(search: SearchMap) -> bytes:
    """Return a GeoJSON file (RFC 7946): points, a line with the time of each point, and the rings as areas."""
    features = [_feature(name, "Point", _pair(point), _times((point,))) for name, point in search.places()]
    if len(search.track) > 1:  # a line of one point is none
        line = [_pair(point) for point in search.track]
        features.append(_feature(f"{search.title}: track", "LineString", line, _times(search.track)))
    for ring in search.rings:
        edge = [_pair(point) for point in reversed(ring_around(search.last, ring.metres))]
        features.append(_feature(ring_name(ring), "Polygon", [edge], {"description": RINGS_ORIGIN}))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def ring_name(ring: Ring) -> str:
    """Say what a ring stands for."""
    return f"Within {ring.metres} m in {ring.share} cases, {ring.seconds} s after the last position"


def ring_around(centre: TrackPoint, metres: float) -> tuple[TrackPoint, ...]:
    """Return the corners of a circle on the earth, clockwise from north; the last is the first."""
    corners = [_moved(centre, metres, 2 * math.pi * step / _RING_CORNERS) for step in range(_RING_CORNERS)]
    return (*corners, corners[0])


def _moved(start: TrackPoint, metres: float, course: float) -> TrackPoint:
    arc, lat, lon = metres / _EARTH_METRES, math.radians(start.lat), math.radians(start.lon)
    sine = math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(course)
    there = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(math.sin(course) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(there))
    degrees = math.degrees(lon + turn)
    return TrackPoint(lat=round(math.degrees(there), 7), lon=round((degrees + 180) % 360 - 180, 7))


def _gpx_track(root: Element, name: str, points: tuple[TrackPoint, ...]) -> None:
    if not points:
        return
    track = SubElement(root, "trk")
    SubElement(track, "name").text = _clean(name)
    segment = SubElement(track, "trkseg")
    for point in points:
        _gpx_point(segment, "trkpt", point)


def _gpx_point(parent: Element, tag: str, point: TrackPoint, name: str = "") -> None:
    element = SubElement(parent, tag, {"lat": _degrees(point.lat), "lon": _degrees(point.lon)})
    if point.altitude_m is not None:
        SubElement(element, "ele").text = repr(point.altitude_m)
    if point.at is not None:  # the standard wants UTC, so a wall clock without a zone is left out
        SubElement(element, "time").text = instant_text(point.at)
    if name:
        SubElement(element, "name").text = name


def _placemark(document: Element, name: str) -> Element:
    mark = SubElement(document, "Placemark")
    SubElement(mark, "name").text = _clean(name)
    return mark


def _kml_place(document: Element, name: str, point: TrackPoint) -> None:
    mark = _placemark(document, name)
    if point.at is not None:
        SubElement(SubElement(mark, "TimeStamp"), "when").text = instant_text(point.at)
    _with_coordinates(SubElement(mark, "Point"), (point,))


def _kml_track(document: Element, name: str, points: tuple[TrackPoint, ...]) -> None:
    mark = _placemark(document, name)
    if any(point.at is None for point in points):  # a timed track wants all of them
        _with_coordinates(SubElement(mark, "LineString"), points)
        return
    track = SubElement(mark, "gx:Track")
    if all(point.altitude_m is not None for point in points):
        SubElement(track, "altitudeMode").text = "absolute"
    for point in points:
        SubElement(track, "when").text = instant_text(point.at) if point.at else ""
    for point in points:
        SubElement(track, "gx:coord").text = _numbers(point).replace(",", " ")


def _with_coordinates(geometry: Element, points: tuple[TrackPoint, ...]) -> None:
    if all(point.altitude_m is not None for point in points):
        SubElement(geometry, "altitudeMode").text = "absolute"
    SubElement(geometry, "coordinates").text = _coordinates(points)


def _coordinates(points: tuple[TrackPoint, ...]) -> str:
    return " ".join(map(_numbers, points))


def _numbers(point: TrackPoint) -> str:
    place = f"{_degrees(point.lon)},{_degrees(point.lat)}"
    return place if point.altitude_m is None else f"{place},{point.altitude_m!r}"


def _degrees(value: float) -> str:
    return format(value, ".12f").rstrip("0").rstrip(".")


def _feature(name: str, kind: str, coordinates: object, more: dict[str, object]) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def _pair(point: TrackPoint) -> list[float]:
    place = [point.lon, point.lat]
    return place if point.altitude_m is None else [*place, point.altitude_m]


def _times(points: tuple[TrackPoint, ...]) -> dict[str, object]:
    times = [instant_text(point.at) if point.at else None for point in points]
    if not any(times):
        return {}
    return {"time": times[0]} if len(times) == 1 else {"coordTimes": times}


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _written(root: Element) -> bytes:
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))
