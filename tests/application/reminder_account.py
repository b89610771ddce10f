"""One computer of the simulated owner, and the account of what its program owes.

The account is kept without the code under test: it asks the rules for every deadline, counts back from it by itself,
and holds in plain sets what was shown where and who knew of it. It asserts at every look of a program that what is
shown is exactly what had come due there, no more and no less.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Changes, Edit
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import LEAD_TIME_MARKS, MARKS, Reminders
from homepoint.application.workspace import Workspace
from homepoint.domain.assessment import DeadlineState
from homepoint.domain.facts import (
    Device,
    Fact,
)
from homepoint.domain.lead_times import Lead, LeadTimes, lead_of, lead_times_of
from homepoint.domain.reminder_record import Record
from homepoint.domain.reminders import DeviceDeadline, kind_of_reminder
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.rules.reminding import Announcement
from homepoint.domain.values import DeviceId
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.application.reminder_counting import Write, came
from tests.application.reminder_kills import FragileJournal, FragileMarks, Killer, StoppedError
from tests.domain.owner import TERMS
from tests.doubles import HeldMarks, SetClock

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Token = tuple[str, str]
"""A deadline's key, and a lead, "snooze ...", or "end"."""


class Shared:
    """What computers hand to each other: facts and marks with their clocks, and who was told what and when."""

    def __init__(self, marks: HeldMarks) -> None:
        self.marks = marks
        self.facts: dict[str, tuple[datetime, str, type[Fact], Fact | None]] = {}
        self.told: dict[str, dict[str, datetime]] = {}


