"""The track of a flight record: its frames, told apart only when they are looked at."""

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import repeat
from math import pi
from operator import index
from typing import overload

from homepoint.domain.flight import Frame, SignalLoss
from homepoint.intake.flight_record import believable

WIDTH = 44
"""Bytes of a frame that are kept."""

_OSD = struct.Struct("<dd7hBxxxBxBxxxxxH")
_MODE_AT, _LOST = 30, 0x80
_IS_LOST = bytes(value >> 7 for value in range(256))
_UNKNOWN = -1
_DEGREES = 180 / pi


class Track(Sequence[Frame]):
    """The frames of a flight as they stand in the record, 56 bytes each however long the flight."""

    __slots__ = ("_battery", "_content", "_times")

    def __init__(self, content: bytes, times: "array[int]", battery: "array[int]") -> None:
        """Take the frames' bytes, one behind the other, and the time and battery of each (-1: unknown)."""
        self._content = content
        self._times = times
        self._battery = battery

    def __len__(self) -> int:
        return len(self._times)

    @overload
    def __getitem__(self, at: int) -> Frame: ...
    @overload
    def __getitem__(self, at: slice) -> "list[Frame]": ...
    def __getitem__(self, at: int | slice) -> "Frame | list[Frame]":
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = index(at)
        place += len(self) if place < 0 else 0
        if not 0 <= place < len(self):
            raise IndexError(at)
        return _frame(_OSD.unpack_from(self._content, place * WIDTH), self._times[place], self._battery[place])

    def __iter__(self) -> Iterator[Frame]:
        return map(_frame, _OSD.iter_unpack(self._content), self._times, self._battery)

    def signal_losses(self) -> tuple[SignalLoss, ...]:
        """Return the spans in which the controller's signal was lost, in order."""
        lost = self._content[_MODE_AT::WIDTH].translate(_IS_LOST)
        spans = []
        since = lost.find(1)
        while since >= 0:
            until = lost.find(0, since)
            frames = (until if until >= 0 else len(lost)) - since
            spans.append(
                SignalLoss(
                    since_ms=self._time(since),
                    until_ms=self._time(until) if until >= 0 else None,
                    first_frame=since,
                    frames=frames,
                )
            )
            since = lost.find(1, since + frames)
        return tuple(spans)

    def _time(self, place: int) -> int | None:
        return None if self._times[place] == _UNKNOWN else self._times[place]


def _frame(
    raw: tuple[float, float, int, int, int, int, int, int, int, int, int, int, int], time: int, battery: int
) -> Frame:
    longitude, latitude, height, north, east, down, _pitch, _roll, yaw, mode, levels, satellites, flown = raw
    latitude *= _DEGREES
    longitude *= _DEGREES
    is_placed = believable.position(latitude, longitude) is not None
    return Frame(
        None if time == _UNKNOWN else time,
        latitude if is_placed else None,
        longitude if is_placed else None,
        height / 10,
        north / 10,
        east / 10,
        down / 10,
        yaw / 10 % 360,
        mode & 0x7F,
        satellites,
        levels >> 2 & 15,
        None if battery == _UNKNOWN else battery,
        mode >= _LOST,
        flown / 10,
    )


def held(places: Sequence[int], changes: Sequence[int], values: Sequence[int], typecode: str) -> "array[int]":
    """Return what held at each place: the value of the last change before it, -1 before the first.

    Args:
        places: offsets in rising order.
        changes: offsets of the changes in rising order.
        values: what holds from each change on.
        typecode: of the array, such as "q".
    """
    known = [_UNKNOWN, *values]
    return array(typecode, [known[changed] for changed in map(bisect_left, repeat(changes), places)])
