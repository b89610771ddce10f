"""Diagnostics: one masked text about program, system and log that an owner can read, copy and send with a question."""

import platform
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from homepoint.system.logs import tail
from homepoint.system.masking import Mask

LOG_LINES = 60

_PACKAGES = (
    "PySide6-Essentials", "SQLAlchemy", "alembic", "cryptography", "defusedxml", "icalendar", "jsonschema-rs",
    "keyring", "Pillow", "platformdirs", "pypdf", "requests", "segno", "typst", "tzdata", "zxing-cpp",
)  # fmt: skip


def surroundings(program: str) -> dict[str, str]:
    """Return what Homepoint (of this version) runs on: system, Python and packages with their versions, by name."""
    found = {
        "Homepoint": program,
        "System": platform.platform(),
        "Machine": platform.machine(),
        "Python": platform.python_version(),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def diagnostics(
    *,
    at: datetime,
    runs_on: Mapping[str, str],
    counts: Mapping[str, int],
    keyring: str,
    synchronising: Iterable[str],
    folder: Path,
    mask: Mask,
) -> str:
    """Return the text that is shown and, letter by letter, copied. It depends on nothing but these and the log.

    Args:
        at: when it is made.
        runs_on: system and versions by name, see `surroundings`.
        counts: how many records there are, by what they are called.
        keyring: where passwords are kept, in words.
        synchronising: how synchronising stands, a line for each thing to say; none where it is off.
        folder: the data folder, for its log.
        mask: takes out what is personal, see `own_mask`.
    """
    words = list(synchronising)
    parts = [
        ("Homepoint diagnostics", [f"made at {at.isoformat(timespec='seconds')}"]),
        ("Program and system", [f"{name}: {value}" for name, value in runs_on.items()]),
        ("Records", [f"{name}: {number}" for name, number in counts.items()] or ["none"]),
        ("Passwords", [keyring]),
        ("Synchronising", words or ["off"]),
        (f"Log, its last {LOG_LINES} lines at most", tail(folder, LOG_LINES) or ["empty"]),
    ]
    text = "\n\n".join("\n".join((title, *(f"  {line}" for line in lines))) for title, lines in parts)
    return mask(text) + "\n"
