"""Takes in what other computers sent: batches of entries and summaries of whole logs, in any order, each once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from homepoint.application.replication import LogEntry, Sent, Trouble
from homepoint.domain.portable import NotPortableError, instant
from homepoint.sync.batch import Bundle, Range, bundle_of, entries_of
from homepoint.sync.cipher import CannotOpen, chained
from homepoint.sync.evidence import want_files
from homepoint.sync.names import BatchName, batch_name, kind_of
from homepoint.sync.session import Session
from homepoint.sync.summary import Summary, read_summary

AT_ONCE, BYTES_AT_ONCE = 2_500, 4 << 20
"""Entries taken in by one transaction, and how much of their text: the window must not wait long for the file."""
CLOCK_AHEAD = timedelta(minutes=10)


def receive(session: Session, removed: dict[str, int]) -> None:
    """Take in everything listed that is new.

    Args:
        session: the round.
        removed: computers that were removed, with the number of the last entry of each that counts.
    """
    if not any(log for log in session.store.logs() if log):
        _begin_from_summary(session)
    batches, damaged = _unseen(session), session.kept("damaged", {})
    for index, name in enumerate(batches):
        session.progress(index, len(batches), "Receiving")
        if name.last > removed.get(name.replica, name.last):
            session.find(Trouble.FOREIGN, name.name, "written by a computer after it was removed")
        elif name.name in damaged or not _is_here(session, name):
            _take_batch(session, name)
    _take_from_summaries(session)
    _adopt_from_removed(session, removed)
    _note_missing(session, removed)


def _unseen(session: Session) -> list[BatchName]:
    """Return other computers' batches that are not known yet; of those that begin alike, the longest first."""
    found = [batch_name(name) for name in session.listing if name not in session.known]
    batches = [name for name in found if name is not None and name.replica != session.me.replica]
    return sorted(batches, key=lambda name: (name.replica, name.first, -name.last, name.name))


def _is_here(session: Session, name: BatchName) -> bool:
    """Say whether all of a batch is here, as its chain value tells, and remember it: others merge their batches."""
    if not session.follows(name.replica, name.last, name.chain):
        return False
    session.remember([_sent(session, name.name, name.replica, name.first, name.last, is_verified=False)])
    return True


def _take_batch(session: Session, name: BatchName) -> None:
    opened = session.open(name.name)
    if opened is None:
        return
    body, writer = opened
    try:
        bundle = bundle_of(body)
        if len(bundle.ranges) != 1:
            raise CannotOpen("it holds more than one log")
        [span] = bundle.ranges
        if writer != name.replica or (span.replica, span.first, span.last) != (name.replica, name.first, name.last):
            raise CannotOpen("it was written by another computer than it says")
        if span.after != name.chain:
            raise CannotOpen("its entries are not those its name promises")
        take_range(session, span, bundle.lines, [name.name])
    except CannotOpen as fault:
        session.refuse(name.name, fault)
        return
    note_seen(session, bundle)


def take_range(session: Session, span: Range, lines: Sequence[bytes], names: Iterable[str]) -> None:
    """Check the entries of one range against its chain values and take them in.

    Raises:
        CannotOpen: they are not what they should be. What came before in this range may be taken in already.
    """
    chains = _checked_chains(session, span, lines)
    _note_fork(session, span)
    for begin, end in _lots(lines):
        entries = entries_of(lines[begin:end])
        want_files(session, entries)
        is_last = end == len(lines)
        known = [_sent(session, name, span.replica, span.first, span.last) for name in names] if is_last else []
        try:
            session.take(session.store.apply(span.replica, span.first + begin, entries, known))
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise CannotOpen(f"an entry makes no sense: {type(fault).__name__}") from None
        session.known |= {each.name: each for each in known}
        _note_clocks(session, span.replica, entries)
    # A kept value says that all before is here as well.
    if span.first == 1 or session.follows(span.replica, span.first - 1, span.before):
        session.store.keep_chains(span.replica, chains)


