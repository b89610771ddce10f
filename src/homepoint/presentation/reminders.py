"""What reminders say: a notice, the list "While you were away", and when the next one of a deadline comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from homepoint.domain.lead_times import LeadTimes
from homepoint.domain.reminder_record import Record
from homepoint.domain.reminders import REMINDED_AT, DeviceDeadline, Reminder, kind_of_reminder, reminders_of
from homepoint.domain.rules.reminding import Announcement, next_turn
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId
from homepoint.presentation.reminder_words import lead_text
from homepoint.presentation.wording import (
    Act,
    Urgency,
    act_for,
    countdown_text,
    counted,
    deadline_name,
    loss_of,
    lost_by,
    moment_text,
    until_text,
    urgency_of,
)

MOST_NOTICES = 4
"""More at once become one notice that leads to the list: nobody reads a pile of them."""

MANY_KEY = "many"
"""The key of that one notice; it belongs to no deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderNotice:
    """A reminder as a notice of the system: plain text, never markup. `key` names the deadline, or is `MANY_KEY`."""

    key: str
    title: str
    body: str
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayRow:
    """One deadline in the list "While you were away". `came` says which reminders came when, one a line."""

    key: str
    device: DeviceId
    device_name: str
    urgency: Urgency
    title: str
    loss: str
    time_left: str
    came: tuple[str, ...]
    act: Act
    can_be_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReminders:
    """What is to come of one deadline: `says` in words, and what can be done about it."""

    key: str
    title: str
    until: str
    says: str
    is_done: bool


def notices(
    announcements: Sequence[Announcement], names: Mapping[DeviceId, str], terms: Terms, now: datetime
) -> tuple[ReminderNotice, ...]:
    """Return what to show of announcements: a notice each, or one for all where they are many.

    Args:
        announcements: what came due.
        names: what their devices are called.
        terms: for the clause behind each.
        now: this instant in the owner's time zone.
    """
    if len(announcements) <= MOST_NOTICES:
        return tuple(_notice(each, names, terms, now) for each in announcements)
    first = [f"{names[each.deadline.device]}: {_title(each.deadline, now)}" for each in announcements[:MOST_NOTICES]]
    rest = len(announcements) - len(first)
    return (
        ReminderNotice(
            key=MANY_KEY,
            title=f"{counted(len(announcements), 'deadline')} need you",
            body="\n".join([*first, f"and {rest} more"]),
            urgent=any(_is_urgent(each.deadline, now) for each in announcements),
        ),
    )


def away_rows(
    announcements: Sequence[Announcement], names: Mapping[DeviceId, str], now: datetime
) -> tuple[AwayRow, ...]:
    """Return the list "While you were away", what came first first; `now` is in the owner's time zone."""
    return tuple(_away(each, names, now) for each in sorted(announcements, key=lambda each: each.came_at))


def away_summary(rows: Sequence[AwayRow]) -> str:
    """Say in a sentence what the list holds."""
    if not rows:
        return "Nothing came due while Homepoint was closed."
    over = sum(row.urgency is Urgency.OVERDUE for row in rows)
    tail = f"; {over} of them {'is' if over == 1 else 'are'} over." if over else "."
    return f"{counted(len(rows), 'deadline')} came closer while Homepoint was closed{tail}"


def snooze_choices(ends_at: datetime, now: datetime) -> tuple[tuple[datetime, str], ...]:
    """Return until when a reminder can be snoozed, with words; all of them before the deadline ends.

    `now` is in the owner's time zone.
    """
    tomorrow = datetime.combine(now.date() + timedelta(days=1), REMINDED_AT, now.tzinfo)
    in_three_days = datetime.combine(now.date() + timedelta(days=3), REMINDED_AT, now.tzinfo)
    choices = (
        ((now.astimezone(UTC) + timedelta(hours=1)).astimezone(now.tzinfo), "For an hour"),
        (tomorrow, "Until tomorrow, 9:00"),
        (in_three_days, "For three days, until 9:00"),
    )
    return tuple((until, words) for until, words in choices if until < ends_at)


def reminders_of_device(
    deadlines: Sequence[DeviceDeadline], lead_times: LeadTimes, record: Record, now: datetime
) -> tuple[DeadlineReminders, ...]:
    """Return what is to come of a device's open deadlines; `now` is in the owner's time zone."""
    return tuple(
        DeadlineReminders(
            key=each.key,
            title=deadline_name(each.kind),
            until=until_text(each.at, now),
            says=_says(each, lead_times, record, now),
            is_done=record.is_done(each.key),
        )
        for each in deadlines
    )


