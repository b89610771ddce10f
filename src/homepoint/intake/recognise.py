"""Tells what a file is by its content, never by its name.

How to add a kind: a sign below, which looks at the beginning of a file only, and its reader in `readers`.
"""

from collections.abc import Callable

from homepoint.intake.findings import SIGNS
from homepoint.intake.flight_record.prefix import looks_like_flight_record
from homepoint.intake.reading import FileKind

HEAD_BYTES = 64 * 1024
"""As much of a file is looked at to tell what it is."""

_BLANK = b"\xef\xbb\xbf \t\r\n"

Sign = Callable[[bytes], bool]


def recognise(data: bytes) -> FileKind | None:
    """Return what these bytes are, a whole file or its beginning; None where no reader knows them."""
    head = data[:HEAD_BYTES]
    return next((kind for kind, sign in _SIGNS if sign(head)), None)


def _is_owner_file(head: bytes) -> bool:
    return head.lstrip(_BLANK).startswith(b"{") and b'"homepoint-owner-file"' in head


_SIGNS: tuple[tuple[FileKind, Sign], ...] = (
    (FileKind.OWNER_FILE, _is_owner_file),
    (FileKind.FLIGHT_RECORD, looks_like_flight_record),
    *SIGNS,
)
"""The first sign that fits decides: those with the fewest false friends stand first."""
