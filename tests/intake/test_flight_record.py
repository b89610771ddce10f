"""Flight records of every version, made by a builder: what is read, what is not believed, and what damage leaves."""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from homepoint.application.problems import HomepointError
from homepoint.domain.flight import Condition, FlightRecord, MessageKind, Position, instant_of, is_same_flight
from homepoint.intake.flight_record import read_flight_record, reading
from homepoint.intake.flight_record.walk import MOST_RECORDS, walk
from homepoint.intake.readers import read_bytes, read_file
from homepoint.intake.reading import MOST_BYTES, FileKind
from homepoint.intake.recognise import recognise
from tests.intake.flight_record_builder import (
    HOME,
    PICTURE,
    START_MS,
    Moment,
    Recipe,
    flight_record,
    record,
    track,
)

OPEN_VERSIONS = (1, 4, 5, 6, 7, 8, 9, 10, 11, 12)
ALL_VERSIONS = (*OPEN_VERSIONS, 13, 14)
SHORT = Recipe(aircraft="03ZTEST001", camera="CLTEST0002", controller="05TEST0003", battery="1153500004")


def of(version: int, **changes: object) -> Recipe:
    """Return a recipe whose serials fit the fields of its version."""
    return replace(SHORT if version <= 7 else Recipe(), version=version, **changes)  # type: ignore[arg-type]  # by name


def read(recipe: Recipe) -> FlightRecord:
    """Build and read one record."""
    return read_flight_record(flight_record(recipe))


@pytest.mark.parametrize("version", ALL_VERSIONS)
def test_every_version_tells_who_flew_what_and_when(version: int) -> None:
    recipe = of(version)
    found = read(recipe)
    who = found.identity
    serials = (who.aircraft_serial, who.camera_serial, who.controller_serial, who.battery_serial)
    assert serials == (recipe.aircraft, recipe.camera, recipe.controller, recipe.battery)
    assert (who.product, who.aircraft_name, who.app_version) == ("Mavic 2", "Kestrel", "4.3.1")
    assert who.account_hash == recipe.account
    assert who.activated_at == instant_of(recipe.activation)
    assert found.started_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert found.start == Position(*HOME)
    assert found.totals.time_s == 61.5
    assert found.condition is Condition.WHOLE
    assert found.totals.places == ()


@pytest.mark.parametrize("version", OPEN_VERSIONS)
def test_up_to_version_12_every_frame_is_read(version: int) -> None:
    found = read(of(version, moments=track(20, lost=(7, 8, 9, 19))))
    assert found.frame_count == len(found.frames) == len(list(found.frames)) == 20
    frame = found.frames[5]
    assert frame == list(found.frames)[5] == found.frames[-15] == found.frames[5:6][0]
    assert frame.at == instant_of(START_MS + 500)
    assert frame.position is not None
    assert frame.position.latitude == pytest.approx(HOME[0] + 2.5 / 111_195, abs=1e-12)
    assert (frame.height_m, frame.north_m_s, frame.speed_m_s) == (0.5, 5.0, 5.0)
    assert (frame.flight_mode, frame.satellites, frame.gps_level, frame.battery_percent) == (6, 12, 4, 80)
    assert (frame.yaw_deg, frame.flown_s) == (90.0, 61.0)
    assert found.home_points[0].position == pytest.approx(HOME)
    assert found.home_points[0].return_height_m == 30


def test_spans_without_signal_have_both_ends_unless_the_record_ends_without_it() -> None:
    spans = read(Recipe(moments=track(20, lost=(7, 8, 9, 19)))).signal_losses
    assert spans is not None
    assert [(span.first_frame, span.frames, span.lasted_s) for span in spans] == [(7, 3, 0.3), (19, 1, None)]
    assert (spans[0].since, spans[1].until) == (instant_of(START_MS + 700), None)


