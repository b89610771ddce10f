"""The first bytes of a flight record: its version, and where its details and its records lie."""

import struct
from dataclasses import dataclass

NEWEST_VERSION = 14
_LIKELY_VERSIONS = range(1, 31)
_PREFIX = struct.Struct("<QHB")
_SHORTEST = 12
_FARTHEST = 1 << 31
_LONG_PREFIX = 100
DETAILS_OF_VERSION_12 = 436


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """Where things lie in one flight record; offsets are in bytes from its beginning."""

    version: int
    details_at: int
    details_length: int
    records_at: int

    @property
    def is_encrypted(self) -> bool:
        """Say whether the track is enciphered with a key that only DJI has."""
        return self.version >= 13


def read_prefix(data: bytes) -> Prefix | None:
    """Return the prefix of a flight record, or None where these bytes cannot begin one."""
    if len(data) < _SHORTEST:
        return None
    offset, length, version = _PREFIX.unpack_from(data)
    if version not in _LIKELY_VERSIONS or offset >= _FARTHEST:
        return None
    if version < 6:
        return Prefix(version=version, details_at=offset, details_length=length, records_at=_SHORTEST)
    if version < 12:
        return Prefix(version=version, details_at=offset, details_length=length, records_at=_LONG_PREFIX)
    if version == 12:
        records_at = _LONG_PREFIX + DETAILS_OF_VERSION_12
        return Prefix(version=version, details_at=_LONG_PREFIX, details_length=length, records_at=records_at)
    return Prefix(version=version, details_at=_LONG_PREFIX, details_length=length, records_at=offset or _LONG_PREFIX)


def looks_like_flight_record(head: bytes) -> bool:
    """Say whether a file that begins so may be a flight record."""
    return read_prefix(head) is not None
