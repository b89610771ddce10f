"""Steps through the records of a flight record: where each one lies, the pictures between them, and any damage."""

from dataclasses import dataclass, field

MOST_RECORDS = 500_000
"""About three hours of flight; whatever follows is left unread."""

_MOST_PICTURES = 64
_MOST_SEGMENTS = 100
_MOST_TRIES = 100_000
_MARK = b"\x39\x30\x00\x00"
_MARK_KIND, _NO_KIND, _END = 0x39, 0, 0xFF
_PICTURE_BEGINS, _PICTURE_ENDS = b"\xff\xd8\xff", b"\xff\xd9"
_SCAN_BEGINS = 0xDA

Places = list[int]


@dataclass(slots=True)
class Walk:
    """What was met on the way: `places[kind]` are the offsets of the records of that kind, in order."""

    head_bytes: int
    places: list[Places | None]
    pictures: list[tuple[int, int]] = field(default_factory=list)
    gaps: int = 0
    is_cut: bool = False

    def of(self, kind: int) -> Places:
        """Return the offsets of the records of a kind."""
        return self.places[kind] or []

    @property
    def count(self) -> int:
        """How many records were met."""
        return sum(len(places) for places in self.places if places)


def walk(data: bytes, start: int, *, is_wide: bool) -> Walk:
    """Return where the records lie in `data` from `start` on.

    A record is its kind, its length (one byte, or two where `is_wide`), its payload and 0xFF. After damage the walk
    goes on at the next place where two records stand in a row.
    """
    return _Walker(data, start, is_wide=is_wide).walked()


class _Walker:
    def __init__(self, data: bytes, start: int, *, is_wide: bool) -> None:
        self.data = data
        self.start = start
        self.is_wide = is_wide
        self.tries_left = _MOST_TRIES
        self.may_hold_pictures = True
        places: list[Places | None] = [[] for _ in range(256)]
        for odd in (_NO_KIND, _END) if is_wide else (_NO_KIND, _END, _MARK_KIND):
            places[odd] = None
        self.walk = Walk(head_bytes=3 if is_wide else 2, places=places)

    def walked(self) -> Walk:
        step = self._steps_wide if self.is_wide else self._steps_narrow
        at, left = self.start, MOST_RECORDS
        while at < len(self.data) and left > 0:
            at, left = step(at, left)
            if left > 0 and at < len(self.data):
                at = self._past_what_is_no_record(at)
                left -= 1
        self.walk.is_cut = self.walk.is_cut or at < len(self.data)
        return self.walk

    def _steps_narrow(self, at: int, left: int) -> tuple[int, int]:
        """Go on while one record follows the other; this loop is where the time goes."""
        data, places, step = self.data, self.walk.places, 0
        try:
            for step in range(left):  # it is returned
                known = places[data[at]]
                after = at + 2 + data[at + 1]
                if data[after] != 255 or known is None:
                    return at, left - step
                known.append(at)
                at = after + 1
        except IndexError:
            return at, left - step
        return at, 0

    def _steps_wide(self, at: int, left: int) -> tuple[int, int]:
        data, places, step = self.data, self.walk.places, 0
        try:
            for step in range(left):  # it is returned
                known = places[data[at]]
                after = at + 3 + data[at + 1] + (data[at + 2] << 8)
                if data[after] != 255 or known is None:
                    return at, left - step
                known.append(at)
                at = after + 1
        except IndexError:
            return at, left - step
        return at, 0

    def _past_what_is_no_record(self, at: int) -> int:
        """Return where to go on after a mark, a picture or damage."""
        data = self.data
        if data.startswith(_MARK, at):
            return at + len(_MARK)
        if data.startswith(_PICTURE_BEGINS, at):
            if end := self._picture_end(at):
                self.walk.pictures.append((at, end - at))
                return end
        elif data[at] == _NO_KIND and data.startswith((_PICTURE_BEGINS, _MARK), at + 1):
            return at + 1
        elif data[at] == _MARK_KIND and (after := self._after(at)) is not None:
            return after
        return self._past_damage(at)

    def _picture_end(self, at: int) -> int | None:
        """Return where a JPEG ends: its parts are stepped over, for one of them may hold a smaller JPEG."""
        data, part = self.data, at + 2
        if not self.may_hold_pictures or self.tries_left < 0 or len(self.walk.pictures) >= _MOST_PICTURES:
            return None
        for _ in range(_MOST_SEGMENTS):
            self.tries_left -= 1
            if part + 4 > len(data) or data[part] != _END:
                return None
            following = part + 2 + int.from_bytes(data[part + 2 : part + 4], "big")
            if data[part + 1] == _SCAN_BEGINS:
                end = data.find(_PICTURE_ENDS, following)
                self.may_hold_pictures = end >= 0
                return end + 2 if end >= 0 else None
            part = following
        return None

    def _past_damage(self, at: int) -> int:
        """Return where two records stand in a row again, or a picture begins; the end of the file otherwise."""
        data, end = self.data, len(self.data)
        begun = at
        while self.tries_left > 0:
            self.tries_left -= 1
            found = data.find(b"\xff", at)
            if found < 0:
                break
            if found > begun and data.startswith(_PICTURE_BEGINS, found) and self.may_hold_pictures:
                self.walk.gaps += 1
                return found
            at = found + 1
            after = self._after(at)
            if after is not None and (after == end or self._after(after) is not None):
                self.walk.gaps += 1
                return at
        self.walk.is_cut = True
        return end

    def _after(self, at: int) -> int | None:
        """Return where the record at this place ends, or None if none can stand there."""
        data, head = self.data, self.walk.head_bytes
        if at + head >= len(data) or data[at] in (_NO_KIND, _END):
            return None
        length = int.from_bytes(data[at + 1 : at + head], "little")
        end = at + head + length
        return end + 1 if length and end < len(data) and data[end] == _END else None
