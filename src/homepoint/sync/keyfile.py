"""Follows the library's key: finds the newest key object, puts a lost one back, and carries out its change."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homepoint.application.replication import OWN_LOG, Trouble
from homepoint.sync.cipher import EVIDENCE_PART, CannotOpen, LibraryKeys, NewerFormat, evidence_name, key_id
from homepoint.sync.evidence import parts_of, send_file
from homepoint.sync.keys import KeyObject, key_for_computer, keys_of, label_of_key, order_in_name
from homepoint.sync.keys import read as read_key
from homepoint.sync.names import EVIDENCE, LOGS, is_proved, kind_of, named, replica_in
from homepoint.sync.remote import NotThere, Remote
from homepoint.sync.roster import put_card
from homepoint.sync.session import Session
from homepoint.sync.summary import adopt_loose, write_summary

LARGEST_KEY = 1 << 20
_ANOTHER = "it is the key of another library"
LARGEST_FILE = 2 << 30
"""Bytes; the evidence store takes no larger file."""


class StoppedByKeyError(Exception):
    """The library's key changed, and nothing may be read or written until the owner did something about it."""

    def __init__(self, trouble: Trouble, about: str = "", details: str = "") -> None:
        super().__init__(f"{trouble}: {details}")
        self.trouble, self.about, self.details = trouble, about, details


@dataclass(slots=True)
class Following:
    """Keeps the keys of a library up to date during a round. `keep_keys` stores new ones where secrets are kept."""

    library: str
    keep_keys: Callable[[LibraryKeys], None]
    removed: dict[str, int] = field(default_factory=dict)

    def follow(self, session: Session) -> None:
        """Take over a newer key where there is one; put the known one back where it is lost.

        Raises:
            StoppedByKeyError: there is a newer key, and not for this computer; or of a newer Homepoint; or another
                library is there instead of this one.
        """
        kept = kept_key(session)
        newest = self._newest_of(session)
        if newest is None or (kept is not None and newest.order < kept.order):
            newest = kept
        if newest is None:
            raise StoppedByKeyError(Trouble.DAMAGED, details="there is no key of this library")
        if newest.epoch > session.keys.epoch or not _is_opened_by(newest, session.keys):
            self._take_over(session, newest)
        self.removed = dict(newest.removed)
        if newest.epoch:
            session.members, session.removed = newest.members, newest.removed
        if kept is None or newest.content != kept.content:
            keep_key(session, newest)
        put_key_back(session)

    def finish_change(self, session: Session) -> None:
        """Go on with a change of the key that this computer began: all under the new key, then the old removed."""
        begun = session.kept("changing", None)
        if begun is None:
            return
        if begun["key"] == key_id(session.keys.newest).hex():  # it never came to the new key
            session.keep(changing=None)
            return
        if not begun.get("summed"):
            adopt_loose(session, session.others())
            if not write_summary(session):
                return
            put_card(session)
            begun["summed"] = True
            session.keep(changing=begun)
        still_needed = _resent(session)
        for name in begun["old"]:
            if name in session.listing:
                session.progress(0, 0, "Removing what the old key opens")
                session.remote.delete(LOGS, name)
                session.listing.pop(name, None)
        for name in begun["old_evidence"]:
            if name not in still_needed:
                session.remote.delete(EVIDENCE, name)
        session.remember([], begun["old"])
        session.keep(changing=None)

    def _newest_of(self, session: Session) -> KeyObject | None:
        """Return the key object of this library that counts; what is none is asked for only once."""
        listing = dict(session.listing)
        refused = session.kept("refused", {})
        for name in [name for name in listing if kind_of(name) == "k" and name in refused]:
            session.find(Trouble.FOREIGN, name, refused[name][3])
            del listing[name]
        found = newest_key(session.fetch, listing, self.library, seen=_names(session), refuse=session.refuse)
        strange = [finding for finding in session.findings.values() if finding.details == _ANOTHER]
        if strange and found is None and kept_name(session) not in session.listing:
            raise StoppedByKeyError(Trouble.FOREIGN, details="another library is there now")
        return found

    def _take_over(self, session: Session, found: KeyObject) -> None:
        key = key_for_computer(found, session.me)
        if key is None:
            raise StoppedByKeyError(Trouble.REMOVED, found.by)
        try:
            keys = keys_of(found, key)
        except CannotOpen as fault:
            raise StoppedByKeyError(Trouble.DAMAGED, details=str(fault)) from None
        ours = session.keys.epochs
        if keys.epochs[: len(ours)] != ours:
            if keys.epochs[: len(ours) - 1] != ours[:-1]:
                raise StoppedByKeyError(Trouble.FOREIGN, details="its key does not follow on this library's")
            _forget_what_lost(session)
        session.keys = keys
        self.keep_keys(keys)


def _is_opened_by(found: KeyObject, keys: LibraryKeys) -> bool:
    try:
        return keys_of(found, keys.newest).epochs == keys.epochs
    except CannotOpen:
        return False


