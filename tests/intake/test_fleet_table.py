"""Fleet tables: as people write them, as spreadsheets save them, and back again unchanged."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.activation_codes import without_hints
from homepoint.application.fleet import plan_fleet
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Category, Condition, DeviceStatus, Plan, PlanProduct
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import Money
from homepoint.intake.csv_files import MOST_ROWS, bare, guarded
from homepoint.intake.fleet_table import (
    COLUMNS,
    MOST_FAULTS,
    FleetTable,
    fleet_text,
    looks_like_fleet,
    proposed_mapping,
    read_fleet,
    template,
)
from tests.builders import BERLIN, NOW, device, plan
from tests.intake.fleet_snapshots import fleets


def read(text: str, encoding: str = "utf-8") -> FleetTable:
    return read_fleet(text.encode(encoding), BERLIN)


def applied(fleet: Snapshot, stored: Snapshot) -> Snapshot:
    """Return a library after the import of a fleet's own export."""
    table = read_fleet(fleet_text(fleet), fleet.zone)
    assert table.faults == ()
    planned = plan_fleet(table.rows, stored, NOW)
    assert planned.faults == ()
    changes = planned.edit.changes if planned.edit else ()
    facts = {fact.id: fact for fact in stored.facts()} | {change.fact.id: change.fact for change in changes}
    return Snapshot(
        zone=fleet.zone,
        devices=tuple(facts[each.id] for each in fleet.devices),  # type: ignore[misc]  # an id bears one kind
        plans=tuple(facts[each.id] for each in fleet.plans),  # type: ignore[misc]  # an id bears one kind
    )


@given(fleets())
@settings(max_examples=100)
def test_an_export_imports_back_unchanged_but_for_codes(fleet: Snapshot) -> None:
    codeless = without_hints(fleet, [each.id for each in fleet.plans])
    assert applied(fleet, Snapshot(zone=fleet.zone)) == codeless


@given(fleets())
@settings(max_examples=30)
def test_importing_an_export_of_the_same_records_has_nothing_to_do(fleet: Snapshot) -> None:
    table = read_fleet(fleet_text(fleet), fleet.zone)
    planned = plan_fleet(table.rows, fleet, NOW)
    assert planned.edit is None
    assert planned.faults == ()


@given(st.text(st.characters(codec="utf-8")))
def test_a_guarded_cell_is_read_back_exactly_and_never_runs(text: str) -> None:
    cell = guarded(text)
    assert bare(cell) == text
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\uff1d")


@pytest.mark.parametrize("nickname", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "'quoted", " blank ", "\t=1", "\r=1"])
def test_a_formula_leaves_as_text_and_comes_back_as_it_was(nickname: str) -> None:
    fleet = Snapshot(zone=BERLIN, devices=(device(nickname=nickname),))
    [_, row] = csv.reader(io.StringIO(fleet_text(fleet).decode("utf-8-sig"), newline=""))
    assert row[COLUMNS.index("nickname")] == "'" + nickname
    assert applied(fleet, Snapshot(zone=BERLIN)) == fleet


def test_the_template_holds_every_heading_and_no_row() -> None:
    table = read_fleet(template(), BERLIN)
    assert (tuple(table.mapping), table.rows, table.ignored) == (COLUMNS, (), ())


def test_headings_and_values_are_understood_as_people_write_them() -> None:
    table = read(
        "Drone;Serial Number;Name;Country;Purchase Date;Activated;Price;Currency;"
        "Receipt;State;Care Refresh;Plan start\n"
        "DJI Mini 4 Pro; 1581f6z9c24au0034srd ;Kestrel;de;8.3.2025;2025-03-10 11:00;759,00;eur;"
        "Ja;active;2-Year;11.03.2025"
    )
    [row] = table.rows
    assert (table.faults, table.ignored, row.number) == ((), (), 2)
    assert row.device == {
        "model": "DJI Mini 4 Pro", "serial": "1581f6z9c24au0034srd", "nickname": "Kestrel", "region": "DE",
        "purchased_on": date(2025, 3, 8), "activated_at": datetime(2025, 3, 10, 11, tzinfo=BERLIN),
        "price": Money(amount=Decimal("759.00"), currency="EUR"), "proof_of_purchase": True,
        "status": DeviceStatus.IN_USE,
    }  # fmt: skip
    assert row.plan == {"product": PlanProduct.TWO_YEARS, "starts_on": date(2025, 3, 11)}


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252"), (",", "utf-16")],
)
def test_separator_and_encoding_are_found(separator: str, encoding: str) -> None:
    table = read(separator.join(["model", "nickname"]) + "\r\n" + separator.join(["Mini", "Möwe"]), encoding)
    assert table.separator == separator
    assert table.rows[0].device == {"model": "Mini", "nickname": "Möwe"}


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("category", "helicopter", "none of"),
        ("region", "Germany", "two letters"),
        ("purchased_on", "3/4/2025", "is the day first"),
        ("purchased_on", "31.2.2025", "not a date"),
        ("purchased_on", "soon", "not a date"),
        ("activated_at", "2025-03-10", "time of day"),
        ("activated_at", "yesterday", "not a time"),
        ("price", "1.299,00", "no amount"),
        ("price", "-5", "no amount"),
        ("proof_of_purchase", "maybe", "yes or no"),
        ("plan", "Care Refresh", "none of"),
        ("plan_replacements", "two", "whole number"),
    ],
)
def test_a_cell_that_cannot_be_right_is_named_by_row_and_column_and_its_row_is_still_shown(
    column: str, cell: str, says: str
) -> None:
    table = read(f'model,{column}\nMini,\nAir,"{cell}"\n')
    [fault] = table.faults
    assert (fault.row, fault.column) == (3, column)
    assert says in fault.says
    assert [row.device["model"] for row in table.rows] == ["Mini", "Air"]


