"""Which computers share the library: each leaves a card with its name, and renews it once a day while it is used."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from homepoint.application.replication import OWN_LOG, Computer, ReplicaStore
from homepoint.sync.batch import VERSION, compact, head_of
from homepoint.sync.cipher import KEY_BYTES, CannotOpen, bytes_of, text_of
from homepoint.sync.names import kind_of, replica_in
from homepoint.sync.session import Session

RENEWED_AFTER = timedelta(hours=20)

Card = Mapping[str, Any]
"""What a computer says of itself: name, person, receiver (the key to lock new keys for it with), at."""


def has_fresh_card(session: Session) -> bool:
    """Say whether this computer's card is at the remote and not old."""
    name, at = session.kept("card", None), session.kept("card_at", None)
    if name not in session.listing or at is None:
        return False
    return timedelta() <= session.at - datetime.fromisoformat(at) < RENEWED_AFTER


def put_card(session: Session) -> None:
    """Leave this computer's card."""
    card = {
        "v": VERSION,
        "name": session.computer,
        "person": session.person,
        "receiver": text_of(session.me.receiver),
        "at": session.at.isoformat(),
    }
    name, _ = session.put(f"c-{session.me.replica}", compact(card))
    session.keep(card=name, card_at=session.at.isoformat())


def read_cards(session: Session) -> None:
    """Read the cards that are new, and keep what they say."""
    cards: dict[str, Any] = session.kept("cards", {})
    read: dict[str, str] = session.kept("cards_read", {})
    for name in [name for name in session.listing if kind_of(name) == "c" and name not in read.values()]:
        replica = replica_in(name)
        if replica == session.me.replica:
            continue
        card = _card(session, name)
        if card is None:
            continue  # it may be an upload under way
        if str(card["at"]) >= str(cards.get(replica, {}).get("at", "")):
            cards[replica] = card
        read[name] = name
    session.keep(cards=cards, cards_read={name: name for name in read if name in session.listing})


def computers(store: ReplicaStore, me: str, computer: str, person: str, kept: Mapping[str, Any]) -> list[Computer]:
    """Return the computers that share the library, this one first.

    Args:
        store: the library.
        me: the id of this computer's log.
        computer, person: what this one is called.
        kept: "cards", "seen_at" and "removed" as rounds kept them.
    """
    cards, seen_at, removed = kept.get("cards", {}), kept.get("seen_at", {}), kept.get("removed", {})
    found = [Computer(id=me, name=computer, person=person, seen_at=None, is_this=True, entries=store.last(OWN_LOG))]
    for replica in sorted({*cards, *(log for log in store.logs() if log)} - {me} - set(removed)):
        card = cards.get(replica, {})
        told = max(str(card.get("at", "")), str(seen_at.get(replica, "")))
        found.append(
            Computer(
                id=replica,
                name=str(card.get("name", "")),
                person=str(card.get("person", "")),
                seen_at=datetime.fromisoformat(told) if told else None,
                is_this=False,
                entries=store.last(replica),
            )
        )
    return found


def _card(session: Session, name: str) -> Card | None:
    opened = session.open(name)
    if opened is None:
        return None
    body, writer = opened
    try:
        card = head_of(body)
        if writer != replica_in(name):
            raise CannotOpen("it was written by another computer than it says")
        at = datetime.fromisoformat(card["at"])
        said = all(isinstance(card[each], str) for each in ("name", "person"))
        if at.tzinfo is None or not said or len(bytes_of(card["receiver"])) != KEY_BYTES:
            raise CannotOpen("it does not say what it should")
    except (CannotOpen, KeyError, ValueError, TypeError) as fault:
        told = fault if isinstance(fault, CannotOpen) else CannotOpen("it does not say what it should")
        session.refuse(name, told)
        return None
    return card
