"""What the schema cannot see in an owner file: ids that clash or lead nowhere, spans that end before they begin."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from homepoint.application.exchange import may_share_serial
from homepoint.domain.facts import BoundTo, Device, Fact, kind_of
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import Snapshot
from homepoint.intake.faults import Fault, pointer, shown


class _Home(NamedTuple):
    """Where an id is at home: its kind and its place in that kind's list."""

    kind: str
    number: int


def sense_faults(snapshot: Snapshot) -> Iterator[Fault]:
    """Yield what does not make sense between the facts, each with its place in the owner file and its mend."""
    homes: dict[str, _Home] = {}
    yield from _doubled_ids(snapshot, homes)
    yield from _dangling(snapshot, homes)
    yield from _shared_serials(snapshot)
    yield from _circles(snapshot)
    yield from _backward_spans(snapshot)


def _placed(snapshot: Snapshot) -> Iterator[tuple[Fact, _Home]]:
    kind, index = "", 0
    for fact in snapshot.facts():
        kind, index = (kind_of(fact), 0) if kind_of(fact) != kind else (kind, index + 1)
        yield fact, _Home(kind, index)


def _doubled_ids(snapshot: Snapshot, homes: dict[str, _Home]) -> Iterator[Fault]:
    for fact, home in _placed(snapshot):
        first = homes.setdefault(fact.id, home)
        if first != home:
            message = f"{shown(fact.id)} is already the id of {pointer(*first)}. Give one of the two an id of its own."
            yield Fault(pointer=pointer(*home, "id"), message=message)


_REFERENCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "devices": {"succeeds": ("devices",)},
    "bindings": {"device": ("devices",)},
    "plans": {"device": ("devices",)},
    "purchase_notices": {"device": ("devices",)},
    "incidents": {"device": ("devices",), "account": ("accounts",), "controller": ("controllers",)},
    "claims": {"device": ("devices",), "incident": ("incidents",), "plan": ("plans",)},
    "attachments": {"of": ("incidents", "claims", "devices", "plans")},
}
"""Which kinds a field's id may lead to; a binding's target depends on what it binds to."""

_TARGETS = {BoundTo.ACCOUNT: ("accounts",), BoundTo.CONTROLLER: ("controllers",)}


def _dangling(snapshot: Snapshot, homes: Mapping[str, _Home]) -> Iterator[Fault]:
    for fact, home in _placed(snapshot):
        for name, kinds in _REFERENCES.get(home.kind, {}).items():
            yield from _dangling_one(getattr(fact, name), kinds, homes, pointer(*home, name))
    for index, binding in enumerate(snapshot.bindings):
        place = pointer("bindings", index, "target")
        yield from _dangling_one(binding.target, _TARGETS[binding.to], homes, place)


def _dangling_one(id: str | None, kinds: tuple[str, ...], homes: Mapping[str, _Home], place: str) -> Iterator[Fault]:
    if id is None:
        return
    wanted = " or ".join(kinds)
    if id not in homes:
        message = f"names {shown(id)}, which is nowhere in this file. Add it under {wanted}, or correct the id."
        yield Fault(pointer=place, message=message)
    elif homes[id].kind not in kinds:
        message = f"names {shown(id)}, which stands under {homes[id].kind}. Name an id from {wanted}."
        yield Fault(pointer=place, message=message)


def _shared_serials(snapshot: Snapshot) -> Iterator[Fault]:
    bearers: dict[str, list[tuple[int, Device]]] = {}
    for index, device in enumerate(snapshot.devices):
        if device.serial is None or not (serial := normalised(device.serial)):
            continue
        for earlier, other in bearers.setdefault(serial, []):
            if not may_share_serial(device, other):
                message = (
                    f"{shown(device.serial)} is also the serial of {pointer('devices', earlier)}. Correct one of them;"
                    " or, if one took over from the other, name that in succeeds; or mark the earlier one sold."
                )
                yield Fault(pointer=pointer("devices", index, "serial"), message=message)
                break
        bearers[serial].append((index, device))


def _circles(snapshot: Snapshot) -> Iterator[Fault]:
    before = {device.id: device.succeeds for device in snapshot.devices}
    settled: set[str] = set()
    for index, device in enumerate(snapshot.devices):
        trail: set[str] = set()
        unit = device.id
        while unit not in settled and unit not in trail:
            trail.add(unit)
            earlier = before.get(unit)
            if earlier is None:
                break
            unit = earlier
        if unit in trail and before.get(unit) is not None:
            message = "runs in a circle: a device cannot take over from itself. Write null for the oldest unit."
            yield Fault(pointer=pointer("devices", index, "succeeds"), message=message)
        settled |= trail


def _backward_spans(snapshot: Snapshot) -> Iterator[Fault]:
    for index, binding in enumerate(snapshot.bindings):
        if binding.bound_at and binding.unbound_at and binding.unbound_at < binding.bound_at:
            message = "lies before bound_at. Correct one of the two."
            yield Fault(pointer=pointer("bindings", index, "unbound_at"), message=message)
    for index, plan in enumerate(snapshot.plans):
        if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
            message = "lies before starts_on. Correct one of the two."
            yield Fault(pointer=pointer("plans", index, "ends_on"), message=message)
