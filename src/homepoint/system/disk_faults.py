"""What can be in the way of writing and reading large files, in sentences; and whether there is room for them."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homepoint.application.problems import HomepointError

_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_GONE = frozenset(
    getattr(errno, name)
    for name in ("ENOENT", "ENOTDIR", "ENODEV", "ENXIO", "EIO", "ESTALE", "ENOTCONN", "EHOSTDOWN", "ETIMEDOUT")
    if hasattr(errno, name)
)


def disk_fault(path: Path, fault: OSError, *, kept: str) -> HomepointError:
    """Say what is in the way of a file or folder; `kept` says what is as it was."""
    if fault.errno in _NO_ROOM:
        title, advice = f"There is no room left for {path.name}.", f"Free some space in {path.parent}, then try again."
    elif fault.errno == errno.EFBIG:
        title = f"{path.name} is larger than a file may be there."
        advice = "Choose a drive that takes large files; a memory card as it comes often takes no more than 4 GB."
    elif fault.errno in _NOT_ALLOWED:
        title = f"{path} may not be written to or read."
        advice = "Choose another folder, or give yourself the right to use this one."
    elif fault.errno in _GONE:
        title = f"{path} cannot be reached: {fault.strerror or fault}."
        advice = "Check that the drive is connected and in order, then try again."
    else:
        title, advice = f"{path} could not be used: {fault.strerror or fault}.", "Try again, or choose another folder."
    return HomepointError(title, f"{advice} {kept}".strip())


@contextmanager
def told(path: Path, *, kept: str) -> Iterator[None]:
    """Turn what is in the way of a file or folder into a HomepointError."""
    try:
        yield
    except OSError as fault:
        raise disk_fault(path, fault, kept=kept) from fault


def make_sure_of_room(folder: Path, needed: int, what: str) -> None:
    """Refuse what would not fit.

    Args:
        folder: where it shall be written.
        needed: bytes.
        what: what it is, such as "The backup".

    Raises:
        HomepointError: there is less room, or the folder cannot be reached.
    """
    with told(folder, kept="Nothing was changed."):
        free = shutil.disk_usage(folder).free
    if free < needed:
        raise HomepointError(
            f"{what} needs {size_text(needed)}, and {size_text(free)} are free in {folder}.",
            "Free some space or choose another folder. Nothing was changed.",
        )


def size_text(size: int) -> str:
    """Return a number of bytes as an owner reads it."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def sync_folder(folder: Path) -> None:
    """Make sure that names given in a folder outlast a power cut, where the system can do that."""
    if os.name == "nt":  # a folder cannot be opened there; its names are kept by the system's own journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as fault:
        if fault.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network drives know no such wish
            raise
    finally:
        os.close(handle)
