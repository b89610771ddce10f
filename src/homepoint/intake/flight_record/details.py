"""The details of a flight record: the block that names aircraft and flight, readable in all versions."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from homepoint.domain.flight import Identity, Position, Totals
from homepoint.intake.flight_record import believable
from homepoint.intake.flight_record.prefix import Prefix
from homepoint.intake.flight_record.products import BINARY_DIGIT_BATTERIES, KILOMETRE_DEPARTMENTS, product_name
from homepoint.intake.flight_record.scrambling import unscrambled

CUT_LENGTH = 16
"""A serial that fills its field of 16 characters is cut: the serials of current aircraft have 20."""

_HEAD = struct.Struct("<qddfifff")
_HEAD_AT, _HASH_AT = 91, 251
_PLACES_AT = (0, 20, 40, 60)
_MOST_INFO = 1 + 3 + 436
_ACTIVATION = struct.Struct("<q")
_MOST_METRES, _MOST_SECONDS, _MOST_HEIGHT, _MOST_SPEED = 1_000_000.0, 86_400.0, 20_000.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the fields of the second half lie; they moved once, with version 6."""

    size: int
    product: int
    activation: int
    name: tuple[int, int]
    serials: Mapping[str, int]
    serial_length: int
    platform: int


_SHORT = _Layout(
    size=352,
    product=277,
    activation=310,
    name=(278, 24),
    serials={"aircraft": 267, "camera": 318, "controller": 328, "battery": 338},
    serial_length=10,
    platform=348,
)
_LONG = _Layout(
    size=380,
    product=271,
    activation=272,
    name=(280, 32),
    serials={"aircraft": 312, "camera": 328, "controller": 344, "battery": 360},
    serial_length=16,
    platform=376,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the details say, believed, and the texts of their fields as they stand there."""

    identity: Identity
    started_at: datetime | None
    start: Position | None
    totals: Totals
    as_stated: Mapping[str, str | None]
    ends_at: int


def read_details(data: bytes, prefix: Prefix) -> Details | None:
    """Return the details of a record; None where they are missing, cut off or plainly something else."""
    if prefix.is_encrypted:
        return _from_blocks(data)
    if prefix.version < 12 and prefix.details_at < prefix.records_at:
        return None
    return _details(data, prefix.details_at, prefix.version, department=None)


def after_blocks(data: bytes) -> int:
    """Return where the records begin behind the two blocks of version 13 and later."""
    at = 100
    for _ in range(2):
        if at + 3 <= len(data) and data[at] in (0, 1):
            at += 3 + int.from_bytes(data[at + 1 : at + 3], "little")
    return at


def _from_blocks(data: bytes) -> Details | None:
    """Read the two blocks of version 13 and later: the details, and which kind of app wrote them."""
    if len(data) < 103 or data[100] != 0:
        return None
    ends_at = 103 + int.from_bytes(data[101:103], "little")
    info = unscrambled(data[103 : min(ends_at, 103 + _MOST_INFO)], 0)
    length = int.from_bytes(info[1:3], "little")
    department = data[ends_at + 5] if len(data) > ends_at + 5 and data[ends_at] == 1 else None
    return _details(info[3 : 3 + length], 0, data[10], department=department)


def _details(data: bytes, at: int, version: int, *, department: int | None) -> Details | None:
    layout = _SHORT if version <= 5 else _LONG
    block = data[at : at + 436]
    if len(block) < layout.size:
        return None
    start_ms, longitude, latitude, distance, time_ms, height, across, up = _HEAD.unpack_from(block, _HEAD_AT)
    started_at = believable.instant(start_ms)
    stated = _stated(block, layout)
    if not _is_sound(stated, started_at):
        return None
    scale = 1000.0 if department in KILOMETRE_DEPARTMENTS else 1.0
    return Details(
        identity=_identity(block, layout, stated, started_at, department),
        started_at=started_at,
        start=believable.position(latitude, longitude),
        totals=Totals(
            distance_m=believable.quantity(distance * scale, _MOST_METRES),
            time_s=believable.quantity(time_ms / 1000, _MOST_SECONDS),
            max_height_m=believable.quantity(height, _MOST_HEIGHT),
            max_horizontal_m_s=believable.quantity(across, _MOST_SPEED),
            max_vertical_m_s=believable.quantity(up, _MOST_SPEED),
            places=_places(block),
        ),
        as_stated=stated,
        ends_at=at + len(block),
    )


def _stated(block: bytes, layout: _Layout) -> dict[str, str | None]:
    """Return the texts as they stand there; None where a field holds no text."""
    product = block[layout.product]
    texts: dict[str, str | None] = {}
    for part, at in layout.serials.items():
        field = block[at : at + layout.serial_length]
        texts[part] = battery_text(field, product) if part == "battery" else believable.text_of(field)
    at, length = layout.name
    texts["name"] = believable.text_of(block[at : at + length])
    texts["hash"] = believable.text_of(block[_HASH_AT : _HASH_AT + 16])
    return texts


def _is_sound(stated: Mapping[str, str | None], started_at: datetime | None) -> bool:
    """Say whether these are details and not other bytes: a start that can be, or a serial where one belongs."""
    if not any(stated.values()) and started_at is None:
        return False
    return started_at is not None or believable.serial(stated["aircraft"]) is not None


def battery_text(field: bytes, product: int) -> str | None:
    """Return the serial of a battery as text, also from the one-digit-a-byte form of Inspire 1."""
    if product in BINARY_DIGIT_BATTERIES and field.strip(b"\0") and max(field) < 10:
        return "".join(str(digit) for digit in reversed(field)).lstrip("0")
    return believable.text_of(field)


def _identity(
    block: bytes, layout: _Layout, stated: Mapping[str, str | None], started_at: datetime | None, department: int | None
) -> Identity:
    aircraft = believable.serial(stated["aircraft"])
    platform, *version = block[layout.platform : layout.platform + 4]
    name = believable.name(stated["name"])
    code = block[layout.product]
    return Identity(
        product_code=code or None,
        product=product_name(code, name),
        aircraft_name=name,
        aircraft_serial=aircraft,
        is_aircraft_serial_cut=aircraft is not None and len(aircraft) == CUT_LENGTH,
        camera_serial=believable.serial(stated["camera"]),
        controller_serial=believable.serial(stated["controller"]),
        battery_serial=believable.serial(stated["battery"]),
        account_hash=believable.account_hash(stated["hash"]),
        app_version=app_version(version),
        app_platform=platform or None,
        department=department,
        activated_at=believable.activation(_ACTIVATION.unpack_from(block, layout.activation)[0], started_at),
    )


def app_version(parts: list[int]) -> str | None:
    """Return the version of an app from its three bytes; None if they are zero."""
    return ".".join(map(str, parts)) if any(parts) else None


def _places(block: bytes) -> tuple[str, ...]:
    texts = (believable.name(believable.text_of(block[at : at + 20])) for at in _PLACES_AT if block[at])
    return tuple(dict.fromkeys(text for text in texts if text))