def _lots(lines: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Cut lines into lots that are not too large, each as where it begins and where the next one does."""
    begin = size = 0
    for index, line in enumerate(lines):
        if index > begin and (index - begin >= AT_ONCE or size + len(line) > BYTES_AT_ONCE):
            yield begin, index
            begin, size = index, 0
        size += len(line)
    if lines:
        yield begin, len(lines)


def _checked_chains(session: Session, span: Range, lines: Sequence[bytes]) -> list[tuple[int, str]]:
    """Return the chain values of a range that may be kept, if its entries follow on one another."""
    inner, chains, value = _listed_ends(session, span), list[tuple[int, str]](), span.before
    for number, line in enumerate(lines, start=span.first):
        value = chained(value, line, session.keys.chain_key)
        if number in inner or number == span.last:
            chains.append((number, value))
    if value != span.after or (span.first == 1 and span.before):
        raise CannotOpen("its entries do not follow on one another")
    return chains


def note_seen(session: Session, bundle: Bundle) -> None:
    """Remember how far others say they have come: whoever holds less lacks something."""
    claims = session.kept("claims", {})
    for replica, last in bundle.seen.items():
        claims[replica] = max(last, claims.get(replica, 0))
    for span in bundle.ranges:
        claims[span.replica] = max(span.last, claims.get(span.replica, 0))
    seen_at = session.kept("seen_at", {})
    for span in bundle.ranges[:1]:
        seen_at[span.replica] = max(bundle.written_at, seen_at.get(span.replica, ""))
    session.keep(claims=claims, seen_at=seen_at)


def _sent(session: Session, name: str, replica: str, first: int, last: int, *, is_verified: bool = True) -> Sent:
    return Sent(
        name=name,
        size=session.listing.get(name) or 0,
        is_ours=False,
        is_verified=is_verified,
        log=session.log_of(replica),
        first=first,
        last=last,
    )


def _note_fork(session: Session, span: Range) -> None:
    before = [chain for _, chain in session.store.chains(span.replica, span.first - 1)]
    after = [chain for _, chain in session.store.chains(span.replica, span.last)]
    if (before and span.before not in before) or (after and span.after not in after):
        session.find(Trouble.FORK, span.replica)


def _listed_ends(session: Session, span: Range) -> set[int]:
    """Return where other listed batches of this log end inside a range, so that they are known when they are met."""
    names = (batch_name(name) for name in session.listing)
    return {
        each.last
        for each in names
        if each is not None and each.replica == span.replica and span.first <= each.last <= span.last
    }


def _adopt_from_removed(session: Session, removed: dict[str, int]) -> None:
    """Send what a computer wrote just before it was removed and only some had received: others will not take it."""
    for replica, last in removed.items():
        ranges = session.store.ranges(replica)
        if ranges and ranges[-1][1] > last:
            session.store.adopt(replica, last, forget=True)


def _note_clocks(session: Session, replica: str, entries: Iterable[LogEntry]) -> None:
    for entry in entries:
        try:
            ahead = instant(entry.at) - session.at
        except NotPortableError:
            continue
        if ahead > CLOCK_AHEAD:
            session.find(Trouble.CLOCK, replica, minutes_ahead(ahead))


def minutes_ahead(span: timedelta) -> str:
    """Return how many minutes a clock is ahead, negative where it is behind."""
    return str(int(span.total_seconds() // 60))


# Summaries.


def _summaries(session: Session) -> list[str]:
    """Return the names of summaries, the fullest first."""
    return sorted((name for name in session.listing if kind_of(name) == "s"), key=_count_in, reverse=True)


def _count_in(name: str) -> str:
    return name.split("-")[2]


def _begin_from_summary(session: Session) -> None:
    """Take in the fullest summary before single batches: a new computer needs few requests then."""
    for name in _summaries(session):
        summary = read_summary(session, name)
        if summary is not None and all(part.name in session.listing for part in summary.parts):
            _take_parts(session, summary)
            return


def _take_from_summaries(session: Session) -> None:
    """Take from summaries what no batch gave: the remote may have lost batches that were summed up."""
    for name in _summaries(session):
        summary = read_summary(session, name)
        if summary is not None:
            _take_parts(session, summary)


def _take_parts(session: Session, summary: Summary) -> None:
    taken = session.kept("parts_taken", [])
    for index, part in enumerate(summary.parts):
        session.progress(index, len(summary.parts), "Receiving")
        if part.name in taken or part.name not in session.listing:
            continue
        if any(_lacks(session, span) for span in part.ranges):
            _take_part(session, part.name)


def _take_part(session: Session, name: str) -> None:
    opened = session.open(name)
    if opened is None:
        return
    try:
        bundle = bundle_of(opened[0])
        for index, span in enumerate(bundle.ranges):
            if _lacks(session, span):
                take_range(session, span, bundle.lines_of(index), ())
    except CannotOpen as fault:
        session.refuse(name, fault)
        return
    note_seen(session, bundle)
    taken = {*session.kept("parts_taken", []), name}
    session.keep(parts_taken=sorted(each for each in taken if each in session.listing))


def _lacks(session: Session, span: Range) -> bool:
    return span.replica != session.me.replica and not session.follows(span.replica, span.last, span.after)


def _note_missing(session: Session, removed: dict[str, int]) -> None:
    for replica, claimed in sorted(session.kept("claims", {}).items()):
        have, last = session.seen().get(replica, 0), min(claimed, removed.get(replica, claimed))
        if have < last and replica != session.me.replica:
            session.find(Trouble.MISSING, replica, str(last - have))
