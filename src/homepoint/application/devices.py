"""Commands about devices: register, correct, set the status, replace by a new unit, remove."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from homepoint.application.changes import Change, Edit
from homepoint.application.checks import Wrong, add, check_known, check_past, correct, gone, new_id, refused
from homepoint.application.exchange import may_share_serial
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Attachment, Claim, Device, DeviceStatus, Fact
from homepoint.domain.values import ClaimId, DeviceId


def new_device_id() -> DeviceId:
    """Return an id for a new device."""
    return DeviceId(new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDevice:
    """Add a device. A serial that looks wrong is no reason to refuse it; one that is taken is."""

    device: Device

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.device, _faults(self.device, library, now), "Device added")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDevice:
    """Put these values in place of what is recorded of the device with this id."""

    device: Device

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.device, _faults(self.device, library, now), "Device changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeviceStatus:
    """Say that a device is in use, lost, replaced, sold or retired."""

    device: DeviceId
    status: DeviceStatus

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Device, self.device)
        if before is None:
            return gone(Device)
        after = replace(before, status=self.status)
        wrong: Wrong = {}
        _check_serial(wrong, after, library, field="status")
        return correct(library, after, wrong, "Device status changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceDevice:
    """A new unit takes over from a device: it inherits plan and uses; bindings do not move.

    With `claim`, the claim that brought the new unit notes its serial.
    """

    device: DeviceId
    serial: str
    received_on: date | None = None
    activated_at: datetime | None = None
    claim: ClaimId | None = None
    new_device: DeviceId = field(default_factory=new_device_id)

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        facts = library.device_facts(self.device)
        if facts is None:
            return gone(Device)
        old = facts.device
        new = Device(
            id=self.new_device,
            model=old.model,
            category=old.category,
            serial=self.serial.strip() or None,
            nickname=old.nickname,
            region=old.region,
            received_on=self.received_on,
            activated_at=self.activated_at,
            succeeds=old.id,
        )
        wrong = _faults(new, library, now)
        if facts.successor is not None:
            wrong[""] = "Another unit has taken over from this device already. Replace that one instead."
        if library.get(Device, new.id) is not None:
            wrong[""] = "This device is there already."
        if new.serial is None:
            wrong["serial"] = "Enter the serial of the new unit. It is on its label and on its box."
        claim = None if self.claim is None else library.get(Claim, self.claim)
        if self.claim is not None and claim is None:
            wrong["claim"] = "This claim is no longer there."
        changes = [Change(before=old, after=replace(old, status=DeviceStatus.REPLACED)), Change(after=new)]
        if claim is not None:
            changes.append(Change(before=claim, after=replace(claim, new_serial=new.serial)))
        return refused(wrong) or Edit(title="Device replaced", changes=tuple(changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDevice:
    """Remove a device recorded by mistake, with all that is recorded of it. One that was sold is better kept."""

    device: DeviceId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        facts = library.device_facts(self.device)
        if facts is None:
            return gone(Device)
        of_device: tuple[Fact, ...] = (
            *facts.bindings,
            *facts.plans,
            *facts.notices,
            *facts.incidents,
            *facts.claims,
            facts.device,
        )
        files = [file for fact in of_device for file in library.about(Attachment, fact.id)]
        changes = [Change(before=fact) for fact in (*files, *of_device)]
        if facts.successor is not None:
            changes.append(Change(before=facts.successor, after=replace(facts.successor, succeeds=None)))
        return Edit(title="Device removed", changes=tuple(changes))


def _faults(device: Device, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    if not device.model.strip():
        wrong["model"] = "Choose the model, or type its name."
    if device.price is not None and device.price.amount < 0:
        wrong["price"] = "A price cannot be less than nothing."
    check_past(
        wrong,
        library,
        now,
        purchased_on=device.purchased_on,
        received_on=device.received_on,
        shipped_at=device.shipped_at,
        activated_at=device.activated_at,
    )
    _check_serial(wrong, device, library)
    check_known(wrong, library, device, succeeds=Device)
    _check_succession(wrong, device, library)
    return wrong


def _check_serial(wrong: Wrong, device: Device, library: Library, field: str = "serial") -> None:
    if device.serial is None or not device.serial.strip():
        return
    for other in library.by_serial(device.serial):
        if other.id != device.id and not may_share_serial(device, other):
            wrong[field] = (
                f"{other.nickname or other.model} has this serial already. If that one was sold or replaced before,"
                " set its status first."
            )


def _check_succession(wrong: Wrong, device: Device, library: Library) -> None:
    seen, before = {device.id}, device.succeeds
    while before is not None:
        if before in seen:
            wrong["succeeds"] = "A device cannot take over from itself, nor from one that took over from it."
            return
        seen.add(before)
        unit = library.get(Device, before)
        before = None if unit is None else unit.succeeds
