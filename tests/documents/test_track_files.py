"""A search as GPX, KML and GeoJSON: what goes out comes back."""

import json
import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.documents.track_files import SearchMap, geojson, gpx, kml, ring_around
from homepoint.domain.intake_values import TrackPoint
from homepoint.intake.geo_files import read_gpx, read_kml
from homepoint.presentation.position_text import RINGS_DRAWN

AT = datetime(2025, 7, 2, 16, 20, 0, 123000, tzinfo=UTC)
TRACK = tuple(
    TrackPoint(lat=52.5 + step / 1e4, lon=13.4, at=AT + timedelta(seconds=step), altitude_m=30.5 + step)
    for step in range(5)
)
SEARCH = SearchMap(title="Kestrel <&> Möwe", last=TRACK[-1], track=TRACK, home=TrackPoint(lat=52.5, lon=13.4))

instants = st.datetimes(datetime(2011, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
degrees = st.floats(-179.9, 179.9).map(lambda value: round(value, 9))
points = st.builds(
    TrackPoint,
    lat=st.floats(-80, 80).map(lambda value: round(value, 9)).filter(lambda value: abs(value) > 0.001),
    lon=degrees,
    at=instants,
    altitude_m=st.floats(-400, 9000),
)


def test_gpx_and_kml_come_back_with_every_place_track_and_ring() -> None:
    for found in (read_gpx(gpx(SEARCH)), read_kml(kml(SEARCH))):
        assert [place.name for place in found.places] == [
            "Kestrel <&> Möwe: last position",
            "Kestrel <&> Möwe: home point",
        ]
        assert [place.point for place in found.places] == [SEARCH.last, SEARCH.home]
        assert found.tracks[0].name == "Kestrel <&> Möwe: track"
        assert found.tracks[0].points == TRACK
        assert len(found.tracks) == 1 + len(RINGS_DRAWN)
        assert found.notes == ()


@given(st.lists(points, min_size=1, max_size=20).map(tuple), st.text(max_size=30))
def test_any_track_comes_back_as_it_was(track: tuple[TrackPoint, ...], title: str) -> None:
    search = SearchMap(title=title, last=track[-1], track=track, rings=())
    for found in (read_gpx(gpx(search)), read_kml(kml(search))):
        assert found.tracks[0].points == track
        assert found.places[0].point == track[-1]


def test_a_track_without_times_or_heights_goes_out_as_a_plain_line() -> None:
    track = tuple(TrackPoint(lat=point.lat, lon=point.lon) for point in TRACK)
    search = SearchMap(title="x", last=track[-1], track=track)
    assert read_kml(kml(search)).tracks[0].points == read_gpx(gpx(search)).tracks[0].points == track


def test_geojson_has_the_positions_with_longitude_first_and_closed_rings_against_the_clock() -> None:
    features: list[Any] = json.loads(geojson(SEARCH))["features"]
    kinds = [feature["geometry"]["type"] for feature in features]
    assert kinds == ["Point", "Point", "LineString"] + ["Polygon"] * len(RINGS_DRAWN)
    assert features[0]["geometry"]["coordinates"] == [13.4, 52.5 + 4 / 1e4, 34.5]
    assert features[0]["properties"]["time"] == "2025-07-02T16:20:04.123000Z"
    assert len(features[2]["properties"]["coordTimes"]) == len(TRACK)
    [edge] = features[3]["geometry"]["coordinates"]
    assert edge[0] == edge[-1]
    pairs = pairwise(edge)
    assert sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairs) < 0


@pytest.mark.parametrize(
    "centre", [TrackPoint(lat=52.5, lon=13.4), TrackPoint(lat=-89.9, lon=0.0), TrackPoint(lat=10, lon=179.9999)]
)
@pytest.mark.parametrize("metres", [3, 122, 5000])
def test_every_corner_of_a_ring_is_as_far_as_it_says(centre: TrackPoint, metres: int) -> None:
    for corner in ring_around(centre, metres):
        lat, other = math.radians(centre.lat), math.radians(corner.lat)
        across = math.radians(corner.lon - centre.lon)
        half = math.sin((other - lat) / 2) ** 2 + math.cos(lat) * math.cos(other) * math.sin(across / 2) ** 2
        assert 2 * 6_371_008.8 * math.asin(math.sqrt(half)) == pytest.approx(metres, abs=0.05, rel=1e-3)
        assert -180 <= corner.lon <= 180
