"""A marked sample library to look around in: one device for each state that matters, relative to now.

Everything in it is invented; the serials carry real prefixes and then the word SAMPLE.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from homepoint.application.changes import Change, Edit
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import (
    Account,
    Binding,
    BoundTo,
    Category,
    Channel,
    Claim,
    ClaimStep,
    Condition,
    Controller,
    Device,
    DeviceStatus,
    Fact,
    Incident,
    IncidentKind,
    Part,
    Plan,
    PlanProduct,
    Service,
    Step,
)
from homepoint.domain.values import (
    AccountId,
    BindingId,
    ClaimId,
    ControllerId,
    DeviceId,
    IncidentId,
    PlanId,
    Region,
    add_months,
)

MARK = "homepoint-sample"
"""The unknown key that marks a sample fact, in the database and in an exported owner file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSampleData:
    """Add the sample library beside whatever is there."""

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        """Add what is not there yet; nothing to do when all of it is."""
        missing = [fact for fact in sample_facts(now, library) if library.get(type(fact), fact.id) is None]
        return Edit(title="Sample data added", changes=tuple(Change(after=fact) for fact in missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSampleData:
    """Remove every marked fact, and what the owner recorded of sample devices while looking around."""

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        """Remove it all; nothing to do when none is there."""
        facts = list(library.snapshot().facts())
        gone = {fact.id for fact in facts if is_sample(fact)}
        gone |= {fact.id for fact in facts if getattr(fact, "device", None) in gone}
        gone |= {fact.id for fact in facts if getattr(fact, "of", None) in gone}
        changes = [Change(before=fact) for fact in facts if fact.id in gone]
        changes += [
            Change(before=fact, after=replace(fact, succeeds=None))
            for fact in facts
            if isinstance(fact, Device) and fact.id not in gone and fact.succeeds in gone
        ]
        return Edit(title="Sample data removed", changes=tuple(changes))


def is_sample(fact: Fact) -> bool:
    """Say whether a fact is part of the sample library."""
    return fact.extra.get(MARK) is True


def has_sample_data(library: Library) -> bool:
    """Say whether the sample library is there, for the banner that offers to remove it."""
    return any(is_sample(account) for account in library.all(Account))


def sample_facts(now: datetime, library: Library) -> tuple[Fact, ...]:
    """Return the sample library as it stands `now`, with days in the library's time zone."""
    sample = _Sample(now.replace(microsecond=0).astimezone(library.zone))
    facts = (
        *sample.people_and_controllers(),
        *sample.just_activated(),
        *sample.replaced_once(),
        *sample.all_ready(),
        *sample.expired(),
        *sample.ends_soon(),
        *sample.on_no_flyaway_list(),
    )
    return tuple(replace(fact, extra={MARK: True}) for fact in facts)


@dataclass(frozen=True, slots=True)
class _Sample:
    now: datetime  # in the owner's time zone

    def people_and_controllers(self) -> Iterable[Fact]:
        yield Account(id=AccountId("sample-account"), label="Sample owner", email="owner@example.org")
        yield Controller(id=ControllerId("sample-rc-2"), serial="SAMPLE00000RC2", model="DJI RC 2", label="Sample RC 2")
        yield Controller(
            id=ControllerId("sample-rc-pro"), serial="SAMPLE0000RCP1", model="DJI RC Pro", label="Sample RC Pro"
        )

    def just_activated(self) -> Iterable[Fact]:
        """Activated 30 hours ago and no plan yet: the window for the first one is still open, but not for long."""
        activated_at = self.now - timedelta(hours=30)
        yield _device("wren", "DJI Mini 5 Pro", "Wren", "1581FANLSAMPLE000001", "DE", activated_at)
        yield _to_account("wren", activated_at + timedelta(minutes=5))
        yield _to_controller("wren", "sample-rc-2", activated_at + timedelta(minutes=9))

    def replaced_once(self) -> Iterable[Fact]:
        """A unit that crashed and the one DJI sent for it, which inherits the plan; its controller is not bound yet."""
        activated_at = self.now - timedelta(days=200)
        crashed_at = self.now - timedelta(days=45)
        sent_at = crashed_at + timedelta(days=9)
        first = _device(
            "kestrel-old", "DJI Mini 4 Pro", "Kestrel, first unit", "1581F6Z9SAMPLE000002", "DE", activated_at
        )
        yield replace(first, status=DeviceStatus.REPLACED)
        yield _to_account("kestrel-old", activated_at, until=crashed_at + timedelta(days=1))
        yield _to_controller("kestrel-old", "sample-rc-2", activated_at, until=crashed_at + timedelta(days=1))
        yield _plan("kestrel-old", PlanProduct.ONE_YEAR, "DE", activated_at.date(), activated_at + timedelta(hours=20))
        yield Incident(
            id=IncidentId("sample-crash"),
            device=_id("kestrel-old"),
            at=crashed_at,
            kind=IncidentKind.COLLISION,
            retrievable=True,
            account=AccountId("sample-account"),
            controller=ControllerId("sample-rc-2"),
            parts=(Part.AIRCRAFT, Part.GIMBAL),
            description="Hit a branch on the way home.",
        )
        yield Claim(
            id=ClaimId("sample-claim"),
            incident=IncidentId("sample-crash"),
            device=_id("kestrel-old"),
            plan=PlanId("sample-plan-kestrel-old"),
            service=Service.EXPRESS_BASIC,
            steps=tuple(
                ClaimStep(step=step, at=crashed_at + timedelta(days=days))
                for step, days in (
                    (Step.SUBMITTED, 1),
                    (Step.ACCEPTED, 2),
                    (Step.SENT, 3),
                    (Step.RECEIVED_BY_DJI, 6),
                    (Step.FEE_PAID, 8),
                    (Step.REPLACEMENT_SENT, 9),
                    (Step.CLOSED, 12),
                )
            ),
            battery_registered=True,
            new_serial="1581F6Z9SAMPLE000003",
        )
        yield Device(
            id=_id("kestrel"),
            model="DJI Mini 4 Pro",
            category=Category.AIRCRAFT,
            serial="1581F6Z9SAMPLE000003",
            nickname="Kestrel",
            region=Region("DE"),
            received_on=(sent_at + timedelta(days=2)).date(),
            activated_at=sent_at + timedelta(days=2, hours=3),
            succeeds=_id("kestrel-old"),
        )
        yield _to_account("kestrel", sent_at + timedelta(days=2, hours=4))

    def all_ready(self) -> Iterable[Fact]:
        """A 2-year plan, account and controller bound and checked: a flyaway would be covered."""
        activated_at = self.now - timedelta(days=150)
        yield _device("osprey", "DJI Mavic 3", "Osprey", "1581F45TSAMPLE000004", "US", activated_at)
        yield _to_account("osprey", activated_at + timedelta(minutes=4))
        bound = _to_controller("osprey", "sample-rc-pro", activated_at + timedelta(minutes=6))
        yield replace(bound, checked_at=(self.now - timedelta(days=12),))
        yield _plan("osprey", PlanProduct.TWO_YEARS, "US", activated_at.date(), activated_at + timedelta(hours=1))

    def expired(self) -> Iterable[Fact]:
        """A plan whose last day was 9 days ago: it can still be renewed, for a few days."""
        starts_on = add_months(self.now.date() - timedelta(days=8), -12)
        activated_at = self._morning(starts_on)
        yield replace(
            _device("pocket", "Osmo Pocket 3", "Pocket", "SAMPLEPCKET005", "DE", activated_at),
            category=Category.HANDHELD,
        )
        yield _to_account("pocket", activated_at + timedelta(minutes=3))
        yield _plan("pocket", PlanProduct.ONE_YEAR, "DE", starts_on, activated_at + timedelta(hours=2))

    def ends_soon(self) -> Iterable[Fact]:
        """A plan in its last three weeks, never used: the reward for safe use is in sight."""
        starts_on = add_months(self.now.date() + timedelta(days=20), -12)
        activated_at = self._morning(starts_on)
        yield _device("swift", "DJI Air 3", "Swift", "1581F6N8SAMPLE000006", "JP", activated_at)
        yield _to_account("swift", activated_at + timedelta(minutes=7))
        yield _to_controller("swift", "sample-rc-2", activated_at + timedelta(minutes=8))
        yield _plan("swift", PlanProduct.ONE_YEAR, "JP", starts_on, activated_at + timedelta(hours=3))

    def on_no_flyaway_list(self) -> Iterable[Fact]:
        """A plan, both bindings, and yet no flyaway cover: no list names this model."""
        activated_at = self.now - timedelta(days=90)
        yield _device("falcon", "DJI FPV", "Falcon", "37QSAMPLE00007", "US", activated_at)
        yield _to_account("falcon", activated_at + timedelta(minutes=5))
        yield _to_controller("falcon", "sample-rc-2", activated_at + timedelta(minutes=6))
        yield _plan("falcon", PlanProduct.ONE_YEAR, "US", activated_at.date(), activated_at + timedelta(hours=5))
        yield from self._open_claim("falcon", self.now - timedelta(days=4, hours=2))

    def _open_claim(self, name: str, crashed_at: datetime) -> Iterable[Fact]:
        """Express Premium under way: the replacement was sent, and the old unit must go back now."""
        yield Incident(
            id=IncidentId(f"sample-crash-{name}"),
            device=_id(name),
            at=crashed_at,
            kind=IncidentKind.COLLISION,
            retrievable=True,
            account=AccountId("sample-account"),
            controller=ControllerId("sample-rc-2"),
            parts=(Part.AIRCRAFT,),
            description="Clipped a gate at low height.",
        )
        yield Claim(
            id=ClaimId(f"sample-claim-{name}"),
            incident=IncidentId(f"sample-crash-{name}"),
            device=_id(name),
            plan=PlanId(f"sample-plan-{name}"),
            service=Service.EXPRESS_PREMIUM,
            steps=tuple(
                ClaimStep(step=step, at=crashed_at + timedelta(days=days))
                for step, days in (
                    (Step.SUBMITTED, 1),
                    (Step.FEE_PAID, 2),
                    (Step.DEPOSIT_HELD, 2),
                    (Step.REPLACEMENT_SENT, 3),
                )
            ),
            battery_registered=True,
        )

    def _morning(self, day: date) -> datetime:
        return datetime.combine(day, time(9), self.now.tzinfo)


def _id(name: str) -> DeviceId:
    return DeviceId(f"sample-{name}")


def _device(name: str, model: str, nickname: str, serial: str, region: str, activated_at: datetime) -> Device:
    return Device(
        id=_id(name),
        model=model,
        category=Category.AIRCRAFT,
        serial=serial,
        nickname=nickname,
        region=Region(region),
        channel=Channel.DJI_STORE,
        condition=Condition.NEW,
        purchased_on=activated_at.date() - timedelta(days=4),
        received_on=activated_at.date() - timedelta(days=1),
        activated_at=activated_at,
        proof_of_purchase=True,
    )


def _to_account(name: str, since: datetime, until: datetime | None = None) -> Binding:
    return Binding(
        id=BindingId(f"sample-account-{name}"),
        device=_id(name),
        to=BoundTo.ACCOUNT,
        target="sample-account",
        bound_at=since,
        unbound_at=until,
    )


def _to_controller(name: str, controller: str, since: datetime, until: datetime | None = None) -> Binding:
    return Binding(
        id=BindingId(f"sample-controller-{name}"),
        device=_id(name),
        to=BoundTo.CONTROLLER,
        target=controller,
        bound_at=since,
        unbound_at=until,
    )


def _plan(name: str, product: PlanProduct, region: str, starts_on: date, purchased_at: datetime) -> Plan:
    return Plan(
        id=PlanId(f"sample-plan-{name}"),
        device=_id(name),
        product=product,
        region=Region(region),
        purchased_at=purchased_at,
        bound_at=purchased_at + timedelta(minutes=5),
        starts_on=starts_on,
    )
