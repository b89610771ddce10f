"""What the owner takes over of a pile of files: what can be ticked, and the one edit it becomes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from homepoint.application.changes import Change, Edit
from homepoint.application.checks import Wrong, new_id, refused
from homepoint.application.devices import CorrectDevice, RegisterDevice, new_device_id
from homepoint.application.flight_facts import KEY, FlightFacts, to_keep
from homepoint.application.found import MISSING, Found, FoundDevice, FoundFile
from homepoint.application.papers import Taken, taken
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Attachment, Controller, Device
from homepoint.domain.serials import ALPHABET, normalised
from homepoint.domain.values import AttachmentId, ControllerId, DeviceId

TITLE = "Files taken in"


class Wish(StrEnum):
    """What the owner can tick."""

    REGISTER = "register"
    ACTIVATION = "activation"
    COMPLETE = "complete"
    KEEP = "keep"
    CONTROLLER = "controller"
    PAPER = "value of a paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One check box: a wish about a found device or value of a paper (by its key), or a controller (by its serial)."""

    wish: Wish
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the owner ticked and typed, by the key of the device; `others_with` is a device's id or key, or None."""

    ticked: frozenset[Tick] = frozenset()
    endings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    others_with: str | None = None

    def has(self, wish: Wish, key: str) -> bool:
        """Say whether a box is ticked."""
        return Tick(wish=wish, key=key) in self.ticked


def proposed(found: Found) -> Choices:
    """Return what is ticked before the owner looks: all that adds facts the files state, and no guess."""
    ticks: list[Tick] = []
    for device in found.devices:
        if device.clashes:
            continue
        if device.registered is None:
            ticks.append(Tick(wish=Wish.REGISTER, key=device.key))
        if device.completes:
            ticks.append(Tick(wish=Wish.COMPLETE, key=device.key))
        if device.flights:
            ticks.append(Tick(wish=Wish.KEEP, key=device.key))
    ticks += [Tick(wish=Wish.CONTROLLER, key=each.serial) for each in found.controllers if not each.is_registered]
    return Choices(ticked=frozenset(ticks))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """Write what the owner ticked, as one step of undo. No binding is recorded: a record does not prove one."""

    found: Found
    choices: Choices

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        wrong: Wrong = {}
        changes: list[Change] = []
        targets: dict[str, DeviceId] = {}
        values = taken(
            self.found.papers,
            lambda key: self.choices.has(Wish.PAPER, key),
            self.choices.models,
            self.choices.others_with,
            wrong,
        )
        for device in self.found.devices:
            for change in self._about(device, values, library, now, wrong):
                changes.append(change)
                if isinstance(change.after, Device):
                    targets[device.key] = change.after.id
            if device.registered is not None:
                targets[device.key] = device.registered.id
        for change in _from_papers(values, library, now, wrong):
            changes.append(change)
            if isinstance(change.after, Device) and change.before is None:
                targets[change.after.serial or ""] = change.after.id
        wanted = [each.serial for each in self.found.controllers if not each.is_registered]
        wanted = [each for each in wanted if self.choices.has(Wish.CONTROLLER, each)]
        for serial in dict.fromkeys((*wanted, *values.controllers)):
            changes.append(Change(after=Controller(id=ControllerId(new_id()), serial=serial)))
        changes += self._files(values, targets, library)
        return refused(wrong) or Edit(title=TITLE, changes=tuple(changes))

    def kept_hashes(self, edit: Edit) -> frozenset[str]:
        """Return the SHA-256 of every file an edit attaches."""
        files = (each.after for each in edit.changes if isinstance(each.after, Attachment))
        return frozenset(each.sha256 for each in files if each.sha256)

    def _about(
        self, device: FoundDevice, values: Taken, library: Library, now: datetime, wrong: Wrong
    ) -> Iterator[Change]:
        chosen = self.choices
        if device.registered is not None:
            more = {**values.changed.pop(device.registered.id, {}), **values.changed.pop(device.key, {})}
            changed = replace(device.registered, **more)
            if device.completes and chosen.has(Wish.COMPLETE, device.key):
                changed = replace(changed, serial=device.completes)
            if changed.activated_at is None and chosen.has(Wish.ACTIVATION, device.key):
                changed = replace(changed, activated_at=activation_hint(device))
            answer = CorrectDevice(device=changed).plan(library, now)
        elif chosen.has(Wish.REGISTER, device.key) and not device.clashes:
            serial = _whole_serial(device, chosen.endings.get(device.key, ""), wrong)
            new = Device(
                id=new_device_id(),
                model=chosen.models.get(device.key, device.model).strip(),
                category=device.category,
                serial=serial,
                nickname=chosen.names.get(device.key, device.name).strip() or None,
                activated_at=activation_hint(device) if chosen.has(Wish.ACTIVATION, device.key) else None,
            )
            more = values.changed.pop(device.key, {})
            answer = RegisterDevice(device=replace(new, **more)).plan(library, now)
        else:
            return
        if isinstance(answer, Refused):
            wrong.update({f"{device.key}/{name}": says for name, says in answer.fields.items()})
        else:
            yield from answer.changes

    def _files(self, values: Taken, targets: Mapping[str, DeviceId], library: Library) -> Iterator[Change]:
        chosen = self.choices
        for device in self.found.devices:
            if device.key in targets and chosen.has(Wish.KEEP, device.key):
                for each in device.flights:
                    yield Change(after=_attached(each.file, targets[device.key]))
        for other in self.found.others:
            key = other.file.sha256 or other.file.name
            of = values.owners.get(key) or other.device or chosen.others_with
            owner = targets.get(of, DeviceId(of)) if of else None
            is_there = owner is not None and (owner in targets.values() or library.get(Device, owner) is not None)
            if owner is None or not is_there:
                continue
            if all(file.sha256 != other.file.sha256 for file in library.about(Attachment, owner)):
                yield Change(after=_attached(other.file, owner, values.orders.get(key)))


