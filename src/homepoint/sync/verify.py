"""Reads every object at the remote through, and puts right what this computer can."""

from homepoint.application.replication import Trouble
from homepoint.sync.cipher import LARGEST_OBJECT, CannotOpen, evidence_name, unseal_evidence
from homepoint.sync.evidence import parts_of, send_file
from homepoint.sync.keyfile import put_key_back
from homepoint.sync.names import EVIDENCE, kind_of, replica_in
from homepoint.sync.remote import NotThere
from homepoint.sync.session import Session
from homepoint.sync.tidy import complain, mend_summaries, verify_own


def verify_all(session: Session) -> None:
    """Read all objects; own ones that are bad are forgotten, so that the round after this sends them again."""
    names = [name for name in session.listing if kind_of(name) in ("b", "s", "p", "c", "q", "k")]
    for index, name in enumerate(names):
        session.progress(index, len(names), "Checking")
        sent = session.known.get(name)
        if sent is not None and sent.is_ours:
            verify_own(session, sent)
        elif kind_of(name) == "k":
            if session.fetch(name, again=True) is None:
                put_key_back(session, name)
        elif kind_of(name) in ("s", "p") and replica_in(name) == session.me.replica:
            mend_summaries(session, [name])
        elif session.open(name, again=True) is None:
            session.remember([], [name])
    complain(session, at_once=True)
    _verify_evidence(session)


def _verify_evidence(session: Session) -> None:
    named = session.store.evidence()
    try:
        there = {each.name for each in session.remote.list(EVIDENCE)}
    except NotThere:
        there = set()
    for index, (sha256, file) in enumerate(named.items()):
        session.progress(index, len(named), "Checking evidence")
        if not session.evidence.has(sha256):
            session.wanted_evidence.add(sha256)
            continue
        bad = [
            name
            for part in parts_of(session, sha256)
            if (name := evidence_name(sha256, part, session.keys.newest)) not in there
            or not _is_sound(session, name, part, sha256, file)
        ]
        if bad:
            session.store.remember((), bad)
            send_file(session, sha256)


def _is_sound(session: Session, name: str, part: int, sha256: str, file: str) -> bool:
    try:
        unseal_evidence(session.remote.get(EVIDENCE, name, LARGEST_OBJECT), part, sha256, session.keys)
    except NotThere:
        return False
    except CannotOpen as fault:
        session.find(Trouble.DAMAGED, file, str(fault))
        return False
    return True
