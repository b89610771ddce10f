"""`homepoint import`: takes the facts of a file into the owner's records and says what it did."""

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence

from homepoint.application.exchange import MergeReport, import_owner_file
from homepoint.application.problems import Refused
from homepoint.cli.records import library, snapshot_of_file, this_instant
from homepoint.presentation.wording import counted

_LATER = {
    ".txt": "flight records", ".dat": "flight records", ".srt": "video subtitles", ".jpg": "photos", ".jpeg": "photos",
    ".dng": "photos", ".mp4": "videos", ".csv": "tables", ".kml": "tracks", ".gpx": "tracks", ".zip": "archives",
}  # fmt: skip
_MOST_NAMES = 5


def run(given: Namespace) -> int:
    """Import one owner file; one with faults or clashes gives 2 and leaves the records as they were."""
    if kind := _LATER.get(given.file.suffix.lower()):
        print(f"{given.file}: Homepoint cannot import {kind} yet. It imports owner files (.json).", file=sys.stderr)
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
    print("\n".join(_lines(report)))
    return 0


def _lines(report: MergeReport) -> list[str]:
    first = "Nothing to do: everything in this file is in your records already." if report.changes_nothing else ""
    lines = [first or "Owner file imported."]
    for word, group in (("Added", report.added), ("Changed", report.changed)):
        lines += _group(word, group)
    if report.skipped:
        counts = ", ".join(_counted(kind, names) for kind, names in report.skipped.items())
        lines.append(f"  {'Skipped':<8} {counts} (the same already)")
    return lines


def _group(word: str, group: Mapping[str, tuple[str, ...]]) -> list[str]:
    lines = []
    for kind, names in group.items():
        more = len(names) - _MOST_NAMES
        listed = ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"  {word:<8} {_counted(kind, names)}: {listed}")
    return lines


def _counted(kind: str, names: Sequence[str]) -> str:
    return counted(len(names), kind.replace("_", " ").removesuffix("s"))
