"""What every reader of an owner's file gives back, whatever the file is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is refused before it is read: no record, photo or export of a flight comes near."""


class FileKind(StrEnum):
    """What a file is, told by its content and never by its name."""

    FLIGHT_RECORD = "flight record"
    OWNER_FILE = "owner file"
    PHOTO = "photo"
    SUBTITLES = "video subtitles"
    FLIGHT_EXPORT = "flight export"
    TABLE = "table"
    GPX = "GPX track"
    KML = "KML track"
    PDF = "PDF document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file holds: the value itself, and the same as JSON and as words for `homepoint inspect`.

    `value` is a plain value of the domain (`domain.flight.FlightRecord`, …); tell it by its class.
    `plain` is what `--json` prints, without the file's name. `rows` are pairs of a label and a text, in order;
    an empty label goes on with the row above.
    """

    kind: FileKind
    value: object
    plain: Mapping[str, object]
    rows: tuple[tuple[str, str], ...]


Reader = Callable[[bytes], Reading]
"""Reads the bytes of a file of its kind.

Raises:
    HomepointError: the file is damaged so far that nothing in it can be trusted; says so, and what to do.
"""