def _forget_what_lost(session: Session) -> None:
    """Send all own entries again: two computers changed the key at once, and only one of the new keys counts.

    What was sealed with the other is of no use to anyone.
    """
    mine = [name for name in session.listing if replica_in(name) == session.me.replica]
    session.throw_away(mine)
    session.keep(changing=None, card=None)
    session.remember([], mine)


def put_key_back(session: Session, damaged: str = "") -> None:
    """Write the kept key object where it is missing, was cut short, or is the one that was found damaged."""
    kept = kept_key(session)
    if kept is None:
        return
    name = kept_name(session)
    if name == damaged or session.listing.get(name, -1) not in (None, len(kept.content)):
        session.put_plain(label_of_key(kept.epoch, kept.revision), kept.content)


def kept_name(session: Session) -> str:
    """Return the name of the kept key object, "" where none is kept."""
    kept = kept_key(session)
    return "" if kept is None else named(label_of_key(kept.epoch, kept.revision), kept.content)


def kept_order(session: Session) -> tuple[int, int]:
    """Return epoch and revision of the kept key object."""
    kept = kept_key(session)
    return (-1, -1) if kept is None else (kept.epoch, kept.revision)


def _resent(session: Session) -> set[str]:
    """Send all evidence under the newest key, and return the names of objects that must stay: what is not here."""
    needed = set()
    for sha256 in session.store.evidence():
        if send_file(session, sha256):
            needed |= {evidence_name(sha256, index, session.keys.newest) for index in parts_of(session, sha256)}
        else:
            parts = range(LARGEST_FILE // EVIDENCE_PART)
            needed |= {evidence_name(sha256, index, key) for key in session.keys.epochs for index in parts}
    return needed


def newest_key(
    fetch: Callable[[str], bytes | None],
    listing: Mapping[str, int | None],
    library: str | None = None,
    seen: Mapping[str, str] | None = None,
    refuse: Callable[[str, CannotOpen], None] = lambda name, fault: None,
) -> KeyObject | None:
    """Return the key object that counts, None where there is none that is whole.

    Args:
        fetch: returns an object that is what its name says, None where it is not.
        listing: what is there.
        library: of which library; None: of whichever is there.
        seen: contents of key objects that were fetched before, by name.
        refuse: told of what bears the name of a key object and is none.

    Raises:
        StoppedByKeyError: a newer Homepoint wrote it.
    """
    names = [name for name in listing if kind_of(name) == "k" and order_in_name(name) != (-1, -1)]
    if not names:
        return None
    best = max(order_in_name(name) for name in names)
    found = []
    for name in sorted(name for name in names if order_in_name(name) == best):
        content = base64.b64decode((seen or {}).get(name, "")) or fetch(name)
        if content is None:
            continue
        try:
            found.append(_key_of(read_key(content), name, library))
        except NewerFormat:
            raise StoppedByKeyError(Trouble.NEWER) from None
        except CannotOpen as fault:
            refuse(name, fault)
    if found or len(names) == 1:
        return max(found, key=lambda each: each.order, default=None)
    rest = {name: size for name, size in listing.items() if kind_of(name) == "k" and order_in_name(name) != best}
    return newest_key(fetch, rest, library, seen, refuse)


def _key_of(found: KeyObject, name: str, library: str | None) -> KeyObject:
    if library is not None and found.library != library:
        raise CannotOpen(_ANOTHER)
    if (found.epoch, found.revision) != order_in_name(name):
        raise CannotOpen("it is another key than its name says")
    return found


def kept_key(session: Session) -> KeyObject | None:
    """Return the key object as this computer last saw it: still locked, so it may be kept anywhere."""
    text = session.store.value("key_object")
    return None if text is None else read_key(base64.b64decode(text))


def keep_key(session: Session, found: KeyObject) -> None:
    """Keep a key object as it is."""
    session.store.keep({"key_object": base64.b64encode(found.content).decode("ascii")})
    session.keep(removed=dict(found.removed))


def begin_change(session: Session, old_key: bytes) -> None:
    """Note what the old key opens at the remote, so that it goes once everything is there under the new one."""
    old = [name for name in session.listing if kind_of(name) != "b" or name in session.known]
    try:
        named = [each.name for each in session.remote.list(EVIDENCE)]
    except NotThere:
        named = []
    begun: dict[str, Any] = {"old": old, "old_evidence": named, "key": key_id(old_key).hex()}
    session.keep(changing=begun, sent_to=session.store.last(OWN_LOG))


def _names(session: Session) -> dict[str, str]:
    """Return the kept key object under the name it bears."""
    text = session.store.value("key_object")
    if text is None:
        return {}
    content = base64.b64decode(text)
    return {name: text for name in session.listing if kind_of(name) == "k" and is_proved(name, content)}


def fetched_key(remote: Remote, name: str) -> bytes | None:
    """Return a key object that is what its name says, before there is a library to remember anything in."""
    try:
        content = remote.get(LOGS, name, LARGEST_KEY)
    except NotThere:
        return None
    return content if is_proved(name, content) else None
