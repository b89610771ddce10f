"""Reminders: tells each exactly once, and carries out what the owner wishes about them.

How nothing is told twice and nothing is lost: what is about to be told is first noted in this computer's journal, then
marked as told for all computers, then shown, then struck from the journal. A program stopped before the mark tells it
anew at the next start; one stopped after it finds it in the journal and lists it in "While you were away". Only in the
moment between showing and striking out it cannot know whether the owner saw it: better shown again, saying so, than
lost. Two computers that cannot reach each other may both tell the same reminder: the first to synchronise marks it,
the other drops it if the mark arrives before its own turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from homepoint.application.ports import AgendaEntry
from homepoint.application.reminder_journal import Item, Journal, Noted, item_of, merged, noted_of
from homepoint.application.sample_data import has_sample_data, is_sample
from homepoint.application.workspace import LISTED_AFTER_PASSING, Workspace
from homepoint.domain.assessment import DeadlineState
from homepoint.domain.facts import Device
from homepoint.domain.lead_times import LeadTimes, lead_times_of
from homepoint.domain.reminder_record import Record, Told, outlived, snooze_name, told_name
from homepoint.domain.reminders import DeviceDeadline, Reminder, due_at, reminders_of
from homepoint.domain.rules.reminding import Announcement, Look, due, next_turn
from homepoint.domain.values import ClauseId, DeviceId

MARKS, LEAD_TIME_MARKS = "reminders", "lead-times"
"""The kinds of marks: what was told, snoozed, done and muted; and the owner's lead times."""

MOST_READ = 100_000
"""How many deadlines one look reads at most."""

MOST_ASSESSED = 500
"""How many devices are assessed once more after a long time away, for deadlines that began and passed meanwhile."""

_PRUNED_EVERY = timedelta(days=1)


