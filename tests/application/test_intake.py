"""A pile of files held against a library, and the one edit it becomes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from homepoint.application.changes import Edit, HistoryEntry
from homepoint.application.flight_facts import KEY, FlightFacts, kept_flight, to_keep
from homepoint.application.found import CautionKind, Found, FoundFile, SkipReason
from homepoint.application.intake import Choices, TakeIn, Tick, Wish, proposed
from homepoint.application.pile import look_through
from homepoint.application.problems import Refused
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Attachment, BoundTo, Controller, Device, Position
from homepoint.domain.intake_values import FlightExport, FoundSerial, Photo, SerialOf
from homepoint.domain.terms import Terms
from homepoint.storage.library import SqliteLibrary
from tests import builders as make

START = datetime(2025, 6, 1, 10, 0, tzinfo=UTC)
CUT = "1581F6Z9C24AU003"
WHOLE = CUT + "4SRD"


def flight(**values: Any) -> FlightFacts:
    """Return a flight of an aircraft with a short serial."""
    given = {
        "product": "Mini 4 Pro",
        "aircraft_name": "Kestrel",
        "aircraft_serial": "0M6TEST0010001",
        "controller_serial": "0VETEST0010003",
        "account_hash": "00112233445566ff",
        "started_at": START,
        "duration_s": 60.0,
    }
    return FlightFacts(**{**given, **values})


def file(name: str, value: object, **values: Any) -> FoundFile:
    """Return a file that was read and kept."""
    return FoundFile(
        name=name, kind="flight record", value=value, **{"sha256": name.ljust(64, "0"), "size": 9, **values}
    )


def taken_in(found: Found, workspace: Workspace, choices: Choices | None = None) -> HistoryEntry | Refused | None:
    """Take over what is proposed, or what is chosen."""
    return workspace.do(TakeIn(found=found, choices=choices or proposed(found)))


def test_a_new_aircraft_its_controller_and_its_record_become_one_step_of_undo(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    found = look_through([file("a.txt", flight())], library, terms)
    entry = taken_in(found, workspace)
    assert isinstance(entry, HistoryEntry)
    [device] = library.all(Device)
    assert (device.model, device.serial, device.nickname) == ("DJI Mini 4 Pro", "0M6TEST0010001", "Kestrel")
    assert device.activated_at is None, "the first flight seen is a hint and no fact"
    assert [each.serial for each in library.all(Controller)] == ["0VETEST0010003"]
    [kept] = library.about(Attachment, device.id)
    assert kept_flight(kept) == flight()
    workspace.undo()
    assert not library.all(Device)
    assert not library.all(Attachment)
    assert not library.all(Controller)


def test_no_binding_is_ever_recorded_from_a_flight_record(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    found = look_through([file("a.txt", flight())], library, terms)
    edit = TakeIn(found=found, choices=proposed(found)).plan(library, make.NOW)
    assert isinstance(edit, Edit)
    assert {type(change.after).__name__ for change in edit.changes} == {"Device", "Controller", "Attachment"}


def test_the_first_flight_becomes_the_activation_only_when_it_is_ticked(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    found = look_through([file("a.txt", flight())], library, terms)
    key = found.devices[0].key
    ticks = proposed(found).ticked | {Tick(wish=Wish.ACTIVATION, key=key)}
    taken_in(found, workspace, Choices(ticked=frozenset(ticks)))
    [device] = library.all(Device)
    assert device.activated_at == START


@pytest.mark.parametrize(("typed", "serial"), [("", CUT), ("4srd", WHOLE), (WHOLE, WHOLE), (" 4SRD ", WHOLE)])
def test_the_characters_the_app_cut_off_are_put_behind_the_others(
    workspace: Workspace, library: SqliteLibrary, terms: Terms, typed: str, serial: str
) -> None:
    found = look_through([file("a.txt", flight(aircraft_serial=CUT, is_serial_cut=True))], library, terms)
    taken_in(found, workspace, Choices(ticked=proposed(found).ticked, endings={CUT: typed}))
    [device] = library.all(Device)
    assert device.serial == serial


@pytest.mark.parametrize("typed", ["4SR", "4SRO", "4SRD5", "4S-D"])
def test_an_ending_that_cannot_be_right_is_said_beside_its_field_and_nothing_is_written(
    workspace: Workspace, library: SqliteLibrary, terms: Terms, typed: str
) -> None:
    found = look_through([file("a.txt", flight(aircraft_serial=CUT, is_serial_cut=True))], library, terms)
    answer = taken_in(found, workspace, Choices(ticked=proposed(found).ticked, endings={CUT: typed}))
    assert isinstance(answer, Refused)
    assert list(answer.fields) == [f"{CUT}/ending"]
    assert not library.all(Device)


def test_a_cut_serial_finds_the_registered_device_by_its_beginning(library: SqliteLibrary, terms: Terms) -> None:
    library.write(make.adding(make.device(serial=WHOLE), make.device("d2", serial="1581F6Z9C24AU0099XYZ")), make.NOW)
    found = look_through([file("a.txt", flight(aircraft_serial=CUT, is_serial_cut=True))], library, terms)
    [device] = found.devices
    assert device.registered is not None
    assert device.registered.id == "d1"
    assert not device.clashes


def test_a_whole_serial_is_no_match_for_another_that_only_begins_alike(library: SqliteLibrary, terms: Terms) -> None:
    library.write(make.adding(make.device(serial=CUT + "4SRE")), make.NOW)
    found = look_through([file("a.txt", flight(aircraft_serial=WHOLE))], library, terms)
    assert found.devices[0].registered is None


def test_a_cut_serial_that_fits_two_devices_clashes_and_proposes_nothing(library: SqliteLibrary, terms: Terms) -> None:
    library.write(make.adding(make.device(serial=WHOLE), make.device("d2", serial=CUT + "4SRE")), make.NOW)
    found = look_through([file("a.txt", flight(aircraft_serial=CUT, is_serial_cut=True))], library, terms)
    [device] = found.devices
    assert {each.id for each in device.clashes} == {"d1", "d2"}
    assert not [tick for tick in proposed(found).ticked if tick.key == device.key]


def test_a_serial_recorded_as_cut_is_completed_by_a_record_with_all_of_it(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    library.write(make.adding(make.device(serial=CUT)), make.NOW)
    found = look_through([file("a.txt", flight(aircraft_serial=WHOLE))], library, terms)
    taken_in(found, workspace)
    [device] = library.all(Device)
    assert device.serial == WHOLE


def test_a_cut_and_a_whole_serial_in_one_pile_are_one_aircraft(library: SqliteLibrary, terms: Terms) -> None:
    cut = flight(aircraft_serial=CUT, is_serial_cut=True)
    whole = flight(aircraft_serial=WHOLE, started_at=START + timedelta(days=1))
    found = look_through([file("a.txt", cut), file("b.txt", whole)], library, terms)
    [device] = found.devices
    assert (device.key, device.is_cut, len(device.flights)) == (WHOLE, False, 2)


def test_of_a_flight_that_comes_twice_the_whole_record_is_kept_and_the_other_said(
    library: SqliteLibrary, terms: Terms
) -> None:
    pile = [
        file("cut.txt", flight(is_whole=False)),
        file("whole.txt", flight()),
        file("copy.txt", flight(), sha256="x"),
    ]
    pile.append(file("bytes.txt", flight(), sha256="x"))
    found = look_through(pile, library, terms)
    assert [each.file.name for each in found.devices[0].flights] == ["whole.txt"]
    said = {each.file.name: (each.why, each.same_as) for each in found.skipped}
    assert said["cut.txt"] == (SkipReason.SAME_FLIGHT, "whole.txt")
    assert said["bytes.txt"] == (SkipReason.SAME_FILE, "copy.txt")


def test_what_is_kept_already_is_left_out_the_second_time(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    taken_in(look_through([file("a.txt", flight())], library, terms), workspace)
    again = [file("a.txt", flight()), file("other-bytes.txt", flight())]
    found = look_through(again, library, terms)
    assert not found.is_worth_asking
    assert {each.why for each in found.skipped} == {SkipReason.KEPT_BEFORE, SkipReason.SAME_FLIGHT}
    found = look_through(again[1:], library, terms)
    assert [each.why for each in found.skipped] == [SkipReason.FLIGHT_KEPT_BEFORE]


def test_another_controller_than_the_bound_one_is_a_warning(library: SqliteLibrary, terms: Terms) -> None:
    bound = make.binding(to=BoundTo.CONTROLLER, target="c1", bound_at=START - timedelta(days=9))
    library.write(make.adding(make.device(serial="0M6TEST0010001"), make.controller(), bound), make.NOW)
    found = look_through([file("a.txt", flight())], library, terms)
    [caution] = found.devices[0].cautions
    assert (caution.kind, caution.serial) == (CautionKind.CONTROLLER_NOT_BOUND, "0VETEST0010003")


def test_the_bound_controller_and_one_bound_later_are_no_reason_to_warn(library: SqliteLibrary, terms: Terms) -> None:
    bound = make.binding(to=BoundTo.CONTROLLER, target="c1", bound_at=START - timedelta(days=9))
    same = make.controller(serial=" 0vetest0010003 ")
    library.write(make.adding(make.device(serial="0M6TEST0010001"), same, bound), make.NOW)
    assert not look_through([file("a.txt", flight())], library, terms).devices[0].cautions
    before = flight(started_at=START - timedelta(days=30), controller_serial="0VETEST0019999")
    assert not look_through([file("b.txt", before)], library, terms).devices[0].cautions


def test_another_account_or_controller_than_at_the_flight_before_is_told_once(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    taken_in(look_through([file("a.txt", flight())], library, terms), workspace)
    later = [
        file(
            f"{day}.txt", flight(started_at=START + timedelta(days=day), account_hash="ff", controller_serial="C2" * 7)
        )
        for day in (1, 2, 3)
    ]
    cautions = look_through(later, library, terms).devices[0].cautions
    assert [each.kind for each in cautions] == [CautionKind.OTHER_CONTROLLER, CautionKind.OTHER_ACCOUNT]
    assert {each.at for each in cautions} == {START + timedelta(days=1)}


def test_an_export_goes_with_the_flight_that_started_at_the_same_time(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    export = FlightExport(origin="AirData", started_at=START + timedelta(seconds=1), points=())
    late = FlightExport(origin="AirData", started_at=START + timedelta(seconds=3), points=())
    pile = [file("a.txt", flight()), file("b.csv", export), file("c.csv", late)]
    found = look_through(pile, library, terms)
    assert {each.file.name: each.device for each in found.others} == {"b.csv": "0M6TEST0010001", "c.csv": None}
    taken_in(found, workspace)
    assert {each.name for each in library.all(Attachment)} == {"a.txt", "b.csv"}


def test_a_photo_goes_with_the_aircraft_whose_camera_took_it(library: SqliteLibrary, terms: Terms) -> None:
    serial = FoundSerial(text="0K8TEST0010002", of=SerialOf.CAMERA)
    photo = file("a.jpg", Photo(width=1, height=1, serials=(serial,)))
    found = look_through([file("a.txt", flight(camera_serial="0K8TEST0010002")), photo], library, terms)
    assert [each.device for each in found.others] == ["0M6TEST0010001"]


def test_files_of_no_device_are_kept_with_the_one_the_owner_names_and_else_not_at_all(
    workspace: Workspace, library: SqliteLibrary, terms: Terms
) -> None:
    library.write(make.adding(make.device()), make.NOW)
    found = look_through([file("a.jpg", Photo(width=1, height=1))], library, terms)
    assert taken_in(found, workspace) is None
    taken_in(found, workspace, Choices(others_with="d1"))
    assert [each.of for each in library.all(Attachment)] == ["d1"]


def test_one_unreadable_file_stops_none_of_the_others(library: SqliteLibrary, terms: Terms) -> None:
    pile = [FoundFile(name="bad.txt", problem="Damaged.", advice="Copy it again."), file("a.txt", flight())]
    found = look_through(pile, library, terms)
    assert [each.name for each in found.unread] == ["bad.txt"]
    assert len(found.devices[0].flights) == 1


def test_a_flight_kept_by_another_program_wrongly_is_read_as_far_as_it_is_right() -> None:
    wrong = {"started_at": "soon", "last": {"lat": 999, "lon": 0}, "duration_s": True, "aircraft_serial": 5, "new": 1}
    assert kept_flight(make.attachment(extra={KEY: wrong})) == FlightFacts()
    assert kept_flight(make.attachment(extra={KEY: "x"})) is None
    whole = flight(last=Position(lat=1.5, lon=2.5), last_at=START, battery_percent=30, signal_losses=0)
    assert kept_flight(make.attachment(extra={KEY: to_keep(whole)})) == whole
