"""Builds synthetic flight records of every version, whole or damaged; no byte of them comes from a real flight."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import radians

START_MS = 1_700_000_000_000
HOME = (47.5, 8.25)
PICTURE = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xda\x00\x04\x01\x02" + b"light\xff\x00and shade" + b"\xff\xd9"
)
_MARK = b"\x39\x30\x00\x00"
_JONES = 0x95AC9329AC4BC9B5


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One frame, and what is told just before it."""

    at_ms: int | None = START_MS
    latitude: float = HOME[0]
    longitude: float = HOME[1]
    height_dm: int = 0
    north_dm_s: int = 0
    east_dm_s: int = 0
    down_dm_s: int = 0
    mode: int = 6
    is_lost: bool = False
    satellites: int = 12
    battery: int | None = None
    message: tuple[int, str] | None = None
    home: tuple[float, float, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a record shall hold; `replace` it for another."""

    version: int = 11
    product: int = 42
    name: str = "Kestrel"
    aircraft: str = "0M6TEST0010001"
    camera: str = "0K8TEST0010002"
    controller: str = "0VETEST0010003"
    battery: str = "0P2TEST0010004"
    account: str = "00112233445566ff"
    start_ms: int = START_MS
    start: tuple[float, float] = HOME
    distance: float = 1234.56
    time_ms: int = 61_500
    height: float = 42.04
    activation: int = 1_690_000_000_000
    department: int = 3
    moments: Sequence[Moment] = (Moment(),)
    serial_records: bool = True
    components: Sequence[tuple[int, str]] = ()
    pictures: Sequence[bytes] = ()
    is_closed: bool = True


def track(count: int = 20, *, lost: Sequence[int] = ()) -> tuple[Moment, ...]:
    """Return moments a tenth of a second apart: northwards at 5 m/s, climbing; `lost` ones are without signal."""
    first = Moment(battery=80, home=(*HOME, 30))
    return tuple(
        replace(
            first if at == 0 else Moment(),
            at_ms=START_MS + 100 * at,
            latitude=HOME[0] + at * 0.5 / 111_195,
            height_dm=at,
            north_dm_s=50,
            is_lost=at in lost,
        )
        for at in range(count)
    )


def flight_record(recipe: Recipe | None = None) -> bytes:
    """Return the bytes of a flight record."""
    wanted = recipe or Recipe()
    if wanted.version >= 13:
        return _enciphered(wanted)
    records = _records(wanted)
    details = _details(wanted)
    if wanted.version == 12:
        return _prefix(0, wanted.version).ljust(100, b"\0") + details.ljust(436, b"\0") + records
    length = 12 if wanted.version < 6 else 100
    at = length + len(records)
    if not wanted.is_closed:
        return _prefix(0, wanted.version).ljust(length, b"\0") + records
    return _prefix(at, wanted.version).ljust(length, b"\0") + records + details


def scrambled(content: bytes, kind: int, first: int) -> bytes:
    """Return a payload as it stands in a record from version 7 on: the first byte is the seed."""
    value = (first + kind) & 0xFF
    for byte in (0x123456789ABCDEF0 * first & (1 << 64) - 1).to_bytes(8, "little"):
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (_JONES if value & 1 else 0)
    key = value.to_bytes(8, "little")
    return bytes([first]) + bytes(sign ^ key[at % 8] for at, sign in enumerate(content))


def record(kind: int, content: bytes, version: int, seed: int = 0x5A) -> bytes:
    """Return one record with its content scrambled as its version does; a scrambled one ends with a stray byte."""
    payload = scrambled(content + b"\x77", kind, seed) if version >= 7 else content
    size = len(payload).to_bytes(2 if version >= 13 else 1, "little")
    return bytes([kind]) + size + payload + b"\xff"


def _prefix(details_at: int, version: int) -> bytes:
    return struct.pack("<QHB", details_at, 400, version) + b"\0"


def _records(wanted: Recipe) -> bytes:
    made = []
    if wanted.serial_records:
        made += [record(13, _recover(wanted), wanted.version)]
    made += [_component(wanted, part, serial) for part, serial in wanted.components]
    for seed, moment in enumerate(wanted.moments):
        made += _moment(moment, wanted.version, seed * 7 % 251)
    made += wanted.pictures and [_MARK, b"\0", *wanted.pictures]
    return b"".join(made) + _MARK * (wanted.version >= 7)


def _moment(moment: Moment, version: int, seed: int) -> list[bytes]:
    made = []
    if moment.battery is not None:
        made += [record(8, bytes(26) + bytes([moment.battery, 0, 0]), version, seed)]
    if moment.at_ms is not None:
        made += [record(5, bytes(2) + struct.pack("<ffq", 0, 0, moment.at_ms), version, seed)]
    if moment.home is not None:
        latitude, longitude, height = moment.home
        home = struct.pack("<ddfBBH", radians(longitude), radians(latitude), 0, 0x47, 0x20, height)
        made += [record(2, home + bytes(40), version, seed)]
    if moment.message is not None:
        kind, text = moment.message
        made += [record(kind, text.encode() + b"\0", version, seed)]
    speeds = (moment.height_dm, moment.north_dm_s, moment.east_dm_s, moment.down_dm_s)
    osd = struct.pack("<dd7h", radians(moment.longitude), radians(moment.latitude), *speeds, 0, 0, 900)
    osd += bytes([moment.mode | 0x80 * moment.is_lost, 0, 0, 0, 4 << 2, 0, moment.satellites, 0, 0, 0, 99, 0])
    return [*made, record(1, osd + struct.pack("<H", 610) + bytes(10), version, seed), record(4, bytes(13), version)]


def _recover(wanted: Recipe) -> bytes:
    length = 10 if wanted.version < 8 else 16
    serials = [_field(text, length) for text in (wanted.camera, wanted.controller, wanted.battery)]
    return b"".join(
        [
            bytes([wanted.product, 2, 4, 3, 1]),
            _field(wanted.aircraft, length),
            _field(wanted.name, 32),
            struct.pack("<q", wanted.activation),
            *serials,
        ]
    )


def _component(wanted: Recipe, part: int, serial: str) -> bytes:
    text = serial.encode() + b"\0"
    return record(40, struct.pack("<HB", part, len(text)) + text, wanted.version)


def _field(text: str, length: int) -> bytes:
    return text.encode()[:length].ljust(length, b"\0")


def _details(wanted: Recipe) -> bytes:
    block = bytearray(400)

    def put(at: int, content: bytes) -> None:
        block[at : at + len(content)] = content

    put(0, b"Map Loading")
    latitude, longitude = wanted.start
    put(91, struct.pack("<qdd", wanted.start_ms, longitude, latitude))
    put(115, struct.pack("<fifff", wanted.distance, wanted.time_ms, wanted.height, 5.0, 1.5))
    put(251, _field(wanted.account, 16))
    if wanted.version <= 5:
        places, length, platform = (267, 318, 328, 338), 10, 348
        put(277, bytes([wanted.product]) + _field(wanted.name, 24))
        put(310, struct.pack("<q", wanted.activation))
    else:
        places, length, platform = (312, 328, 344, 360), 16, 376
        put(271, bytes([wanted.product]) + struct.pack("<q", wanted.activation) + _field(wanted.name, 32))
    for at, text in zip(places, (wanted.aircraft, wanted.camera, wanted.controller, wanted.battery), strict=True):
        put(at, _field(text, length))
    put(platform, bytes([2, 4, 3, 1]))
    return bytes(block)


def _enciphered(wanted: Recipe) -> bytes:
    """Versions 13 and 14: details behind a light scramble, records that nobody can read."""
    details = _details(wanted).ljust(436, b"\0")
    info = scrambled(b"\0" + struct.pack("<H", len(details)) + details + b"\0\0", 0, 0x21)
    blocks = b"\0" + struct.pack("<H", len(info)) + info
    blocks += b"\x01" + struct.pack("<HHB", 4, 4, wanted.department) + b"\x07"
    records = b"".join(record(1, bytes(range(64)), wanted.version, seed) for seed in range(len(wanted.moments)))
    head = _prefix(100 + len(blocks), wanted.version).ljust(100, b"\0")
    return head + blocks + records + b"".join(wanted.pictures) + _MARK
