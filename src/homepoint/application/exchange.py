"""Taking an owner file's facts into a library: one edit that can be undone, and a report of what it did."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, time
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Edit
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Binding, Device, DeviceStatus, Fact, Plan, kind_of
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import Snapshot

F = TypeVar("F", bound=Fact)
TITLE = "Owner file imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What an import adds, changes and leaves as it is: names of facts by kind ("devices": "Kestrel")."""

    added: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, ...]]
    skipped: Mapping[str, tuple[str, ...]]

    @property
    def changes_nothing(self) -> bool:
        """True when everything was there already."""
        return not self.added and not self.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What an import would do. `edit` is None when nothing changes.

    `zone` and `extra` are the library's from now on: the file's time zone where the library was empty, and the
    unknown top-level keys of both.
    """

    edit: Edit | None
    report: MergeReport
    zone: ZoneInfo
    extra: Mapping[str, object]


def merge(imported: Snapshot, stored: Snapshot) -> Merge | Refused:
    """Plan how a library (`stored`) takes in the facts of an owner file, by their ids.

    A fact the library lacks is added. One it has is changed where the file says something else; what the file leaves
    open (null, a missing key, an empty list) never erases what is known. A list or a nested object that says something
    counts as one value and replaces the stored one. Nothing is ever removed.

    Returns:
        The merge; or `Refused`, with a sentence for each device whose serial another device bears, and for each id
        that the library uses for another kind of fact.
    """
    known: dict[str, Fact] = {fact.id: fact for fact in stored.facts()}
    merged: dict[str, Fact] = {
        fact.id: _merged(known[fact.id], fact) if fact.id in known else fact
        for fact in imported.facts()
        if fact.id not in known or type(known[fact.id]) is type(fact)
    }
    refusals = dict(_refusals(imported, known, merged))
    if refusals:
        return Refused(fields=MappingProxyType(refusals))
    groups: dict[str, list[Fact]] = {"added": [], "changed": [], "skipped": []}
    changes = []
    for fact in merged.values():
        before = known.get(fact.id)
        groups["added" if before is None else "skipped" if before == fact else "changed"].append(fact)
        if before != fact:
            changes.append(Change(before=before, after=fact))
    names = _names({**known, **merged})
    report = MergeReport(**{group: _by_kind(facts, names) for group, facts in groups.items()})
    return Merge(
        edit=Edit(title=TITLE, changes=tuple(changes)) if changes else None,
        report=report,
        zone=stored.zone if known else imported.zone,
        extra=MappingProxyType({**stored.extra, **_told(imported.extra)}),
    )


def import_owner_file(imported: Snapshot, library: Library, at: datetime) -> MergeReport | Refused:
    """Take an owner file's facts into a library, as one step of undo; a second time writes nothing at all.

    Time zone and unknown top-level keys are settings of the library: undo does not touch them.

    Raises:
        HomepointError: the library cannot be written. Then no fact of the file is in it.
    """
    plan = merge(imported, library.snapshot())
    if isinstance(plan, Refused):
        return plan
    if plan.edit:
        library.write(plan.edit, at)
    if plan.zone != library.zone:
        library.set_zone(plan.zone, at)
    if plan.extra != library.extra:
        library.set_extra(plan.extra, at)
    return plan.report


def may_share_serial(one: Device, other: Device) -> bool:
    """Say whether two devices may bear the same serial.

    They may when one took over from the other, or when one was sold or replaced before the other began; where the
    days are not known, the word of the owner that it was is enough.
    """
    if one.succeeds == other.id or other.succeeds == one.id:
        return True
    return _gave_way(one, other) or _gave_way(other, one)


def _gave_way(earlier: Device, later: Device) -> bool:
    if earlier.status not in (DeviceStatus.SOLD, DeviceStatus.REPLACED):
        return False
    began, then = _began(earlier), _began(later)
    return began is None or then is None or began <= then


def _began(device: Device) -> datetime | None:
    """Return the first instant a device is known to have been the owner's; days count from their start in UTC."""
    days = [day for day in (device.purchased_on, device.received_on) if day]
    instants = [at for at in (device.shipped_at, device.activated_at) if at]
    return min([*instants, *(datetime.combine(day, time(), UTC) for day in days)], default=None)


def _refusals(imported: Snapshot, known: Mapping[str, Fact], merged: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    for fact in imported.facts():
        other = known.get(fact.id)
        if other is not None and type(other) is not type(fact):
            yield (
                f"{kind_of(fact)}/{fact.id}/id",
                f"The id {fact.id!r} stands for one of the {kind_of(fact)} in the file, and for one of the"
                f" {kind_of(other)} in your records. Give it another id in the file.",
            )
    bearers: dict[str, list[Device]] = {}
    for fact in {**known, **merged}.values():
        if isinstance(fact, Device) and fact.serial and (serial := normalised(fact.serial)):
            bearers.setdefault(serial, []).append(fact)
    for device in merged.values():
        if isinstance(device, Device) and device.serial:
            for other_device in bearers.get(normalised(device.serial), ()):
                if other_device.id != device.id and not may_share_serial(device, other_device):
                    yield f"devices/{device.id}/serial", _about_serial(device, other_device)


def _about_serial(device: Device, other: Device) -> str:
    return (
        f"{_title(device)} in the file and {_title(other)} (id {other.id}) have the same serial"
        f" {normalised(device.serial or '')}. Correct one of them; or say which one took over or was sold."
    )


def _merged(stored: F, given: F) -> F:
    """Return the stored fact with everything the other one tells."""
    told = {
        each.name: getattr(given, each.name)
        for each in fields(given)
        if each.name != "extra" and not _tells_nothing(getattr(given, each.name))
    }
    return replace(stored, **told, extra=MappingProxyType({**stored.extra, **_told(given.extra)}))


def _told(extra: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in extra.items() if value is not None}


def _tells_nothing(value: Any) -> bool:
    if value is None or value == ():
        return True
    return is_dataclass(value) and all(_is_open(value, each) for each in fields(value))


def _is_open(value: Any, each: "Field[Any]") -> bool:
    inner = getattr(value, each.name)
    return not inner if each.name == "extra" else _tells_nothing(inner)


def _by_kind(facts: list[Fact], names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for kind, group in _grouped(facts).items():
        found[kind] = tuple(names[fact.id] for fact in group)
    return MappingProxyType(found)


def _grouped(facts: list[Fact]) -> dict[str, list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(kind_of(fact), []).append(fact)
    return groups


def _names(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Name every fact as its owner would: by its own name, or by its device and what it is."""
    own = {id: _title(fact) for id, fact in facts.items()}
    names = {}
    for id, fact in facts.items():
        of = getattr(fact, "device", None)
        names[id] = f"{own[of]}: {own[id]}" if of in own else own[id]
    return names


def _title(fact: Fact) -> str:
    if isinstance(fact, Device):
        return fact.nickname or (f"{fact.model} …{normalised(fact.serial)[-4:]}" if fact.serial else fact.model)
    if isinstance(fact, Binding):
        return f"bound to {fact.to}"
    if isinstance(fact, Plan):
        return f"{fact.product} from {fact.starts_on}" if fact.starts_on else str(fact.product)
    for name in ("label", "name", "serial", "service", "kind"):
        if text := getattr(fact, name, None):
            return str(text)
    return fact.id
