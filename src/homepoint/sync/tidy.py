"""Keeps the remote small and sound, a request or so in each round: reads back, merges, and removes what is of no use.

Only what this computer wrote is ever removed, and only after what takes its place was read back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from homepoint.application.replication import OWN_LOG, Sent, Trouble
from homepoint.sync.batch import compact, line_of
from homepoint.sync.keyfile import kept_name, kept_order, put_key_back
from homepoint.sync.keys import order_in_name
from homepoint.sync.names import (
    LOGS,
    batch_name,
    complained_of,
    complaint_label,
    kind_of,
    label_of,
    proof_in,
    replica_in,
)
from homepoint.sync.roster import RENEWED_AFTER, has_fresh_card, put_card
from homepoint.sync.send import BATCH_BYTES, BATCH_ENTRIES, is_whole, put_batch
from homepoint.sync.session import Session
from homepoint.sync.summary import listed_summaries, write_summary

FAN_IN = 8
"""How many neighbouring batches of like size become one."""
MANY = 160
"""With so many own batches listed, a round tidies up more than a request's worth."""
DAILY = 8
"""So many requests more are spent on tidying once a day: some computers synchronise no more often."""
MERGED_ENTRIES = BATCH_ENTRIES * FAN_IN
SUMMED_UP_AFTER = 5_000
"""So many entries, and half of all, must be in no summary before another is written."""
COMPLAINED_AFTER = timedelta(minutes=10)
"""An object that is damaged for longer is no upload under way."""

Step = Callable[[Session], None]


def tidy(session: Session, budget: int) -> None:
    """Do what is due, with about so many requests."""
    if not has_fresh_card(session):
        budget += DAILY
    if len(_own(session)) > MANY:
        budget = max(budget, MANY)
    for step in _steps(session):
        if budget <= 0:
            return
        before = session.remote.requests
        step(session)
        budget -= max(0, session.remote.requests - before)


def answer_complaints(session: Session) -> None:
    """Read back own objects that another computer found damaged; what is bad is sent again by this very round."""
    answered = session.kept("answered", [])
    complaints = [name for name in session.listing if complained_of(name)]
    complained = {complained_of(name) for name in complaints if name not in answered}
    for sent in list(session.known.values()):
        if sent.is_ours and sent.is_verified and proof_in(sent.name) in complained:
            session.remember([replace(sent, is_verified=False)])
            verify_own(session, sent)
    mend_summaries(session, [name for name in session.listing if proof_in(name) in complained])
    session.keep(answered=complaints)


def mend_summaries(session: Session, names: Iterable[str]) -> None:
    """Read own summaries and their parts back, and write a summary anew where one of them is bad."""
    mine = [name for name in names if kind_of(name) in ("s", "p") and replica_in(name) == session.me.replica]
    bad = [name for name in mine if session.fetch(name, again=True) is None and name in session.listing]
    for name in bad:
        session.findings.pop((Trouble.DAMAGED, name), None)  # it is ours, and mended
    if bad:
        session.throw_away(bad)
        write_summary(session)


def check_key(session: Session) -> None:
    """Read the key object back once a day: without it no other computer can join."""
    name = kept_name(session)
    if name in session.listing and session.fetch(name, again=True) is None:
        put_key_back(session, name)
        session.findings.pop((Trouble.DAMAGED, name), None)  # it is mended
    session.keep(key_checked_at=session.at.isoformat())


def _is_key_unchecked(session: Session) -> bool:
    checked_at = session.kept("key_checked_at", None)
    return checked_at is None or not (timedelta() <= session.at - datetime.fromisoformat(checked_at) < RENEWED_AFTER)


def verify_own(session: Session, sent: Sent) -> None:
    """Read an own object back; forget a bad one, so that its entries count as lacking."""
    content = session.fetch(sent.name, again=True)
    if content is not None and len(content) == sent.size:
        session.remember([replace(sent, is_verified=True)])
        return
    session.findings.pop((Trouble.DAMAGED, sent.name), None)  # it is ours, and mended
    session.remember([], [sent.name])
    if sent.name in session.listing:
        session.throw_away([sent.name])


def _steps(session: Session) -> Iterator[Step]:
    if not has_fresh_card(session):
        yield put_card
    if _is_key_unchecked(session):
        yield check_key
    yield complain
    yield _find_rubbish
    while True:
        if session.rubbish:
            yield _remove_one
        elif (unverified := next(_unverified(session), None)) is not None:
            yield partial(verify_own, sent=unverified)
            yield _find_rubbish
        elif _neighbours(session):
            yield _merge
        else:
            break
    if _is_due_for_summary(session):
        yield _sum_up


def _own(session: Session) -> list[Sent]:
    """Return the own batches that are at the remote with the size they were sent with."""
    return [sent for sent in session.known.values() if sent.is_ours and sent.log == OWN_LOG and is_whole(session, sent)]


def _unverified(session: Session) -> Iterator[Sent]:
    return (
        sent for sent in session.known.values() if sent.is_ours and not sent.is_verified and is_whole(session, sent)
    )


# Rubbish.


def _remove_one(session: Session) -> None:
    name, *rest = session.rubbish
    session.remote.delete(LOGS, name)
    session.listing.pop(name, None)
    session.findings.pop((Trouble.DAMAGED, name), None)
    session.keep(rubbish=rest)
    session.remember([], [name])


