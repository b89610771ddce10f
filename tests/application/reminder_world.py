"""A world in which time passes, facts change and programs are opened, closed and killed; computers account for it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from homepoint.application.reminders import MARKS
from homepoint.domain.facts import (
    Claim,
    ClaimStep,
    Device,
    DeviceStatus,
    Plan,
    PlanProduct,
    Service,
    Step,
)
from homepoint.domain.lead_times import Lead, LeadUnit, ReminderKind
from homepoint.domain.reminder_record import Record
from homepoint.domain.reminders import kind_of_reminder
from homepoint.domain.values import DeviceId, add_months
from tests import builders as make
from tests.application.reminder_account import START, Computer, Shared, Token
from tests.application.reminder_counting import came
from tests.application.reminder_kills import StoppedError
from tests.doubles import HeldMarks

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "America/Los_Angeles")
MOST_DEVICES = 8


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
        computer.library.set_zone(ZoneInfo(self.rng.choice(ZONES)), computer.now)
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
