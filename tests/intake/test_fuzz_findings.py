"""What `make fuzz` once found, so that it stays mended."""

import pytest

from homepoint.application.problems import HomepointError
from homepoint.intake.readers import read_bytes
from homepoint.intake.reading import FileKind

HEADINGS = b"time(millisecond),datetime(utc),latitude,longitude"


def test_an_export_whose_quote_never_closes_is_refused_with_advice() -> None:
    with pytest.raises(HomepointError):
        read_bytes(HEADINGS + b',"' + b"9," * 200_000)


def test_an_export_with_many_headings_is_still_read() -> None:
    row = b"\n100,2021-09-06 02:23:48,47.5,8.25\n"
    assert read_bytes(HEADINGS + b",x" * 150_000 + row).kind is FileKind.FLIGHT_EXPORT


def test_an_export_with_an_endless_heading_is_refused_with_advice() -> None:
    with pytest.raises(HomepointError):
        read_bytes(HEADINGS + b"," + b"x" * 150_000 + b"\n100,2021-09-06 02:23:48,47.5,8.25\n")
