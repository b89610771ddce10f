"""Places in words: both notations agree, distances and bearings are right, and the map shows both points."""

import re
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.facts import Position
from homepoint.presentation.places import (
    bearing_degrees,
    bearing_text,
    decimal_text,
    degrees_text,
    distance_m,
    distance_text,
    place_map,
)

PLACES = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))


def test_a_place_reads_in_both_notations() -> None:
    place = Position(lat=-33.8567844, lon=-70.5)
    assert decimal_text(place) == "-33.856784, -70.500000"
    assert degrees_text(place) == "33° 51' 24.4\" S, 70° 30' 00.0\" W"


def test_seconds_never_read_sixty() -> None:
    assert degrees_text(Position(lat=0.9999999, lon=59.9999999)) == "1° 00' 00.0\" N, 60° 00' 00.0\" E"


@given(PLACES)
def test_both_notations_name_the_same_place(place: Position) -> None:
    angles = re.findall(r"(\d+)° (\d\d)' (\d\d\.\d)\" ([NSEW])", degrees_text(place))
    for (degrees, minutes, seconds, side), angle in zip(angles, (place.lat, place.lon), strict=True):
        read = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
        assert read * (-1 if side in "SW" else 1) == pytest.approx(angle, abs=0.06 / 3600)


def test_a_degree_of_latitude_is_some_111_kilometres_due_north() -> None:
    here, north = Position(lat=50.0, lon=8.0), Position(lat=51.0, lon=8.0)
    assert distance_m(here, north) == pytest.approx(111_195, abs=5)
    assert bearing_degrees(here, north) == 0
    assert bearing_degrees(north, here) == 180


@pytest.mark.parametrize(("metres", "text"), [(0.4, "0 m"), (639.6, "640 m"), (3240.0, "3.2 km"), (41_200.0, "41 km")])
def test_distances_read_as_people_say_them(metres: float, text: str) -> None:
    assert distance_text(metres) == text


def test_a_bearing_just_below_north_reads_zero() -> None:
    assert bearing_text(359.7) == "0° (north)"
    assert bearing_text(50.2) == "50° (north-east)"


@given(PLACES, PLACES)
def test_the_map_holds_home_within_its_edge_and_at_most_a_few_rings(last: Position, home: Position) -> None:
    found = place_map(last, home)
    point = found.points[1]
    assert hypot(point.east_m, point.north_m) <= found.radius_m
    assert 1 <= len(found.rings_m) <= 4
    assert found.rings_m[-1] <= found.radius_m


def test_the_map_says_in_words_what_it_shows() -> None:
    found = place_map(Position(lat=52.516275, lon=13.377704), Position(lat=52.51326, lon=13.3717))
    assert "527 m away, at a bearing of 50° (north-east)" in found.says
    assert found.rings_m == (200.0, 400.0, 600.0)
