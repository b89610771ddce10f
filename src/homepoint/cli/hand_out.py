"""`homepoint export`: writes the owner's records as an owner file, or devices and plans as a fleet table (.csv)."""

import sys
from argparse import Namespace
from pathlib import Path

from homepoint.cli.fleet import hand_out_fleet
from homepoint.cli.records import library
from homepoint.intake.owner_file import owner_file_text
from homepoint.intake.owner_file_checks import sense_faults
from homepoint.presentation.wording import counted
from homepoint.system.files import write_whole


def run(given: Namespace) -> int:
    """Export everything; what an import would find fault with is said on stderr, and exported all the same."""
    if given.file != "-" and Path(given.file).is_dir():
        print(f"{given.file} is a folder. Name a file inside it.", file=sys.stderr)
        return 2
    with library(given.data) as opened:
        snapshot = opened.snapshot()
    if Path(given.file).suffix.lower() == ".csv":
        hand_out_fleet(Path(given.file), snapshot)
        return 0
    text = owner_file_text(snapshot)
    if given.file == "-":
        sys.stdout.write(text)
    else:
        write_whole(Path(given.file), text.encode())
        print(f"{counted(sum(1 for _ in snapshot.facts()), 'record')} written to {given.file}.")
    for fault in sense_faults(snapshot):
        print(f"note: {fault}", file=sys.stderr)
    return 0
