"""Which reminders came due since somebody last looked, and when is the next one?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from homepoint.domain.reminder_record import Record
from homepoint.domain.reminders import DeviceDeadline, Reminder, due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the reminders: the one before was at `since`, in `zone_before`."""

    since: datetime
    now: datetime
    zone: tzinfo
    zone_before: tzinfo

    def sees_first(self, reminder: Reminder) -> bool:
        """Say whether a reminder was still ahead at the look before; moving to another zone must not skip one."""
        before = due_at(reminder.deadline, reminder.lead, self.zone_before)
        return reminder.due_at > self.since or before > self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is to be told of one deadline at once.

    `reminders` came due, the most urgent last; `snoozes` ran out; `has_ended` says that the window is over.
    `may_have_been_shown`: the program was stopped in the moment between showing it and noting that it was shown.
    """

    deadline: DeviceDeadline
    reminders: tuple[Reminder, ...] = ()
    snoozes: tuple[datetime, ...] = ()
    has_ended: bool = False
    may_have_been_shown: bool = False

    @property
    def came_at(self) -> datetime:
        """When the latest of it came due."""
        instants = [each.due_at for each in self.reminders]
        instants += self.snoozes
        if self.has_ended:
            instants.append(self.deadline.ends_at)
        return max(instants)


def due(
    reminders: Iterable[Reminder], record: Record, look: Look, *, with_ends: bool = False
) -> tuple[Announcement, ...]:
    """Return what is to be told now, one announcement a deadline, the one that ends first first.

    A reminder is told if it came due since the look before and was not told yet, on whatever computer. One that had
    passed before its deadline was known, or while it was muted, is left to the next one; but when none is left and the
    window is still open, the last one is told at once. What was over at the look before is not told.

    Args:
        reminders: of all deadlines that are known.
        record: what was told, snoozed, done and muted.
        look: from when to when.
        with_ends: tell also of windows that ended since, without a reminder: for "While you were away".
    """
    found = []
    for group in _by_deadline(reminders):
        deadline = group[0].deadline
        if record.is_silent(deadline) or deadline.ends_at <= look.since:
            continue
        announcement = _announcement(group, record, look, with_ends)
        if announcement is not None:
            found.append(announcement)
    return tuple(sorted(found, key=lambda each: each.deadline.ends_at))


def next_turn(reminders: Iterable[Reminder], record: Record, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the next instant at which something is to be told, or a window ends; None: nothing is ahead."""
    turns: set[datetime] = set()
    for group in _by_deadline(reminders):
        deadline = group[0].deadline
        turns.add(deadline.ends_at)
        if not record.is_silent(deadline):
            told = record.told(deadline.key)
            turns |= {each.due_at for each in group if told is None or not told.covers(each, zone)}
            turns |= set(record.snoozes(deadline.key))
    return min((turn for turn in turns if turn > now), default=None)


def _announcement(group: list[Reminder], record: Record, look: Look, with_ends: bool) -> Announcement | None:
    deadline = group[0].deadline
    told = record.told(deadline.key)
    untold = [each for each in group if each.due_at <= look.now and (told is None or not told.covers(each, look.zone))]
    has_ended = deadline.ends_at <= look.now
    came = [each for each in untold if look.sees_first(each)]
    if not came and not has_ended and group[-1] in untold:
        came = [group[-1]]
    snoozes = tuple(each for each in record.snoozes(deadline.key) if each <= look.now)
    end_is_news = with_ends and has_ended and (told is None or told.lead is not None)
    if not came and not snoozes and not end_is_news:
        return None
    return Announcement(deadline=deadline, reminders=tuple(came), snoozes=snoozes, has_ended=has_ended)


def _by_deadline(reminders: Iterable[Reminder]) -> Iterable[list[Reminder]]:
    """Return the reminders of each deadline, the most urgent last."""
    groups: dict[str, list[Reminder]] = {}
    for each in reminders:
        groups.setdefault(each.deadline.key, []).append(each)
    return [sorted(group, key=lambda each: each.due_at) for group in groups.values()]