@pytest.mark.parametrize("version", [13, 14])
def test_from_version_13_the_track_stays_unknown_and_so_does_the_signal(version: int) -> None:
    found = reading(flight_record(of(version, moments=track(9), department=3)))
    record_read = found.value
    assert isinstance(record_read, FlightRecord)
    assert record_read.is_track_enciphered
    assert (record_read.frame_count, len(record_read.frames), record_read.signal_losses) == (9, 0, None)
    assert [found.plain[key] for key in ("osd_records", "last", "home", "rc_loss_events")] == [9, None, None, None]
    assert any("AirData" in text for _, text in found.rows)


@pytest.mark.parametrize(("department", "metres"), [(3, 2500.0), (7, 2500.0), (2, 2.5), (8, 2.5)])
def test_distance_is_in_kilometres_for_fly_and_pilot_only(department: int, metres: float) -> None:
    assert read(of(14, department=department, distance=2.5)).totals.distance_m == metres


@pytest.mark.parametrize("start", [(0.0, 0.0), (-1.7e-11, 1.1e-11), (1e200, 8.0), (float("nan"), 8.0), (95.0, 8.0)])
@pytest.mark.parametrize("version", [7, 8, 14])
def test_a_start_that_is_no_place_on_earth_is_unknown(version: int, start: tuple[float, float]) -> None:
    found = reading(flight_record(of(version, start=start)))
    assert (found.plain["start_lat"], found.plain["start_lon"]) == (None, None)


def test_an_aircraft_without_a_fix_that_reckons_on_from_zero_is_nowhere() -> None:
    adrift = Moment(latitude=-1.66e-4, longitude=2.03e-3)
    assert [frame.position for frame in read(Recipe(moments=(adrift,))).frames] == [None]
    greenwich = Moment(latitude=51.4779, longitude=0.0005)
    assert read(Recipe(moments=(greenwich,))).frames[0].position is not None


def test_a_start_far_from_the_track_is_not_believed() -> None:
    assert read(Recipe(start=(-33.0, 151.0), moments=track())).start is None


@pytest.mark.parametrize("text", ["", "0", "0000000000", "no serial!", "aaaaaaaaaaaa", "1234567", "AAAAAAAAAAAA"])
def test_what_does_not_look_like_a_serial_is_none(text: str) -> None:
    recipe = replace(Recipe(), aircraft=text, camera=text, controller=text, battery=text)
    found = read(replace(recipe, moments=track()))
    who = found.identity
    assert (who.aircraft_serial, who.camera_serial, who.controller_serial, who.battery_serial) == (None,) * 4
    assert found.flight_key is None


def test_a_serial_that_fills_its_field_is_cut_and_a_component_record_completes_it() -> None:
    cut = Recipe(aircraft="1581F6TEST00A00199XY", serial_records=False)
    assert (read(cut).identity.aircraft_serial, read(cut).identity.is_aircraft_serial_cut) == ("1581F6TEST00A001", True)
    told = read(replace(cut, components=[(2, "1581F6TEST00A00199XY")])).identity
    assert (told.aircraft_serial, told.is_aircraft_serial_cut) == ("1581F6TEST00A00199XY", False)


def test_placeholders_and_nonsense_are_unknown() -> None:
    found = read(Recipe(name="", account="0" * 16, activation=-62170178400000, height=float("inf"), time_ms=-5))
    assert found.identity.aircraft_name is None
    assert found.identity.account_hash is None
    assert found.identity.activated_at is None
    assert (found.totals.max_height_m, found.totals.time_s) == (None, None)


def test_air_3_is_known_and_an_unknown_product_goes_by_the_makers_name() -> None:
    assert read(of(14, product=120, name="my drone")).identity.product == "Air 3"
    assert read(of(14, product=126)).identity.product == "Mini 4 Pro"
    assert read(of(14, product=250, name="DJI Neo 9")).identity.product == "Neo 9"
    assert read(of(14, product=250, name="my drone")).identity.product is None


