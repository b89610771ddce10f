"""A world in which time passes, facts change and programs are opened, closed and killed, and an account of reminders.

The account is kept without the code under test: it asks the rules for every deadline, counts back from it by itself,
and holds in plain sets what was shown where and who knew of it. It asserts at every look of a program that what is
shown is exactly what had come due there, no more and no less.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Changes, Edit
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import LEAD_TIME_MARKS, MARKS, Reminders
from homepoint.application.workspace import Workspace
from homepoint.domain.assessment import DeadlineState
from homepoint.domain.facts import (
    Claim,
    ClaimStep,
    Device,
    DeviceStatus,
    Fact,
    Plan,
    PlanProduct,
    Service,
    Step,
)
from homepoint.domain.lead_times import Lead, LeadTimes, LeadUnit, ReminderKind, lead_of, lead_times_of
from homepoint.domain.reminder_record import Record
from homepoint.domain.reminders import DeviceDeadline, kind_of_reminder
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.rules.reminding import Announcement
from homepoint.domain.values import DeviceId, add_months
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.domain.owner import TERMS
from tests.doubles import HeldJournal, HeldMarks, SetClock

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "America/Los_Angeles")
MOST_DEVICES = 8
KINDS: tuple[type[Fact], ...] = (Device, Plan, Claim)
Token = tuple[str, str]
"""A deadline's key, and a lead, "snooze ...", or "end"."""


class StoppedError(Exception):
    """The program was killed."""


