"""Undoes the scrambling of flight records from version 7 on: an exclusive-or with eight bytes anyone can derive."""

from collections.abc import Iterable
from functools import cache
from itertools import repeat

_ALL_BITS = (1 << 64) - 1
_MAGIC = 0x123456789ABCDEF0
_POLYNOMIAL = 0x95AC9329AC4BC9B5


def _crc_step(byte: int) -> int:
    value = byte
    for _ in range(8):
        value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_CRC_STEPS = tuple(map(_crc_step, range(256)))


@cache
def key_of(kind: int, first: int) -> bytes:
    """Return the eight bytes that scramble a payload of this kind with this first byte: CRC-64 (Jones), seeded."""
    crc = (first + kind) & 0xFF
    for byte in (_MAGIC * first & _ALL_BITS).to_bytes(8, "little"):
        crc = _CRC_STEPS[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc.to_bytes(8, "little")


def unscrambled(payload: bytes, kind: int) -> bytes:
    """Return the content of one payload: without its first byte, which is the seed of the key."""
    if len(payload) < 2:
        return b""
    content = payload[1:]
    key = key_of(kind, payload[0]) * (len(content) // 8 + 1)
    return exclusive_or(content, key[: len(content)])


def unscrambled_block(data: bytes, starts: Iterable[int], kind: int, width: int) -> bytes:
    """Return the first `width` bytes of many payloads of one kind, one behind the other.

    All of them are undone by a single exclusive-or of two long numbers, which is what makes a long flight quick.

    Args:
        data: where the payloads lie.
        starts: where each of them begins; each must be longer than `width`.
        kind: the kind they share.
        width: how much of each is wanted.
    """
    found = list(starts)
    keys = {first: (key_of(kind, first) * (width // 8 + 1))[:width] for first in {data[at] for at in found}}
    scrambled = b"".join([data[at + 1 : at + 1 + width] for at in found])
    return exclusive_or(scrambled, b"".join([keys[data[at]] for at in found]))


def plain_block(data: bytes, starts: Iterable[int], width: int) -> bytes:
    """Return the first `width` bytes of many payloads that are not scrambled (up to version 6)."""
    return b"".join([data[at : at + width] for at, width in zip(starts, repeat(width))])


def exclusive_or(one: bytes, other: bytes) -> bytes:
    """Return the exclusive-or of two strings of bytes of the same length."""
    return (int.from_bytes(one, "little") ^ int.from_bytes(other, "little")).to_bytes(len(one), "little")
