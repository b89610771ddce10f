"""What commands have in common: sentences for fields that make no sense, and edits of one fact."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar
from uuid import uuid4

from homepoint.application.changes import Change, Edit
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import (
    Account,
    Attachment,
    Binding,
    Claim,
    Controller,
    Device,
    Fact,
    Incident,
    Plan,
    PurchaseNotice,
)
from homepoint.domain.values import day_of

F = TypeVar("F", bound=Fact)
Wrong = dict[str, str]
"""Sentences by field; "" for the whole."""

NAMES: Mapping[type, str] = MappingProxyType(
    {
        Account: "account",
        Attachment: "file",
        Binding: "binding",
        Claim: "claim",
        Controller: "controller",
        Device: "device",
        Incident: "incident",
        Plan: "plan",
        PurchaseNotice: "verification",
    }
)


def new_id() -> str:
    """Return an id for a new fact."""
    return str(uuid4())


def add(library: Library, fact: Fact, wrong: Wrong, title: str) -> Edit | Refused:
    """Return the edit that adds a fact, or what is wrong with it."""
    if library.get(type(fact), fact.id) is not None:
        wrong[""] = f"This {NAMES[type(fact)]} is there already."
    return refused(wrong) or Edit(title=title, changes=(Change(after=fact),))


def correct(library: Library, fact: Fact, wrong: Wrong, title: str) -> Edit | Refused:
    """Return the edit that puts a fact in place of the one with its id, or what is wrong with it."""
    before = library.get(type(fact), fact.id)
    if before is None:
        return gone(type(fact))
    return refused(wrong) or Edit(title=title, changes=(Change(before=before, after=fact),) if before != fact else ())


def remove(library: Library, kind: type[Fact], id: str, title: str) -> Edit | Refused:
    """Return the edit that removes one fact and the files kept with it."""
    before = library.get(kind, id)
    if before is None:
        return gone(kind)
    changes = [Change(before=each) for each in library.about(Attachment, id)]
    return Edit(title=title, changes=(*changes, Change(before=before)))


def refused(wrong: Wrong) -> Refused | None:
    """Return the refusal of a wish, or None when nothing is wrong."""
    return Refused(fields=MappingProxyType(wrong)) if wrong else None


def gone(kind: type[Fact]) -> Refused:
    """Return the refusal of a wish about a fact that is not there."""
    return Refused(fields=MappingProxyType({"": f"This {NAMES[kind]} is no longer there."}))


def check_known(wrong: Wrong, library: Library, fact: Fact, **kinds: type[Fact]) -> None:
    """References must name facts that are there; one that was recorded so before (an import may dangle) may stay."""
    for field, kind in kinds.items():
        id = getattr(fact, field)
        if id is None or library.get(kind, id) is not None:
            continue
        stored = library.get(type(fact), fact.id)
        if stored is None or getattr(stored, field) != id:
            wrong[field] = f"This {NAMES[kind]} is not in your library. Add it first."


def check_past(wrong: Wrong, library: Library, now: datetime, **given: date | datetime | None) -> None:
    """What has been recorded as happened cannot lie ahead of now (an instant) or today (a day)."""
    for field, value in given.items():
        if isinstance(value, datetime):
            if value > now:
                wrong[field] = "This lies in the future. Check the date, the time and the time zone."
        elif value is not None and value > day_of(now, library.zone):
            wrong[field] = "This day lies in the future. Check the date."


def check_order(wrong: Wrong, earlier: datetime | None, later: datetime | None, field: str, sentence: str) -> None:
    """Of two known instants the later must not come first."""
    if earlier is not None and later is not None and later < earlier:
        wrong[field] = sentence
