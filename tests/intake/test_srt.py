"""Video subtitles: the layouts of DJI's cameras, one after the other, and broken ones."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import TrackPoint, VideoSubtitles
from homepoint.intake.srt import read_srt

TIME = "1\n00:00:01,000 --> 00:00:02,000\n"


def read(text: str) -> VideoSubtitles:
    return read_srt((TIME + text).encode())


@pytest.mark.parametrize(
    ("layout", "lat", "lon", "height", "altitude"),
    [
        ("[latitude: 53.3] [longitude: 6.4] [rel_alt: 6.000 abs_alt: -122.769] </font>", 53.3, 6.4, 6, -122.769),
        ("[latitude : 31.452012] [longtitude : 74.398751] [altitude: 213.98]", 31.452012, 74.398751, None, 213.98),
        ("[latitude: -41.5] [longitude: -2.25] [altitude: 117.0]", -41.5, -2.25, None, 117),
        ("lat=10.5 lng=-20.25", 10.5, -20.25, None, None),
        ("GPS(36.6146,-6.1120,35.5M) BAROMETER:0.3M", 36.6146, -6.112, 0.3, 35.5),
        ("GPS(36.6146,-6.1120,0.0M) BAROMETER:0.3M", 36.6146, -6.112, 0.3, None),
        ("GPS(149.0251,-20.2533,16) BAROMETER:1.9", -20.2533, 149.0251, 1.9, None),
        ("GPS(149.0251,-20.2533,16) Hb:1.9 Hs:1.8", -20.2533, 149.0251, 1.9, None),
        ("F/2.8, SS 30, GPS (-121.7458, 48.0771, 17), D 221.21m, H 200.70m, H.S n/a", 48.0771, -121.7458, 200.7, None),
        ("GPS(20.5,149.5,12)", 20.5, 149.5, None, None),
    ],
)  # fmt: skip
def test_a_layout_that_says_what_is_what_is_sure(
    layout: str, lat: float, lon: float, height: float | None, altitude: float | None
) -> None:
    found = read(layout)
    [point] = found.points
    assert (point.lat, point.lon, point.height_m, point.altitude_m) == (lat, lon, height, altitude)
    assert not found.needs_confirmation


def test_two_numbers_that_could_both_be_latitudes_are_to_be_confirmed_and_can_be_turned() -> None:
    found = read("HOME(-58.4563,-34.7386) 2017.07.03 10:15:03\nGPS(-58.4563,-34.7383,19) BAROMETER:20.1")
    assert found.needs_confirmation
    assert (found.points[0].lat, found.points[0].lon) == (-34.7383, -58.4563)
    assert found.home == TrackPoint(lat=-34.7386, lon=-58.4563)
    turned = found.turned()
    assert (turned.points[0].lat, turned.points[0].lon, turned.needs_confirmation) == (-58.4563, -34.7383, False)


def test_one_place_beyond_90_degrees_settles_the_order_for_its_neighbours() -> None:
    found = read("GPS(89.9,10.0,9)\n\n2\n00:00:02,000 --> 00:00:03,000\nGPS(90.1,10.0,9)")
    assert [(point.lat, point.lon) for point in found.points] == [(10.0, 89.9), (10.0, 90.1)]
    assert not found.needs_confirmation


@pytest.mark.parametrize(
    ("clock", "at"),
    [
        ("2026-05-27 13:14:22.911", datetime(2026, 5, 27, 13, 14, 22, 911000)),  # noqa: DTZ001 - local
        ("2022-08-07 13:40:40,774,808", datetime(2022, 8, 7, 13, 40, 40, 774808)),  # noqa: DTZ001 - local
        ("2017.8.5 14:11:51", datetime(2017, 8, 5, 14, 11, 51)),  # noqa: DTZ001 - local
        ("1970.1.1 00:00:00", None),
        ("2017.13.5 14:11:51", None),
    ],
)
def test_the_clock_is_the_cameras_own_and_never_1970(clock: str, at: datetime | None) -> None:
    [point] = read(f"{clock}\n[latitude: 1] [longitude: 2]").points
    assert (point.at, point.local_at, point.after_s) == (None, at, 1.0)


@pytest.mark.parametrize(
    "place", ["[latitude: 0.0] [longitude: 0.0]", "[latitude: 91] [longitude: 2]", "GPS(0,0,0)", "ISO 100"]
)
def test_subtitles_without_a_fix_are_refused_with_a_sentence(place: str) -> None:
    with pytest.raises(HomepointError, match="no position"):
        read(place)


def test_a_file_cut_in_the_middle_gives_what_stands_before() -> None:
    whole = "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\nGPS(149.{n:04},-20.2,9)\n\n" for n in range(10))
    found = read_srt(whole[: len(whole) // 2].encode())
    assert 4 <= len(found.points) <= 5
    assert found.points[0] == read_srt(whole.encode()).points[0]


def test_utf_16_and_old_windows_files_are_read() -> None:
    text = TIME + "Höhe [latitude: 1.5] [longitude: 2.5]"
    assert read_srt(text.encode("utf-16")).points == read_srt(text.encode("cp1252")).points


PIECES = st.sampled_from([
    "\n00:00:01,000 --> ", "GPS(", "HOME (", "[latitude: ", "[longtitude : ", "12.5", "-190", ",", "M)", ")", "]", " ",
    "\n", "9" * 30, "2025-01-01 ", "99:99:99", "rel_alt: ", "H ",
])  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=50))
@settings(max_examples=300)
def test_no_text_crashes_the_reader_and_every_place_is_on_earth(text: str) -> None:
    try:
        found = read(text)
    except HomepointError:
        return
    assert all(-90 <= point.lat <= 90 and -180 <= point.lon <= 180 for point in found.points)


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with pytest.raises(HomepointError):
        read_srt(data)