def remind_me_text(
    deadlines: Sequence[DeviceDeadline], lead_times: LeadTimes, record: Record, device: DeviceId, now: datetime
) -> str:
    """Say in a sentence whether a device reminds, and when next; `now` is in the owner's time zone."""
    if record.is_muted(device):
        return "The device is muted."
    zone, following = now.tzinfo or UTC, []
    for each in deadlines:
        turn = next_turn(reminders_of((each,), lead_times, zone), record, now, zone)
        if not record.is_silent(each) and turn is not None and turn < each.ends_at:
            following.append((turn, each))
    if not following:
        return "No reminder is to come."
    at, deadline = min(following, key=lambda each: each[0])
    return f"Next: {moment_text(at, zone)}, {deadline_name(deadline.kind)}."


def _notice(each: Announcement, names: Mapping[DeviceId, str], terms: Terms, now: datetime) -> ReminderNotice:
    deadline = each.deadline
    loss = lost_by(deadline.kind) if each.has_ended else loss_of(deadline.kind)
    clause = next((terms.clauses[id] for id in deadline.because if id in terms.clauses), None)
    lines = [names[deadline.device], loss]
    if clause is not None:
        lines.append(f"{clause.says} ({clause.id})")
    return ReminderNotice(
        key=deadline.key, title=_title(deadline, now), body="\n".join(lines), urgent=_is_urgent(deadline, now)
    )


def _title(deadline: DeviceDeadline, now: datetime) -> str:
    if deadline.ends_at <= now:
        return deadline_name(deadline.kind, passed=True)
    return f"{deadline_name(deadline.kind)}: {_left(deadline.at, now)}"


def _left(at: datetime | date, now: datetime) -> str:
    if isinstance(at, datetime) or at != now.date():
        return countdown_text(at, now)
    return "today is the last day"


def _is_urgent(deadline: DeviceDeadline, now: datetime) -> bool:
    return urgency_of(deadline.ends_at, now) in (Urgency.TODAY, Urgency.OVERDUE)


def _away(each: Announcement, names: Mapping[DeviceId, str], now: datetime) -> AwayRow:
    deadline = each.deadline
    is_over = deadline.ends_at <= now
    return AwayRow(
        key=deadline.key,
        device=deadline.device,
        device_name=names[deadline.device],
        urgency=urgency_of(deadline.ends_at, now),
        title=deadline_name(deadline.kind, passed=is_over),
        loss=lost_by(deadline.kind) if is_over else loss_of(deadline.kind),
        time_left=_left(deadline.at, now),
        came=_came(each, now.tzinfo or UTC),
        act=act_for(deadline.kind, passed=is_over),
        can_be_done=not is_over,
    )


def _came(each: Announcement, zone: tzinfo) -> tuple[str, ...]:
    """Say which reminders came when, and that the window ended; what may have been seen already says so."""
    lines = [(reminder.due_at, _reminder_text(reminder)) for reminder in each.reminders]
    lines += [(until, "Snoozed until") for until in each.snoozes]
    if each.has_ended:
        lines.append((each.deadline.ends_at, "Ended"))
    said = [f"{words}: {moment_text(at, zone)}" for at, words in sorted(lines)]
    if each.may_have_been_shown:
        said.append("You may have seen this before Homepoint was stopped.")
    return tuple(said)


def _reminder_text(reminder: Reminder) -> str:
    words = lead_text(reminder.lead)
    return f"Reminder {words}" if words.startswith("on ") else f"Reminder {words} before"


def _says(deadline: DeviceDeadline, lead_times: LeadTimes, record: Record, now: datetime) -> str:
    if record.is_done(deadline.key):
        return "Done: no more reminders, unless the date changes."
    if record.is_muted(deadline.device):
        return "The device is muted."
    if record.is_muted(kind_of_reminder(deadline.kind, deadline.at)):
        return "Reminders of this kind are off."
    zone = now.tzinfo or UTC
    snoozes = [each for each in record.snoozes(deadline.key) if each > now]
    if snoozes:
        return f"Snoozed until {moment_text(min(snoozes), zone)}."
    following = next_turn(reminders_of((deadline,), lead_times, zone), record, now, zone)
    if following is None or following >= deadline.ends_at:
        return "No reminder is left."
    return f"Next reminder: {moment_text(following, zone)}."
