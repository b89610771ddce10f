"""The readers of all kinds of files an owner may hand in, and the one way to read a file with them."""

import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from homepoint.application.problems import HomepointError
from homepoint.intake.findings import READERS
from homepoint.intake.reading import MOST_BYTES, FileKind, Reader, Reading
from homepoint.intake.recognise import recognise


def _flight_record(data: bytes) -> Reading:
    from homepoint.intake.flight_record import reading

    return reading(data)


readers: Mapping[FileKind, Reader] = MappingProxyType(
    {
        FileKind.FLIGHT_RECORD: _flight_record,
        **READERS,
    }
)
"""Each kind and its reader. A reader is imported when the first file of its kind is met: libraries cost a start."""


def read_bytes(data: bytes) -> Reading:
    """Return what the bytes of one file hold.

    Raises:
        HomepointError: too large, of no kind known here, or damaged so far that nothing in it can be trusted.
    """
    if len(data) > MOST_BYTES:
        raise _too_large()
    kind = recognise(data)
    if kind is None or kind not in readers:
        raise _unknown(kind, data)
    return readers[kind](data)


def read_file(file: Path) -> Reading:
    """Return what one file holds; it is only read, and one that is too large is refused before that.

    Raises:
        HomepointError: it cannot be read, is no file, is too large, or `read_bytes` refuses it.
    """
    return read_bytes(bytes_of(file))


def bytes_of(file: Path) -> bytes:
    """Return the bytes of a file of at most `MOST_BYTES`.

    Raises:
        HomepointError: it cannot be read, is no file, or is too large.
    """
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            raise HomepointError("This is not a file.", "Choose the files in it, or import the folder as a whole.")
        if about.st_size > MOST_BYTES:
            raise _too_large()
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else "its name is not one"
        raise HomepointError(
            f"This file could not be read: {said}.", "Check that it is there and may be read, then try again."
        ) from error
    if len(data) > MOST_BYTES:
        raise _too_large()
    return data


def _too_large() -> HomepointError:
    return HomepointError(
        f"This file is larger than {MOST_BYTES // 1024**2} MB and was not read.",
        "Flight records, photos and exports are far smaller: check that it is the right file.",
    )


def _unknown(kind: FileKind | None, data: bytes) -> HomepointError:
    if kind is FileKind.OWNER_FILE:
        return HomepointError("This is an owner file.", "Import it: homepoint import, or drop it onto the window.")
    if kind is not None:
        return HomepointError(f"This is a {kind}; nothing in it can be read here.", "Keep it with your documents.")
    if not data.strip(b"\0"):
        what = "is empty" if not data else "holds nothing but zeros"
        return HomepointError(f"This file {what}.", "Copy it again from the phone or controller, if it is still there.")
    return HomepointError(
        "This file is none that Homepoint can read.",
        "It reads DJI flight records, photos, video subtitles (SRT), flight exports (CSV), GPX and KML.",
    )
