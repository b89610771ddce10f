"""What stands in the owner's calendar, and how a new issue follows on the last: sequence numbers, cancellations."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from homepoint.application.ports import Library
from homepoint.application.workspace import LISTED_AFTER_PASSING
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId

CANCELLED_KEPT = timedelta(days=60)
"""How long a cancelled event is still handed out: time for every calendar that only looks now and then."""

NO_LONGER_DUE = "No longer due: "
"""What the title of a cancelled event begins with, for calendars that show cancelled events like any other."""

_NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One deadline as a calendar shows it.

    `starts` is the instant of an hour window, or the last open day of a day window. `alarms` are spans before
    `starts` (before the beginning of the day); a negative one lies after it.
    """

    uid: str
    title: str
    starts: datetime | date
    description: str = ""
    alarms: tuple[timedelta, ...] = ()
    is_cancelled: bool = False

    @property
    def digest(self) -> str:
        """A short text that is another one as soon as anything in the event is."""
        starts = _moment_text(self.starts)
        alarms = [each.total_seconds() for each in self.alarms]
        contents = json.dumps([self.title, starts, self.description, alarms, self.is_cancelled])
        return sha256(contents.encode()).hexdigest()[:16]


class IssueState(StrEnum):
    """What became of an event in the last issue; one left out is remembered, so that its sequence only rises."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What is remembered of an event as it was last issued. `issued_at` is when its contents last changed (UTC)."""

    sequence: int
    digest: str
    issued_at: datetime
    title: str
    starts: datetime | date
    state: IssueState = IssueState.CONFIRMED


Records = Mapping[str, Issued]
"""What was issued before, by UID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedEvent:
    """An event to be written, with its sequence number and the instant of its last change: same values, same bytes."""

    event: CalendarEvent
    sequence: int
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """All events to be written, the earliest first, and what to remember of them for the next issue."""

    events: tuple[IssuedEvent, ...]
    records: Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept between two issues for one calendar. `tags` tell what is there: by UID, or for a whole file."""

    records: Records = field(default_factory=lambda: MappingProxyType({}))
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def next_issue(events: Iterable[CalendarEvent], known: Records, now: datetime) -> Issue:
    """Say what the calendar holds now, given what was issued before.

    A changed event rises in sequence; an unchanged one stays as it was to the byte; one that is no longer there is
    cancelled once, and left out 60 days later. What passed over 30 days ago is left out, as lists do. What had passed
    before it was ever issued is not issued.

    Args:
        events: the deadlines as they are now.
        known: the records of the last issue.
        now: this instant in the owner's time zone.
    """
    issued_at = now.astimezone(UTC).replace(microsecond=0)
    written: list[IssuedEvent] = []
    records: dict[str, Issued] = {}
    current = {event.uid: event for event in events if not _is_over(event.starts, now - LISTED_AFTER_PASSING)}
    for uid, event in current.items():
        before = known.get(uid)
        if before is None and _is_over(event.starts, now):
            continue
        records[uid] = _record(event, before, issued_at)
        written.append(_written(event, records[uid]))
    for uid in known.keys() - current.keys():
        event, records[uid] = _vanished(uid, known[uid], now, issued_at)
        if records[uid].state is not IssueState.LEFT_OUT:
            written.append(_written(event, records[uid]))
    written.sort(key=lambda each: (_moment_text(each.event.starts), each.event.uid))
    return Issue(events=tuple(written), records=records)


def adopted(known: Records, found: Records) -> Records:
    """Return the records with those that a calendar itself holds: the higher sequence counts.

    A lost memory, or a second computer that writes to the same calendar, goes on from there.
    """
    newer = {uid: each for uid, each in found.items() if uid not in known or each.sequence > known[uid].sequence}
    return {**known, **newer}


def is_over(event: CalendarEvent, now: datetime) -> bool:
    """Say whether an event has passed; `now` is in the owner's time zone."""
    return _is_over(event.starts, now)


def agenda_devices(library: Library, terms: Terms, now: datetime) -> tuple[DeviceId, ...] | None:
    """Return the devices that have a deadline in the agenda, or None while some device's standing is not fresh.

    A device that is not in the agenda yet would look as if its deadlines were gone, and they would be cancelled.
    """
    if library.stale(now, terms.version, 1):
        return None
    entries = library.agenda(before=None, device=None, limit=_NO_LIMIT)
    return tuple(dict.fromkeys(entry.device for entry in entries))


def devices_with_deadlines(library: Library, terms: Terms, now: datetime) -> tuple[DeviceFacts, ...] | None:
    """Return the facts of `agenda_devices` all at once, or None as it does."""
    devices = agenda_devices(library, terms, now)
    if devices is None:
        return None
    found = (library.device_facts(device) for device in devices)
    return tuple(facts for facts in found if facts is not None)


def kept_text(kept: Kept) -> str:
    """Return what is kept between two issues as JSON."""
    events = {
        uid: {
            "sequence": each.sequence,
            "digest": each.digest,
            "issued_at": each.issued_at.isoformat(),
            "title": each.title,
            "starts": _moment_text(each.starts),
            "state": each.state,
        }
        for uid, each in sorted(kept.records.items())
    }
    return json.dumps({"version": 1, "events": events, "tags": dict(sorted(kept.tags.items()))}, indent=1)


def kept_from(text: str) -> Kept:
    """Read what `kept_text` wrote. What cannot be read counts as not known: the calendar itself tells the rest."""
    try:
        tree = json.loads(text)
        records = {
            str(uid): Issued(
                sequence=int(each["sequence"]),
                digest=str(each["digest"]),
                issued_at=_instant(each["issued_at"]),
                title=str(each["title"]),
                starts=_moment(each["starts"]),
                state=IssueState(each["state"]),
            )
            for uid, each in tree["events"].items()
        }
        return Kept(records=records, tags={str(uid): str(tag) for uid, tag in tree["tags"].items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Kept()


def _record(event: CalendarEvent, before: Issued | None, issued_at: datetime) -> Issued:
    state = IssueState.CANCELLED if event.is_cancelled else IssueState.CONFIRMED
    if before is not None and (before.digest, before.state) == (event.digest, state):
        return replace(before, title=event.title, starts=event.starts)
    return Issued(
        sequence=0 if before is None else before.sequence + 1,
        digest=event.digest,
        issued_at=issued_at,
        title=event.title,
        starts=event.starts,
        state=state,
    )


def _vanished(uid: str, before: Issued, now: datetime, issued_at: datetime) -> tuple[CalendarEvent, Issued]:
    title = before.title if before.state is IssueState.CANCELLED else NO_LONGER_DUE + before.title
    event = CalendarEvent(uid=uid, title=title, starts=before.starts, is_cancelled=True)
    if before.state is IssueState.CANCELLED:
        is_stale = now >= before.issued_at + CANCELLED_KEPT
    else:
        is_stale = before.state is IssueState.LEFT_OUT or _is_over(before.starts, now - LISTED_AFTER_PASSING)
    if is_stale:
        return event, replace(before, state=IssueState.LEFT_OUT)
    return event, _record(event, before, issued_at)


def _written(event: CalendarEvent, record: Issued) -> IssuedEvent:
    return IssuedEvent(event=event, sequence=record.sequence, issued_at=record.issued_at)


def _is_over(starts: datetime | date, now: datetime) -> bool:
    if isinstance(starts, datetime):
        return now >= starts
    return now >= datetime.combine(starts + timedelta(days=1), time(), _zone(now))


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _moment_text(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat()


def _moment(text: str) -> datetime | date:
    return _instant(text) if "T" in text else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
