"""One round: look what is there, follow the key, receive, send, tidy up a little, and fetch evidence.

Every step can be repeated and the round may end anywhere: the next one goes on from what is true then.
"""

import os

from homepoint.application.replication import OWN_LOG, Finding, RoundReport, Sent, Trouble
from homepoint.sync.batch import Bundle, bundle_of
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
from homepoint.sync.summary import forget_gone_summaries
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
    _find_other_self(session)
    receive(session, following.removed)
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
        if name.name in session.known:
            continue
        bundle = _own_bundle(session, name)
        if bundle is None:
            continue
        if name.last <= session.own_last and own_chain(session, name.last) == name.chain:
            size = session.listing[name.name]
            session.remember([_found(name, size or 0)])  # sent, and the answer was lost
        else:
            _become_another(session)
            return


def _own_bundle(session: Session, name: BatchName) -> Bundle | None:
    """Return the batch, if this computer's key signed it: a stranger's object changes nothing."""
    opened = session.open(name.name)
    if opened is None:
        return None
    body, writer = opened
    if session.listing.get(name.name) is None:
        session.listing[name.name] = None
    if writer != session.me.replica:
        session.find(Trouble.FOREIGN, name.name, "it bears this computer's name and is not its own")
        return None
    try:
        return bundle_of(body)
    except CannotOpen:
        return None


def _found(name: BatchName, size: int) -> Sent:
    return Sent(
        name=name.name, size=size, is_ours=True, is_verified=bool(size), log=OWN_LOG, first=name.first, last=name.last
    )


def _become_another(session: Session) -> None:
    """Leave to the other self what is at the remote under the common name, and number the rest anew."""
    old = session.me.replica
    spans = []
    for name in map(batch_name, session.listing):
        if name is None or name.replica != old or name.last > session.own_last:
            continue
        sent = session.known.get(name.name)
        if own_chain(session, name.last) == name.chain and (sent is None or is_whole(session, sent)):
            spans.append((name.first, name.last))
    salt = os.urandom(32)
    me = ReplicaKeys.of(session.keys, salt)
    session.store.leave_own_log(old, reach(spans))
    session.keep(salt=text_of(salt), replica=me.replica, sent_to=0, card=None, card_at=None)
    session.me = me
    session.known = dict(session.store.sent())
    session.find(Trouble.CLONE, old)


def _forget_what_is_gone(session: Session) -> None:
    session.remember([], [name for name in session.known if name not in session.listing])
    forget_gone_summaries(session, [name for name in session.listing if kind_of(name) == "s"])
