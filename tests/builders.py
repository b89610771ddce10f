"""Facts for tests: each builder makes a whole one from the few values a test cares about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Edit
from homepoint.application.ports import AgendaEntry, Standing
from homepoint.domain.assessment import CareState, DeadlineKind, DeadlineState
from homepoint.domain.facts import (
    Account,
    Attachment,
    Binding,
    BoundTo,
    Category,
    Claim,
    ClaimStep,
    Controller,
    Device,
    Fact,
    Fee,
    Incident,
    IncidentKind,
    NoticeKind,
    Part,
    Plan,
    PlanProduct,
    Position,
    PurchaseNotice,
    ReturnedUnit,
    Service,
    Step,
    Wish,
)
from homepoint.domain.values import (
    AccountId,
    AttachmentId,
    BindingId,
    ClaimId,
    ControllerId,
    DeviceId,
    IncidentId,
    Money,
    NoticeId,
    PlanId,
)
from homepoint.storage.library import SqliteLibrary

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=BERLIN)


def device(id: str = "d1", **values: Any) -> Device:
    """Return an aircraft in use."""
    return Device(id=DeviceId(id), **{"model": "DJI Mini 4 Pro", "category": Category.AIRCRAFT, **values})


def account(id: str = "a1", **values: Any) -> Account:
    """Return an account called "me"."""
    return Account(id=AccountId(id), **{"label": "me", **values})


def controller(id: str = "c1", **values: Any) -> Controller:
    """Return a controller with a serial."""
    return Controller(id=ControllerId(id), **{"serial": "5YSZK1234567AB", **values})


def binding(id: str = "b1", device: str = "d1", target: str = "a1", **values: Any) -> Binding:
    """Return a binding to an account that began a day before NOW."""
    return Binding(
        id=BindingId(id),
        device=DeviceId(device),
        target=target,
        **{"to": BoundTo.ACCOUNT, "bound_at": NOW - timedelta(days=1), **values},
    )


def plan(id: str = "p1", device: str = "d1", **values: Any) -> Plan:
    """Return a 1-year plan."""
    return Plan(id=PlanId(id), device=DeviceId(device), **{"product": PlanProduct.ONE_YEAR, **values})


def notice(id: str = "n1", device: str = "d1", **values: Any) -> PurchaseNotice:
    """Return a pending verification by video."""
    return PurchaseNotice(id=NoticeId(id), device=DeviceId(device), **{"kind": NoticeKind.VIDEO, **values})


def incident(id: str = "i1", device: str = "d1", **values: Any) -> Incident:
    """Return a flyaway a day before NOW."""
    return Incident(
        id=IncidentId(id),
        device=DeviceId(device),
        **{"kind": IncidentKind.FLYAWAY, "at": NOW - timedelta(days=1), **values},
    )


def claim(id: str = "k1", device: str = "d1", **values: Any) -> Claim:
    """Return a claim without steps."""
    return Claim(id=ClaimId(id), device=DeviceId(device), **values)


def attachment(id: str = "f1", of: str = "d1", **values: Any) -> Attachment:
    """Return a photo."""
    return Attachment(id=AttachmentId(id), of=of, **{"name": "crash.jpg", **values})


def one_of_each() -> tuple[Fact, ...]:
    """Return a fact of every kind with every kind of field filled, unknown keys included."""
    newer = {"newer": {"deep": [1, None, "ü"]}}
    money = Money(amount=Decimal("759.00"), currency="EUR")
    return (
        account(email="x@example.org", extra=newer),
        controller(label="RC 2", extra=newer),
        device(serial=" 1581f6z9c24au0034srd ", price=money, proof_of_purchase=False, activated_at=NOW, extra=newer),
        binding(checked_at=(NOW, datetime(2026, 5, 5, tzinfo=UTC)), extra=newer),
        plan(replacements=2, starts_on=NOW.date(), extra=newer),
        notice(submitted_at=NOW, extra=newer),
        incident(
            wants=(Wish.SPEED,),
            parts=(Part.AIRCRAFT, Part.BATTERY),
            retrievable=False,
            position=Position(lat=52.5, lon=13.4, extra=newer),
            extra=newer,
        ),
        claim(
            service=Service.EXPRESS_PREMIUM,
            steps=(ClaimStep(step=Step.SUBMITTED, at=NOW, extra=newer),),
            returned=ReturnedUnit(serial="X", battery=True),
            deposit=money,
            fees=(Fee(amount=money, label="second use", paid_at=NOW),),
            extra=newer,
        ),
        attachment(size=12345, extra=newer),
    )


def adding(*facts: Fact, title: str = "Added") -> Edit:
    """Return the edit that adds facts."""
    return Edit(title=title, changes=tuple(Change(after=fact) for fact in facts))


def changing(before: Fact | None, after: Fact | None, title: str = "Changed") -> Edit:
    """Return the edit of one change."""
    return Edit(title=title, changes=(Change(before=before, after=after),))


def standing(id: str = "d1", deadlines: Iterable[datetime] = (), **values: Any) -> Standing:
    """Return a standing computed at NOW by catalogue "test", with a purchase deadline at each instant given."""
    return Standing(
        device=DeviceId(id),
        **{
            "assessed_at": NOW,
            "holds_until": None,
            "catalogue": "test",
            "category": Category.AIRCRAFT,
            "care_state": CareState.NONE,
            "care_starts_on": None,
            "care_ends_on": None,
            "replacements_allowed": None,
            "replacements_left": None,
            "flyaway_ready": False,
            "flyaway_missing": ("plan",),
            "agenda": tuple(
                AgendaEntry(
                    device=DeviceId(id),
                    kind=DeadlineKind.FIRST_PURCHASE,
                    at_text=at.isoformat(),
                    ends_at=at,
                    state=DeadlineState.AHEAD,
                    because=("S0-38",),
                )
                for at in deadlines
            ),
            **values,
        },
    )


def library_at(path: Path, computer: str = "desk", key: bytes | None = None) -> SqliteLibrary:
    """Open a library that waits for nobody."""
    return SqliteLibrary(path, zone=BERLIN, person="Ada", computer=computer, patience_s=0.05, key=key)
