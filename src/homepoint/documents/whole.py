"""Writes a file so that, whatever happens, it is as before or complete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from homepoint.application.problems import HomepointError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written; it appears under its name when the block ends well, and not at all otherwise.

    Raises:
        HomepointError: it cannot be written; what was there before is untouched.
    """
    unfinished: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("w+b", dir=path.parent, prefix=f".{path.name}.", delete=False) as half:
            unfinished = Path(half.name)
            yield half  # type: ignore[misc]  # a temporary file is a binary file in all but name
            half.flush()
            os.fsync(half.fileno())
        unfinished.chmod(0o644)
        unfinished.replace(path)
        unfinished = None
    except OSError as fault:
        raise HomepointError(
            f"{path} could not be written: {fault.strerror or fault}.", "Choose another folder; nothing was changed."
        ) from fault
    finally:
        if unfinished is not None:
            with suppress(OSError):
                unfinished.unlink()
