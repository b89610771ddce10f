"""Hypothesis strategies for devices and plans, with every field a fleet table has."""

from dataclasses import replace

from hypothesis import strategies as st

from homepoint.domain.facts import Device, Plan, nothing_extra
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import Money
from tests.intake.snapshots import snapshots


@st.composite
def fleets(draw: st.DrawFn) -> Snapshot:
    """Draw a snapshot of devices and plans alone, without unknown keys: what a fleet table can hold."""
    whole = draw(snapshots())
    return Snapshot(
        zone=whole.zone,
        devices=tuple(map(_bare_device, whole.devices)),
        plans=tuple(replace(plan, extra=nothing_extra()) for plan in whole.plans if _is_sensible(plan)),
    )


def _bare_device(device: Device) -> Device:
    price = device.price and Money(amount=device.price.amount, currency=device.price.currency)
    return replace(device, price=price, extra=nothing_extra())


def _is_sensible(plan: Plan) -> bool:
    return not (plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on)
