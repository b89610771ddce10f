"""Opening the owner's records or an owner file for a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from homepoint.application.problems import HomepointError
from homepoint.cli.unlocking import key_of
from homepoint.domain.snapshot import Snapshot
from homepoint.system.paths import data_folder, library_file
from homepoint.system.people import computer, person

if TYPE_CHECKING:
    from homepoint.intake.owner_file import OwnerFile
    from homepoint.storage.library import SqliteLibrary
    from homepoint.system.attachments import EvidenceStore


def this_instant() -> datetime:
    """Return now, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def snapshot_of_file(file: Path) -> Snapshot | None:
    """Return the facts of an owner file; see `opened_owner_file`."""
    found = opened_owner_file(file)
    return None if found is None else found.facts


def opened_owner_file(file: Path) -> "OwnerFile | None":
    """Return what an owner file holds; print its faults, one a line, and return None where it has some."""
    from homepoint.intake.owner_file import OwnerFile, open_owner_file

    found = open_owner_file(file)
    if isinstance(found, OwnerFile):
        return found
    for fault in found:
        print(fault, file=sys.stderr)
    return None


def records_file(data: Path | None) -> Path:
    """Return the library's file without making its folder: a mistyped one shall not come into being by being read."""
    return library_file(data_folder(None) if data is None else data.expanduser())


@contextmanager
def library(data: Path | None, *, zone_for_new: ZoneInfo | None = None) -> Iterator["SqliteLibrary"]:
    """Open the owner's library, and close it at the end.

    Args:
        data: its folder; None for the usual one.
        zone_for_new: the time zone of a library that is to be made where there is none; None: it must be there.

    Raises:
        HomepointError: it is not there, cannot be read or made, or is encrypted and nobody gave the passphrase.
    """
    file = records_file(data) if zone_for_new is None else library_file(data_folder(data))
    key = key_of(file.parent)
    if zone_for_new is None and not file.exists():
        raise HomepointError(
            f"There are no records in {file.parent} yet.", "Add a device in the window, or import an owner file."
        )
    from homepoint.storage.library import SqliteLibrary

    opened = SqliteLibrary(file, zone=zone_for_new or ZoneInfo("UTC"), person=person(), computer=computer(), key=key)
    try:
        yield opened
    finally:
        opened.close()


def evidence_of(opened: "SqliteLibrary") -> "EvidenceStore":
    """Return the files kept as evidence of an open library, plain or encrypted as it is."""
    from homepoint.system.attachments_sealed import evidence_store

    return evidence_store(opened.path.parent, opened.key)
