"""Removes plain files that an encrypted one took the place of, after writing over them.

Writing over helps on disks that write in place. SSDs and file systems that copy on write may keep old blocks for a
while; docs/decisions/0010-encryption-at-rest.md says so, and what to do.
"""

import os
from contextlib import suppress
from pathlib import Path

from homepoint.application.problems import HomepointError

_ERASING = ".erasing-"
_BLOCK = bytes(1 << 20)


def erase(path: Path) -> None:
    """Write zeros over a file and remove it; nothing happens where there is none.

    It gets another name first: a kill in the middle must not leave half a file under the name of a whole one.

    Raises:
        HomepointError: it cannot be removed.
    """
    doomed = path.with_name(f"{_ERASING}{os.urandom(6).hex()}")
    try:
        path.rename(doomed)
        _overwrite(doomed)
        doomed.unlink()
    except FileNotFoundError:
        return
    except OSError as fault:
        raise HomepointError(
            f"{path.name} is not encrypted and cannot be removed: {fault.strerror or fault}.",
            f"Close what uses it, or remove it yourself from {path.parent}.",
        ) from fault


def erase_what_was_left(folder: Path) -> None:
    """Finish what a kill left half-erased in a folder and the folders in it."""
    for path in [*folder.glob(f"{_ERASING}*"), *folder.glob(f"*/{_ERASING}*")]:
        with suppress(OSError):
            _overwrite(path)
            path.unlink()


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b") as stream:
        while left > 0:
            left -= stream.write(_BLOCK[: min(left, len(_BLOCK))])
        stream.flush()
        os.fsync(stream.fileno())
