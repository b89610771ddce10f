"""Carries the files that are kept as evidence: in parts, each sealed, sent before the facts that name them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from homepoint.application.problems import HomepointError
from homepoint.application.replication import LogEntry, Trouble
from homepoint.sync.cipher import (
    EVIDENCE_PART,
    LARGEST_OBJECT,
    CannotOpen,
    NoKey,
    evidence_name,
    seal_evidence,
    unseal_evidence,
)
from homepoint.sync.names import EVIDENCE
from homepoint.sync.remote import NotThere, RemoteError
from homepoint.sync.session import Session, trouble_of

_SHA256 = re.compile("[0-9a-f]{64}")
ASKED_AGAIN_AFTER = timedelta(hours=1)
"""How long to wait before asking again for files that the remote did not have, while nothing new arrives."""


def send_files(session: Session, entries: Sequence[LogEntry]) -> None:
    """Send the files that entries name, as far as they are on this computer and not at the remote yet."""
    for sha256 in files_named_by(entries):
        send_file(session, sha256)


def send_late(session: Session) -> None:
    """Send files that were not on this computer when the facts that name them were sent."""
    late = session.kept("late", [])
    if late:
        session.keep(late=[sha256 for sha256 in late if not send_file(session, sha256)])


def send_lost_files(session: Session) -> None:
    """Send files again whose objects are gone: a remote that lost entries has lost files too."""
    try:
        there = {each.name for each in session.remote.list(EVIDENCE)}
    except NotThere:
        there = set()
    for sha256 in session.store.evidence():
        if session.evidence.has(sha256):
            names = [evidence_name(sha256, part, session.keys.newest) for part in parts_of(session, sha256)]
            session.store.remember((), [name for name in names if name not in there])
            send_file(session, sha256)


def parts_of(session: Session, sha256: str) -> range:
    """Return the numbers of the parts in which a file that is here is sent."""
    return range(max(1, -(-session.evidence.size(sha256) // EVIDENCE_PART)))


def send_file(session: Session, sha256: str) -> bool:
    """Send a file; parts that are at the remote are passed over. False, and noted for later, where it is not here."""
    if not session.evidence.has(sha256):
        session.keep(late=sorted({*session.kept("late", []), sha256}))
        return False
    total = len(parts_of(session, sha256))
    with session.evidence.open(sha256) as stream:
        for index in range(total):
            session.progress(index, total, "Sending evidence")
            part = stream.read(EVIDENCE_PART)
            name = evidence_name(sha256, index, session.keys.newest)
            if not session.store.knows_evidence(name):
                session.remote.put(EVIDENCE, name, seal_evidence(part, index, total, sha256, session.keys))
                session.store.keep_evidence([name])
    return True


def want_files(session: Session, entries: Iterable[LogEntry]) -> None:
    """Note which files entries name, before they are taken in: whatever ends the round, the files are asked for."""
    wanted = {sha256 for sha256 in files_named_by(entries) if not session.evidence.has(sha256)}
    if wanted:
        session.wanted_evidence |= wanted
        session.keep(absent=sorted({*session.kept("absent", []), *wanted}))


def fetch_files(session: Session) -> None:
    """Fetch the files that new facts name, and those that were not to be had before; one that fails is told."""
    if not (session.wanted_evidence or session.received or _is_time_to_ask_again(session)):
        return
    wanted = {*session.kept("absent", []), *session.wanted_evidence}
    if not wanted:
        return  # so that a round need not walk through all evidence there is
    here = session.store.evidence()
    wanted &= set(here)
    missing = sorted(sha256 for sha256 in wanted if not session.evidence.has(sha256))
    session.keep(absent=missing, asked_at=session.at.isoformat())
    for index, sha256 in enumerate(missing):
        session.progress(index, len(missing), "Receiving evidence")
        try:
            if fetch_file(session, sha256):
                missing = [each for each in missing if each != sha256]
                session.keep(absent=missing)
                continue
            session.find(Trouble.EVIDENCE, here[sha256], "it is not at the storage yet")
        except CannotOpen as fault:
            session.find(trouble_of(fault), here[sha256], str(fault))
        except HomepointError as problem:
            session.find(Trouble.EVIDENCE, here[sha256], f"{problem.title} {problem.advice}")


def fetch_file(session: Session, sha256: str) -> bool:
    """Fetch one file and keep it; False where the remote does not have all of it.

    Raises:
        CannotOpen: what the remote has is damaged.
        HomepointError: it cannot be kept here.
    """
    names: list[str] = []

    def parts() -> Iterator[bytes]:
        index, total = 0, 1
        while index < total:
            found = _part(session, sha256, index)
            if found is None:
                raise NotThere(sha256)
            part, total, name = found
            names.append(name)
            index += 1
            yield part

    try:
        session.evidence.take_in_parts(parts(), sha256)
    except NotThere:
        return False
    if not session.evidence.has(sha256):
        raise CannotOpen("it is another file than the facts name")
    session.store.keep_evidence(names)
    return True


def _is_time_to_ask_again(session: Session) -> bool:
    asked_at = session.kept("asked_at", None)
    if not session.kept("absent", []):
        return False
    return asked_at is None or not timedelta() <= session.at - datetime.fromisoformat(asked_at) < ASKED_AGAIN_AFTER


def _part(session: Session, sha256: str, index: int) -> tuple[bytes, int, str] | None:
    """Return a part of a file, how many there are, and its object's name; sealed with whichever key."""
    for key in reversed(session.keys.epochs):
        name = evidence_name(sha256, index, key)
        try:
            content = session.remote.get(EVIDENCE, name, LARGEST_OBJECT)
        except NotThere:
            continue
        except RemoteError as fault:
            if fault.trouble is not Trouble.SERVER:
                raise
            raise CannotOpen(fault.details) from None
        try:
            part, total = unseal_evidence(content, index, sha256, session.keys)
        except NoKey:
            continue
        return part, total, name
    return None


def files_named_by(entries: Iterable[LogEntry]) -> list[str]:
    """Return the SHA-256 of every file that entries name as evidence."""
    found: dict[str, None] = {}
    for entry in entries:
        for change in entry.changes:
            if change.kind == "attachments" and change.after is not None:
                sha256 = _sha256_in(change.after)
                if sha256 is not None:
                    found[sha256] = None
    return list(found)


def _sha256_in(attachment: str) -> str | None:
    try:
        said = json.loads(attachment).get("sha256")
    except (ValueError, AttributeError):
        return None  # no sense is made of it elsewhere
    return said if isinstance(said, str) and _SHA256.fullmatch(said) else None
