"""A fleet table before it is taken in: its rows in short, what is wrong with each, and what taking it in would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from homepoint.application.changes import Edit
from homepoint.application.fleet import FleetPlan, FleetRow, RowRemark
from homepoint.domain.values import PlanId
from homepoint.presentation.wording import counted

HEADS = ("Row", "Name", "Model", "Serial", "Plan", "What to mend")
MOST_ROWS = 1000
"""As many rows are shown; those with a fault come first, so that none of the first thousand is missed."""

_NOT_READ = "Do not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetView:
    """What the preview shows. `edit` is None where there is a fault, or nothing to do; `codes` go with it, by plan."""

    says: str
    mapping: Mapping[str, str | None]
    rows: tuple[tuple[str, ...], ...]
    faulty: int
    notes: tuple[str, ...]
    edit: Edit | None
    codes: Mapping[PlanId, str] = field(default_factory=dict, repr=False)


def fleet_view(
    mapping: Mapping[str, str | None], rows: Sequence[FleetRow], faults: Iterable[RowRemark], plan: FleetPlan
) -> FleetView:
    """Return the preview of a table as it was read with a mapping, and of what it would do."""
    wrong: dict[int, list[str]] = {}
    for fault in (*faults, *plan.faults):
        wrong.setdefault(fault.row, []).append(f"{fault.column}: {fault.says}" if fault.column else fault.says)
    ordered = sorted(rows, key=lambda row: (row.number not in wrong, row.number))
    beyond = sorted(wrong.keys() - {row.number for row in rows})
    lines: list[tuple[str, ...]] = [(str(number), "", "", "", "", " ".join(wrong[number])) for number in beyond]
    lines += [_line(row, wrong.get(row.number, ())) for row in ordered[:MOST_ROWS]]
    notes = [str(note).capitalize() for note in plan.notes]
    if len(rows) > MOST_ROWS:
        notes.insert(0, f"The first {MOST_ROWS:,} of {len(rows):,} rows are shown; all are taken in.")
    return FleetView(
        says=_says(plan, len(wrong)),
        mapping=mapping,
        rows=tuple(lines),
        faulty=len(wrong),
        notes=tuple(notes),
        edit=None if wrong else plan.edit,
        codes={} if wrong else plan.codes,
    )


def mapping_options(columns: Iterable[str]) -> tuple[tuple[str | None, str], ...]:
    """Return what a heading can stand for."""
    return ((None, _NOT_READ), *((each, each.replace("_", " ")) for each in columns))


def _line(row: FleetRow, wrong: Iterable[str]) -> tuple[str, ...]:
    device, plan = row.device, row.plan
    said = (device.get("nickname"), device.get("model"), device.get("serial"), plan.get("product"))
    return (str(row.number), *(str(each or "") for each in said), " ".join(wrong))


def _says(plan: FleetPlan, faulty: int) -> str:
    if faulty:
        return f"{counted(faulty, 'row')} to mend. Nothing is taken in until each is right or left out."
    if plan.edit is None:
        return "Nothing to do: everything in this table is in your records already."
    report = plan.report
    said = [
        f"{word} {counted(len(names), kind.removesuffix('s'))}"
        for word, group in (("adds", report.added), ("changes", report.changed))
        for kind, names in group.items()
    ]
    return f"It {', '.join(said)}. You can undo this."
