"""A made-up fleet for the benchmarks: devices with plans and bindings, spread over models, regions and years."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Edit
from homepoint.domain.facts import (
    Account,
    Binding,
    BoundTo,
    Channel,
    Condition,
    Controller,
    Device,
    Fact,
    Plan,
    PlanProduct,
)
from homepoint.domain.values import AccountId, BindingId, ControllerId, DeviceId, PlanId, Region
from homepoint.storage.library import SqliteLibrary

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_MODELS = ("DJI Mini 4 Pro", "DJI Mavic 3", "DJI Air 3", "DJI Mini 3 Pro", "Osmo Pocket 3", "DJI FPV")
_REGIONS = tuple(Region(name) for name in ("US", "DE", "JP", "GB", "FR"))


def fleet(count: int) -> Iterator[Fact]:
    """Yield `count` devices, most with a plan and both bindings, and what they are bound to."""
    yield Account(id=AccountId("a0"), label="operator")
    for number in range(count):
        device = DeviceId(f"d{number}")
        active_at = NOW - timedelta(days=number * 7 % 700, hours=number % 24)
        region = _REGIONS[number % len(_REGIONS)]
        yield Controller(id=ControllerId(f"c{number}"), serial=f"5YSZK{number:09d}")
        yield Device(
            id=device,
            model=_MODELS[number % len(_MODELS)],
            serial=f"1581F6Z9C24A{number:08d}",
            nickname=f"Unit {number}",
            region=region,
            channel=Channel.DJI_STORE,
            condition=Condition.NEW,
            purchased_on=active_at.date(),
            received_on=active_at.date(),
            activated_at=active_at,
            proof_of_purchase=True,
        )
        for to, target in ((BoundTo.ACCOUNT, "a0"), (BoundTo.CONTROLLER, f"c{number}")):
            yield Binding(id=BindingId(f"b{number}{to}"), device=device, to=to, target=target, bound_at=active_at)
        if number % 5:
            yield Plan(
                id=PlanId(f"p{number}"),
                device=device,
                product=PlanProduct.ONE_YEAR,
                region=region,
                purchased_at=active_at + timedelta(hours=5),
                bound_at=active_at + timedelta(hours=5),
            )


def make_library(folder: Path, count: int) -> SqliteLibrary:
    """Return a library of `count` devices in a folder, written in one edit."""
    folder.mkdir(parents=True, exist_ok=True)
    library = SqliteLibrary(folder / "homepoint.sqlite", zone=ZoneInfo("UTC"), person="benchmark", computer="benchmark")
    library.write(Edit(title="Fleet", changes=tuple(Change(after=fact) for fact in fleet(count))), NOW)
    return library
