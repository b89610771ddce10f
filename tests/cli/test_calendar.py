"""`homepoint calendar`, end to end: the file it writes, what it remembers, and what it says."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Component

from homepoint.documents.calendar import MEMORY_NAME
from tests.cli.run import Run
from tests.intake.owner_files import written

AT = "2025-03-11T12:00:00Z"


def owner(*plans: dict[str, Any], **device: Any) -> dict[str, Any]:
    """Return an owner file with one aircraft that was activated a day before AT."""
    kestrel: dict[str, Any] = {
        "id": "d1", "model": "DJI Mini 4 Pro", "category": "aircraft", "region": "DE", "condition": "new",
        "serial": "1581F6Z9C24AU0034SRD", "nickname": "Kestrel", "channel": "dji-store", "status": "in-use",
        "activated_at": "2025-03-10T11:00:00+01:00", "purchased_on": "2025-03-08", "proof_of_purchase": True, **device,
    }  # fmt: skip
    head = {"format": "homepoint-owner-file", "version": 1, "time_zone": "Europe/Berlin"}
    return {**head, "devices": [kestrel], "plans": list(plans)}


PLAN = {
    "id": "p1", "device": "d1", "product": "care-refresh-1y", "region": "DE", "purchased_at": "2025-03-11T13:00:00Z",
    "bound_at": "2025-03-11T13:00:00Z", "starts_on": "2025-03-11",
}  # fmt: skip


def take_in(run: Run, folder: Path, tree: dict[str, Any]) -> None:
    """Import an owner file into the records of a folder."""
    assert run("import", written(folder / "owner.json", tree), "--data", folder / "data").code == 0


def events_in(path: Path) -> dict[str, Component]:
    """Return the events of a file by title."""
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}


def test_the_deadlines_of_all_devices_are_written(run: Run, tmp_path: Path) -> None:
    take_in(run, tmp_path, owner())
    out = tmp_path / "deadlines.ics"
    done = run("calendar", out, "--data", tmp_path / "data", "--at", AT)
    assert (done.code, done.err) == (0, "")
    found = events_in(out)
    assert done.out == f"{len(found)} deadlines written to {out}.\n"
    assert found["Buy a care plan: Kestrel"].decoded("DTSTART").isoformat() == "2025-03-12T10:00:00+00:00"
    assert found["Report a defect for replacement: Kestrel"].decoded("DTSTART") == date(2025, 3, 23)
    assert not (tmp_path / "data" / MEMORY_NAME).exists(), "a file about another instant is not remembered"


def test_the_same_instant_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    take_in(run, tmp_path, owner())
    for name in ("one.ics", "two.ics"):
        run("calendar", tmp_path / name, "--data", tmp_path / "data", "--at", AT)
    assert (tmp_path / "one.ics").read_bytes() == (tmp_path / "two.ics").read_bytes()


def test_a_file_is_brought_up_to_date_when_a_plan_was_bought(run: Run, tmp_path: Path) -> None:
    take_in(run, tmp_path, owner())
    out = tmp_path / "deadlines.ics"
    run("calendar", out, "--data", tmp_path / "data", "--at", AT)
    before = events_in(out)
    take_in(run, tmp_path, owner(PLAN))
    done = run("calendar", out, "--data", tmp_path / "data", "--at", "2025-03-11T18:00:00Z")
    assert done.out.endswith(f"written to {out}, and 1 no longer due.\n")
    after = events_in(out)
    bought = after["No longer due: Buy a care plan: Kestrel"]
    assert (bought["STATUS"], bought["SEQUENCE"]) == ("CANCELLED", 1)
    assert bought["UID"] == before["Buy a care plan: Kestrel"]["UID"]
    assert after["Care plan ends: Kestrel"].decoded("DTSTART") == date(2026, 3, 10)


def test_a_file_of_today_is_remembered_and_written_again_only_when_something_changed(run: Run, tmp_path: Path) -> None:
    take_in(run, tmp_path, owner({**PLAN, "ends_on": "2099-03-10"}))
    out, memory = tmp_path / "deadlines.ics", tmp_path / "data" / MEMORY_NAME
    assert run("calendar", out, "--data", tmp_path / "data").code == 0
    assert "Care plan ends: Kestrel" in events_in(out)
    for path in (out, memory):
        os.utime(path, (1, 1))
    assert run("calendar", out, "--data", tmp_path / "data").code == 0
    assert [path.stat().st_mtime for path in (out, memory)] == [1, 1]


def test_a_folder_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    take_in(run, tmp_path, owner())
    done = run("calendar", tmp_path / "gone" / "x.ics", "--data", tmp_path / "data")
    assert (done.code, done.out) == (1, "")
    assert "could not be written" in done.err
    assert not (tmp_path / "data" / MEMORY_NAME).exists()


@pytest.mark.parametrize("arguments", [("calendar",), ("calendar", "x.ics", "--at", "noon")])
def test_a_command_line_that_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2
