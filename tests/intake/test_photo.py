"""Photos: whose serial it is, where and when it was taken, and what hostile ones do."""

import io
import struct
import zlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import SerialOf
from homepoint.intake.photo import read_photo, thumbnail
from tests.intake.photos import photo, xmp

MAKE, MODEL, TAKEN, OFFSET, SERIAL = 0x010F, 0x0110, 0x9003, 0x9011, 0xA431
BERLIN = {1: "N", 2: (52.0, 30.0, 58.6), 3: "E", 4: (13.0, 22.0, 39.7), 5: b"\0", 6: 120.5}


def test_a_consumer_aircraft_notes_the_serial_of_its_camera() -> None:
    found = read_photo(photo({MAKE: "DJI\0\0\0", MODEL: "FC8482\0\0"}, {SERIAL: "5YSCK1234567AB\0\0\0"}))
    assert (found.maker, found.camera_model) == ("DJI", "FC8482")
    assert [(each.text, each.of) for each in found.serials] == [("5YSCK1234567AB", SerialOf.CAMERA)]
    assert "camera's" in found.notes[0]


@pytest.mark.parametrize("as_elements", [False, True])
def test_an_enterprise_aircraft_notes_its_own_serial_and_its_cameras(as_elements: bool) -> None:
    notes = {"DroneSerialNumber": "1ZNBJC400C0029", "CameraSerialNumber": "4WZAJCF02AA00Y", "DroneModel": "Matrice 300"}
    found = read_photo(
        photo(details={SERIAL: "4WZAJCF02AA00Y"}, notes=xmp(**{"elements" if as_elements else "attributes": notes}))
    )
    assert [(each.text, each.of) for each in found.serials] == [
        ("1ZNBJC400C0029", SerialOf.AIRCRAFT),
        ("4WZAJCF02AA00Y", SerialOf.CAMERA),
    ]
    assert found.aircraft_model == "Matrice 300"


@pytest.mark.parametrize("serial", ["0", "0000000000", "", " ", "no serial", "\ufffd" * 10])
def test_what_stands_for_unknown_is_no_serial(serial: str) -> None:
    found = read_photo(photo(details={SERIAL: serial.encode()}, notes=xmp({"DroneSerialNumber": serial})))
    assert found.serials == ()


def test_the_place_comes_from_exif_or_more_exactly_from_the_drone() -> None:
    place = read_photo(photo(gps=BERLIN)).place
    assert place is not None
    assert (round(place.lat, 6), round(place.lon, 6), place.altitude_m) == (52.516278, 13.377694, 120.5)
    notes = {"GpsLatitude": "-33.5", "GpsLongitude": "+70.25", "RelativeAltitude": "+42.60", "AbsoluteAltitude": "-3"}
    place = read_photo(photo(gps=BERLIN, notes=xmp(notes))).place
    assert place is not None
    assert (place.lat, place.lon, place.height_m, place.altitude_m) == (-33.5, 70.25, 42.6, -3)


@pytest.mark.parametrize(
    "gps", [{}, {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, {**BERLIN, 2: (95.0, 0.0, 0.0)}]
)
def test_no_fix_is_no_place(gps: dict[int, object]) -> None:
    assert read_photo(photo(gps=gps)).place is None


def test_the_time_is_local_unless_the_camera_names_its_offset() -> None:
    found = read_photo(photo(details={TAKEN: "2025:06:01 18:20:00"}))
    assert (found.taken_at, found.taken_local_at) == (None, datetime(2025, 6, 1, 18, 20))  # noqa: DTZ001 - local
    assert "time zone" in found.notes[-1]
    found = read_photo(photo(details={TAKEN: "2025:06:01 18:20:00", OFFSET: "+02:00"}))
    assert found.taken_at == datetime(2025, 6, 1, 18, 20, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "2025:13:01 00:00:00", "yesterday"])
def test_a_clock_that_was_never_set_tells_no_time(taken: str) -> None:
    assert read_photo(photo(details={TAKEN: taken})).taken_local_at is None


def test_notes_with_entities_are_left_aside_and_the_photo_is_read() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xmp({"DroneSerialNumber": "1ZNBJC400C0029"})
    found = read_photo(photo(notes=bomb, gps=BERLIN))
    assert found.serials == ()
    assert found.place is not None


def test_a_thumbnail_is_small_upright_and_without_notes() -> None:
    small = thumbnail(photo({0x0112: 6}, gps=BERLIN, size=(1600, 800)))
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (256, 512)
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "L", "I;16", "CMYK"])
def test_a_thumbnail_is_made_of_every_kind_of_pixels(mode: str) -> None:
    with io.BytesIO() as written:
        Image.new(mode, (600, 600)).save(written, "TIFF" if mode == "CMYK" else "PNG")
        assert thumbnail(written.getvalue()) is not None


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_photo_that_claims_more_pixels_than_any_camera_has_is_refused() -> None:
    with pytest.raises(HomepointError, match="more pixels"):
        read_photo(_png(60_000, 60_000))
    assert thumbnail(_png(5_000, 5_000)) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"GIF89a" + bytes(50), b"%!PS-Adobe", bytes(500)])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(HomepointError):
        read_photo(data)


WHOLE = photo(
    {MAKE: "DJI"}, {SERIAL: "5YSCK1234567AB", TAKEN: "2025:06:01 18:20:00"}, BERLIN, xmp({"GpsLatitude": "1"})
)
PNG = photo({MAKE: "DJI"}, {SERIAL: "5YSCK1234567AB"}, BERLIN, form="PNG")
TIFF = photo({MAKE: "DJI"}, {SERIAL: "5YSCK1234567AB"}, BERLIN, form="TIFF")


@given(
    whole=st.sampled_from([WHOLE, PNG, TIFF]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    kept=st.floats(0.02, 1),
)
@settings(max_examples=300)
def test_no_damage_crashes_the_reader(whole: bytes, changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(whole)
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    for read in (read_photo, thumbnail):
        try:
            read(bytes(data[: int(len(data) * kept)]))
        except HomepointError:
            continue
