"""Keeps a calendar on a server current: sends what changed, removes what is over, and leaves all else alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from homepoint.application.calendar import (
    CalendarEvent,
    Issue,
    Issued,
    IssuedEvent,
    IssueState,
    Kept,
    Records,
    adopted,
    is_over,
    next_issue,
)

Progress = Callable[[int, int], None]
"""Called with the events done and in all; it may raise to stop. What was sent until then is found again next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlace:
    """A calendar found on a server."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReport:
    """What a connection test found: the calendar's name and address, and what it lacks (nothing: all is well).

    `address` differs from the one asked for where the server answers from another place: ask the owner, then keep it.
    `calendars` are those found beneath an address that is no calendar itself.
    """

    name: str
    address: str
    lacks: tuple[str, ...]
    calendars: tuple[CalendarPlace, ...] = ()


class CalendarCollection(Protocol):
    """A calendar on a server, as far as it holds Homepoint's events; no other event is ever read or touched.

    Every method raises HomepointError where the server is out of reach or does not do what it is asked.
    """

    def test(self) -> CalendarReport:
        """Say what is there and what is lacking; changes nothing."""
        ...

    def tags(self) -> Mapping[str, str]:
        """Return the UIDs of Homepoint's events that are there, with a text that changes when one does."""
        ...

    def get(self, uid: str) -> bytes:
        """Return an event; nothing where it is gone."""
        ...

    def put(self, uid: str, content: bytes) -> None:
        """Write an event."""
        ...

    def remove(self, uid: str) -> None:
        """Remove an event; one that is gone is removed already."""
        ...


class EventText(Protocol):
    """How events are written for a server and read back; `documents.calendar` provides it."""

    def event_text(self, issued: IssuedEvent) -> bytes:
        """Return one event as a calendar server keeps it."""
        ...

    def records_in(self, content: bytes) -> Records:
        """Return what a calendar says of Homepoint's events in it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What one publishing did, and what to keep for the next."""

    kept: Kept
    sent: int
    removed: int


def publish(
    events: Iterable[CalendarEvent],
    kept: Kept,
    collection: CalendarCollection,
    text: EventText,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> Publication:
    """Bring a calendar on a server up to date.

    It can be stopped and repeated at any point: what another run or another computer sent is read back from the
    server, and the higher sequence number counts. An event that the owner removed there comes back while it is ahead;
    one the owner added to (an alarm of their own) stays so until the deadline changes.

    Args:
        events: the deadlines as they are now.
        kept: what the last publishing to this calendar returned.
        collection: the calendar.
        text: how events are written and read.
        now: this instant in the owner's time zone.
        progress: told how far it is.

    Raises:
        HomepointError: the server is in the way; `kept` still holds.
    """
    current = tuple(events)
    there = collection.tags()
    known = kept.records.keys() | {event.uid for event in current}
    strange = [uid for uid in sorted(known) if uid in there and there[uid] != kept.tags.get(uid)]
    found = {uid: text.records_in(collection.get(uid)).get(uid) for uid in strange}
    issue = next_issue(current, adopted(kept.records, {uid: each for uid, each in found.items() if each}), now)
    on_server = {**{uid: kept.records.get(uid) for uid in there}, **found}
    sending = [each for each in issue.events if _is_missing(each, issue, on_server, now)]
    removing = [uid for uid, each in issue.records.items() if each.state is IssueState.LEFT_OUT and uid in there]
    total = len(sending) + len(removing)
    for done, each in enumerate(sending):
        progress(done, total)
        collection.put(each.event.uid, text.event_text(each))
    for done, uid in enumerate(removing, start=len(sending)):
        progress(done, total)
        collection.remove(uid)
    tags = collection.tags() if total else there
    return Publication(
        kept=Kept(records=issue.records, tags={uid: tag for uid, tag in tags.items() if uid in issue.records}),
        sent=len(sending),
        removed=len(removing),
    )


def withdraw(collection: CalendarCollection, progress: Progress = lambda done, total: None) -> int:
    """Remove every event that Homepoint wrote, from whichever computer, and return how many there were.

    Args:
        collection: the calendar.
        progress: told how far it is; it may raise to stop.

    Raises:
        HomepointError: the server is in the way; what is left can be removed by another try.
    """
    mine = collection.tags()
    for done, uid in enumerate(mine):
        progress(done, len(mine))
        collection.remove(uid)
    return len(mine)


def _is_missing(issued: IssuedEvent, issue: Issue, on_server: Mapping[str, Issued | None], now: datetime) -> bool:
    uid = issued.event.uid
    if uid not in on_server:
        return not issued.event.is_cancelled and not is_over(issued.event, now)
    return _version(on_server[uid]) != _version(issue.records[uid])


def _version(record: Issued | None) -> tuple[int, str, IssueState] | None:
    return None if record is None else (record.sequence, record.digest, record.state)