def _find_rubbish(session: Session) -> None:
    """Throw away what something later and read back has taken the place of."""
    own = _own(session)
    found = [sent.name for sent in own if any(_replaces(other, sent) for other in own)]
    found += _older_cards(session) + _older_summaries(session) + _answered_complaints(session)
    found += _torn_uploads(session) + _older_keys(session)
    found += [
        name
        for name in session.listing
        if (batch := batch_name(name)) is not None
        and batch.replica == session.me.replica
        and name in session.known
        and not is_whole(session, session.known[name])
    ]
    session.throw_away(found)


def _replaces(other: Sent, sent: Sent) -> bool:
    covers = other.first <= sent.first and sent.last <= other.last
    return other.is_verified and covers and (other.last - other.first, other.name) > (sent.last - sent.first, sent.name)


def _torn_uploads(session: Session) -> list[str]:
    """Return own objects that were damaged from the first: uploads cut off, of which this computer knows nothing."""
    return [
        name
        for name, [since, *_] in session.kept("damaged", {}).items()
        if name in session.listing
        and replica_in(name) == session.me.replica
        and name not in session.known
        and _is_old(session, since)
    ]


def _older_keys(session: Session) -> list[str]:
    """Return key objects that a later one has taken the place of: an old passphrase shall open nothing."""
    kept, useless = kept_name(session), session.kept("refused", {})  # those are no keys of this library
    names = [name for name in session.listing if kind_of(name) == "k" and name != kept and name not in useless]
    return [name for name in names if (-1, -1) < order_in_name(name) <= kept_order(session)]


def _older_cards(session: Session) -> list[str]:
    mine = [name for name in session.listing if kind_of(name) == "c" and replica_in(name) == session.me.replica]
    return [name for name in mine if name != session.kept("card", None)]


def _older_summaries(session: Session) -> list[str]:
    """Return own summaries that a fuller one has taken the place of, with their parts."""
    whole = listed_summaries(session)
    mine = [each for each in whole if replica_in(each.name) == session.me.replica]
    fullest = max(mine, key=lambda each: label_of(each.name), default=None)
    keep = {part.name for part in fullest.parts} | {fullest.name} if fullest else set()
    return [
        name
        for name in session.listing
        if kind_of(name) in ("s", "p") and replica_in(name) == session.me.replica and fullest and name not in keep
    ]


# Merging.


def _neighbours(session: Session) -> list[Sent]:
    """Return neighbouring own batches of like size that shall become one; none where there are too few."""
    own = sorted(
        (
            s
            for s in session.known.values()
            if s.is_ours and s.log == OWN_LOG and s.is_verified and is_whole(session, s)
        ),
        key=lambda sent: (sent.first, -sent.last),
    )
    run: list[Sent] = []
    for sent in own:
        if run and sent.first == run[-1].last + 1 and _class(sent) == _class(run[0]):
            run.append(sent)
        elif not run or sent.first > run[-1].last:
            run = [sent]
        if len(run) == FAN_IN and _entries_in(run) <= MERGED_ENTRIES and sum(each.size for each in run) <= BATCH_BYTES:
            return run
    return []


def _class(sent: Sent) -> int:
    size, found = sent.last - sent.first + 1, 0
    while size >= FAN_IN:
        size, found = size // FAN_IN, found + 1
    return found


def _entries_in(run: Sequence[Sent]) -> int:
    return run[-1].last - run[0].first + 1


def _merge(session: Session) -> None:
    run = _neighbours(session)
    entries = session.store.entries(OWN_LOG, run[0].first, run[-1].last)
    put_batch(session, run[0].first, [line_of(entry) for entry in entries])  # read back by a later step


# Summaries.


def _is_due_for_summary(session: Session) -> bool:
    if any(finding.trouble in (Trouble.MISSING, Trouble.DAMAGED) for finding in session.findings.values()):
        return False
    summed = max(
        (sum(span.last - span.first + 1 for span in each.ranges) for each in listed_summaries(session)), default=0
    )
    held = sum(session.seen().values())
    if held - summed <= max(SUMMED_UP_AFTER, held // 2):
        return False
    held = sum(session.store.whole(log) for log in session.store.logs())  # what came under two names counts once
    return held - summed > max(SUMMED_UP_AFTER, held // 2)


def _sum_up(session: Session) -> None:
    write_summary(session)


# Complaints.


def complain(session: Session, *, at_once: bool = False) -> None:
    """Tell everyone of an object that stays damaged; the complaint's name says of which."""
    for name, [since, *_] in session.kept("damaged", {}).items():
        if kind_of(name) not in ("b", "s", "p") or replica_in(name) == session.me.replica:
            continue
        if name not in session.listing:
            continue
        label = complaint_label(session.me.replica, name)
        if any(each.startswith(label) for each in session.listing):
            continue
        if at_once or _is_old(session, since):
            session.put(label, compact({"v": 1, "at": session.at.isoformat(), "name": name}))


def _is_old(session: Session, since: str) -> bool:
    return abs(session.at - datetime.fromisoformat(since)) >= COMPLAINED_AFTER


def _answered_complaints(session: Session) -> list[str]:
    proofs = {proof_in(name) for name in session.kept("damaged", {})}
    return [
        name
        for name in session.listing
        if replica_in(name) == session.me.replica and complained_of(name) and complained_of(name) not in proofs
    ]
