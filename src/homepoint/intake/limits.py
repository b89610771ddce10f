"""What any file from outside is held to: numbers on the earth, years a drone can have flown in, time to read."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any

from homepoint.domain.values import LAST_YEAR

MEGABYTE = 1024 * 1024
MOST_POINTS = 200_000
"""An hour of film at 60 pictures a second, a flight of five hours at ten positions a second."""

FIRST_FLYING_YEAR = 2010
_NO_FIX_DEGREES = 1e-6


class TimeUpError(BaseException):
    """The time for reading is over. No `Exception`, so that no library under way takes it for one of its own."""


@contextmanager
def at_most(seconds: float, package: str) -> Iterator[None]:
    """Stop a library of Python code after some seconds, by `TimeUpError`.

    It is stopped only where its own code runs: what Python tidies up in between must not be torn.
    """
    ends = time.monotonic() + seconds
    before = sys.getprofile()

    def watch(frame: FrameType, _event: str, _argument: Any) -> None:
        if time.monotonic() > ends and str(frame.f_globals.get("__name__", "")).startswith(package):
            raise TimeUpError

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)


def decoded(data: bytes) -> tuple[str, str]:
    """Return text and the name of its encoding: UTF-8, UTF-16 by its mark, or else Windows' western one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def is_on_earth(lat: float, lon: float) -> bool:
    """Say whether this is a place a drone can have been: 0, 0 and its surroundings mean "no fix"."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return False
    return abs(lat) > _NO_FIX_DEGREES or abs(lon) > _NO_FIX_DEGREES


def is_flying_time(at: datetime) -> bool:
    """Say whether an instant can be right: no flight is from 1970, and none from the year 9999."""
    return FIRST_FLYING_YEAR <= at.year < LAST_YEAR
