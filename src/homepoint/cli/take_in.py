"""`homepoint import`: takes the facts of a file into the owner's records and says what it did."""

import sys
from argparse import Namespace

from homepoint.application.exchange import import_owner_file
from homepoint.application.problems import Refused
from homepoint.cli.fleet import take_in_fleet
from homepoint.cli.import_report import report_lines
from homepoint.cli.records import library, snapshot_of_file, this_instant

_LATER = {
    ".txt": "flight records", ".dat": "flight records", ".srt": "video subtitles", ".jpg": "photos", ".jpeg": "photos",
    ".dng": "photos", ".mp4": "videos", ".kml": "tracks", ".gpx": "tracks", ".zip": "archives",
}  # fmt: skip


def run(given: Namespace) -> int:
    """Import an owner file or a fleet table; one with faults or clashes gives 2 and leaves the records as they were."""
    if given.file.suffix.lower() in (".csv", ".tsv"):
        return take_in_fleet(given)
    if kind := _LATER.get(given.file.suffix.lower()):
        print(
            f"{given.file}: Homepoint cannot import {kind} yet. It imports owner files (.json) and tables (.csv).",
            file=sys.stderr,
        )
        return 2
    snapshot = snapshot_of_file(given.file)
    if snapshot is None:
        return 2
    with library(given.data, zone_for_new=snapshot.zone) as opened:
        report = import_owner_file(snapshot, opened, this_instant())
    if isinstance(report, Refused):
        for field, sentence in report.fields.items():
            print(f"{field}: {sentence}", file=sys.stderr)
        return 2
    print("\n".join(report_lines(report, "Owner file imported.")))
    return 0
