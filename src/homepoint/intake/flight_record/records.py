"""The records of a flight up to version 12: frames, home points, app messages, and the serials near the beginning."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from homepoint.domain.flight import AppMessage, HomePoint, Identity, MessageKind
from homepoint.intake.flight_record import believable
from homepoint.intake.flight_record.details import CUT_LENGTH, app_version, battery_text
from homepoint.intake.flight_record.products import product_name
from homepoint.intake.flight_record.scrambling import plain_block, unscrambled, unscrambled_block
from homepoint.intake.flight_record.track import WIDTH, Track, held
from homepoint.intake.flight_record.walk import Walk

OSD, HOME, CLOCK, BATTERY_PACK, BATTERY, BATTERY_GROUP, RECOVER, COMPONENT = 1, 2, 5, 7, 8, 22, 13, 40
_MESSAGES = {9: MessageKind.TIP, 10: MessageKind.WARNING, 24: MessageKind.SERIOUS}
_MOST_MESSAGES, _MOST_HOMES, _MOST_SERIALS = 2_000, 1_000, 200
_LONGEST_MESSAGE = 2_000

_HOME = struct.Struct("<ddfBBH")
_HOME_IS_SET = 0x01
_RADIANS_TO_DEGREES = 57.29577951308232
_CLOCK = struct.Struct("<10xq")
_CLOCK_WIDTH = 18
_DYNAMIC = 2
_RECOVER = struct.Struct("<BB3s")
_COMPONENTS = {1: "camera", 2: "aircraft", 3: "controller", 4: "battery"}


@dataclass(slots=True)
class Serials:
    """The serials of a flight by part, as its records name them; the first that looks like one stays."""

    by_part: dict[str, str] = field(default_factory=dict)

    def learn(self, part: str, text: str | None) -> None:
        """Keep a serial if it looks like one; a longer form of the same one replaces a cut one."""
        found = believable.serial(text)
        known = self.by_part.get(part)
        if found and (known is None or (found.startswith(known) and len(found) > len(known))):
            self.by_part[part] = found


class Records:
    """What lies in the records of one file that anyone can read."""

    def __init__(self, data: bytes, met: Walk, version: int) -> None:
        self._data = data
        self._met = met
        self._is_scrambled = version >= 7

    def track(self) -> Track:
        """Return the frames, each with the time and the battery's charge that was told last before it."""
        places = self._long_enough(OSD, WIDTH)
        changes, values = self._charges()
        content = self._block(OSD, places, WIDTH)
        times = held(places, *self._clock, "q")
        return Track(content, times, held(places, changes, values, "b"))

    @cached_property
    def _clock(self) -> tuple[list[int], list[int]]:
        """Where the phone told the time, and the time it told."""
        places = self._long_enough(CLOCK, _CLOCK_WIDTH)
        times = [time for (time,) in _CLOCK.iter_unpack(self._block(CLOCK, places, _CLOCK_WIDTH))]
        if times and (believable.milliseconds(min(times)) is None or believable.milliseconds(max(times)) is None):
            kept = [at for at, time in enumerate(times) if believable.milliseconds(time) is not None]
            return [places[at] for at in kept], [times[at] for at in kept]
        return places, times

    def _charges(self) -> tuple[list[int], list[int]]:
        """Return where a battery told its charge, and the percent it told."""
        found: list[tuple[int, int]] = []
        for kind, width, percent in ((BATTERY_PACK, 1, 0), (BATTERY, 27, 26)):
            places = self._long_enough(kind, width)
            charges = self._block(kind, places, width)[percent::width]
            found += [(place, charge) for place, charge in zip(places, charges, strict=True) if charge <= 100]
        found += self._group_charges()
        found.sort()
        return [place for place, _ in found], [charge for _, charge in found]

    def _group_charges(self) -> Iterator[tuple[int, int]]:
        places = self._long_enough(BATTERY_GROUP, 22)
        content = self._block(BATTERY_GROUP, places, 22)
        for place, about, which, charge in zip(places, content[0::22], content[1::22], content[21::22], strict=True):
            if about == _DYNAMIC and which <= 1 and charge <= 100:  # of two batteries, the first speaks
                yield place, charge

    def home_points(self) -> tuple[HomePoint, ...]:
        """Return the home points in order, each from the instant it held; what is no place on earth is left out."""
        found: list[HomePoint] = []
        places = self._long_enough(HOME, _HOME.size)
        times = held(places, *self._clock, "q")
        rows = _HOME.iter_unpack(self._block(HOME, places, _HOME.size))
        for time, (longitude, latitude, _altitude, flags, _state, height) in zip(times, rows, strict=True):
            place = believable.position(latitude * _RADIANS_TO_DEGREES, longitude * _RADIANS_TO_DEGREES)
            if place is None or not flags & _HOME_IS_SET:
                continue
            if not found or found[-1].position != place or found[-1].return_height_m != height:
                found.append(HomePoint(at_ms=None if time < 0 else time, position=place, return_height_m=height))
                del found[_MOST_HOMES // 2 : -_MOST_HOMES // 2]
        return tuple(found)

    def messages(self) -> tuple[AppMessage, ...]:
        """Return what the app told the pilot, in order; the last ones where there are very many."""
        places = sorted((place, kind) for kind in _MESSAGES for place in self._met.of(kind))[-_MOST_MESSAGES:]
        times = held([place for place, _ in places], *self._clock, "q")
        found = []
        for time, (place, kind) in zip(times, places, strict=True):
            if text := _message_text(self._content(place, kind)):
                found.append(AppMessage(at_ms=None if time < 0 else time, kind=_MESSAGES[kind], text=text))
        return tuple(found)

    def identity(self) -> Identity:
        """Return who flew what as the records near the beginning tell it, for a file that has lost its details."""
        serials = Serials()
        first = Identity()
        for place in self._met.of(RECOVER)[:_MOST_SERIALS]:
            told = self._content(place, RECOVER)
            if len(told) >= 85:
                first = _recover(told, serials) if first == Identity() else first
        for place in self._met.of(COMPONENT)[:_MOST_SERIALS]:
            told = self._content(place, COMPONENT)
            part = _COMPONENTS.get(int.from_bytes(told[:2], "little"))
            if part and len(told) > 3:
                serials.learn(part, believable.text_of(told[3 : 3 + told[2]]))
        aircraft = serials.by_part.get("aircraft")
        return Identity(
            product_code=first.product_code,
            product=first.product,
            aircraft_name=first.aircraft_name,
            aircraft_serial=aircraft,
            is_aircraft_serial_cut=aircraft is not None and len(aircraft) == CUT_LENGTH,
            camera_serial=serials.by_part.get("camera"),
            controller_serial=serials.by_part.get("controller"),
            battery_serial=serials.by_part.get("battery"),
            app_version=first.app_version,
            app_platform=first.app_platform,
            activated_at=first.activated_at,
        )

    def first_time(self) -> int | None:
        """Return the first time the phone told, in milliseconds since 1970."""
        return self._clock[1][0] if self._clock[1] else None

    def _long_enough(self, kind: int, width: int) -> list[int]:
        least = width + 2 if self._is_scrambled else width
        data = self._data
        return [place for place in self._met.of(kind) if data[place + 1] >= least]

    def _block(self, kind: int, places: list[int], width: int) -> bytes:
        head = self._met.head_bytes
        starts = [place + head for place in places]
        if self._is_scrambled:
            return unscrambled_block(self._data, starts, kind, width)
        return plain_block(self._data, starts, width)

    def _content(self, place: int, kind: int) -> bytes:
        """Return one payload in the clear; a scrambled one ends with a byte that means nothing."""
        begin = place + self._met.head_bytes
        payload = self._data[begin : begin + self._data[place + 1]]
        return unscrambled(payload, kind)[:-1] if self._is_scrambled else payload


def _message_text(content: bytes) -> str:
    text = content.split(b"\0", 1)[0][:_LONGEST_MESSAGE].decode("utf-8", "replace")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _recover(told: bytes, serials: Serials) -> Identity:
    """Read the record that apps write so that a flight can be recovered; its serials have 10 or 16 characters."""
    code, platform, version = _RECOVER.unpack_from(told)
    length = 16 if len(told) >= 109 else 10
    fields: Mapping[str, int] = {
        "aircraft": 5, "camera": 45 + length, "controller": 45 + 2 * length, "battery": 45 + 3 * length,
    }  # fmt: skip
    read: Callable[[bytes], str | None] = believable.text_of
    for part, at in fields.items():
        field_bytes = told[at : at + length]
        serials.learn(part, battery_text(field_bytes, code) if part == "battery" else read(field_bytes))
    name = believable.name(read(told[5 + length : 37 + length]))
    activated_ms = int.from_bytes(told[37 + length : 45 + length], "little", signed=True)
    return Identity(
        product_code=code or None,
        product=product_name(code, name),
        aircraft_name=name,
        app_version=app_version(list(version)),
        app_platform=platform or None,
        activated_at=believable.activation(activated_ms, None),
    )
