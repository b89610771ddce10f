"""What the owner reads and types about the calendar: the file, the server, and what a test of it found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from homepoint.application.calendar_publishing import CalendarReport
from homepoint.application.problems import HomepointError
from homepoint.application.replication import RemoteKind
from homepoint.presentation.sync_forms import PlaceForm, check_place, location_of
from homepoint.presentation.wording import counted, moment_text

WHAT_A_FILE_DOES = "Deadlines with their reminders, for any calendar program; kept current while Homepoint runs."
WHAT_A_SERVER_DOES = "For a calendar on Nextcloud or another CalDAV server, to have the deadlines on a phone too."
WHAT_IS_SENT = (
    "Titles, dates and the reasons behind them are sent, with the names you gave your devices. Only events made by"
    " Homepoint are ever read, changed or removed there. Best is a calendar of its own."
)
WHAT_STOPPING_DOES = (
    "Homepoint removes the events it made from the calendar, from whichever computer they came, and forgets the"
    " password. Everything else in the calendar stays. Your records stay as they are."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarForm:
    """What the owner typed about a calendar on a server. `certificates` is a file, "" for the usual authorities."""

    address: str = ""
    user: str = ""
    password: str = ""
    certificates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """What the card shows: for file and server where it is ("": not chosen), how it stands, and whether it is well."""

    file: str = ""
    file_state: str = WHAT_A_FILE_DOES
    file_is_well: bool = True
    server: str = ""
    server_state: str = WHAT_A_SERVER_DOES
    server_is_well: bool = True
    is_publishing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a file or a server stands: when it was last brought up to date, with what, and what is in the way."""

    at: datetime | None = None
    deadlines: int | None = None
    problem: HomepointError | None = None


def check_calendar(form: CalendarForm) -> Mapping[str, str]:
    """Return what makes no sense, by field."""
    if not form.address.strip():
        return {"address": "Type the address of the calendar."}
    return check_place(_place(form))


def completed(form: CalendarForm) -> CalendarForm:
    """Return a form without problems as it is meant: an address typed without https:// gets it."""
    place = location_of(_place(form))
    return replace(form, address=place.address, user=place.user, certificates=place.certificates or "")


def _place(form: CalendarForm) -> PlaceForm:
    return PlaceForm(
        kind=RemoteKind.WEBDAV, address=form.address, user=form.user, certificates=form.certificates
    )  # fmt: skip


def found_text(report: CalendarReport) -> str:
    """Say what a test found at an address."""
    if not report.lacks:
        return (
            f'"{report.name}" is there and takes events.' if report.name else "The calendar is there and takes events."
        )
    said = " ".join(report.lacks)
    if report.calendars:
        return f"{said} {counted(len(report.calendars), 'calendar')} beneath it would do: choose one."
    return said


def file_state(kept: Kept, now: datetime) -> str:
    """Say how the calendar file stands; `now` has the owner's time zone."""
    return _state(kept, now, "Last written", "It is about to be written.")


def server_state(kept: Kept, now: datetime) -> str:
    """Say how the calendar on the server stands; `now` has the owner's time zone."""
    return _state(kept, now, "Last published", "It is about to be published.")


def progress_text(done: int, total: int) -> str:
    """Say how far publishing is."""
    return f"Publishing: {done:,} of {counted(total, 'change')}" if total else "Asking the server…"


def exported_text(name: str, deadlines: int) -> str:
    """Say that deadlines were saved as a file."""
    return f"{counted(deadlines, 'deadline')} exported to {name}"


def _state(kept: Kept, now: datetime, last: str, not_yet: str) -> str:
    done = "" if kept.at is None else f"{last} {moment_text(kept.at, now.tzinfo or UTC)}"
    if kept.problem is not None:
        return " ".join(filter(None, (kept.problem.title, kept.problem.advice, done and f"{done}.")))
    if not done:
        return not_yet
    return f"{done}, {counted(kept.deadlines, 'deadline')}." if kept.deadlines is not None else f"{done}."