class Computer(Shared):
    """One computer of the owner, its program open or closed, and the account of what it owes."""

    def __init__(self, name: str, folder: Path, rng: Random, tally: Counter[str]) -> None:
        killer = Killer()
        marks, journal = FragileMarks(computer=name), FragileJournal()
        marks.killer = journal.killer = killer
        super().__init__(marks)
        self.name, self.rng, self.tally, self.killer, self.journal = name, rng, tally, killer, journal
        self.clock = SetClock(START)
        self.library: SqliteLibrary = make.library_at(folder / f"{name}.db", name)
        self.library._connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug
        self.is_open = self.first_look = self.can_meet = False
        self.owed: dict[Token, datetime] = {}
        self.snoozed: dict[str, datetime] = {}
        self.may_be_seen_again: set[Token] = set()
        self.maybe_taken: set[Token] = set()
        self.owed_ends: set[Token] = set()
        self.entrusted: set[Token] = set()
        self.void: set[Token] = set()
        self.shown_by: Counter[Token] = Counter()
        self.looked_at = self.closed_until = START
        self.zone_before: ZoneInfo | None = None
        self._devices: list[DeviceId] = []
        self._lead_marks: Mapping[str, str] = {}
        self._times = LeadTimes()
        self.ever_looked = False
        self.ends_unsure: datetime | None = None
        self._cache: dict[DeviceId, tuple[datetime | None, tuple[DeviceDeadline, ...]]] = {}

    @property
    def now(self) -> datetime:
        return self.clock.now

    # What the rules say, asked by the account itself.

    def visible(self) -> dict[str, DeviceDeadline]:
        """Return every deadline that is not met now, past ones too."""
        if not self._cache:
            self._devices = [each.id for each in self.library.all(Device)]
        for device in self._devices:
            cached = self._cache.get(device)
            if cached is None or (cached[0] is not None and cached[0] <= self.now):
                facts = self.library.device_facts(device)
                assert facts is not None
                found = evaluate(facts, TERMS, self.now)
                self._cache[device] = (
                    found.holds_until,
                    tuple(
                        DeviceDeadline(device=device, kind=each.kind, at=each.at, ends_at=each.ends_at)
                        for each in found.deadlines
                        if each.state is not DeadlineState.MET
                    ),
                )
        return {each.key: each for _, deadlines in self._cache.values() for each in deadlines}

    def _rules_turn(self) -> datetime | None:
        return min((turn for turn, _ in self._cache.values() if turn is not None), default=None)

    def leads(self, deadline: DeviceDeadline) -> list[Lead]:
        marks = self.marks.marks(LEAD_TIME_MARKS)
        if marks != self._lead_marks:
            self._lead_marks, self._times = marks, lead_times_of(marks)
        found = self._times.of(kind_of_reminder(deadline.kind, deadline.at), deadline.device)
        return sorted(found, key=lambda lead: came(deadline, lead, self.library.zone))

    def is_covered(self, deadline: DeviceDeadline, lead: Lead) -> bool:
        """Say whether this computer knows that this reminder, or a more urgent or later one, was told."""
        comes = came(deadline, lead, self.library.zone)
        for what, told_at in self.told.get(deadline.key, {}).items():
            if what.startswith("snooze"):
                continue
            other = lead_of(what)
            if other is None or other == lead or told_at >= comes:
                return True
            if came(deadline, other, self.library.zone) >= comes:
                return True
        return False

    # Time passes.

    def advance(self, to: datetime) -> None:
        """Let time pass here: what comes due is owed, and an open program wakes when it said it would."""
        while self.now < to:
            deadlines = self.visible()
            following = [to]
            if (turn := self._rules_turn()) is not None:
                following.append(turn)
            wake = self._wakes_at() if self.is_open else None
            if wake is not None:
                following.append(wake)
            nxt = min(each for each in following if each > self.now)
            self._owe(deadlines, nxt)
            self.clock.now = nxt
            if self.is_open and wake is not None and wake <= nxt:
                self.look()

    def _wakes_at(self) -> datetime | None:
        found = [self.reminders.next_turn(self.now), self.library.next_change()]
        return min((each for each in found if each is not None and each > self.now), default=None)

    def _owe(self, deadlines: dict[str, DeviceDeadline], until: datetime) -> None:
        record, zone = Record(self.marks.marks(MARKS)), self.library.zone
        for key, deadline in deadlines.items():
            if record.is_silent(deadline) or deadline.ends_at <= self.now:
                continue
            for lead in self.leads(deadline):
                token = key, str(lead)
                if self.now < came(deadline, lead, zone) <= until and token[1] not in self.told.get(key, {}):
                    self.owed.setdefault(token, came(deadline, lead, zone))
            snooze = self.snoozed.get(key)
            if snooze is not None and self.now < snooze <= until:
                self.owed[key, f"snooze {snooze}"] = snooze

    # The program.

    def open(self, syncing: Callable[["Computer"], None] | None = None) -> None:
        """Start the program; it may synchronise before it shows anything."""
        self.workspace = Workspace(self.library, TERMS, self.clock)
        self.reminders = Reminders(self.workspace, self.marks, self.journal, self.name)
        self.wishes = ReminderWishes(self.reminders, self.workspace, self.marks)
        self.is_open = self.first_look = True
        self.tally["starts"] += 1
        try:
            self.reminders.begin(self.now)
        except StoppedError:
            self._killed()
            return
        if syncing is not None:
            syncing(self)
        self.look()

    def close(self) -> None:
        self.is_open = False

    def _killed(self) -> None:
        self.tally["kills"] += 1
        self.is_open = False

    def look(self) -> None:
        """Let the program look and show, and hold what it shows against what is owed."""
        while self.workspace.refresh_some(self.now):
            pass
        assert self.reminders.is_ready(self.now)
        is_first, since = self.first_look and self.ever_looked, self.looked_at
        must, may = self._expected(since, is_first)
        shown: set[Token] = set()
        before = Record(self.marks.marks(MARKS))
        try:
            taken = self.reminders.take(self.now)
            assert taken.while_away == is_first, "a list at the start, notices after it"
            for each in taken.announcements:
                self.killer.step()
                shown |= self._show(each, is_first, must | may)
                self.killer.step()
                self.reminders.shown(each.deadline.key)
                self._seen(each)
        except StoppedError:
            self.maybe_taken |= (must | may) - shown
            self.owed_ends |= {token for token in must - shown if token[1] == "end"}
            self.ends_unsure = self.now  # it may have noted that it saw so far, and then other ends are no news
            self._killed()
            return
        for token in must - shown:
            mark = before.told(token[0])
            assert mark is not None, f"{self.name} at {self.now}: lost {token}"
            assert mark.by != self.name, f"{self.name} at {self.now}: lost {token}"
            self.entrusted.add(token)  # the other computer was stopped after marking: it will list it at its next start
            self.owed.pop(token, None)
        self.maybe_taken.clear()
        self.zone_before = None
        self.owed_ends.clear()
        self.first_look, self.looked_at, self.ever_looked, self.ends_unsure = False, self.now, True, None
        self.may_be_seen_again.clear()

    def _expected(self, since: datetime, is_first: bool) -> tuple[set[Token], set[Token]]:
        """Return what must be shown now, and what may be."""
        record, zone = Record(self.marks.marks(MARKS)), self.library.zone
        deadlines = {key: each for key, each in self.visible().items() if not record.is_silent(each)}
        must = set[Token]()
        may = self.may_be_seen_again | self.maybe_taken if self.first_look else set[Token]()
        must |= self._still_owed(deadlines)
        for key, deadline in deadlines.items():
            if deadline.ends_at <= since:
                continue
            leads = self.leads(deadline)
            for lead in leads:
                comes = came(deadline, lead, zone)
                was_ahead = since < max(comes, came(deadline, lead, self.zone_before or zone))
                if was_ahead and comes <= self.now and not self.is_covered(deadline, lead):
                    may.add((key, str(lead)))
            last = leads[-1]
            is_last_chance = came(deadline, last, zone) <= self.now < deadline.ends_at
            if is_last_chance and not self.is_covered(deadline, last):
                must.add((key, str(last)))
            snooze = self.snoozed.get(key)
            if snooze is not None and snooze <= self.now and since < deadline.ends_at:
                must.add((key, f"snooze {snooze}"))  # its date had changed when it ran out, and is back
            ended = since < deadline.ends_at <= self.now and "end" not in self.told.get(key, {})
            if is_first and ended:
                is_unsure = self.ends_unsure is not None and deadline.ends_at <= self.ends_unsure
                # what another computer recorded, and what passed long before this one heard of it, is no news here
                is_unsure = is_unsure or (self.can_meet and deadline.ends_at + timedelta(days=30) <= self.now)
                is_unsure = is_unsure and (key, "end") not in self.owed_ends
                (may if is_unsure else must).add((key, "end"))
        return must, may

    def _still_owed(self, deadlines: dict[str, DeviceDeadline]) -> set[Token]:
        """Return what came due here and is not settled; what is void or was told elsewhere is owed no more."""
        must = set[Token]()
        for token in list(self.owed):
            deadline = deadlines.get(token[0])
            lead = lead_of(token[1])
            unchosen = lead is not None and deadline is not None and lead not in self.leads(deadline)
            if deadline is None or unchosen or (lead is None and self.snoozed.get(token[0]) != self.owed[token]):
                self.tally["void: date or lead times changed, met, done, muted"] += 1
                self.void.add(token)
                del self.owed[token]
            elif lead is not None and self.is_covered(deadline, lead):
                self.tally["told or overtaken on the other computer"] += 1
                del self.owed[token]
            else:
                must.add(token)
        return must

    def _show(self, each: Announcement, is_first: bool, allowed: set[Token]) -> set[Token]:
        """Take note that something stands on the screen."""
        key = each.deadline.key
        tokens = {(key, str(reminder.lead)) for reminder in each.reminders}
        tokens |= {(key, f"snooze {until}") for until in each.snoozes}
        if is_first and each.has_ended:
            tokens.add((key, "end"))
        for token in tokens:
            if token in self.may_be_seen_again:
                assert each.may_have_been_shown, "it says that it may have been seen"
                self.tally["shown again after a kill in the moment of showing"] += 1
                continue
            assert token in allowed or (token[1] == "end" and each.may_have_been_shown), (
                f"{self.name} at {self.now}: {token} was not due, or told before"
            )
            self.tally["listed while away" if is_first else "announced"] += 1
            self.shown_by[token] += 1
        self.may_be_seen_again |= tokens
        mark = Record(self.marks.marks(MARKS)).told(key)  # what an earlier run took was decided then, not now
        taken_at = mark.at if mark is not None and mark.by == self.name else self.now
        for token in tokens:
            self.told.setdefault(key, {})[token[1]] = taken_at
            self.owed.pop(token, None)
            if token[1].startswith("snooze"):
                self.snoozed.pop(key, None)
        if each.has_ended:
            self.told.setdefault(key, {})["end"] = self.now
        return tokens

    def _seen(self, each: Announcement) -> None:
        self.may_be_seen_again = {token for token in self.may_be_seen_again if token[0] != each.deadline.key}

    # What the owner does.

    def write(self, before: Fact | None, after: Fact | None) -> None:
        """Change a fact by a command, and let the program hear of it."""
        if self.rng.random() < 0.7:
            self.look()
        if not self.is_open:
            return
        change = Change(before=before, after=after)
        self.workspace.do(Write(Edit(title="Changed", changes=(change,))))
        fact = change.fact
        self.facts[fact.id] = (self.now, self.name, type(fact), after)
        self._cache.clear()
        self.tally["changes of facts"] += 1
        self.look()

    def exchange(self, server: Shared) -> None:
        """Give and take facts and marks."""
        self.marks.merge(server.marks)
        server.marks.merge(self.marks)
        for key in {*server.told, *self.told}:
            known = {**server.told.get(key, {}), **self.told.get(key, {})}
            self.told[key], server.told[key] = dict(known), dict(known)
        for id in sorted({*server.facts, *self.facts}):
            mine, theirs = self.facts.get(id), server.facts.get(id)
            if mine is not None and (theirs is None or mine[:2] > theirs[:2]):
                server.facts[id] = mine
            elif theirs is not None and (mine is None or theirs[:2] > mine[:2]):
                before = self.library.get(theirs[2], id)
                self.facts[id] = theirs
                if before != theirs[3]:
                    self.library.write(make.changing(before, theirs[3]), self.now)
        self._cache.clear()
        self.library.keep(())
        for device in self.library.all(Device):  # as the real one does for what it took in
            self.workspace._refresh([device.id], self.now)
        self.workspace.announce(Changes(everything=True))
        self.tally["exchanges"] += 1
