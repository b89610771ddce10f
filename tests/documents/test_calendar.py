"""The calendar file: read back by icalendar, the same bytes for the same deadlines, and taken in by khal."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from homepoint.application.calendar import CalendarEvent, IssuedEvent, IssueState, Kept, next_issue
from homepoint.application.problems import HomepointError
from homepoint.documents.calendar import (
    calendar_text,
    event_text,
    keep_calendar_file,
    read_memory,
    records_in,
    write_memory,
)
from tests import builders as make

NOW, DAY, HOUR = make.NOW, timedelta(days=1), timedelta(hours=1)
BUY = CalendarEvent(
    uid=f"{'a' * 32}@homepoint",
    title="Buy a care plan: Kestrel, the \u201eFalke\u201c; 鷹 🪁",
    starts=datetime(2026, 5, 6, 10, 30, tzinfo=UTC),
    description="After this, a plan can only be bought once DJI has checked the device.\n\nWhy:\n\nS0-38, ü" + "ß" * 90,
    alarms=(24 * HOUR, 6 * HOUR, HOUR),
)
RENEW = CalendarEvent(
    uid=f"{'b' * 32}@homepoint",
    title="Renew the care plan: Kestrel",
    starts=date(2026, 6, 16),
    description="After this, it cannot be renewed.",
    alarms=(30 * DAY - 9 * HOUR, timedelta(hours=-9)),
)


def text_of(*events: CalendarEvent) -> bytes:
    """Return the calendar of a first issue."""
    return calendar_text(next_issue(events, {}, NOW).events, "Homepoint deadlines")


def kept_file(path: Path, *events: CalendarEvent, days: float = 0, kept: Kept | None = None) -> dict[str, Component]:
    """Keep a file and return its events by UID."""
    keep_calendar_file(path, events, kept or Kept(), NOW + timedelta(days=days), "Homepoint deadlines")
    return {str(event["uid"]): event for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}


def test_icalendar_reads_back_what_was_written() -> None:
    calendar = Calendar.from_ical(text_of(BUY, RENEW))
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "Homepoint deadlines"
    assert "METHOD" not in calendar
    buy, renew = calendar.walk("VEVENT")
    assert str(buy["SUMMARY"]) == BUY.title
    assert str(buy["DESCRIPTION"]) == BUY.description
    assert buy.decoded("DTSTART") == BUY.starts
    assert renew.decoded("DTSTART") == RENEW.starts
    assert renew.decoded("DTEND") == date(2026, 6, 17)
    assert [alarm.decoded("TRIGGER") for alarm in renew.walk("VALARM")] == [-29 * DAY - 15 * HOUR, 9 * HOUR]
    assert {str(alarm["ACTION"]) for alarm in calendar.walk("VALARM")} == {"DISPLAY"}
    for event in (buy, renew):
        assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (0, "CONFIRMED", "TRANSPARENT")
        assert event.decoded("DTSTAMP") == NOW
        assert event["CATEGORIES"].to_ical() == b"Homepoint"
        assert event.errors == []
    assert not calendar.errors


def test_lines_are_folded_and_end_as_the_standard_wants() -> None:
    content = text_of(BUY, RENEW)
    assert content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_unchanged_deadlines_leave_the_file_as_it_is_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "homepoint.ics"
    kept_file(path, BUY, RENEW)
    content = path.read_bytes()
    os.utime(path, (1, 1))
    kept_file(path, RENEW, BUY, days=1)
    assert path.read_bytes() == content
    assert path.stat().st_mtime == 1, "a file without news is not even written"


def test_a_moved_date_raises_the_sequence_even_where_only_the_file_remembers(tmp_path: Path) -> None:
    path = tmp_path / "homepoint.ics"
    before = kept_file(path, BUY, RENEW)
    moved = CalendarEvent(uid=RENEW.uid, title=RENEW.title, starts=date(2026, 7, 1))
    after = kept_file(path, BUY, moved, days=1)
    assert after[BUY.uid].to_ical() == before[BUY.uid].to_ical()
    assert after[RENEW.uid]["SEQUENCE"] == 1
    assert after[RENEW.uid].decoded("DTSTART") == date(2026, 7, 1)
    assert after[RENEW.uid].decoded("DTSTAMP") == NOW + DAY


def test_a_met_deadline_is_cancelled_in_the_file_and_gone_after_sixty_days(tmp_path: Path) -> None:
    path = tmp_path / "homepoint.ics"
    kept_file(path, RENEW)
    gone = kept_file(path, days=1)[RENEW.uid]
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(gone["SUMMARY"]) == "No longer due: Renew the care plan: Kestrel"
    assert not gone.walk("VALARM")
    content = path.read_bytes()
    kept_file(path, days=60)
    assert path.read_bytes() == content, "cancelled once, and then left alone"
    assert kept_file(path, days=61) == {}


def test_another_file_goes_on_where_the_memory_is(tmp_path: Path) -> None:
    kept = keep_calendar_file(tmp_path / "may.ics", [BUY, RENEW], Kept(), NOW, "x")
    write_memory(tmp_path / "memory.json", kept)
    june = kept_file(tmp_path / "june.ics", BUY, days=1, kept=read_memory(tmp_path / "memory.json"))
    assert june[RENEW.uid]["STATUS"] == "CANCELLED"
    assert june[RENEW.uid]["SEQUENCE"] == 1


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")])
def test_a_file_that_was_deleted_or_spoilt_comes_back_as_it_was(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "homepoint.ics"
    kept = keep_calendar_file(path, [BUY, RENEW], Kept(), NOW, "x")
    content = path.read_bytes()
    spoil(path)
    assert keep_calendar_file(path, [BUY, RENEW], kept, NOW + DAY, "x") == kept
    assert path.read_bytes() == content
    keep_calendar_file(path, [BUY, RENEW], kept, NOW + DAY, "Another name")
    assert b"NAME:Another name" in path.read_bytes()


def test_a_change_is_written_whether_or_not_the_file_is_as_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "homepoint.ics"
    kept = keep_calendar_file(path, [RENEW], Kept(), NOW, "Homepoint deadlines")
    assert kept_file(path, BUY, days=1, kept=kept)[RENEW.uid]["STATUS"] == "CANCELLED"
    assert set(kept_file(path, BUY, days=1, kept=kept)) == {BUY.uid, RENEW.uid}


def test_a_memory_that_is_not_there_or_damaged_is_an_empty_one(tmp_path: Path) -> None:
    assert read_memory(tmp_path / "none.json") == Kept()
    (tmp_path / "broken.json").write_bytes(b"\xff{")
    assert read_memory(tmp_path / "broken.json") == Kept()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\r\nUID:x\r\nEND:VALARM\r\n"]
)
def test_a_file_that_is_no_calendar_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "homepoint.ics"
    path.write_bytes(content)
    assert set(kept_file(path, RENEW)) == {RENEW.uid}


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="could not be written"):
        kept_file(tmp_path / "gone" / "homepoint.ics", RENEW)
    assert list(tmp_path.iterdir()) == []


def test_events_of_others_are_no_records() -> None:
    strange = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x@example.org\r\nSEQUENCE:9\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert records_in(strange) == {}


_WORDS = st.text(st.characters(), max_size=60)


@given(
    title=_WORDS, description=_WORDS, starts=st.dates() | st.datetimes(timezones=st.just(UTC)), cancelled=st.booleans()
)
def test_whatever_an_owner_writes_a_calendar_reads_one_event_and_its_record(
    title: str, description: str, starts: date, cancelled: bool
) -> None:
    if not 1900 < starts.year < 9999:
        starts = starts.replace(year=2026, day=1)
    starts = starts.replace(microsecond=0) if isinstance(starts, datetime) else starts
    told = CalendarEvent(uid=BUY.uid, title=title, starts=starts, description=description, is_cancelled=cancelled)
    issued = IssuedEvent(event=told, sequence=4, issued_at=NOW.astimezone(UTC))
    (read,) = Calendar.from_ical(event_text(issued)).walk("VEVENT")
    ends = str.maketrans(dict.fromkeys("\r\x85\u2028\u2029", "\n"))
    wanted = title.replace("\r\n", "\n").translate(ends)
    unwritable = {sign for sign in wanted if sign != "\n" and sign != "\t" and not sign.isprintable()}
    if not unwritable:
        assert str(read["SUMMARY"]) == wanted
    assert read.errors == []
    record = records_in(event_text(issued))[BUY.uid]
    assert (record.sequence, record.digest, record.starts) == (4, told.digest, starts)
    assert record.state is (IssueState.CANCELLED if cancelled else IssueState.CONFIRMED)


# -- a real calendar program ------------------------------------------------------------------------------------------


class Khal:
    """khal with a calendar of its own in a temporary home."""

    def __init__(self, home: Path) -> None:
        self._home, self._config = home, home / "khal.conf"
        (home / "calendar").mkdir(parents=True)
        self._config.write_text(
            f"[calendars]\n[[mine]]\npath = {home / 'calendar'}\n\n[sqlite]\npath = {home / 'khal.db'}\n\n"
            "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
            encoding="utf-8",
        )

    def __call__(self, *arguments: str) -> str:
        """Run one command and return what it prints."""
        # Its own Python, untouched by the one that runs the tests.
        surroundings = {"HOME": str(self._home), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["khal", "-c", str(self._config), *arguments], env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def listed(self) -> list[str]:
        """Return every event of half a year as "day time title"."""
        return self("list", "-df", "", "-f", "{start-date} {start-time} {title}", "2026-05-01", "180d").splitlines()


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed")
def test_khal_takes_the_events_in_and_after_an_update_shows_the_moved_one_once(tmp_path: Path) -> None:
    khal, path = Khal(tmp_path / "home"), tmp_path / "homepoint.ics"
    kept_file(path, BUY, RENEW)
    khal("import", "--batch", "-a", "mine", str(path))
    assert khal.listed() == [f"2026-05-06 12:30 {BUY.title}", f"2026-06-16  {RENEW.title}"]
    kept_file(path, CalendarEvent(uid=RENEW.uid, title=RENEW.title, starts=date(2026, 7, 1)), days=1)
    khal("import", "--batch", "-a", "mine", str(path))
    assert khal.listed() == [f"2026-05-06 12:30 No longer due: {BUY.title}", f"2026-07-01  {RENEW.title}"]