class Killer:
    """Stops the program at one of its steps to come."""

    def __init__(self) -> None:
        self.steps_left: int | None = None

    def step(self) -> None:
        """Pass a point at which a kill can strike."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                self.steps_left = None
                raise StoppedError


class FragileMarks(HeldMarks):
    """Marks before and after which the program may be killed."""

    killer: Killer

    def set_marks(self, kind: str, values: object, at: datetime) -> None:
        self.killer.step()
        super().set_marks(kind, values, at)  # type: ignore[arg-type]  # as it was given
        self.killer.step()


class FragileJournal(HeldJournal):
    """A journal before and after which the program may be killed."""

    killer: Killer

    def write(self, text: str) -> None:
        self.killer.step()
        super().write(text)
        self.killer.step()


@dataclass(frozen=True)
class Write:
    """A command that is one edit."""

    edit: Edit

    def plan(self, library: object, now: datetime) -> Edit:
        return self.edit


def came(deadline: DeviceDeadline, lead: Lead, zone: ZoneInfo) -> datetime:
    """Return when a reminder is due, counted by the account itself."""
    if isinstance(deadline.at, datetime):
        hours = lead.count * (24 if lead.unit is LeadUnit.DAYS else 1)
        return deadline.at.astimezone(UTC) - timedelta(hours=hours)
    if lead.unit is LeadUnit.HOURS:
        following = date.fromordinal(deadline.at.toordinal() + 1)
        return datetime.combine(following, time(), zone).astimezone(UTC) - timedelta(hours=lead.count)
    return datetime.combine(date.fromordinal(deadline.at.toordinal() - lead.count), time(9), zone).astimezone(UTC)


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


class World:
    """Two computers or one, and an owner who does this and that."""

    def __init__(self, folder: Path, seed: int, computers: int = 2) -> None:
        self.rng, self.tally = Random(seed), Counter[str]()
        self.computers = [Computer(f"pc{at}", folder, self.rng, self.tally) for at in range(computers)]
        for each in self.computers:
            each.can_meet = computers > 1
        self.server = Shared(HeldMarks(computer="server"))
        self.made = 0

    def run(self, days: int) -> None:
        """Let days pass.

        Raises:
            AssertionError: a reminder was lost, shown twice, or shown without being due.
        """
        end, now = START + timedelta(days=days), START
        while now < end:
            now = min(end, now + timedelta(hours=self.rng.expovariate(1 / 6)))
            for each in self.computers:
                each.advance(now)
            computer = self.rng.choice(self.computers)
            if self.rng.random() < 0.12:
                computer.killer.steps_left = self.rng.randrange(12)
            try:
                self._do_something(computer)
            except StoppedError:
                computer._killed()
            computer.killer.steps_left = None if self.rng.random() < 0.5 else computer.killer.steps_left
        self._come_to_rest()

    def _come_to_rest(self) -> None:
        """Open everything once more, so that nothing may still be owed, and count."""
        for each in self.computers:
            each.killer.steps_left = None
            if not each.is_open:
                each.open(self._sync if len(self.computers) > 1 else None)
            assert not each.owed, each.owed
        shown = Counter[Token]()
        void = set[Token]().union(*(each.void for each in self.computers))
        for each in self.computers:
            for token in each.entrusted - void:
                others = [other for other in self.computers if other is not each]
                assert any(token[0] in other.told for other in others), f"lost {token}"
            assert all(count == 1 for count in each.shown_by.values()), "once on each computer"
            shown.update(each.shown_by)
            each.library.close()
        self.tally["on both, which had not met in between"] = sum(count - 1 for count in shown.values())
        self.tally["reminders in all"] = len(shown)
        if len(self.computers) == 1:
            assert max(shown.values(), default=1) == 1, "once"
            assert not self.tally["told or overtaken on the other computer"], "there is no other"

    def _sync(self, computer: Computer) -> None:
        computer.exchange(self.server)

    def _do_something(self, computer: Computer) -> None:
        rng = self.rng
        syncing = self._sync if len(self.computers) > 1 and rng.random() < 0.5 else None
        if not computer.is_open:
            if rng.random() < 0.3 and computer.now >= computer.closed_until:
                computer.open(syncing)
            return
        act = rng.choices(
            (self._close, self._fact, self._wish, self._lead_times, self._exchange, self._move),
            (12, 40, 20, 2, 20, 3),
        )[0]
        act(computer)

    def _close(self, computer: Computer) -> None:
        computer.close()
        if self.rng.random() < 0.1:  # for a season
            computer.closed_until = computer.now + timedelta(days=self.rng.randint(10, 120))

    def _exchange(self, computer: Computer) -> None:
        if len(self.computers) > 1:
            computer.look()
            if computer.is_open:
                self._sync(computer)
                computer.look()

    def _move(self, computer: Computer) -> None:
        """Move to another time zone: alone, as both computers would have to move at once."""
        if len(self.computers) > 1:
            return
        computer.look()
        if not computer.is_open:
            return
        before = {
            (key, str(lead)): came(deadline, lead, computer.library.zone)
            for key, deadline in computer.visible().items()
            for lead in computer.leads(deadline)
        }
        computer.zone_before = computer.zone_before or computer.library.zone
        computer.library.set_zone(ZoneInfo(self.rng.choice(ZONES)))
        computer._cache.clear()
        record = Record(computer.marks.marks(MARKS))
        for key, deadline in computer.visible().items():
            for lead in computer.leads(deadline):
                was, comes = before.get((key, str(lead))), came(deadline, lead, computer.library.zone)
                skipped = was is not None and comes <= computer.now < was
                if skipped and not record.is_silent(deadline) and computer.now < deadline.ends_at:
                    computer.owed[key, str(lead)] = comes
        self.tally["moves to another zone"] += 1
        computer.look()

    def _lead_times(self, computer: Computer) -> None:
        rng, kind = self.rng, self.rng.choice(list(ReminderKind))
        unit = LeadUnit.HOURS if kind is ReminderKind.BUY_WITHIN_HOURS else rng.choice(list(LeadUnit))
        leads = [Lead(count=rng.randint(1, 40), unit=unit) for _ in range(rng.randint(1, 4))]
        devices = [None, *(each.id for each in computer.library.all(Device))]
        computer.look()
        if computer.is_open:
            chosen = None if rng.random() < 0.3 else leads
            assert computer.wishes.set_lead_times(kind, chosen, computer.now, rng.choice(devices)) is None
            computer.look()

    def _wish(self, computer: Computer) -> None:
        rng = self.rng
        computer.look()
        open_ones = [each for each in computer.visible().values() if computer.now < each.ends_at]
        if not open_ones or not computer.is_open:
            return
        deadline, wishes, now = rng.choice(open_ones), computer.wishes, computer.now
        what = rng.choices(("snooze", "done", "again", "mute", "unmute"), (10, 3, 2, 1, 4))[0]
        choices: list[DeviceId | ReminderKind] = [deadline.device, kind_of_reminder(deadline.kind, deadline.at)]
        muted = rng.choice(choices)
        if what == "snooze":
            until = now + timedelta(minutes=rng.randint(1, 6000))
            if len(self.computers) == 1:
                try:
                    wishes.snooze(deadline.key, until, now)
                finally:  # killed in the midst of it, it holds if the mark was set
                    if until in Record(computer.marks.marks(MARKS)).snoozes(deadline.key):
                        computer.snoozed[deadline.key] = until
        elif what == "done":
            wishes.mark_done(deadline.key, now)
            computer.snoozed.pop(deadline.key, None)
        elif what == "again":
            wishes.remind_again(deadline.key, now)
        elif what == "mute":
            wishes.mute(muted, now)
        else:
            for each in (*ReminderKind, *(each.id for each in computer.library.all(Device))):
                wishes.unmute(each, now)
        self.tally["wishes"] += 1
        computer.look()

    def _fact(self, computer: Computer) -> None:
        rng, library, now = self.rng, computer.library, computer.now
        devices = [each for each in library.all(Device) if each.status is DeviceStatus.IN_USE]
        if len(devices) < MOST_DEVICES and rng.random() < 0.3:
            computer.write(None, self._new_device(now))
            return
        if not devices:
            return
        device = rng.choice(devices)
        plans = list(library.about(Plan, device.id))
        claims = list(library.about(Claim, device.id))
        moved = timedelta(hours=rng.randint(-50, 20))
        what = rng.randrange(7)
        if what == 0 and device.activated_at is not None:
            computer.write(device, replace(device, activated_at=now + moved))
        elif what == 1:
            computer.write(device, replace(device, purchased_on=(now - timedelta(days=rng.randint(0, 400))).date()))
        elif what == 2:
            self._plan(computer, device, plans)
        elif what == 3 and plans and plans[-1].starts_on is not None:
            starts_on = plans[-1].starts_on + timedelta(days=rng.randint(-40, 40))
            ends_on = add_months(starts_on, rng.randint(6, 24)) if rng.random() < 0.3 else None
            computer.write(plans[-1], replace(plans[-1], starts_on=starts_on, ends_on=ends_on))
        elif what == 4:
            self._claim(computer, device, claims)
        elif what == 5 and rng.random() < 0.2:
            computer.write(device, replace(device, status=DeviceStatus.SOLD))
        elif what == 6 and plans and rng.random() < 0.3:
            computer.write(plans[-1], None)

    def _new_device(self, now: datetime) -> Device:
        self.made += 1
        hours = self.rng.randint(0, 60)
        model = self.rng.choice(["DJI Mini 4 Pro", "DJI Mini 3 Pro", "Osmo Pocket 3", "DJI Mavic 3"])
        return make.device(
            f"d{self.made}",
            model=model,
            category=None,
            region=self.rng.choice([None, "US", "DE", "JP", "CN"]),
            channel=None,
            condition=None,
            activated_at=now - timedelta(hours=hours),
            purchased_on=(now - timedelta(days=self.rng.randint(0, 20))).date(),
        )

    def _plan(self, computer: Computer, device: Device, plans: list[Plan]) -> None:
        self.made += 1
        bought = computer.now - timedelta(days=self.rng.choice([0, 0, 200, 330, 350, 700]))
        product = PlanProduct.PLUS if plans else self.rng.choice([PlanProduct.ONE_YEAR, PlanProduct.TWO_YEARS])
        made = make.plan(
            f"p{self.made}",
            device=device.id,
            product=product,
            purchased_at=bought,
            bound_at=bought,
            starts_on=None if plans else bought.date(),
        )
        if len(plans) < 2:
            computer.write(None, made)

    def _claim(self, computer: Computer, device: Device, claims: list[Claim]) -> None:
        now = computer.now
        if claims and len(claims[-1].steps) < 3:
            step = ClaimStep(step=self.rng.choice([Step.SENT, Step.RECEIVED_BY_DJI]), at=now)
            computer.write(claims[-1], replace(claims[-1], steps=(*claims[-1].steps, step)))
            return
        self.made += 1
        paid_at = now - timedelta(hours=self.rng.randint(0, 240))
        steps = (ClaimStep(step=Step.SUBMITTED, at=paid_at), ClaimStep(step=Step.FEE_PAID, at=paid_at))
        service = Service.EXPRESS_PREMIUM
        computer.write(None, make.claim(f"k{self.made}", device=device.id, service=service, steps=steps))


def told(tally: Counter[str]) -> str:
    """Return the counts as lines."""
    return "\n".join(f"  {name}: {count:,}" for name, count in sorted(tally.items()))
