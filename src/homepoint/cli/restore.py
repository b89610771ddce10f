"""`homepoint restore`: lets a backup take the place of the records, after a preview and a safety copy."""

import sys
from argparse import Namespace

from homepoint.cli.backup import local_zone, source_of, terminal_progress
from homepoint.cli.records import this_instant
from homepoint.presentation.backups import lost_lines, preview_lines
from homepoint.system.backups import FOLDER_NAME
from homepoint.system.paths import data_folder
from homepoint.system.restoring import preview, recover_unfinished, restore

_NOT_AGREED = 2


def run(given: Namespace) -> int:
    """Show what would change, ask, and restore; 2 where nobody agreed."""
    data_folder(given.data)  # a new computer has none yet
    source, zone = source_of(given.data), local_zone()
    recover_unfinished(source.folder)
    found = preview(given.file, source.folder, source.files)
    print("\n".join(preview_lines(found, zone)))
    for line in lost_lines(found, zone):
        print(f"  {line}")
    if not given.yes and not _agrees():
        return _NOT_AGREED
    kept = restore(
        source, given.file, source.folder / FOLDER_NAME, now=this_instant(), progress=terminal_progress()
    )  # fmt: skip
    print("Restored." if kept is None else f"Restored. What was here before is kept in {kept}.")
    return 0


def _agrees() -> bool:
    if not sys.stdin.isatty():
        print("Nothing was changed: say --yes to restore without being asked.", file=sys.stderr)
        return False
    return input("Restore it? [y/N] ").strip().casefold() in ("y", "yes")
