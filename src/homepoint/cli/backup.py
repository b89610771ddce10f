"""`homepoint backup`: writes everything, attachments included, into one file and reads it back."""

import sys
from argparse import Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

from homepoint import __version__
from homepoint.application.backups import BackupKind, Progress
from homepoint.application.problems import HomepointError
from homepoint.cli.fleet import zone_of_this_computer
from homepoint.cli.records import records_file, this_instant
from homepoint.presentation.backups import AboutBackup, backup_lines
from homepoint.storage.copying import SqliteFiles
from homepoint.system.backup_file import Source, write_backup
from homepoint.system.backup_manifest import Manifest
from homepoint.system.backups import origin_of
from homepoint.system.paths import LOCK_NAME
from homepoint.system.people import computer
from homepoint.system.restoring import recover_unfinished


def run(given: Namespace) -> int:
    """Write the backup and say what is in it; it may be made while the window is open."""
    source = source_of(given.data)
    recover_unfinished(source.folder)
    if not records_file(given.data).exists():
        raise HomepointError(f"There are no records in {source.folder} yet.", "There is nothing to back up.")
    manifest = write_backup(
        source, given.file, kind=BackupKind.BY_OWNER, made_at=this_instant(), progress=terminal_progress()
    )
    print(f"Backup written to {given.file}, read back and found whole.")
    print("\n".join(f"  {line}" for line in backup_lines(about(manifest, local_zone()))))
    return 0


def source_of(data: Path | None) -> Source:
    """Return the data folder of a command as something that can be backed up."""
    folder = records_file(data).parent
    if (folder / LOCK_NAME).exists():
        raise HomepointError(
            "An encrypted library cannot be backed up or restored as one file yet.",
            "Close Homepoint and copy its whole data folder; what is in it stays encrypted.",
        )
    return Source(
        folder=folder, files=SqliteFiles(), homepoint=__version__, origin=origin_of(computer(), folder)
    )  # fmt: skip


def about(manifest: Manifest, zone: ZoneInfo) -> AboutBackup:
    """Return what is to be said of a backup."""
    return AboutBackup(
        made_at=manifest.made_at.astimezone(zone),
        kind=manifest.kind,
        homepoint=manifest.homepoint,
        counts=manifest.counts,
        edits=manifest.edits,
        files=len(manifest.evidence),
        missing=manifest.missing,
    )


def local_zone() -> ZoneInfo:
    """Return the zone in which this computer tells the time."""
    return zone_of_this_computer()


def terminal_progress() -> Progress:
    """Return what shows progress on a terminal, one line that is written over; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return lambda _done, _total, _words: None
    shown = [""]

    def show(done: int, total: int, words: str) -> None:
        line = f"{words}: {100 * done // max(total, 1)} %"
        if line != shown[0]:
            shown[0] = line
            end = "\r\033[K" if done >= total else "\r"
            print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)

    return show