class Marks(Protocol):
    """Named values that are no facts: shared by all computers, the later clock wins, and undo does not touch them."""

    def marks(self, kind: str) -> Mapping[str, str]:
        """Return every mark of a kind: its name and its JSON text."""
        ...

    def set_marks(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        """Set marks, all or none; None removes one.

        Raises:
            HomepointError: the library cannot be written. Nothing was changed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is to be shown now; `while_away`: it came due while the program was closed, and belongs into a list."""

    announcements: tuple[Announcement, ...] = ()
    while_away: bool = False


class Reminders:
    """Says what to tell and notes what was told. Use it from one thread, and `begin` before anything else.

    The circle: `take`, show what it returns, `shown`, and again at `next_turn`.
    """

    def __init__(self, workspace: Workspace, marks: Marks, journal: Journal, computer: str) -> None:
        """Make it for one library on one computer; `computer` is stable and the computer's own."""
        self._workspace, self._marks, self._journal, self._computer = workspace, marks, journal, computer
        self._noted = Noted()
        self._known: dict[str, DeviceDeadline] = {}
        self._since: datetime | None = None
        self._is_first_look = True
        self._pruned_at: datetime | None = None

    # The circle.

    def begin(self, now: datetime) -> None:
        """Find out where the last run stopped.

        Call it before standings are assessed anew, which forgets what passed long ago, and before the first
        synchronising, which may alter what this computer marked.
        """
        self._noted = noted_of(self._journal.read())
        self._is_first_look = True
        watched = self._noted.watched_until
        self._since = now if watched is None else min(watched, now)
        pending = merged(self._noted.pending, self._marked_but_not_noted())
        self._known = {each.key: each for each in self._agenda(now) if each.ends_at > self._since}
        to_assess = tuple(sorted({*self._noted.to_assess, *self._long_away(now)}))
        self._keep(replace(self._noted, pending=pending, marking={}, marking_at=None, to_assess=to_assess))

    def is_ready(self, now: datetime) -> bool:
        """Say whether every deadline is as the rules see it now; until then nobody should `take`."""
        return not self._workspace.library.stale(now, self._workspace.terms.version, 1)

    def take(self, now: datetime) -> Taken:
        """Return what is to be shown now, marked as told everywhere. The first look after `begin` covers the time away.

        Raises:
            HomepointError: the library cannot be read or written. Nothing was marked; the next look finds it again.
        """
        self._prune(now)
        since = self._since if self._since is not None else now
        zone = self._workspace.library.zone
        while_away = self._is_first_look and self._noted.watched_until is not None
        look = Look(since=min(since, now), now=now, zone=zone, zone_before=self._noted.zone or zone)
        record = self.record()
        deadlines = self._current(now)
        reminders = reminders_of(deadlines.values(), self.lead_times(), zone)
        found = {each.deadline.key: each for each in due(reminders, record, look, with_ends=while_away)}
        unseen = self._unseen(deadlines, record, zone) if self._is_first_look else {}
        self._note_and_mark(found, record, now)
        told = {**unseen, **{key: _joined(unseen.get(key), each) for key, each in found.items()}}
        pending = {key: item_of(each) for key, each in told.items()}
        kept = {} if self._is_first_look else self._noted.pending
        self._keep(Noted(watched_until=now, zone=zone, pending=merged(kept, pending)))
        self._known = {key: each for key, each in deadlines.items() if each.ends_at > now}
        self._since, self._is_first_look = now, False
        return Taken(announcements=tuple(told.values()), while_away=while_away)

    def shown(self, *keys: str) -> None:
        """Note that what was taken of these deadlines was shown; of all, where none is named."""
        pending = {key: item for key, item in self._noted.pending.items() if keys and key not in keys}
        self._keep(replace(self._noted, pending=pending))

    def next_turn(self, now: datetime) -> datetime | None:
        """Return the instant of the next `take`; look again within the hour, for clocks jump and computers sleep."""
        zone = self._workspace.library.zone
        reminders = reminders_of(self._known.values(), self.lead_times(), zone)
        return next_turn(reminders, self.record(), now, zone)

    # What others read.

    def record(self) -> Record:
        """Return what was told, snoozed, done and muted."""
        return Record(self._marks.marks(MARKS))

    def lead_times(self) -> LeadTimes:
        """Return the lead times in force."""
        return lead_times_of(self._marks.marks(LEAD_TIME_MARKS))

    def deadlines(self, device: DeviceId | None, now: datetime) -> tuple[DeviceDeadline, ...]:
        """Return the open deadlines of a device (None: of all), the earliest first."""
        entries = self._workspace.library.agenda(before=None, device=device, limit=MOST_READ)
        return tuple(each for each in map(_deadline_of, entries) if each.ends_at > now)

    def deadline_named(self, key: str, now: datetime) -> DeviceDeadline | None:
        """Return an open deadline by its key, or None where it is over or has moved."""
        device = DeviceId(key.rsplit("/", 2)[0])
        return next((each for each in self.deadlines(device, now) if each.key == key), None)

    # Inside.

    def _agenda(self, now: datetime) -> Sequence[DeviceDeadline]:
        ahead = max(now + self.lead_times().longest, *self.record().snoozed_ends(), now)
        horizon = ahead + timedelta(days=2)  # days end by another clock than UTC's
        library = self._workspace.library
        entries = library.agenda(before=horizon, device=None, limit=MOST_READ)
        if has_sample_data(library):  # what is invented needs nobody
            devices = {entry.device: library.get(Device, entry.device) for entry in entries}
            samples = {id for id, device in devices.items() if device is not None and is_sample(device)}
            entries = [entry for entry in entries if entry.device not in samples]
        return [_deadline_of(entry) for entry in entries]

    def _long_away(self, now: datetime) -> set[DeviceId]:
        """Return devices of which something may have passed and left the lists again since the last run."""
        devices = {each.device for each in self._known.values() if _is_dropped(each, now)}
        if self._since is not None and self._since + LISTED_AFTER_PASSING <= now:
            devices |= set(self._workspace.library.stale(now, self._workspace.terms.version, MOST_ASSESSED))
        return devices

    def _current(self, now: datetime) -> dict[str, DeviceDeadline]:
        """Return the deadlines that are near or past, those too that lists have dropped since the look before."""
        found = {each.key: each for each in self._agenda(now)}
        dropped = {key for key, each in self._known.items() if key not in found and _is_dropped(each, now)}
        devices = {DeviceId(key.rsplit("/", 2)[0]) for key in dropped}
        if self._is_first_look:
            dropped |= self._noted.pending.keys() - found.keys()
            devices |= {DeviceId(key.rsplit("/", 2)[0]) for key in dropped}
            devices |= {DeviceId(each) for each in self._noted.to_assess}
        for device in devices:
            assessment = self._workspace.assess(device, now)
            for each in () if assessment is None else assessment.deadlines:
                deadline = DeviceDeadline(
                    device=device, kind=each.kind, at=each.at, ends_at=each.ends_at, because=each.because
                )
                if each.state is not DeadlineState.MET and (deadline.key in dropped or _is_dropped(deadline, now)):
                    found.setdefault(deadline.key, deadline)
        return found

    def _unseen(
        self, deadlines: Mapping[str, DeviceDeadline], record: Record, zone: ZoneInfo
    ) -> dict[str, Announcement]:
        """Return what the last run took and did not see shown, as far as it still matters."""
        found = {}
        for key, item in self._noted.pending.items():
            deadline = deadlines.get(key)
            if deadline is None or record.is_silent(deadline):
                continue
            reminders = [
                Reminder(deadline=deadline, lead=lead, due_at=due_at(deadline, lead, zone)) for lead in item.leads
            ]
            found[key] = Announcement(
                deadline=deadline,
                reminders=tuple(sorted(reminders, key=lambda each: each.due_at)),
                snoozes=item.snoozes,
                has_ended=item.has_ended,
                may_have_been_shown=True,
            )
        return found

    def _note_and_mark(self, found: Mapping[str, Announcement], record: Record, now: datetime) -> None:
        if not found:
            return
        marking = {key: item_of(each) for key, each in found.items()}
        self._keep(replace(self._noted, marking=marking, marking_at=now))
        values: dict[str, str | None] = {}
        for key, each in found.items():
            values |= {snooze_name(key, until): None for until in each.snoozes}
            if each.has_ended:
                values[told_name(key)] = Told(lead=None, at=now, by=self._computer).text()
            elif each.reminders:
                values[told_name(key)] = Told(lead=each.reminders[-1].lead, at=now, by=self._computer).text()
        self._marks.set_marks(MARKS, values, now)

    def _marked_but_not_noted(self) -> dict[str, Item]:
        """Return what the last run marked before it was stopped; what it did not come to mark will be due again."""
        record = self.record()
        found = {}
        for key, item in self._noted.marking.items():
            told = record.told(key)
            by_us = told is not None and told.by == self._computer and told.at == self._noted.marking_at
            only_snoozes = not item.leads and not item.has_ended
            if by_us or (only_snoozes and not set(item.snoozes) & set(record.snoozes(key))):
                found[key] = item
        return found

    def _keep(self, noted: Noted) -> None:
        if noted != self._noted:
            self._journal.write(noted.text())
            self._noted = noted

    def _prune(self, now: datetime) -> None:
        if self._pruned_at is None or now - self._pruned_at >= _PRUNED_EVERY:
            self._pruned_at = now
            gone = dict.fromkeys(outlived(self._marks.marks(MARKS), now))
            if gone:
                self._marks.set_marks(MARKS, gone, now)


def _is_dropped(deadline: DeviceDeadline, now: datetime) -> bool:
    """Say whether a deadline passed so long ago that lists no longer show it."""
    return deadline.ends_at + LISTED_AFTER_PASSING <= now


def _joined(unseen: Announcement | None, found: Announcement) -> Announcement:
    if unseen is None:
        return found
    leads = {each.lead for each in found.reminders}
    return replace(
        found,
        reminders=(*(each for each in unseen.reminders if each.lead not in leads), *found.reminders),
        snoozes=tuple(sorted({*unseen.snoozes, *found.snoozes})),
        may_have_been_shown=True,
    )


def _deadline_of(entry: AgendaEntry) -> DeviceDeadline:
    text = entry.at_text
    at: datetime | date = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    because = tuple(ClauseId(each) for each in entry.because)
    return DeviceDeadline(device=entry.device, kind=entry.kind, at=at, ends_at=entry.ends_at, because=because)
