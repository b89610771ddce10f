"""Summaries: all logs in a few objects, so that a new computer reads little and nothing depends on lost batches."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from homepoint.sync.batch import VERSION, Bundle, Range, body_of, compact, head_of, line_of
from homepoint.sync.cipher import CannotOpen, chained
from homepoint.sync.names import kind_of, replica_in
from homepoint.sync.session import Session

PART_BYTES = 8 << 20
"""How much text one part holds at the most; a single larger entry gets a part of its own."""
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object of a summary and the ranges of logs in it."""

    name: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All that a computer held when it wrote the summary."""

    name: str
    parts: tuple[Part, ...]

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The ranges of all parts."""
        return tuple(span for part in self.parts for span in part.ranges)


def read_summary(session: Session, name: str) -> Summary | None:
    """Return a summary's contents; it is fetched once. None, with a finding, where it cannot be read."""
    kept = session.store.value(f"summary/{name}")
    if kept is not None:
        return _summary_of(name, json.loads(kept))
    opened = session.open(name)
    if opened is None:
        return None
    body, writer = opened
    try:
        if writer != replica_in(name):
            raise CannotOpen("it was written by another computer than it says")
        parts = head_of(body)["parts"]
        summary = _summary_of(name, parts)
    except (CannotOpen, KeyError, TypeError, ValueError) as fault:
        session.refuse(name, fault if isinstance(fault, CannotOpen) else CannotOpen("it does not say what it holds"))
        return None
    session.store.keep({f"summary/{name}": json.dumps(parts)})
    return summary


def write_summary(session: Session) -> bool:
    """Write all logs that are here as a summary and read it back; False where the remote kept something else."""
    parts = []
    for number, bundle in enumerate(_bundles(session)):
        session.progress(number, 0, "Summing up")
        name, _ = session.put(f"p-{session.me.replica}-{number:04}", body_of(bundle))
        parts.append(Part(name=name, ranges=bundle.ranges))
        if session.fetch(name) is None:
            return False
    plain = [[part.name, [[r.replica, r.first, r.last, r.before, r.after] for r in part.ranges]] for part in parts]
    count = sum(span.last - span.first + 1 for part in parts for span in part.ranges)
    body = compact({"v": VERSION, "at": session.at.isoformat(), "parts": plain})
    name, _ = session.put(f"s-{session.me.replica}-{count:010}", body)
    if session.fetch(name) is None:
        return False
    session.store.keep({f"summary/{name}": json.dumps(plain)})
    return True


def adopt_loose(session: Session, replicas: Iterable[str]) -> None:
    """Take over as own entries what no summary can hold of these logs, because it comes after a gap in them."""
    for replica in replicas:
        ranges = session.store.ranges(replica)
        if ranges and ranges[-1][1] > session.store.whole(replica):
            session.store.adopt(replica, session.store.whole(replica))


def forget_gone_summaries(session: Session, names: list[str]) -> None:
    """Forget the contents of summaries that are no longer at the remote."""
    gone = [name for name in session.kept("summaries", []) if name not in session.listing]
    if gone:
        session.store.keep({f"summary/{name}": None for name in gone})
    session.keep(summaries=names)


def listed_summaries(session: Session, *, asking: bool = True) -> list[Summary]:
    """Return the summaries that are at the remote with all their parts; without asking, those that were read before."""
    doubted = session.doubted
    names = [name for name in session.listing if kind_of(name) == "s" and name not in doubted]
    found = [read_summary(session, name) for name in names if asking or session.store.value(f"summary/{name}")]
    return [
        each
        for each in found
        if each is not None and all(part.name in session.listing and part.name not in doubted for part in each.parts)
    ]


def _summary_of(name: str, plain: list[list[object]]) -> Summary:
    return Summary(
        name=name,
        parts=tuple(
            Part(
                name=str(part),
                ranges=tuple(
                    Range(replica=str(replica), first=int(first), last=int(last), before=str(before), after=str(after))
                    for replica, first, last, before, after in ranges  # type: ignore[attr-defined]  # plain JSON
                ),
            )
            for part, ranges in plain
        ),
    )


def _bundles(session: Session) -> Iterator[Bundle]:
    """Return everything that is here in parts: each holds ranges of one or several logs."""
    packing = _Packing(session)
    for replica in sorted(session.seen()):
        for number, line in _lines(session, replica, session.store.whole(session.log_of(replica))):
            if packing.is_full_with(line):
                yield packing.take()
            packing.add(replica, number, line)
    if packing.lines:
        yield packing.take()


def _lines(session: Session, replica: str, last: int) -> Iterator[tuple[int, bytes]]:
    for begin in range(1, last + 1, _AT_ONCE):
        entries = session.store.entries(session.log_of(replica), begin, min(begin + _AT_ONCE - 1, last))
        for number, entry in enumerate(entries, start=begin):
            yield number, line_of(entry)


class _Packing:
    """Gathers lines into bundles of a bounded size."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._values: dict[str, str] = {}
        self._ranges: list[Range] = []
        self.lines: list[bytes] = []
        self._size = 0

    def is_full_with(self, line: bytes) -> bool:
        return bool(self.lines) and self._size + len(line) > PART_BYTES

    def add(self, replica: str, number: int, line: bytes) -> None:
        before = self._values.get(replica, "")
        after = self._values[replica] = chained(before, line, self._session.keys.chain_key)
        if self._ranges and self._ranges[-1].replica == replica:
            self._ranges[-1] = replace(self._ranges[-1], last=number, after=after)
        else:
            self._ranges.append(Range(replica=replica, first=number, last=number, before=before, after=after))
        self.lines.append(line)
        self._size += len(line)

    def take(self) -> Bundle:
        bundle = Bundle(
            written_at=self._session.at.isoformat(),
            seen=self._session.seen(),
            ranges=tuple(self._ranges),
            lines=tuple(self.lines),
        )
        self._ranges, self.lines, self._size = [], [], 0
        return bundle
