"""Map files in: GPX, KML and KMZ as other programs write them, cut short, and made to do harm."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import NamedPlace, TrackPoint
from homepoint.intake.geo_files import read_gpx, read_kml
from homepoint.intake.limits import MOST_POINTS

GPX = """<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">
<metadata><name>not a track</name></metadata>
<wpt lat="52.5" lon="13.4"><name>Home</name><ele>30</ele></wpt>
<trk><name>Flight</name><trkseg>
<trkpt lat="52.5" lon="13.4"><ele>31.5</ele><time>2025-07-02T16:20:00Z</time>
<extensions><name>no</name></extensions></trkpt>
<trkpt lat="52.6" lon="13.5"><time>2025-07-02T16:20:01</time></trkpt>
<trkpt lat="0" lon="0"/><trkpt lat="x" lon="13"/>
</trkseg></trk></gpx>"""
KML = """<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>
<name>a document</name>
<Placemark><name>Last</name><TimeStamp><when>2025-07-02T16:20:00Z</when></TimeStamp>
<Point><altitudeMode>absolute</altitudeMode><coordinates>13.4,52.5,30</coordinates></Point></Placemark>
<Placemark><name>Line</name><LineString><coordinates>13.4,52.5,99 13.5,52.6,99
13.6,52.7</coordinates></LineString></Placemark>
<Placemark><name>Timed</name><gx:Track><altitudeMode>absolute</altitudeMode>
<when>2025-07-02T16:20:00Z</when><when>2025-07-02T16:20:01Z</when>
<gx:coord>13.4 52.5 30</gx:coord><gx:coord>13.5 52.6 31</gx:coord></gx:Track></Placemark>
</Document></kml>"""
AT = datetime(2025, 7, 2, 16, 20, tzinfo=UTC)


def kmz(name: str = "doc.kml", kml: bytes = KML.encode(), how: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as written:
        with zipfile.ZipFile(written, "w", how) as archive:
            archive.writestr(name, kml)
        return written.getvalue()


def test_a_gpx_gives_places_and_tracks_with_their_times() -> None:
    found = read_gpx(GPX.encode())
    assert found.places == (NamedPlace(name="Home", point=TrackPoint(lat=52.5, lon=13.4, altitude_m=30)),)
    [track] = found.tracks
    assert track.name == "Flight"
    assert track.points[0] == TrackPoint(lat=52.5, lon=13.4, altitude_m=31.5, at=AT)
    assert (track.points[1].at, track.points[1].local_at) == (None, datetime(2025, 7, 2, 16, 20, 1))  # noqa: DTZ001
    assert found.notes == ("2 points are no usable position.",)


@pytest.mark.parametrize(
    "data", [KML.encode(), kmz(), kmz("deep/Flight.KML", how=zipfile.ZIP_STORED), KML.encode("utf-16")]
)
def test_a_kml_gives_points_lines_and_timed_tracks(data: bytes) -> None:
    found = read_kml(data)
    assert found.places == (NamedPlace(name="Last", point=TrackPoint(lat=52.5, lon=13.4, altitude_m=30, at=AT)),)
    assert [(track.name, len(track.points)) for track in found.tracks] == [("Line", 3), ("Timed", 2)]
    assert found.tracks[0].points[0] == TrackPoint(lat=52.5, lon=13.4)  # its height is above the ground: unknown
    assert found.tracks[1].points[0] == TrackPoint(lat=52.5, lon=13.4, altitude_m=30, at=AT)


def test_a_file_cut_short_gives_what_stands_before_and_no_half_number() -> None:
    found = read_gpx(GPX.encode()[: GPX.index("13.5")])
    assert [point.lat for point in found.tracks[0].points] == [52.5]
    assert "cut short" in found.notes[0]
    found = read_kml(KML.encode()[: KML.index("52.7") + 2])
    assert found.tracks[0].points == (TrackPoint(lat=52.5, lon=13.4), TrackPoint(lat=52.6, lon=13.5))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">'


@pytest.mark.parametrize("harm", [BOMB, OUTSIDE, ELSEWHERE])
def test_document_types_and_entities_are_refused(harm: str) -> None:
    inside = "&a;" if "ENTITY" in harm else ""
    with pytest.raises(HomepointError, match="refused"):
        read_gpx(f'{harm}<gpx><wpt lat="1" lon="2"><name>{inside}</name></wpt></gpx>'.encode())
    with pytest.raises(HomepointError, match="refused"):
        read_kml(kmz(kml=f"{harm}<kml>{inside}</kml>".encode()))


def test_a_flood_of_elements_is_refused() -> None:
    with pytest.raises(HomepointError, match="deeper"):
        read_kml(b"<kml>" + b"<a>" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        kmz("../doc.kml"),
        kmz("/etc/doc.kml"),
        kmz("a/../../doc.kml"),
        kmz("..\\doc.kml"),
        kmz("C:\\doc.kml"),
        kmz("picture.png"),
        kmz(how=zipfile.ZIP_LZMA),
        kmz(kml=bytes(65 * 1024 * 1024)),
        kmz()[:-30],
        kmz()[:60],
        b"PK",
    ],
    ids=[
        "out of its folder",
        "from the root",
        "out by a way round",
        "out the Windows way",
        "from a drive",
        "without a map",
        "packed strangely",
        "blown up",
        "without its end",
        "a beginning only",
        "a sign only",
    ],
)
def test_an_archive_made_to_do_harm_is_refused(data: bytes) -> None:
    with pytest.raises(HomepointError):
        read_kml(data)


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(kmz(kml=bytes(65 * 1024 * 1024)))
    for mark, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(HomepointError):
        read_kml(bytes(data))


@pytest.mark.parametrize("read", [read_gpx, read_kml])
@pytest.mark.parametrize(
    "data", [b"", b"<gpx/>", b"<kml/>", b"no xml", b'<?xml version="1.0" encoding="x-nothing"?><gpx/>']
)
def test_what_holds_no_place_is_refused(read: object, data: bytes) -> None:
    with pytest.raises(HomepointError):
        read(data)  # type: ignore[operator]  # one of the two above


@given(
    whole=st.sampled_from([GPX.encode(), KML.encode(), kmz(), kmz(how=zipfile.ZIP_STORED)]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6),
    kept=st.floats(0, 1),
)
@settings(max_examples=300)
def test_no_damage_crashes_the_readers(whole: bytes, changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(whole)
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    for read in (read_gpx, read_kml):
        try:
            found = read(bytes(data[: int(len(data) * kept)]))
        except HomepointError:
            continue
        assert all(abs(point.lat) <= 90 for track in found.tracks for point in track.points)


def test_a_file_that_is_little_else_than_tags_is_refused() -> None:
    with pytest.raises(HomepointError, match="larger or deeper"):
        read_gpx(b"<gpx>" + b"<a/>" * 150_000 + b"</gpx>")


def test_of_a_track_without_end_the_first_points_are_read_and_it_is_said() -> None:
    found = read_kml(b"<kml><Placemark><LineString><coordinates>" + b"1,2 " * (MOST_POINTS + 5))
    assert len(found.tracks[0].points) == MOST_POINTS
    assert found.notes[-1].startswith("Only the first")
