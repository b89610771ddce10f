"""What is on record about reminders: told, snoozed, done, muted; as named marks that all computers share.

One mark a deadline says what was told last: the most urgent reminder so far, and when. Computers merge marks by the
later clock, and that clock is the very instant in the mark, so the merged mark never says less than either: what came
before its instant, or is less urgent than its reminder, was told. One mark for each reminder would be as safe and four
times as many; one mark for everything about a deadline would not, as a later snooze would undo what was told meanwhile.
Each snooze is a mark of its own, so that taking back one that came cannot take back a newer one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from homepoint.domain.lead_times import Lead, ReminderKind, lead_of
from homepoint.domain.portable import NotPortableError, instant, instant_text
from homepoint.domain.reminders import DeviceDeadline, Reminder, due_at, kind_of_reminder
from homepoint.domain.values import DeviceId

THE_END = "end"
"""Stands in a mark in place of a lead: the end of the window itself was told."""

KEPT_AFTER_PASSING = timedelta(days=400)
"""How long marks outlive their deadline: a computer that lay in a drawer for a year must not tell it all again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The most urgent reminder told of a deadline, when, and by which computer; `lead` None: its end was told."""

    lead: Lead | None
    at: datetime
    by: str

    def text(self) -> str:
        """Return it as a mark's value."""
        lead = THE_END if self.lead is None else str(self.lead)
        return json.dumps({"lead": lead, "at": instant_text(self.at.astimezone(UTC)), "by": self.by}, sort_keys=True)

    def covers(self, reminder: Reminder, zone: tzinfo) -> bool:
        """Say whether a reminder counts as told: less urgent, or passed when this was told."""
        if self.lead is None or reminder.due_at <= self.at:
            return True
        return reminder.due_at <= due_at(reminder.deadline, self.lead, zone)


def told_name(key: str) -> str:
    """Return the mark's name for what was told of a deadline."""
    return f"told/{key}"


def done_name(key: str) -> str:
    """Return the mark's name that silences a deadline at this date."""
    return f"done/{key}"


def snooze_name(key: str, until: datetime) -> str:
    """Return the mark's name for one snooze of a deadline."""
    return f"snooze/{key}/{instant_text(until.astimezone(UTC))}"


def mute_name(muted: DeviceId | ReminderKind) -> str:
    """Return the mark's name that silences a device or a kind."""
    return f"mute-kind/{muted}" if isinstance(muted, ReminderKind) else f"mute-device/{muted}"


class Record:
    """Reads marks; one that cannot be read, such as a newer program's, counts as not there."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self._marks = marks
        self._snoozes: dict[str, list[datetime]] = {}
        for name in marks:
            if name.startswith("snooze/"):
                key, _, text = name.removeprefix("snooze/").rpartition("/")
                until = _instant(text)
                if until is not None:
                    self._snoozes.setdefault(key, []).append(until)

    def told(self, key: str) -> Told | None:
        """Return what was told of a deadline last."""
        try:
            found = json.loads(self._marks[told_name(key)])
            lead, at, by = found["lead"], instant(found["at"]), str(found["by"])
        except (KeyError, ValueError, TypeError, NotPortableError):
            return None
        read = None if lead == THE_END else lead_of(str(lead))
        return None if read is None and lead != THE_END else Told(lead=read, at=at, by=by)

    def snoozes(self, key: str) -> tuple[datetime, ...]:
        """Return until when a deadline is snoozed, the earliest first."""
        return tuple(sorted(self._snoozes.get(key, ())))

    def snoozed_ends(self) -> tuple[datetime, ...]:
        """Return when the snoozed deadlines end, to the day."""
        return tuple(at for key in self._snoozes if (at := _instant(key.rpartition("/")[2])) is not None)

    def is_done(self, key: str) -> bool:
        """Say whether the owner wants to hear no more of a deadline."""
        return done_name(key) in self._marks

    def is_muted(self, muted: DeviceId | ReminderKind) -> bool:
        """Say whether a device or a kind is silent."""
        return mute_name(muted) in self._marks

    def is_silent(self, deadline: DeviceDeadline) -> bool:
        """Say whether nothing is told of a deadline at all."""
        return (
            self.is_done(deadline.key)
            or self.is_muted(deadline.device)
            or self.is_muted(kind_of_reminder(deadline.kind, deadline.at))
        )


def outlived(names: Iterable[str], now: datetime) -> Iterator[str]:
    """Yield the marks whose deadline is over for so long that nobody will ask for them."""
    for name in names:
        aspect = name.partition("/")[0]
        if aspect not in ("told", "done", "snooze"):
            continue
        key = name.rpartition("/")[0] if aspect == "snooze" else name
        ended_at = _instant(key.rpartition("/")[2])
        if ended_at is not None and ended_at + KEPT_AFTER_PASSING < now:
            yield name


def _instant(text: str) -> datetime | None:
    """Read an instant, or a day as its beginning in UTC."""
    try:
        return instant(text if "T" in text else f"{text}T00:00:00Z")
    except NotPortableError:
        return None