def test_never_a_flight_in_1970() -> None:
    found = read(Recipe(start_ms=0, moments=(Moment(at_ms=5), *track(3))))
    assert found.started_at == instant_of(START_MS)
    assert found.frames[0].at is None
    assert read(Recipe(start_ms=0, moments=())).started_at is None


def test_messages_of_the_app_come_in_order_with_their_instants() -> None:
    said = ((9, "Taking off"), (10, "Weak signal"), (24, "Strong wind\nland now"))
    moments = [Moment(at_ms=START_MS + 1000 * at, message=message) for at, message in enumerate(said)]
    found = read(Recipe(moments=moments)).messages
    assert [message.text for message in found] == ["Taking off", "Weak signal", "Strong wind land now"]
    assert [message.kind for message in found] == [MessageKind.TIP, MessageKind.WARNING, MessageKind.SERIOUS]
    assert found[2].at == instant_of(START_MS + 2000)


@pytest.mark.parametrize("version", [4, 8, 11, 14])
def test_pictures_inside_are_found_whole_with_their_seal(version: int) -> None:
    data = flight_record(of(version, moments=track(3), pictures=(PICTURE, PICTURE)))
    found = read_flight_record(data)
    assert [data[each.offset : each.offset + each.length] for each in found.pictures] == [PICTURE, PICTURE]
    assert {each.sha256 for each in found.pictures} == {sha256(PICTURE).hexdigest()}
    assert found.condition is Condition.WHOLE


@pytest.mark.parametrize("version", OPEN_VERSIONS)
@pytest.mark.parametrize("is_closed", [True, False])
def test_a_record_cut_short_tells_who_flew_and_the_last_position(version: int, is_closed: bool) -> None:
    recipe = of(version, moments=track(40), is_closed=is_closed, components=[(3, SHORT.controller)])
    whole = flight_record(recipe)
    cut = whole[: len(whole) - (450 if is_closed and version != 12 else 30)]
    found = read_flight_record(cut)
    assert found.condition is (Condition.CUT_SHORT if version != 12 else found.condition)
    assert found.identity.aircraft_serial == recipe.aircraft
    assert found.identity.controller_serial is not None
    assert found.started_at == instant_of(START_MS)
    assert len(found.frames) >= 37
    assert found.frames[-1].position is not None


@pytest.mark.parametrize("left", [1, 100, 379])
def test_a_record_cut_inside_its_details_is_cut_short_not_damaged(left: int) -> None:
    whole = flight_record(Recipe(moments=track(40)))
    found = read_flight_record(whole[: len(whole) - 400 + left])
    assert (found.condition, len(found.frames)) == (Condition.CUT_SHORT, 40)


def test_the_serials_of_component_records_are_enough() -> None:
    parts = [(1, "0K8TEST0010002"), (2, "0M6TEST0010001"), (4, "0P2TEST0010004")]
    found = read(Recipe(components=parts, serial_records=False, is_closed=False, moments=track(2)))
    assert found.identity.aircraft_serial == "0M6TEST0010001"
    assert found.identity.camera_serial == "0K8TEST0010002"
    assert found.identity.controller_serial is None


def test_after_damage_in_the_middle_the_rest_is_read_too() -> None:
    data = bytearray(flight_record(Recipe(moments=track(100))))
    middle = len(data) // 2
    data[middle : middle + 40] = b"\xaa" * 40
    found = read_flight_record(bytes(data))
    assert found.condition is Condition.DAMAGED
    assert 95 <= len(found.frames) < 100


