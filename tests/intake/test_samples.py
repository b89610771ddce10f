"""Real files of strangers, which are not part of this repository: read them where they are there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homepoint.domain.intake_values import FlightExport, MapFile, Photo, SerialOf, VideoSubtitles
from homepoint.intake.readers import read_file

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the folder of sample files is not beside this checkout")


@pytest.mark.parametrize(
    ("name", "count", "lat", "lon", "is_doubtful"),
    [
        ("cm_Mini5PRO.srt", 5, 53.365108, 6.460719, False),
        ("cm_air3S.srt", 5, 34.270373, -84.176160, False),
        ("cm_neo2.srt", 5, 45.607181, 13.753860, False),
        ("ji_MAVIC3_head150k.srt", 518, 3.41531, -3.37440, False),
        ("ji_air2s.srt", 17, 41.424724, 2.234156, False),
        ("ji_broken_incomplete.SRT", 19, -34.7383, -58.4563, True),
        ("ji_m2zoom_head150k.SRT", 507, 31.452012, 74.398751, False),
        ("ji_matrice_300.srt", 381, 36.6146, -6.1120, False),
        ("ji_mavic_mini.SRT", 117, 48.0771, -121.7458, False),
        ("ji_mavic_pro.SRT", 468, -20.2533, 149.0251, False),
        ("ji_old_format.SRT", 468, -20.2533, 149.0251, False),
        ("ji_p4_rtk.SRT", 55, -34.237922, -58.851745, True),
    ],
)
def test_subtitles(name: str, count: int, lat: float, lon: float, is_doubtful: bool) -> None:
    found = read_file(SAMPLES / "srt" / name).value
    assert isinstance(found, VideoSubtitles)
    assert (len(found.points), found.needs_confirmation) == (count, is_doubtful)
    assert (found.points[0].lat, found.points[0].lon) == (lat, lon)


@pytest.mark.parametrize(
    ("name", "serials", "place"),
    [
        (
            "m300_H20N.jpg",
            {"1ZNBJC400C0029": SerialOf.AIRCRAFT, "4WZAJCF02AA00Y": SerialOf.CAMERA},
            (22.5962, 114.00727),
        ),
        ("m2ea_sn0.jpg", {}, None),
        ("m4t_sn0.jpg", {}, None),
        ("xt2.jpg", {}, (9.97216, 76.37779)),
        ("p3a_FC300S_a.jpg", {}, (46.84286, -91.9937)),
    ],
)
def test_photos(name: str, serials: dict[str, SerialOf], place: tuple[float, float] | None) -> None:
    found = read_file(SAMPLES / "photos" / name).value
    assert isinstance(found, Photo)
    assert {each.text: each.of for each in found.serials} == serials
    assert (found.place and (round(found.place.lat, 5), round(found.place.lon, 5))) == place
    assert found.maker == "DJI"


@pytest.mark.parametrize(
    ("name", "origin", "record_started_at", "count"),
    [
        ("airdata_mini2_2021-09-05_every5th.csv", "AirData", datetime(2021, 9, 6, 2, 23, 47, 611000, UTC), 2323),
        (
            "healthydrones_drop_2016-09-26_14-12-46.csv",
            "HealthyDrones",
            datetime(2016, 9, 26, 18, 12, 45, 964000, UTC),
            3154,
        ),
    ],
)
def test_exports_are_tied_to_their_flight_records(
    name: str, origin: str, record_started_at: datetime, count: int
) -> None:
    found = read_file(SAMPLES / "exports" / name).value
    assert isinstance(found, FlightExport)
    assert (found.origin, len(found.points)) == (origin, count)
    assert found.is_of_flight(record_started_at)
    assert not found.is_of_flight(record_started_at + timedelta(seconds=3))


@pytest.mark.parametrize(
    ("name", "places", "count"), [("airdata_mini2_2021-09-05.gpx", 0, 10941), ("airdata_mini2_2021-09-05.kml", 1, 2284)]
)
def test_map_files(name: str, places: int, count: int) -> None:
    found = read_file(SAMPLES / "exports" / name).value
    assert isinstance(found, MapFile)
    assert (len(found.places), [len(track.points) for track in found.tracks], found.notes) == (places, [count], ())
