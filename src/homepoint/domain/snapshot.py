"""Facts gathered for reading: all of them, or those one device's assessment needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from homepoint.domain.facts import (
    FACT_KINDS,
    Account,
    Attachment,
    Binding,
    Claim,
    Controller,
    Device,
    Extra,
    Fact,
    Incident,
    Plan,
    PurchaseNotice,
    kind_of,
    nothing_extra,
)
from homepoint.domain.values import DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """One device with all facts that bear on it, and the same for the units before it.

    `predecessor` is the unit it took over from (its facts, recursively); `successor` the unit that took over from it.
    `zone` is the owner's time zone, in which days begin and end. Facts may dangle: a binding can name an account
    that is not there. `accounts` and `controllers` hold those that are.
    """

    device: Device
    zone: ZoneInfo
    bindings: tuple[Binding, ...] = ()
    plans: tuple[Plan, ...] = ()
    notices: tuple[PurchaseNotice, ...] = ()
    incidents: tuple[Incident, ...] = ()
    claims: tuple[Claim, ...] = ()
    predecessor: "DeviceFacts | None" = None
    successor: Device | None = None
    accounts: tuple[Account, ...] = ()
    controllers: tuple[Controller, ...] = ()

    def lineage(self) -> Iterator["DeviceFacts"]:
        """Yield this unit and then every unit before it, the newest first."""
        unit: DeviceFacts | None = self
        while unit is not None:
            yield unit
            unit = unit.predecessor


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All facts at once, in the owner file's kinds and order. `extra` are unknown top-level keys of that file."""

    zone: ZoneInfo
    accounts: tuple[Account, ...] = ()
    controllers: tuple[Controller, ...] = ()
    devices: tuple[Device, ...] = ()
    bindings: tuple[Binding, ...] = ()
    plans: tuple[Plan, ...] = ()
    purchase_notices: tuple[PurchaseNotice, ...] = ()
    incidents: tuple[Incident, ...] = ()
    claims: tuple[Claim, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    extra: Extra = field(default_factory=nothing_extra, hash=False)

    def facts(self) -> Iterator[Fact]:
        """Yield every fact, kind by kind."""
        for kind in FACT_KINDS:
            yield from getattr(self, kind)

    def by_device(self) -> Iterator[DeviceFacts]:
        """Yield the facts of every device, in the order of `devices`. A succession that runs in a circle is cut."""
        of: dict[str, dict[str, list[Fact]]] = {}
        for kind in ("bindings", "plans", "purchase_notices", "incidents", "claims"):
            for fact in getattr(self, kind):
                of.setdefault(fact.device, {}).setdefault(kind, []).append(fact)
        devices = {device.id: device for device in self.devices}
        successors = {device.succeeds: device for device in self.devices if device.succeeds}
        for device in self.devices:
            yield self._facts_of(device, devices, successors, of, frozenset())

    def _facts_of(
        self,
        device: Device,
        devices: Mapping[DeviceId, Device],
        successors: Mapping[DeviceId, Device],
        of: Mapping[str, Mapping[str, list[Fact]]],
        seen: frozenset[str],
    ) -> DeviceFacts:
        mine = of.get(device.id, {})
        before = devices.get(device.succeeds) if device.succeeds and device.succeeds not in seen | {device.id} else None
        kinds = {kind: tuple(mine.get(kind, ())) for kind in ("bindings", "plans", "incidents", "claims")}
        return DeviceFacts(
            device=device,
            zone=self.zone,
            notices=tuple(mine.get("purchase_notices", ())),  # type: ignore[arg-type]  # grouped by kind above
            predecessor=None if before is None else self._facts_of(before, devices, successors, of, seen | {device.id}),
            successor=successors.get(device.id),
            accounts=self.accounts,
            controllers=self.controllers,
            **kinds,  # type: ignore[arg-type]  # grouped by kind above
        )


def snapshot_of(zone: ZoneInfo, facts: Iterator[Fact] | list[Fact], extra: Extra | None = None) -> Snapshot:
    """Gather facts of any kind and order into a snapshot that keeps their order within each kind."""
    groups: dict[str, list[Fact]] = {kind: [] for kind in FACT_KINDS}
    for fact in facts:
        groups[kind_of(fact)].append(fact)
    return Snapshot(zone=zone, extra=extra or nothing_extra(), **{kind: tuple(group) for kind, group in groups.items()})  # type: ignore[arg-type]  # one list a kind