def activation_hint(device: FoundDevice) -> datetime | None:
    """Return the latest a device can have been activated: what its records say, or else its first flight seen."""
    return device.activated_at or device.first_flight_at


def _whole_serial(device: FoundDevice, typed: str, wrong: Wrong) -> str:
    """Return the serial with the characters the app cut off, as far as the owner typed them."""
    ending = normalised(typed)
    if not device.is_cut or not ending:
        return device.key
    ending = ending.removeprefix(device.key) if len(ending) > MISSING else ending
    if len(ending) != MISSING or set(ending) - set(ALPHABET):
        wrong[f"{device.key}/ending"] = (
            f"Type the last {MISSING} characters of the serial on the label: digits and letters, never I or O."
        )
    return device.key + ending


def _from_papers(values: Taken, library: Library, now: datetime, wrong: Wrong) -> Iterator[Change]:
    """Yield new devices, and changes of devices no flight record in the pile is about."""
    for serial, fields in values.new.items():
        answer = RegisterDevice(device=Device(id=new_device_id(), serial=serial, **fields)).plan(library, now)
        if isinstance(answer, Refused):
            wrong.update({f"{serial}/{name}": f"{serial}: {says}" for name, says in answer.fields.items()})
        else:
            yield from answer.changes
    for id, fields in values.changed.items():
        device = library.get(Device, DeviceId(id))
        if device is None:
            wrong[f"{id}/of"] = "The device that a paper belongs to is not registered: tick that too."
            continue
        answer = CorrectDevice(device=replace(device, **fields)).plan(library, now)
        if isinstance(answer, Refused):
            wrong.update({f"{id}/{name}": says for name, says in answer.fields.items()})
        else:
            yield from answer.changes


def _attached(file: FoundFile, of: DeviceId, order: str | None = None) -> Attachment:
    extra = {KEY: to_keep(file.value)} if isinstance(file.value, FlightFacts) else {}
    return Attachment(
        id=AttachmentId(new_id()),
        of=of,
        name=f"Order {order}, {file.name}" if order else file.name,
        media_type=file.media_type,
        sha256=file.sha256,
        size=file.size,
        extra=MappingProxyType(extra),
    )
