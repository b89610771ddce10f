"""Entries of logs as the body of an object: a line that says which they are, then a line for each."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homepoint.application.replication import LogChange, LogEntry
from homepoint.domain.portable import from_json
from homepoint.sync.cipher import CannotOpen, NewerFormat

VERSION = 1

_STAMP = re.compile("[0-3][0-9a-f]{15}[0-9a-f]{10}")
_PLACES = range(1 << 62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Entries `first` to `last` of a replica's log, and its chain values before the first and after the last."""

    replica: str
    first: int
    last: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What an object with entries holds: who wrote it when, what it had seen of all logs, and lines by range."""

    written_at: str
    seen: Mapping[str, int]
    ranges: tuple[Range, ...]
    lines: tuple[bytes, ...]

    def lines_of(self, index: int) -> tuple[bytes, ...]:
        """Return the lines of a range."""
        begin = sum(each.last - each.first + 1 for each in self.ranges[:index])
        size = self.ranges[index].last - self.ranges[index].first + 1
        return self.lines[begin : begin + size]


def compact(value: object) -> bytes:
    """Return a value as JSON in few bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def line_of(entry: LogEntry) -> bytes:
    """Return an entry as one line; chain values are made from these very bytes."""
    changes = [[each.kind, each.fact, each.device, each.place, each.before, each.after] for each in entry.changes]
    return compact([entry.stamp, entry.at, entry.person, entry.computer, entry.title, entry.undoes, changes])


def entry_of(line: bytes) -> LogEntry:
    """Read a line; what a newer program appended to it is passed over.

    Raises:
        CannotOpen: it is no entry.
    """
    try:
        stamp, at, person, computer, title, undoes, changes, *_ = from_json(line.decode())
        if not (str is type(stamp) is type(at) is type(person) is type(computer) is type(title) and _is_open(undoes)):
            raise TypeError("a text is missing, or something else")
        if not _STAMP.fullmatch(stamp):
            raise ValueError("a stamp that later edits could not follow")
        return LogEntry(
            stamp=stamp,
            at=at,
            person=person,
            computer=computer,
            title=title,
            undoes=undoes,
            changes=tuple([_change(each) for each in changes]),
        )
    except (ValueError, TypeError) as fault:
        raise CannotOpen(f"an entry cannot be read: {type(fault).__name__}") from None


def body_of(bundle: Bundle) -> bytes:
    """Return the body that holds a bundle."""
    head = {
        "v": VERSION,
        "at": bundle.written_at,
        "seen": dict(bundle.seen),
        "ranges": [[each.replica, each.first, each.last, each.before, each.after] for each in bundle.ranges],
    }
    return b"\n".join([compact(head), *bundle.lines])


def bundle_of(body: bytes) -> Bundle:
    """Read a body.

    Raises:
        CannotOpen: it is none.
        NewerFormat: a newer Homepoint wrote it.
    """
    head_line, *lines = body.split(b"\n")
    head = head_of(head_line)
    try:
        ranges = tuple(
            Range(replica=str(replica), first=int(first), last=int(last), before=str(before), after=str(after))
            for replica, first, last, before, after in head["ranges"]
        )
        seen = {str(replica): int(last) for replica, last in head["seen"].items()}
        written_at = str(head["at"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CannotOpen("it does not say what it holds") from None
    if sum(each.last - each.first + 1 for each in ranges) != len(lines):
        raise CannotOpen("it does not hold what it says")
    if not all(1 <= each.first <= each.last for each in ranges) or not _is_instant(written_at):
        raise CannotOpen("it does not say what it holds")
    return Bundle(written_at=written_at, seen=seen, ranges=ranges, lines=tuple(lines))


def head_of(line: bytes) -> dict[str, Any]:
    """Read the first line of a body, or a body that is one line.

    Raises:
        CannotOpen: it is no JSON object.
        NewerFormat: a newer Homepoint wrote it.
    """
    try:
        head = json.loads(line)
        version = head["v"]
    except (ValueError, TypeError, KeyError):
        raise CannotOpen("it cannot be read") from None
    if not isinstance(version, int) or version > VERSION:
        raise NewerFormat("a newer Homepoint wrote it")
    return dict(head)


def entries_of(lines: Sequence[bytes]) -> list[LogEntry]:
    """Read lines."""
    return [entry_of(line) for line in lines]


def _change(value: Any) -> LogChange:
    kind, fact, device, place, before, after, *_ = value
    if not (str is type(kind) is type(fact) and _is_open(device) and _is_open(before) and _is_open(after)):
        raise TypeError("a text is missing, or something else")
    if place is not None and (type(place) is not int or place not in _PLACES):
        raise TypeError("a place is a whole number")
    return LogChange(kind=kind, fact=fact, device=device, place=place, before=before, after=after)


def _is_open(text: object) -> bool:
    """Say whether a value is a text or none: the tables hold nothing else."""
    return text is None or type(text) is str


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
