"""`homepoint export`: writes all of the owner's records as an owner file, whole or not at all."""

import os
import sys
import tempfile
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.cli.records import library
from homepoint.intake.owner_file import owner_file_text
from homepoint.intake.owner_file_checks import sense_faults


def run(given: Namespace) -> int:
    """Export everything; what an import would find fault with is said on stderr, and exported all the same."""
    if given.file != "-" and Path(given.file).is_dir():
        print(f"{given.file} is a folder. Name a file inside it.", file=sys.stderr)
        return 2
    with library(given.data) as opened:
        snapshot = opened.snapshot()
    text = owner_file_text(snapshot)
    if given.file == "-":
        sys.stdout.write(text)
    else:
        write_whole(Path(given.file), text)
        print(f"{sum(1 for _ in snapshot.facts())} records written to {given.file}.")
    for fault in sense_faults(snapshot):
        print(f"note: {fault}", file=sys.stderr)
    return 0


def write_whole(file: Path, text: str) -> None:
    """Write a text file so that, whatever happens, it is either as before or complete.

    Raises:
        HomepointError: it cannot be written; what was there before is untouched.
    """
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name}.", delete=False) as half:
            unfinished = Path(half.name)
            half.write(text.encode())
            half.flush()
            os.fsync(half.fileno())
        unfinished.replace(file)
    except OSError as error:
        if unfinished:
            with suppress(OSError):
                unfinished.unlink()
        raise HomepointError(
            f"{file} could not be written: {error.strerror}.", "Choose another folder; nothing was changed."
        ) from error
