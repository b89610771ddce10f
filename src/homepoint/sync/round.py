"""One round: look what is there, follow the key, receive, send, tidy up a little, and fetch evidence.

Every step can be repeated and the round may end anywhere: the next one goes on from what is true then.
"""

import os

from homepoint.application.replication import OWN_LOG, Finding, RoundReport, Sent, Trouble
from homepoint.sync.batch import bundle_of
from homepoint.sync.cipher import LARGEST_OBJECT, CannotOpen, ReplicaKeys, text_of
from homepoint.sync.coverage import reach
from homepoint.sync.evidence import fetch_files, send_late
from homepoint.sync.keyfile import Following
from homepoint.sync.names import LOGS, BatchName, batch_name, is_proved, kind_of
from homepoint.sync.receive import CLOCK_AHEAD, receive
from homepoint.sync.remote import NotThere
from homepoint.sync.roster import read_cards
from homepoint.sync.send import is_whole, own_chain, refill, send, waiting
from homepoint.sync.session import Session
from homepoint.sync.summary import forget_gone_summaries, listed_summaries
from homepoint.sync.tidy import answer_complaints, tidy

ASKED_FOR_MISSING = 8
"""Own objects that a listing lacks are asked for one by one, up to so many: some servers list what was, not what is."""
SPARE_REQUESTS = 1


class EmptiedError(Exception):
    """The remote that held this library is empty now; the owner must say what that means."""


def run_round(session: Session, following: Following, *, refilling: bool) -> None:
    """Carry out a round; what is found on the way is noted in the session.

    Raises:
        RemoteError: the remote does not do what it must.
        EmptiedError: it is empty, and `refilling` was not asked for.
        StoppedByKeyError: the library's key changed and is not for this computer.
        Exception: whatever the session's progress raises.
    """
    session.progress(0, 0, "Looking what is new")
    look(session, refilling=refilling)
    following.follow(session)
    answer_complaints(session)
    if session.me.replica in following.removed:  # and yet it was given the new key
        _become_another(session, following.removed[session.me.replica])
    _find_other_self(session)
    receive(session, following.removed)
    if session.kept("claims", {}).get(session.me.replica, 0) > session.own_last:
        _become_another(session)  # others have seen edits that this restored library lacks
    read_cards(session)
    if refilling:
        refill(session)
    send(session)
    following.finish_change(session)
    send_late(session)
    tidy(session, SPARE_REQUESTS)
    fetch_files(session)
    _forget_what_is_gone(session)


def look(session: Session, *, refilling: bool = False) -> None:
    """Read the listing, and ask for own objects that it lacks."""
    try:
        found = session.remote.list(LOGS)
    except NotThere:
        found = []
    session.listing = {each.name: each.size for each in found if kind_of(each.name)}
    session.known = dict(session.store.sent())
    if session.kept("has_seen", False) and not session.listing and not refilling:
        raise EmptiedError
    if session.listing:
        session.keep(has_seen=True)
    lacking = [sent for sent in session.known.values() if sent.is_ours and sent.name not in session.listing]
    if len(lacking) <= ASKED_FOR_MISSING and session.listing:
        for sent in lacking:
            _ask_for(session, sent)
    told = session.remote.server_time
    if told is not None and abs(told - session.at) > CLOCK_AHEAD:
        session.find(
            Trouble.CLOCK, session.me.replica, f"{int((session.at - told).total_seconds() // 60)} minutes ahead"
        )


def report_of(session: Session, *, complete: bool, findings: tuple[Finding, ...] = ()) -> RoundReport:
    """Return what a round did."""
    return RoundReport(
        at=session.at,
        complete=complete and not any(each.trouble is Trouble.FULL for each in session.findings.values()),
        received=session.received,
        sent=session.sent,
        requests=session.remote.requests,
        waiting=waiting(session),
        findings=(*session.findings.values(), *findings),
        kinds=frozenset(session.kinds),
        devices=frozenset(session.devices),
    )


def _ask_for(session: Session, sent: Sent) -> None:
    try:
        content = session.remote.get(LOGS, sent.name, LARGEST_OBJECT)
    except NotThere:
        return
    if is_proved(sent.name, content):
        session.listing[sent.name] = len(content)


# A library that was copied or restored.


def _find_other_self(session: Session) -> None:
    """Go on under a new name where another computer, or a later state of this one, wrote under this one's."""
    mine = [name for name in map(batch_name, session.listing) if name and name.replica == session.me.replica]
    for name in mine:
        if name.name in session.known or name.name in session.rubbish or not _is_own(session, name):
            continue
        if not _is_by_me(session, name.last, name.chain):
            _become_another(session)
            return
        session.remember([_found(session, name)])  # sent, and the answer was lost
    for summary in listed_summaries(session):
        for span in summary.ranges:
            if span.replica == session.me.replica and not _is_by_me(session, span.last, span.after):
                _become_another(session)
                return


def _is_by_me(session: Session, last: int, chain: str) -> bool:
    return last <= session.own_last and own_chain(session, last) == chain


def _is_own(session: Session, name: BatchName) -> bool:
    """Say whether this computer's key signed a batch: a stranger's object changes nothing."""
    opened = session.open(name.name)
    if opened is None:
        return False
    body, writer = opened
    try:
        if writer != session.me.replica:
            raise CannotOpen("it bears this computer's name and is not its own")
        bundle_of(body)
    except CannotOpen as fault:
        session.refuse(name.name, fault)
        return False
    return True


def _found(session: Session, name: BatchName) -> Sent:
    return Sent(
        name=name.name,
        size=session.listing[name.name] or 0,
        is_ours=True,
        is_verified=True,
        log=OWN_LOG,
        first=name.first,
        last=name.last,
    )


def _become_another(session: Session, most: int | None = None) -> None:
    """Leave to the other self what is at the remote under the common name, and number the rest anew.

    Args:
        session: the round.
        most: how many entries the other self has at the most; None where that is not known.
    """
    old = session.me.replica
    spans = []
    for name in map(batch_name, session.listing):
        if name is None or name.replica != old or name.last > session.own_last:
            continue
        sent = session.known.get(name.name)
        if sent is not None and is_whole(session, sent) and own_chain(session, name.last) == name.chain:
            spans.append((name.first, name.last))
    shared = reach(spans) if most is None else min(reach(spans), most)
    salt = os.urandom(32)
    me = ReplicaKeys.of(session.keys, salt)
    session.store.leave_own_log(old, shared)
    session.keep(salt=text_of(salt), replica=me.replica, sent_to=0, card=None, card_at=None)
    session.me = me
    session.known = dict(session.store.sent())
    session.find(Trouble.CLONE, old)


def _forget_what_is_gone(session: Session) -> None:
    session.forget_gone()
    forget_gone_summaries(session, [name for name in session.listing if kind_of(name) == "s"])
