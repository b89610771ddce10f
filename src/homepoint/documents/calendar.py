"""Writes the owner's deadlines as iCalendar, whole or not at all, and reads back what such a file says of itself."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from homepoint.application.calendar import (
    NO_LONGER_DUE,
    CalendarEvent,
    Issued,
    IssuedEvent,
    IssueState,
    Kept,
    Records,
    adopted,
    kept_from,
    kept_text,
    next_issue,
)
from homepoint.documents.whole import whole_file

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Component, Event

PRODUCT = "-//Homepoint//Homepoint//EN"
MEMORY_NAME, SERVER_MEMORY_NAME = "calendar.json", "calendar-server.json"
"""The files beside the library that remember what was issued: as files, and to a calendar server."""

_FILE = "file"
_DIGEST = "X-HOMEPOINT-DIGEST"
_REFRESH = timedelta(hours=1)
_LARGEST = 32 * 1024 * 1024
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def keep_calendar_file(path: Path, events: Iterable[CalendarEvent], kept: Kept, now: datetime, name: str) -> Kept:
    """Bring a calendar file up to date and return what to keep for the next time; an unchanged file is not touched.

    What the file itself says counts too, so sequence numbers rise even where nothing was kept.

    Args:
        path: the file.
        events: the deadlines as they are now.
        kept: what was returned the last time.
        now: this instant in the owner's time zone.
        name: what the calendar is called.

    Raises:
        HomepointError: it cannot be written; what was there before is untouched.
    """
    before = _content_of(path)
    is_as_left = kept.tags.get(_FILE) == _tag(before, name)
    issue = next_issue(events, kept.records if is_as_left else adopted(kept.records, records_in(before)), now)
    if is_as_left and issue.records == kept.records:  # a fleet's file takes seconds to read and write
        return kept
    content = calendar_text(issue.events, name)
    if content != before:
        with whole_file(path) as stream:
            stream.write(content)
    return Kept(records=issue.records, tags={_FILE: _tag(content, name)})


def calendar_text(events: Iterable[IssuedEvent], name: str) -> bytes:
    """Return a calendar of all events, to import or to subscribe to."""
    calendar = _calendar()
    calendar.add("name", _clean(name))
    calendar.add("x-wr-calname", _clean(name))
    calendar.add("refresh-interval", _REFRESH, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in events:
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical(sorted=False))


def event_text(issued: IssuedEvent) -> bytes:
    """Return one event as a calendar server keeps it."""
    calendar = _calendar()
    calendar.add_component(_event(issued))
    return bytes(calendar.to_ical(sorted=False))


def records_in(content: bytes) -> Records:
    """Return what a calendar says of the events that Homepoint wrote; others, and what is unreadable, count as none."""
    from icalendar import Calendar  # late: most starts of the program need no calendar

    if not content:
        return {}
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        found = (_record(event) for calendar in calendars for event in calendar.walk("VEVENT"))
        return dict(each for each in found if each is not None)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):  # whatever a broken file makes it stumble on
        return {}


def read_memory(path: Path) -> Kept:
    """Return what is kept in a file; nothing where it is not there or cannot be read."""
    return kept_from(_content_of(path).decode("utf-8", errors="replace"))


def write_memory(path: Path, kept: Kept) -> None:
    """Keep what the next issue needs; a file that says so already is not touched.

    Raises:
        HomepointError: it cannot be written.
    """
    content = kept_text(kept).encode()
    if content != _content_of(path):
        with whole_file(path) as stream:
            stream.write(content)


def _calendar() -> "Calendar":
    from icalendar import Calendar  # late, as above

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(issued: IssuedEvent) -> "Event":
    from icalendar import Event  # late, as above

    told, event = issued.event, Event()
    event.add("uid", told.uid)
    event.add("dtstamp", issued.issued_at)
    event.add("last-modified", issued.issued_at)
    event.add("sequence", issued.sequence)
    event.add("status", "CANCELLED" if told.is_cancelled else "CONFIRMED")
    event.add("summary", _clean(told.title))
    if isinstance(told.starts, datetime):
        event.add("dtstart", told.starts.astimezone(UTC))
    else:
        event.add("dtstart", told.starts)
        event.add("dtend", told.starts + timedelta(days=1))
    if told.description:
        event.add("description", _clean(told.description))
    event.add("categories", ["Homepoint"])
    event.add("transp", "TRANSPARENT")
    event.add(_DIGEST, told.digest)
    for before in told.alarms:
        event.add_component(_alarm(told, before))
    return event


def _alarm(told: CalendarEvent, before: timedelta) -> "Alarm":
    from icalendar import Alarm  # late, as above

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _clean(told.title))
    alarm.add("trigger", -before)
    return alarm


def _record(event: "Component") -> tuple[str, Issued] | None:
    uid, digest = str(event.get("uid", "")), str(event.get(_DIGEST, ""))
    if not uid.endswith("@homepoint") or not digest:
        return None
    is_cancelled = str(event.get("status", "")).upper() == "CANCELLED"
    title = str(event.get("summary", ""))
    return uid, Issued(
        sequence=int(event.get("sequence", 0)),
        digest=digest,
        issued_at=_utc(event.decoded("dtstamp")),
        title=title if is_cancelled else title.removeprefix(NO_LONGER_DUE),
        starts=_moment(event.decoded("dtstart")),
        state=IssueState.CANCELLED if is_cancelled else IssueState.CONFIRMED,
    )


def _moment(value: datetime | date) -> datetime | date:
    return _utc(value) if isinstance(value, datetime) else value


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _tag(content: bytes, name: str) -> str:
    return sha256(name.encode("utf-8", "replace") + b"\0" + content).hexdigest()


def _content_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""


def _clean(text: str) -> str:
    """Return a text with one kind of line end and without the characters that iCalendar cannot hold."""
    return _NOT_TEXT.sub("\ufffd", _LINE_ENDS.sub("\n", text))