def test_bytes_behind_the_details_do_no_harm_and_the_flight_is_the_same() -> None:
    data = flight_record(Recipe(moments=track(5)))
    longer = read_flight_record(data + b"\x0f" * 107)
    assert longer.condition is Condition.WHOLE
    assert longer.flight_key == read_flight_record(data).flight_key == ("0M6TEST0010001", instant_of(START_MS))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 12,
        b"\0" * 100_000,
        b"\x0b" * 5_000,
        b"Not a flight, but a text.\n" * 50,
        b"\xff" * 70_000,
    ],
)
def test_what_is_no_flight_record_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(HomepointError) as refused:
        read_bytes(data)
    assert refused.value.title
    assert refused.value.advice


def test_a_head_without_anything_behind_it_is_refused() -> None:
    with pytest.raises(HomepointError, match="damaged"):
        read_flight_record(flight_record(Recipe(moments=(), serial_records=False, is_closed=False)))


def test_a_version_newer_than_known_is_named() -> None:
    data = bytearray(flight_record(of(14, moments=())))
    data[10], data[100:] = 17, b"\x09" * 400
    with pytest.raises(HomepointError, match="version 17, newer"):
        read_flight_record(bytes(data))


def test_a_record_is_known_by_its_content_whatever_its_name() -> None:
    assert recognise(flight_record()) is FileKind.FLIGHT_RECORD
    assert recognise(PICTURE) is not FileKind.FLIGHT_RECORD
    assert recognise(b'{"format": "homepoint-owner-file"}') is FileKind.OWNER_FILE


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's own
    sparse = tmp_path / "large.txt"
    with sparse.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    tracemalloc.start()
    with pytest.raises(HomepointError, match="64 MB"):
        read_file(sparse)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_no_more_than_half_a_million_records_are_read() -> None:
    assert walk(b"\x04\x00\xff" * (MOST_RECORDS + 10), 0, is_wide=False).count == MOST_RECORDS


def test_zero_length_serials_in_hostile_component_records_do_no_harm() -> None:
    hostile = b"".join(record(40, content, 11) for content in (b"", b"\x02", b"\x02\0\xff", b"\x02\0\x00"))
    whole = flight_record(Recipe(moments=track(2), is_closed=False))
    assert read_flight_record(whole + hostile).identity.aircraft_serial == "0M6TEST0010001"


def test_the_json_has_the_agreed_keys_in_their_order() -> None:
    assert list(reading(flight_record(Recipe(moments=track(3)))).plain) == [
        "version", "product_code", "product", "aircraft_name", "aircraft_sn", "aircraft_sn_truncated", "camera_sn",
        "rc_sn", "battery_sn", "app_version", "platform", "department", "start_utc", "start_lat", "start_lon",
        "total_distance_m", "total_time_s", "max_height_m", "account_hash", "osd_records", "last", "home",
        "distance_home_m", "rc_loss_events",
    ]  # fmt: skip


def test_a_whole_record_and_a_cut_one_of_the_same_flight_are_known_as_one() -> None:
    moments = tuple(replace(moment, at_ms=(moment.at_ms or 0) + 40) for moment in track(20))
    whole = Recipe(aircraft="1581F6TEST00A00199XY", moments=moments)
    cut = replace(whole, is_closed=False, components=[(2, whole.aircraft)])
    assert read(cut).flight_key != read(whole).flight_key
    assert is_same_flight(read(cut), read(whole))
    assert is_same_flight(read(whole), read(whole))
    assert not is_same_flight(read(replace(whole, aircraft="1581F6TEST00B00299XY")), read(whole))
    assert not is_same_flight(read(replace(whole, start_ms=START_MS - 60_000)), read(whole))


def test_inspire_batteries_write_their_serial_one_digit_a_byte() -> None:
    digits = "".join(chr(int(digit)) for digit in reversed("0012345678"))
    assert read(of(8, product=1, battery=digits)).identity.battery_serial == "12345678"


def test_a_flight_lasts_from_its_first_frame_to_its_last() -> None:
    frames = read(Recipe(moments=track(20))).frames
    assert frames[0].at is not None
    assert frames[-1].at is not None
    assert frames[-1].at - frames[0].at == timedelta(seconds=1.9)
