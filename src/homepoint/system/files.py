"""Writing files whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from homepoint.application.problems import HomepointError


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that, whatever happens, it is either as before or complete.

    Raises:
        HomepointError: it cannot be written; what was there before is untouched.
    """
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name}.", delete=False) as half:
            unfinished = Path(half.name)
            half.write(content)
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
