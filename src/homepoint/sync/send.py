"""Sends what the remote lacks of this computer's log, and mends there what was lost."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from homepoint.application.replication import OWN_LOG, LogEntry, Sent, Trouble
from homepoint.sync.batch import Bundle, Range, body_of, line_of
from homepoint.sync.cipher import chained
from homepoint.sync.coverage import Span, gaps
from homepoint.sync.evidence import send_files, send_lost_files
from homepoint.sync.names import batch_label
from homepoint.sync.remote import RemoteError
from homepoint.sync.session import Session
from homepoint.sync.summary import Summary, adopt_loose, listed_summaries, write_summary

BATCH_ENTRIES = 5_000
BATCH_BYTES = 4 << 20
"""How many entries, and how much of their text, one object holds at the most; a single larger entry goes alone."""
LOST_FOR = timedelta(days=3)
"""How long to wait for another computer to send its lost entries again, before this one does it for it."""

_AT_ONCE = 1_000


def send(session: Session) -> None:
    """Send what of the own log is not at the remote; a full remote stops the sending, nothing else."""
    summaries = listed_summaries(session)
    lacking = gaps(_own_spans(session, summaries), session.own_last)
    sent_to = session.kept("sent_to", 0)
    lost = sum(min(last, sent_to) - first + 1 for first, last in lacking if first <= sent_to)
    if lost:
        session.find(Trouble.LOST_AND_SENT, "", str(lost))
    try:
        if lost:
            send_lost_files(session)
        _send_lacking(session, summaries)
        _send_for_others(session, summaries)
    except RemoteError as fault:
        if fault.trouble is not Trouble.FULL:
            raise
        session.find(Trouble.FULL, "", fault.details)


def _send_lacking(session: Session, summaries: Sequence[Summary]) -> None:
    for span in gaps(_own_spans(session, summaries), session.own_last):
        for first, entries in _batches(session, span):
            session.progress(0, 0, "Sending")
            send_files(session, entries)
            _send_batch(session, first, entries)


def waiting(session: Session) -> int:
    """Return how many own entries are not known to be at the remote."""
    spans = _own_spans(session, listed_summaries(session, asking=False))
    return sum(last - first + 1 for first, last in gaps(spans, session.own_last))


def is_whole(session: Session, sent: Sent) -> bool:
    """Say whether an object is listed, and not with another size than it was sent with."""
    return sent.name in session.listing and (session.listing[sent.name] in (None, sent.size) or not sent.size)


def own_chain(session: Session, last: int) -> str:
    """Return the own log's chain value after an entry, and remember it."""
    kept = dict(session.store.chains(OWN_LOG, last)) or dict(session.store.chains(OWN_LOG))
    begin = max((number for number in kept if number <= last), default=0)
    value = kept.get(begin, "")
    for first in range(begin + 1, last + 1, _AT_ONCE):
        for entry in session.store.entries(OWN_LOG, first, min(first + _AT_ONCE - 1, last)):
            value = chained(value, line_of(entry), session.keys.chain_key)
    if begin != last:
        session.store.keep_chains(OWN_LOG, [(last, value)])
    return value


def _own_spans(session: Session, summaries: Sequence[Summary]) -> Iterator[Span]:
    for sent in session.known.values():
        if sent.is_ours and sent.log == OWN_LOG and is_whole(session, sent):
            yield sent.first, sent.last
    last = session.own_last
    for summary in summaries:
        for span in summary.ranges:
            if span.replica == session.me.replica and span.last <= last and own_chain(session, span.last) == span.after:
                yield span.first, span.last


def _batches(session: Session, span: Span) -> Iterator[tuple[int, Sequence[LogEntry]]]:
    """Cut a span into batches that are not too large."""
    first, entries, size = span[0], list[LogEntry](), 0
    for begin in range(span[0], span[1] + 1, _AT_ONCE):
        for entry in session.store.entries(OWN_LOG, begin, min(begin + _AT_ONCE - 1, span[1])):
            length = sum(len(change.before or "") + len(change.after or "") + 100 for change in entry.changes)
            if entries and (len(entries) >= BATCH_ENTRIES or size + length > BATCH_BYTES):
                yield first, entries
                first, entries, size = first + len(entries), [], 0
            entries.append(entry)
            size += length
    if entries:
        yield first, entries


def _send_batch(session: Session, first: int, entries: Sequence[LogEntry]) -> None:
    put_batch(session, first, [line_of(entry) for entry in entries])
    session.sent += len(entries)
    session.keep(sent_to=max(session.kept("sent_to", 0), first + len(entries) - 1))


def put_batch(session: Session, first: int, lines: Sequence[bytes]) -> Sent:
    """Write a batch of own entries and remember it."""
    last = first + len(lines) - 1
    before = own_chain(session, first - 1)
    after = before
    for line in lines:
        after = chained(after, line, session.keys.chain_key)
    session.store.keep_chains(OWN_LOG, [(last, after)])
    span = Range(replica=session.me.replica, first=first, last=last, before=before, after=after)
    bundle = Bundle(written_at=session.at.isoformat(), seen=session.seen(), ranges=(span,), lines=tuple(lines))
    name, size = session.put(batch_label(session.me.replica, first, last, after), body_of(bundle))
    sent = Sent(name=name, size=size, is_ours=True, is_verified=False, log=OWN_LOG, first=first, last=last)
    session.remember([sent])
    return sent


def _send_for_others(session: Session, summaries: Sequence[Summary]) -> None:
    """Send a summary where the remote has lacked others' entries for days: their computers may be gone."""
    lacking = session.kept("lacking", {})
    still = {
        replica: lacking.get(replica, session.at.isoformat())
        for replica in session.seen()
        if replica != session.me.replica and _lacking_of(session, replica, summaries)
    }
    session.keep(lacking=still)
    long_since = [replica for replica, since in still.items() if _is_long_ago(session, since)]
    if long_since:
        adopt_loose(session, long_since)
        write_summary(session)
        _send_lacking(session, listed_summaries(session))


def _is_long_ago(session: Session, since: str) -> bool:
    """Say whether an instant is long past, or lies ahead: the clock was wrong then."""
    return not timedelta() <= session.at - datetime.fromisoformat(since) < LOST_FOR


def _lacking_of(session: Session, replica: str, summaries: Sequence[Summary]) -> bool:
    """Say whether the remote lacks entries of another's log that only its own computer would send."""
    held = session.store.ranges(replica)
    lacking = gaps(_others_spans(session, replica, summaries), held[-1][1] if held else 0)
    return any(session.store.entries(replica, first, last) for first, last in lacking)


def _others_spans(session: Session, replica: str, summaries: Sequence[Summary]) -> Iterator[Span]:
    doubted, log = session.doubted, session.log_of(replica)
    for name, sent in session.known.items():
        if sent.log == log and name not in doubted and is_whole(session, sent):
            yield sent.first, sent.last
    for summary in summaries:
        yield from ((span.first, span.last) for span in summary.ranges if span.replica == replica)


def refill(session: Session) -> None:
    """Send others' entries too, to a remote that the owner said is to be filled again."""
    session.keep(lacking={})
    send_lost_files(session)
    adopt_loose(session, session.others())
    write_summary(session)
