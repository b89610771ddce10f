"""Taking a table of devices and plans into a library: rows become one edit that can be undone, or say what is wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from homepoint.application.changes import Edit
from homepoint.application.checks import new_id
from homepoint.application.exchange import MergeReport, merge
from homepoint.application.problems import Refused
from homepoint.domain.activation_codes import hint_of
from homepoint.domain.facts import Device, Fact, Plan
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import Snapshot, snapshot_of
from homepoint.domain.values import DeviceId, PlanId, day_of

TITLE = "Fleet table imported"
_CODE = "activation_code"
Values = Mapping[str, Any]
"""Fields of a fact by name, only those a row says something about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRow:
    """One row of a fleet table: a device, and at most one of its plans. `number` counts as a spreadsheet does.

    The plan's values may hold its `activation_code`, which is no field of a plan but a secret.
    """

    number: int
    device: Values
    plan: Values = field(default_factory=dict, repr=False)
    device_id: str | None = None
    plan_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRemark:
    """What there is to say about a row. `column` is a name of the table's columns, "" where the row is meant."""

    row: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"row {self.row}{', ' + self.column if self.column else ''}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """What importing rows would do.

    With `faults` there is no edit: nothing is taken in until each is mended or its row left out. `notes` are worth a
    look and stop nothing. `edit` is also None when everything was there already. `codes` are the activation codes of
    the rows by plan: the edit holds only their hints.
    """

    edit: Edit | None
    report: MergeReport
    faults: tuple[RowRemark, ...] = ()
    notes: tuple[RowRemark, ...] = ()
    codes: Mapping[PlanId, str] = field(default_factory=dict, repr=False)


def plan_fleet(rows: Iterable[FleetRow], stored: Snapshot, now: datetime) -> FleetPlan:
    """Plan how a library (`stored`) takes in the rows of a fleet table.

    A device is found by its id, or else by its serial, in the rows above and then in the library; a row without
    either is a new device. An empty cell never erases what is known, and nothing is ever removed. Rows of one device
    may name one plan each; where they say different things about the device, that is a fault.
    """
    gathering = _Gathering(stored, now)
    for row in rows:
        gathering.take(row)
    gathering.check_successions()
    facts: list[Fact] = [*gathering.devices.values(), *gathering.plans.values()]
    merged = merge(snapshot_of(stored.zone, facts), stored)
    if isinstance(merged, Refused):
        gathering.faults += [gathering.about(pointer, says) for pointer, says in merged.fields.items()]
    if gathering.faults or isinstance(merged, Refused):
        faults = tuple(sorted(gathering.faults, key=lambda fault: fault.row))
        nothing = MergeReport(added={}, changed={}, skipped={})
        return FleetPlan(edit=None, report=nothing, faults=faults, notes=tuple(gathering.notes))
    edit = merged.edit and replace(merged.edit, title=TITLE)
    return FleetPlan(edit=edit, report=merged.report, notes=tuple(gathering.notes), codes=gathering.codes)


class _Gathering:
    """The facts of the rows taken so far, and where each came from."""

    def __init__(self, stored: Snapshot, now: datetime) -> None:
        self.devices: dict[str, Device] = {}
        self.plans: dict[str, Plan] = {}
        self.codes: dict[PlanId, str] = {}
        self.faults: list[RowRemark] = []
        self.notes: list[RowRemark] = []
        self._today = day_of(now, stored.zone)
        self._now = now
        self._stored_devices: dict[str, Device] = {device.id: device for device in stored.devices}
        self._stored_plans: dict[str, Plan] = {plan.id: plan for plan in stored.plans}
        self._plans_of: dict[str, list[str]] = {}
        for plan in stored.plans:
            self._plans_of.setdefault(plan.device, []).append(plan.id)
        self._bearers: dict[str, list[str]] = {}
        for device in stored.devices:
            if device.serial and (serial := normalised(device.serial)):
                self._bearers.setdefault(serial, []).append(device.id)
        self._serials: dict[str, str] = {}
        self._said: dict[tuple[str, str], tuple[Any, int]] = {}
        self._rows: dict[str, int] = {}

    def take(self, row: FleetRow) -> None:
        """Take in one row, or note what is wrong with it."""
        id = self._id_of(row)
        if id is None:
            return
        first, faults = self._rows.get(id), len(self.faults)
        self._check_agreement(row, id, row.device)
        device = self.devices.get(id) or self._stored_devices.get(id)
        if device is None and not row.device.get("model"):
            self._fault(row, "model", "A new device needs a model. Write it, or check the serial.")
        if len(self.faults) > faults:
            return
        self._check_future(row, "", row.device)
        told = dict(row.device)
        self.devices[id] = replace(device, **told) if device else Device(id=DeviceId(id), **told)
        self._rows.setdefault(id, row.number)
        if serial := normalised(row.device.get("serial") or ""):
            self._serials.setdefault(serial, id)
        takes_plan = bool(row.plan or row.plan_id)
        if first is not None and not takes_plan:
            self.notes.append(RowRemark(row=row.number, column="", says=f"Repeats row {first} and adds nothing."))
        if takes_plan:
            self._take_plan(row, id)

    def check_successions(self) -> None:
        """Note devices that take over from one that is not there, or in a circle."""
        everything = {**self._stored_devices, **self.devices}
        for id, device in self.devices.items():
            if device.succeeds is not None and device.succeeds not in everything:
                self._fault_at(
                    self._rows[id], "succeeds", "There is no device with this id in the table or your records."
                )
            elif _runs_in_a_circle(device, everything):
                self._fault_at(
                    self._rows[id], "succeeds", "A device cannot take over from itself, not even by a detour."
                )

    def about(self, pointer: str, says: str) -> RowRemark:
        """Return a refusal of the merge as a remark about the row the fact came from."""
        _, id, column = (
            pointer.split("/", 1)[0],
            pointer.split("/", 1)[1].rpartition("/")[0],
            pointer.rpartition("/")[2],
        )
        return RowRemark(row=self._rows.get(id, 1), column=column, says=says)

    def _id_of(self, row: FleetRow) -> str | None:
        if row.device_id:
            return row.device_id
        serial = normalised(row.device.get("serial") or "")
        if not serial:
            return new_id()
        if serial in self._serials:
            return self._serials[serial]
        bearers = self._bearers.get(serial, [])
        if len(bearers) > 1:
            says = "Several devices of yours bear this serial. Say which by the column device_id, as an export has it."
            self._fault(row, "serial", says)
            return None
        return bearers[0] if bearers else new_id()

    def _take_plan(self, row: FleetRow, device: str) -> None:
        id = row.plan_id or self._plan_like(row, device) or new_id()
        plan, faults = self.plans.get(id) or self._stored_plans.get(id), len(self.faults)
        if plan is not None and plan.device != device:
            self._fault(row, "plan_id", "This plan belongs to another device.")
        if plan is None and not row.plan.get("product"):
            self._fault(row, "plan", "A new plan needs its name, such as care-refresh-1y.")
        if id in self.plans:
            says = f"The plan of row {self._rows[id]} once more."
            self.notes.append(RowRemark(row=row.number, column="plan", says=says))
        self._check_agreement(row, id, row.plan, "plan_")
        if len(self.faults) > faults:
            return
        self._check_future(row, "plan_", {name: row.plan[name] for name in row.plan if name in _PAST_OF_PLANS})
        told = dict(row.plan)
        code = told.pop(_CODE, None)
        if code and (hint := hint_of(code)):
            told["activation_code_hint"] = hint
            self.codes[PlanId(id)] = code.strip()
        taken = replace(plan, **told) if plan else Plan(id=PlanId(id), device=DeviceId(device), **told)
        if taken.starts_on and taken.ends_on and taken.ends_on < taken.starts_on:
            self._fault(row, "plan_ends_on", "A plan cannot end before it starts.")
            return
        if id not in self.plans and plan is None:
            self._plans_of.setdefault(device, []).append(id)
        self.plans[id] = taken
        self._rows.setdefault(id, row.number)

    def _plan_like(self, row: FleetRow, device: str) -> str | None:
        """Return the plan of a device that a row without a plan's id means: the same product with the same start."""
        there = [self.plans.get(id) or self._stored_plans[id] for id in self._plans_of.get(device, [])]
        product, starts_on = row.plan.get("product"), row.plan.get("starts_on")
        same = [plan for plan in there if product is None or plan.product == product]
        if starts_on is not None:
            same = [plan for plan in same if plan.starts_on in (starts_on, None)]
            same.sort(key=lambda plan: plan.starts_on is None)
            return same[0].id if same else None
        return same[0].id if len(same) == 1 else None

    def _check_agreement(self, row: FleetRow, id: str, values: Values, prefix: str = "") -> None:
        for name, value in values.items():
            said, number = self._said.setdefault((id, prefix + name), (value, row.number))
            if said != value and not (name == "serial" and normalised(said) == normalised(value)):
                shown = "another code" if name == _CODE else said
                self._fault(row, prefix + name, f"Row {number} says something else of the same one: {shown}.")

    def _check_future(self, row: FleetRow, prefix: str, values: Values) -> None:
        for name, value in values.items():
            ahead = (
                value > self._now if isinstance(value, datetime) else isinstance(value, date) and value > self._today
            )
            if ahead:
                says = "This lies in the future. Check it."
                self.notes.append(RowRemark(row=row.number, column=prefix + name, says=says))

    def _fault(self, row: FleetRow, column: str, says: str) -> None:
        self._fault_at(row.number, column, says)

    def _fault_at(self, number: int, column: str, says: str) -> None:
        self.faults.append(RowRemark(row=number, column=column, says=says))


_PAST_OF_PLANS = frozenset({"purchased_at", "bound_at"})


def _runs_in_a_circle(device: Device, everything: Mapping[str, Device]) -> bool:
    return any(unit.id == device.id for unit in _before(device, everything))


def _before(device: Device, everything: Mapping[str, Device]) -> Iterator[Device]:
    """Yield the units a device took over from, each once."""
    seen: set[str] = set()
    unit = everything.get(device.succeeds or "")
    while unit is not None and unit.id not in seen:
        seen.add(unit.id)
        yield unit
        unit = everything.get(unit.succeeds or "")


def rows_of(snapshot: Snapshot) -> Sequence[tuple[Device | None, Plan | None]]:
    """Return the rows of a fleet table: each device once for each of its plans, and plans of devices not there."""
    plans: dict[str, list[Plan | None]] = {}
    for plan in snapshot.plans:
        plans.setdefault(plan.device, []).append(plan)
    rows: list[tuple[Device | None, Plan | None]] = []
    for device in snapshot.devices:
        rows += [(device, plan) for plan in plans.pop(device.id, [None])]
    return [*rows, *((None, plan) for group in plans.values() for plan in group)]
