"""Half-written files and folders: names that tell them, their rename at the end, and their removal after a kill."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

UNFINISHED = ".unfinished-backup-"
"""How names of half-written files and folders begin, so that what a kill left behind can be told and removed."""

_LEFT_BEHIND_AFTER = timedelta(days=1)


def unfinished_name() -> str:
    """Return a new name for something half-written."""
    return f"{UNFINISHED}{os.urandom(6).hex()}"


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Lend a name beside the target; what was written there gets the target's name when the block ends well."""
    unfinished = target.with_name(unfinished_name())
    try:
        yield unfinished
        unfinished.replace(target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def scratch(folder: Path | None) -> Iterator[Path]:
    """Lend a folder only its owner may look into, which is gone afterwards; None: in the system's temporary one.

    One that cannot be removed at once is left to `sweep`.
    """
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def sweep(folder: Path, now: datetime) -> None:
    """Remove what a kill left half-written, once it is a day old: a younger one may still be worked on."""
    with suppress(OSError):
        for each in folder.glob(f"{UNFINISHED}*"):
            if abs(now.timestamp() - each.stat().st_mtime) > _LEFT_BEHIND_AFTER.total_seconds():
                if each.is_dir():
                    shutil.rmtree(each, ignore_errors=True)
                else:
                    each.unlink()
