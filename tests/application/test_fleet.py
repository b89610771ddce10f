"""Importing a fleet table: who is who by id and serial, what is new, and what stops it."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from homepoint.application.fleet import FleetPlan, FleetRow, plan_fleet
from homepoint.domain.facts import Device, DeviceStatus, Plan, PlanProduct
from homepoint.domain.snapshot import Snapshot
from tests.builders import BERLIN, NOW, device, library_at, plan

SERIAL = "1581F6Z9C24AU0034SRD"
OTHER = "1581F6Z9C24AU0034SRE"
YEAR = {"product": PlanProduct.ONE_YEAR}


def row(number: int, plan: Mapping[str, Any] | None = None, **values: Any) -> FleetRow:
    ids = {name: values.pop(name) for name in ("device_id", "plan_id") if name in values}
    return FleetRow(number=number, device=values, plan=plan or {}, **ids)


def planned(*rows: FleetRow, stored: Snapshot | None = None) -> FleetPlan:
    return plan_fleet(rows, stored or Snapshot(zone=BERLIN), NOW)


def after(plan: FleetPlan) -> list[Any]:
    assert plan.faults == ()
    return [change.after for change in plan.edit.changes] if plan.edit else []


def test_a_row_without_id_is_the_device_that_bears_its_serial_already() -> None:
    stored = Snapshot(zone=BERLIN, devices=(device(serial=SERIAL, nickname="Kestrel"),))
    [changed] = after(planned(row(2, serial=SERIAL.lower(), region="DE"), stored=stored))
    assert (changed.id, changed.nickname, changed.region) == ("d1", "Kestrel", "DE")


def test_an_unknown_serial_is_a_new_device_and_needs_a_model() -> None:
    [new] = after(planned(row(2, serial=SERIAL, model="DJI Mini 4 Pro")))
    assert isinstance(new, Device)
    [fault] = planned(row(2, serial=SERIAL)).faults
    assert (fault.row, fault.column) == (2, "model")


def test_two_rows_of_one_serial_are_one_device_with_two_plans() -> None:
    rows = row(2, YEAR, serial=SERIAL, model="Mini"), row(3, {"product": PlanProduct.PLUS}, serial=SERIAL, model="Mini")
    facts = after(planned(*rows))
    assert [type(fact) for fact in facts] == [Device, Plan, Plan]
    assert {fact.device for fact in facts[1:]} == {facts[0].id}


def test_a_row_that_repeats_another_is_told_and_adds_nothing() -> None:
    plan = planned(row(2, serial=SERIAL, model="Mini"), row(3, serial=f" {SERIAL} ", model="Mini"))
    assert len(after(plan)) == 1
    assert [(note.row, note.says) for note in plan.notes] == [(3, "Repeats row 2 and adds nothing.")]


def test_two_rows_of_one_serial_that_contradict_each_other_stop_the_import() -> None:
    plan = planned(row(2, serial=SERIAL, model="Mini"), row(3, serial=SERIAL, model="Air"))
    assert plan.edit is None
    assert [(fault.row, fault.column) for fault in plan.faults] == [(3, "model")]


def test_a_serial_that_another_device_bears_stops_the_import_with_its_row() -> None:
    stored = Snapshot(zone=BERLIN, devices=(device(serial=SERIAL),))
    plan = planned(row(2, model="Air"), row(3, device_id="new", serial=SERIAL, model="Mini"), stored=stored)
    assert plan.edit is None
    assert [(fault.row, fault.column) for fault in plan.faults] == [(3, "serial")]


def test_where_several_devices_bear_a_serial_the_row_must_say_which() -> None:
    stored = Snapshot(
        zone=BERLIN, devices=(device(serial=SERIAL, status=DeviceStatus.SOLD), device("d2", serial=SERIAL))
    )
    assert [fault.column for fault in planned(row(2, serial=SERIAL), stored=stored).faults] == ["serial"]
    [changed] = after(planned(row(2, serial=SERIAL, device_id="d2", nickname="B"), stored=stored))
    assert changed.id == "d2"


def test_the_same_plan_is_not_recorded_twice() -> None:
    start = NOW.date()
    stored = Snapshot(zone=BERLIN, devices=(device(serial=SERIAL),), plans=(plan(starts_on=start),))
    assert planned(row(2, {**YEAR, "starts_on": start}, serial=SERIAL), stored=stored).edit is None
    renewal = {**YEAR, "starts_on": start + timedelta(days=365)}
    assert len(after(planned(row(2, renewal, serial=SERIAL), stored=stored))) == 1


def test_a_plan_of_another_device_or_without_a_name_or_ending_too_early_is_a_fault() -> None:
    stored = Snapshot(zone=BERLIN, devices=(device(), device("d2")), plans=(plan(),))
    early = {**YEAR, "starts_on": NOW.date(), "ends_on": NOW.date() - timedelta(days=1)}
    plan_rows = (
        row(2, YEAR, device_id="d2", plan_id="p1"),
        row(3, {"flyaways": 1}, device_id="d2"),
        row(4, early, device_id="d2"),
    )
    faults = planned(*plan_rows, stored=stored).faults
    assert [(fault.row, fault.column) for fault in faults] == [(2, "plan_id"), (3, "plan"), (4, "plan_ends_on")]


def test_an_id_of_another_kind_of_fact_is_refused_with_its_row() -> None:
    stored = Snapshot(zone=BERLIN, devices=(device(),), plans=(plan(),))
    assert [fault.row for fault in planned(row(7, device_id="p1", model="Mini"), stored=stored).faults] == [7]


def test_a_succession_that_leads_nowhere_or_in_a_circle_is_a_fault() -> None:
    rows = (
        row(2, device_id="a", model="Mini", succeeds="b"),
        row(3, device_id="b", model="Mini", succeeds="a"),
        row(4, device_id="c", model="Mini", succeeds="nobody"),
    )
    assert [(fault.row, fault.column) for fault in planned(*rows).faults] == [(n, "succeeds") for n in (2, 3, 4)]


def test_what_lies_in_the_future_is_noted_and_taken_in() -> None:
    plan = planned(
        row(2, model="Mini", purchased_on=NOW.date() + timedelta(days=1), activated_at=NOW + timedelta(hours=1))
    )
    assert [note.column for note in plan.notes] == ["purchased_on", "activated_at"]
    assert len(after(plan)) == 1


def test_a_fleet_is_imported_as_one_step_of_undo(tmp_path: Path) -> None:
    plan = planned(*(row(n, YEAR, serial=f"1581F6Z9C24AU{n:07d}", model="Mini") for n in range(2, 52)))
    library = library_at(tmp_path / "library.db")
    assert plan.edit is not None
    library.write(plan.edit, NOW)
    assert len(library.snapshot().devices) == len(library.snapshot().plans) == 50
    library.write(plan.edit.reversed(), NOW)
    assert list(library.snapshot().facts()) == []
    library.close()
