"""Flight exports: columns in any order and unit, tied to a record by the start."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.intake.exports import looks_like_export, read_export

START = datetime(2021, 9, 6, 2, 23, 48, tzinfo=UTC)
AIRDATA = (
    "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),altitude_above_seaLevel(feet),"
    "speed(mph),distance(feet), battery_percent,satellites,flycState,message\n"
    "500,2021-09-06 02:23:48,47.5,-122.6,100,200,10,1000, 95,11,P-GPS,\n"
    "1500,2021-09-06 02:23:49,47.6,-122.7,0,100,0,0, 9,22,P-GPS,Low battery\n"
)


def test_units_are_read_from_the_headings() -> None:
    found = read_export(AIRDATA.encode())
    first, last = found.points
    assert (first.place.height_m, first.place.altitude_m, first.home_distance_m) == pytest.approx((30.48, 60.96, 304.8))
    assert first.speed_m_per_s == pytest.approx(4.4704)
    assert (last.battery_percent, last.satellites, last.mode, last.message) == (9, 22, "P-GPS", "Low battery")
    assert last.place.at == START + timedelta(seconds=1)
    metric = AIRDATA.replace("feet", "meters").replace("mph", "km/h").replace(",", ";")
    first = read_export(metric.encode("utf-8-sig")).points[0]
    assert (first.place.height_m, first.speed_m_per_s) == pytest.approx((100, 10 / 3.6))


def test_an_export_belongs_to_the_flight_that_started_within_two_seconds() -> None:
    found = read_export(AIRDATA.encode())
    assert found.started_at == START - timedelta(milliseconds=500)
    assert found.is_of_flight(START + timedelta(seconds=1.5))
    assert not found.is_of_flight(START + timedelta(seconds=1.6))
    assert not found.is_of_flight(START - timedelta(seconds=2.6))


def test_a_clock_that_is_not_said_to_be_utc_ties_to_nothing() -> None:
    found = read_export(AIRDATA.replace("datetime(utc)", "datetime(local)").encode())
    assert found.started_at is None
    assert not found.is_of_flight(START)
    assert "tied to no flight record" in found.notes[0]


def test_an_unknown_unit_is_not_guessed_and_rows_without_a_fix_are_counted() -> None:
    text = AIRDATA.replace("speed(mph)", "speed(furlongs)") + "2000,2021-09-06 02:23:50,0,0\n2500,x,north,\n\n"
    found = read_export(text.encode())
    assert found.points[0].speed_m_per_s is None
    assert found.notes == ("2 rows hold no usable position.",)


@pytest.mark.parametrize("text", ["", "model,serial\na,b\n", "latitude,longitude\n1,2\n", AIRDATA.split("\n")[0]])
def test_what_is_no_export_or_holds_no_place_is_refused(text: str) -> None:
    with pytest.raises(HomepointError):
        read_export(text.encode())


def test_an_export_is_told_by_its_headings() -> None:
    assert looks_like_export(AIRDATA.encode()[:400])
    assert not looks_like_export(b"model,serial\n")


CELLS = st.lists(
    st.sampled_from(["1", "nan", "inf", "1e308", "-1e-320", "47.5", '"', "", "x", "9" * 400, "2021-09-06 02:23:48"]),
    max_size=12,
)


@given(st.lists(CELLS.map(",".join), max_size=6).map("\n".join) | st.text(max_size=60))
@settings(max_examples=300)
def test_no_rows_crash_the_reader_and_every_place_is_on_earth(rows: str) -> None:
    try:
        found = read_export((AIRDATA.split("\n")[0] + "\n" + rows).encode())
    except HomepointError:
        return
    assert all(-90 <= point.place.lat <= 90 for point in found.points)
    assert found.started_at is None or found.started_at.year > 2009