def test_days_with_slashes_are_read_where_another_row_settles_the_order() -> None:
    table = read("model,purchased_on\nA,3/4/2025\nB,25/12/2024\n")
    assert [row.device["purchased_on"] for row in table.rows] == [date(2025, 4, 3), date(2024, 12, 25)]


def test_rows_keep_the_numbers_of_the_spreadsheet_across_blank_rows_and_line_breaks_in_cells() -> None:
    table = read('model,nickname\n\n"Mini","two\nlines"\n,\nAir,x\n')
    assert [(row.number, row.device["model"]) for row in table.rows] == [(3, "Mini"), (5, "Air")]


def test_a_price_without_currency_and_a_row_with_too_many_cells_are_faults() -> None:
    table = read("model,price\nMini,759\nAir,1,299\n")
    assert [(fault.row, fault.column) for fault in table.faults] == [
        (2, "price_currency"),
        (3, ""),
        (3, "price_currency"),
    ]


def test_the_owner_may_say_which_heading_is_which() -> None:
    data = b"what,number,name\nMini,1581F6Z9C24AU0034SRD,not for us\n"
    table = read_fleet(data, BERLIN, {"what": "model", "number": "serial", "name": None})
    assert table.rows[0].device == {"model": "Mini", "serial": "1581F6Z9C24AU0034SRD"}
    assert table.ignored == ("name",)


def test_of_two_headings_for_one_column_the_first_is_taken_and_the_other_is_told() -> None:
    assert proposed_mapping(["SN", "Serial", "Model"]) == {"SN": "serial", "Serial": None, "Model": "model"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"latitude,longitude\n1,2\n", b'model,"\n' + b"x" * 200_000])
def test_what_is_no_fleet_table_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(HomepointError):
        read_fleet(data, BERLIN)


def test_a_flight_export_does_not_look_like_a_fleet() -> None:
    assert looks_like_fleet(b"model;serial\r\n")
    assert not looks_like_fleet(b"time(millisecond),datetime(utc),latitude,longitude\n")


@given(st.binary(max_size=300) | st.text("model,serial;\t\"'\n\r=-1/.x", max_size=200).map(str.encode))
@settings(max_examples=300)
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    try:
        table = read_fleet(b"model,serial,purchased_on,price\n" + data, ZoneInfo("UTC"))
    except HomepointError:
        return
    plan_fleet(table.rows, Snapshot(zone=ZoneInfo("UTC")), NOW)


def test_every_plan_of_a_device_has_a_row_and_words_are_those_of_the_owner_file() -> None:
    fleet = Snapshot(
        zone=BERLIN,
        devices=(device(condition=Condition.NEW), device("d2", category=Category.HANDHELD)),
        plans=(plan(), plan("p2", product=PlanProduct.PLUS)),
    )
    rows = list(csv.DictReader(io.StringIO(fleet_text(fleet).decode("utf-8-sig"), newline="")))
    assert [(row["device_id"], row["plan"], row["category"]) for row in rows] == [
        ("d1", "care-refresh-1y", "aircraft"),
        ("d1", "care-refresh-plus", "aircraft"),
        ("d2", "", "handheld"),
    ]


def test_after_hundreds_of_faults_the_rest_is_not_read_and_that_is_a_fault_too() -> None:
    table = read("model,price\n" + "Mini,x\n" * (MOST_FAULTS + 100))
    assert len(table.faults) == MOST_FAULTS + 1
    assert (table.faults[-1].row, table.faults[-1].column) == (MOST_FAULTS + 2, "")


def test_more_rows_than_a_fleet_has_are_refused() -> None:
    with pytest.raises(HomepointError, match="more than"):
        read("model\n" + "x\n" * (MOST_ROWS + 1))


def test_a_code_is_taken_out_of_its_row_and_never_written_to_a_table() -> None:
    table = read("model,serial,plan,Activation Code\nDJI Mini 4 Pro,1581F6Z9C24AU0034SRD,1-year, ABCD-1234-5678 \n")
    planned = plan_fleet(table.rows, Snapshot(zone=BERLIN), NOW)
    assert planned.edit is not None
    [recorded] = [change.after for change in planned.edit.changes if isinstance(change.after, Plan)]
    assert (recorded.activation_code_hint, dict(planned.codes)) == ("5678", {recorded.id: "ABCD-1234-5678"})
    assert "ABCD-1234-5678" not in repr((table, planned))
    written = fleet_text(Snapshot(zone=BERLIN, devices=(device(),), plans=(plan(activation_code_hint="5678"),)))
    [row] = csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert (row["plan"], row["plan_activation_code"]) == ("care-refresh-1y", "")


def test_two_codes_for_one_plan_are_a_fault_that_shows_neither() -> None:
    head = "device_id,model,plan_id,plan,plan_activation_code\n"
    table = read(f"{head}d1,Mini,p1,1-year,ABCD-1234-5678\nd1,Mini,p1,1-year,EFGH-1234-5678\n")
    [fault] = plan_fleet(table.rows, Snapshot(zone=BERLIN), NOW).faults
    assert (fault.row, fault.column) == (3, "plan_activation_code")
    assert "1234" not in fault.says
