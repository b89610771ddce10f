"""Taking an owner file into a library: what is added, changed, skipped and refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from homepoint.application.exchange import Merge, MergeReport, import_owner_file, may_share_serial, merge
from homepoint.application.problems import Refused
from homepoint.domain.facts import ClaimStep, DeviceStatus, Fact, ReturnedUnit, Step
from homepoint.domain.snapshot import Snapshot, snapshot_of
from homepoint.domain.values import DeviceId
from tests.builders import BERLIN, NOW, account, claim, device, library_at, one_of_each
from tests.intake.snapshots import snapshots

TOKYO = ZoneInfo("Asia/Tokyo")


def of(*facts: Fact, zone: ZoneInfo = BERLIN) -> Snapshot:
    return snapshot_of(zone, list(facts))


def merged(imported: Snapshot, stored: Snapshot) -> Merge:
    found = merge(imported, stored)
    assert isinstance(found, Merge)
    return found


def after(imported: Fact, stored: Fact) -> Fact:
    edit = merged(of(imported), of(stored)).edit
    return edit.changes[0].fact if edit else stored


@settings(max_examples=15)
@given(snapshots())
def test_what_is_there_already_changes_nothing(snapshot: Snapshot) -> None:
    plan = merged(snapshot, snapshot)
    assert plan.edit is None
    assert plan.report.changes_nothing
    assert sum(len(names) for names in plan.report.skipped.values()) == len(list(snapshot.facts()))


@settings(max_examples=15)
@given(snapshots())
def test_an_empty_library_takes_everything_and_the_files_time_zone(snapshot: Snapshot) -> None:
    plan = merged(snapshot, of(zone=TOKYO))
    assert plan.edit is not None
    assert [change.after for change in plan.edit.changes] == list(snapshot.facts())
    assert plan.zone == snapshot.zone


def test_a_library_with_facts_keeps_its_time_zone() -> None:
    assert merged(of(device("d2"), zone=TOKYO), of(device())).zone == BERLIN


def test_what_the_file_leaves_open_erases_nothing() -> None:
    stored = device(nickname="Kestrel", price=None, purchased_on=date(2025, 1, 1), extra=MappingProxyType({"a": 1}))
    given_ = device(nickname="Falcon", extra=MappingProxyType({"a": None, "b": 2}))
    assert after(given_, stored) == replace(stored, nickname="Falcon", extra=MappingProxyType({"a": 1, "b": 2}))


def test_an_empty_box_or_list_erases_nothing_and_a_filled_one_replaces() -> None:
    step = ClaimStep(step=Step.SUBMITTED, at=NOW)
    stored = claim(returned=ReturnedUnit(serial="X"), steps=(step,))
    assert after(claim(returned=ReturnedUnit()), stored) == stored
    longer = claim(steps=(step, ClaimStep(step=Step.ACCEPTED, at=NOW)))
    assert after(longer, stored) == replace(stored, steps=longer.steps)


def test_a_serial_of_another_device_is_refused_by_both_names() -> None:
    found = merge(of(device("d2", nickname="Magpie", serial=" abc ")), of(device(nickname="Kestrel", serial="ABC")))
    assert isinstance(found, Refused)
    [(field, sentence)] = found.fields.items()
    assert field == "devices/d2/serial"
    assert "Magpie" in sentence
    assert "Kestrel" in sentence


def test_an_id_of_another_kind_of_fact_is_refused() -> None:
    found = merge(of(account("x")), of(device("x")))
    assert isinstance(found, Refused)
    assert "one of the devices in your records" in str(found)


def test_who_may_share_a_serial() -> None:
    early, late = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
    one, other = device("d1", activated_at=early), device("d2", activated_at=late)
    assert not may_share_serial(one, other)
    assert may_share_serial(one, replace(other, succeeds=DeviceId("d1")))
    assert may_share_serial(other, replace(one, status=DeviceStatus.SOLD))
    assert may_share_serial(other, replace(one, status=DeviceStatus.REPLACED, activated_at=None))
    assert not may_share_serial(one, replace(other, status=DeviceStatus.SOLD))
    assert not may_share_serial(other, replace(one, status=DeviceStatus.LOST))


def test_an_import_is_one_step_of_undo_and_a_second_one_writes_nothing(tmp_path: Path) -> None:
    library = library_at(tmp_path / "library")
    snapshot = replace(of(*one_of_each(), zone=TOKYO), extra=MappingProxyType({"later": [1]}))
    report = import_owner_file(snapshot, library, NOW)
    assert isinstance(report, MergeReport)
    assert library.snapshot() == snapshot
    assert isinstance(again := import_owner_file(snapshot, library, NOW), MergeReport)
    assert again.changes_nothing
    [entry] = library.history()
    assert entry.edit.title == "Owner file imported"
    library.write(entry.edit.reversed(), NOW, undoes=entry.number)
    assert list(library.snapshot().facts()) == []
    library.close()
