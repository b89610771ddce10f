"""Where an aircraft was last seen: figures a search party starts from."""

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.flight import Position, bearing_deg, distance_m, instant_of
from homepoint.domain.rules.last_seen import LastSeen, last_fix, last_seen
from homepoint.intake.flight_record import read_flight_record
from tests.intake.flight_record_builder import HOME, START_MS, Moment, Recipe, flight_record, track

places = st.builds(Position, st.floats(-85, 85), st.floats(-180, 180))


def seen(*moments: Moment) -> LastSeen | None:
    """Return what is known of the last moment of a flight."""
    return last_seen(read_flight_record(flight_record(Recipe(moments=moments))))


def test_last_seen_is_the_last_frame_with_a_fix_not_the_last_frame() -> None:
    moments = track(30)
    found = seen(*moments, replace(moments[-1], latitude=0.0, longitude=0.0, at_ms=START_MS + 9_000))
    assert found is not None
    assert found.at == instant_of(START_MS + 2_900)
    assert found.frames_after == 1
    assert found.home is not None
    assert found.home.return_height_m == 30


def test_speed_and_course_are_taken_over_the_last_three_seconds() -> None:
    north = [Moment(at_ms=START_MS + 100 * at, north_dm_s=100) for at in range(50)]
    east = [Moment(at_ms=START_MS + 5_000 + 100 * at, east_dm_s=80, down_dm_s=-20) for at in range(31)]
    found = seen(*north, *east)
    assert found is not None
    assert found.speed_m_s == pytest.approx(8.0)
    assert found.course_deg == pytest.approx(90.0)
    assert found.climb_m_s == pytest.approx(2.0)


def test_an_aircraft_that_hovers_has_no_course() -> None:
    found = seen(*(Moment(at_ms=START_MS + 100 * at) for at in range(40)))
    assert found is not None
    assert found.course_deg is None


def test_drain_is_percent_a_minute_and_unknown_for_a_short_flight() -> None:
    falling = [Moment(at_ms=START_MS + 1000 * at, battery=90 - at // 10) for at in range(100)]
    found = seen(*falling)
    assert found is not None
    assert found.battery_percent == 81
    assert found.drain_percent_per_minute == pytest.approx(6.0)
    short = seen(*falling[:15])
    assert short is not None
    assert short.drain_percent_per_minute is None


def test_distance_and_bearing_both_ways_from_home() -> None:
    away = Moment(latitude=HOME[0] + 0.001, longitude=HOME[1], at_ms=START_MS + 100)
    found = seen(Moment(home=(*HOME, 55)), away)
    assert found is not None
    assert found.distance_home_m == pytest.approx(111.2, abs=0.1)
    assert found.bearing_from_home_deg == pytest.approx(0.0)
    assert found.bearing_to_home_deg == pytest.approx(180.0)


def test_the_last_ten_messages_are_kept() -> None:
    said = [Moment(at_ms=START_MS + 100 * at, message=(9, f"Tip {at}")) for at in range(15)]
    found = seen(*said)
    assert found is not None
    assert [message.text for message in found.messages] == [f"Tip {at}" for at in range(5, 15)]


def test_without_a_fix_there_is_no_last_position() -> None:
    assert seen(Moment(latitude=0.0, longitude=0.0)) is None
    assert last_fix(()) is None


@given(places, places)
def test_there_is_as_far_as_back(one: Position, other: Position) -> None:
    assert isclose(distance_m(one, other), distance_m(other, one), abs_tol=1e-6)
    assert 0 <= distance_m(one, other) <= 20_100_000
    assert 0 <= bearing_deg(one, other) < 360
