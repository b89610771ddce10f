"""`homepoint import` and `homepoint export` of a fleet table: devices and plans as CSV."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from homepoint.application.activation_codes import without_new_hints
from homepoint.application.fleet import FleetPlan, RowRemark, plan_fleet
from homepoint.cli.codes import keep_codes
from homepoint.cli.import_report import report_lines
from homepoint.cli.records import library, records_file, this_instant
from homepoint.domain.snapshot import Snapshot
from homepoint.presentation.wording import counted
from homepoint.system.files import write_whole

_MOST_REMARKS = 50


def take_in_fleet(given: Namespace) -> int:
    """Import a fleet table; one with a fault in any row gives 2 and leaves the records as they were."""
    from homepoint.intake.fleet_table import looks_like_fleet
    from homepoint.intake.readers import bytes_of

    data = bytes_of(given.file)
    if not looks_like_fleet(data):
        says = "is no fleet table: its first row names neither a model nor a serial. See docs/fleet-csv.md."
        print(f"{given.file}: {says}", file=sys.stderr)
        return 2
    zone = zone_of_this_computer()
    if not records_file(given.data).exists() and _planned(data, Snapshot(zone=zone)) is None:
        return 2  # before there is a library: a bad file shall not bring one into being
    with library(given.data, zone_for_new=zone) as opened:
        planned = _planned(data, opened.snapshot())
        if planned is None:
            return 2
        edit = planned.edit
        kept = keep_codes(opened, planned.codes)
        if edit and kept.lost:
            edit = without_new_hints(edit, kept.lost)
        if edit:
            opened.write(edit, this_instant())
    _say(planned.notes, "note: ")
    print("\n".join(report_lines(planned.report, "Fleet table imported.")))
    return 0


def _planned(data: bytes, stored: Snapshot) -> FleetPlan | None:
    """Return what the import would do, or None after its faults were said."""
    from homepoint.intake.fleet_table import read_fleet

    table = read_fleet(data, stored.zone)
    planned = plan_fleet(table.rows, stored, this_instant())
    faults = sorted([*table.faults, *planned.faults], key=lambda fault: fault.row)
    if faults:
        _say(faults, "")
        print("Nothing was imported. Mend these rows, then import the file again.", file=sys.stderr)
        return None
    ignored = [RowRemark(row=1, column=heading, says="This column was not read.") for heading in table.ignored]
    return replace(planned, notes=(*ignored, *planned.notes))


def hand_out_fleet(file: Path, snapshot: Snapshot) -> None:
    """Write all devices and plans of the records as a fleet table.

    Raises:
        HomepointError: the file cannot be written.
    """
    from homepoint.intake.fleet_table import fleet_text

    write_whole(file, fleet_text(snapshot))
    devices, plans = counted(len(snapshot.devices), "device"), counted(len(snapshot.plans), "plan")
    print(f"{devices} and {plans} written to {file}. An owner file (.json) holds all the rest too.")


def _say(remarks: Iterable[RowRemark], before: str) -> None:
    listed = list(remarks)
    for remark in listed[:_MOST_REMARKS]:
        print(f"{before}{remark}", file=sys.stderr)
    if len(listed) > _MOST_REMARKS:
        print(f"{before}and {len(listed) - _MOST_REMARKS} more", file=sys.stderr)


def zone_of_this_computer() -> ZoneInfo:
    """Return the time zone that new records get: the one this computer is set to, UTC where it does not say."""
    names = [
        os.environ.get("TZ", "").removeprefix(":"),
        str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2],
    ]
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (LookupError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
