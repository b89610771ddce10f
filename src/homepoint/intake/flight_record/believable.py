"""What is believed of what a flight record says: serials that look like one, places on earth, instants after 2010."""

import re
from datetime import UTC, datetime, timedelta
from math import isfinite

from homepoint.domain.flight import EPOCH, Position, instant_of

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_EARLIEST_MS = (EARLIEST - EPOCH) // timedelta(milliseconds=1)
_LATEST_MS = (LATEST - EPOCH) // timedelta(milliseconds=1)
_SERIAL = re.compile(r"(?:[A-Z]*[0-9]){4}[0-9A-Z]*")
_SERIAL_LENGTHS = range(8, 21)
_HASH = re.compile(r"[0-9a-f]{16}", re.ASCII)
_NOTHING = 1e-9
_ADRIFT = 0.05
PLACEHOLDERS = frozenset({"", "0", "Map Loading", "N/A", "null", "(null)"})


def text_of(field: bytes) -> str | None:
    """Return the text of a padded field: up to its first NUL, UTF-8, None where it is no text at all."""
    held = field.partition(b"\0")[0]
    if not held:
        return ""
    try:
        text = held.decode()
    except UnicodeDecodeError as fault:
        if fault.start < len(held) - 3 or len(held) < len(field):
            return None
        text = held[: fault.start].decode()  # a sign that was cut by the end of the field
    return text.strip() if text.isprintable() else None


def looks_like_serial(text: str) -> bool:
    """Say whether a text can be a serial: 8 to 20 capitals and digits, four digits at least, not one sign repeated."""
    return len(text) in _SERIAL_LENGTHS and _SERIAL.fullmatch(text) is not None and text.strip(text[0]) != ""


def serial(text: str | None) -> str | None:
    """Return a serial if it looks like one."""
    return text if text is not None and looks_like_serial(text) else None


def account_hash(text: str | None) -> str | None:
    """Return the hash of an account, unless it is all zeros or none."""
    return text if text and _HASH.fullmatch(text) and text.strip("0") else None


def is_hash_or_blank(text: str | None) -> bool:
    """Say whether a field holds a hash, zeros or nothing, and not something else by damage."""
    return text is not None and (not text or _HASH.fullmatch(text) is not None)


def name(text: str | None) -> str | None:
    """Return a name or a place, unless it is a placeholder of the app."""
    return None if text is None or text in PLACEHOLDERS else text


def milliseconds(value: int) -> int | None:
    """Return an instant in milliseconds since 1970 if a DJI aircraft can have flown then."""
    return value if _EARLIEST_MS <= value < _LATEST_MS else None


def instant(value: int) -> datetime | None:
    """Return the instant of a count of milliseconds, None where none can have been meant."""
    return None if milliseconds(value) is None else instant_of(value)


def activation(value: int, started_at: datetime | None) -> datetime | None:
    """Return when an aircraft was activated; some apps wrote seconds, many nothing or nonsense."""
    found = instant(value) or (instant(value * 1000) if 0 < value < _LATEST_MS // 1000 else None)
    if found is None or (started_at is not None and found > started_at + timedelta(days=1)):
        return None
    return found


def position(latitude: float, longitude: float) -> Position | None:
    """Return a place in degrees; None for zeros and what is not on earth.

    Without a fix an aircraft reckons on from latitude and longitude 0, so the waters around that point mean none too.
    """
    if not (isfinite(latitude) and isfinite(longitude)) or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if abs(latitude) < _NOTHING or abs(longitude) < _NOTHING or (abs(latitude) < _ADRIFT and abs(longitude) < _ADRIFT):
        return None
    return Position(latitude, longitude)


def quantity(value: float, most: float) -> float | None:
    """Return a quantity from 0 to `most`, None for anything else."""
    return value if isfinite(value) and 0 <= value <= most else None
