"""The fleet table: devices and plans as CSV, in and out, with headings as people write them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.application.fleet import FleetRow, RowRemark, Values, rows_of
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Category, Channel, Condition, Device, DeviceStatus, Plan, PlanProduct
from homepoint.domain.portable import NotPortableError, instant_text
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import Money
from homepoint.intake.csv_files import CsvTable, bare, guarded, read_table, separator_of, table_text
from homepoint.intake.fleet_cells import CellReader, amount, count, currency, days, instants, region, text, word, yes_no
from homepoint.intake.limits import decoded

DEVICE_COLUMNS = (
    "model", "category", "serial", "nickname", "region", "channel", "condition", "purchased_on", "received_on",
    "shipped_at", "activated_at", "price", "price_currency", "proof_of_purchase", "status", "succeeds",
)  # fmt: skip
PLAN_COLUMNS = (
    "plan", "plan_region", "plan_purchased_at", "plan_bound_at", "plan_starts_on", "plan_ends_on",
    "plan_replacements", "plan_flyaways", "plan_edition", "plan_activation_code",
)  # fmt: skip
COLUMNS = (*DEVICE_COLUMNS, *PLAN_COLUMNS, "device_id", "plan_id")
"""The headings of the template and of an export, in their order."""

MOST_FAULTS = 500

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "model": ("product", "aircraft", "drone", "device", "model_name", "device_model", "modell"),
    "category": ("type", "kind"),
    "serial": ("serial_number", "serial_no", "sn", "s_n", "serialnumber", "aircraft_serial", "seriennummer"),
    "nickname": ("name", "label", "call_sign", "device_name"),
    "region": ("country", "region_of_purchase", "country_of_purchase"),
    "channel": ("bought_from", "seller", "sales_channel"),
    "purchased_on": ("purchase_date", "date_of_purchase", "bought_on", "purchased", "order_date", "kaufdatum"),
    "received_on": ("delivery_date", "delivered_on", "received", "date_received"),
    "shipped_at": ("shipped", "ship_date", "shipping_time"),
    "activated_at": ("activated", "activation", "activation_time", "activation_date"),
    "price": ("price_paid", "purchase_price", "cost"),
    "price_currency": ("currency",),
    "proof_of_purchase": ("receipt", "invoice", "has_receipt", "has_invoice"),
    "status": ("state",),
    "plan": ("plan_product", "care_plan", "care_refresh", "dji_care_refresh", "product_plan"),
    "plan_purchased_at": ("plan_bought_at", "plan_purchase_time"),
    "plan_starts_on": ("plan_start", "plan_starts", "care_start", "coverage_start", "cover_starts_on"),
    "plan_ends_on": (
        "plan_end",
        "plan_ends",
        "plan_expires",
        "care_end",
        "coverage_end",
        "cover_ends_on",
        "expires_on",
    ),
    "plan_replacements": ("replacements",),
    "plan_flyaways": ("flyaways",),
    "plan_edition": ("edition",),
    "plan_activation_code": ("activation_code",),
}
_HEADINGS = {name: column for column, names in _SYNONYMS.items() for name in names} | {name: name for name in COLUMNS}
_DAYS = ("purchased_on", "received_on", "plan_starts_on", "plan_ends_on")
_INSTANTS = ("shipped_at", "activated_at", "plan_purchased_at", "plan_bound_at")
_READERS: Mapping[str, CellReader] = {
    "category": word(Category), "region": region, "channel": word(Channel), "condition": word(Condition),
    "price": amount, "price_currency": currency, "proof_of_purchase": yes_no, "status": word(DeviceStatus),
    "plan": word(PlanProduct), "plan_region": region, "plan_replacements": count, "plan_flyaways": count,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetTable:
    """A fleet table as it was read: which heading was taken for which column, its rows, and what is wrong in them.

    A row with a fault is among the rows with what could be read of it, so that a preview can show it; whoever imports
    leaves it out, or nothing at all.
    """

    mapping: Mapping[str, str | None]
    rows: tuple[FleetRow, ...]
    faults: tuple[RowRemark, ...]
    separator: str
    encoding: str

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that were taken for no column."""
        return tuple(heading for heading, column in self.mapping.items() if column is None)


def template() -> bytes:
    """Return an empty table with every heading."""
    return table_text([COLUMNS])


def looks_like_fleet(head: bytes) -> bool:
    """Say whether the beginning of a file is the header of a fleet table: it names a model or a serial, and more."""
    line = decoded(head[:10_000])[0].partition("\n")[0]
    headings = [each.strip().strip('"') for each in line.split(separator_of(line))]
    columns = set(proposed_mapping(headings).values()) - {None}
    return len(columns) > 1 and bool(columns & {"model", "serial", "device_id"})


def proposed_mapping(headings: Iterable[str]) -> Mapping[str, str | None]:
    """Return which heading is taken for which column, by our names and by what people call them; None for neither."""
    taken: set[str] = set()
    mapping: dict[str, str | None] = {}
    for heading in headings:
        column = _HEADINGS.get(re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_"))
        if heading in mapping or not heading.strip():
            continue
        mapping[heading] = None if column in taken else column
        taken.add(column or "")
    return MappingProxyType(mapping)


def read_fleet(data: bytes, zone: ZoneInfo, mapping: Mapping[str, str | None] | None = None) -> FleetTable:
    """Return the rows of a fleet table, and a fault by row and column for every cell that cannot be right.

    Args:
        data: the CSV file.
        zone: the owner's time zone, in which times without a zone are meant.
        mapping: which heading stands for which column, where the owner changed what is proposed.

    Raises:
        HomepointError: it is no table, or none of its headings is known.
    """
    table = read_table(data)
    chosen = {**proposed_mapping(table.headings), **(mapping or {})}
    columns = _columns(table.headings, chosen)
    if not set(columns.values()) & {"model", "serial", "device_id"}:
        raise HomepointError(
            "None of this table's headings names a model or a serial.",
            "Name the columns as in the template, or say which heading stands for which.",
        )
    reading = _Reading(table, columns, zone)
    rows = tuple(reading.rows(table))
    return FleetTable(
        mapping=MappingProxyType(chosen),
        rows=rows,
        faults=tuple(reading.faults),
        separator=table.separator,
        encoding=table.encoding,
    )


def fleet_text(snapshot: Snapshot) -> bytes:
    """Return all devices and plans as a fleet table; reading it gives the same facts again.

    Unknown keys and activation codes are not in it: the column of the codes is left empty.
    """
    rows: list[tuple[str, ...]] = [COLUMNS]
    for device, plan in rows_of(snapshot):
        values = _written(device, plan)
        rows.append(tuple(_cell(values.get(column)) for column in COLUMNS))
    return table_text(rows)


def _says(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _columns(headings: Sequence[str], mapping: Mapping[str, str | None]) -> Mapping[int, str]:
    """Return the column at each place; where two headings stand for one column, the first does."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        if column := mapping.get(heading):
            places.setdefault(column, index)
    return {index: column for column, index in places.items()}


class _Reading:
    """Reads cells row by row and gathers the faults."""

    def __init__(self, table: CsvTable, columns: Mapping[int, str], zone: ZoneInfo) -> None:
        self.faults: list[RowRemark] = []
        self._columns = columns
        self._width = len(table.headings)
        by_day = [index for index, column in columns.items() if column in _DAYS]
        day = days(row[index] for row in table.rows for index in by_day if index < len(row) and "/" in row[index])
        self._readers = {**_READERS, **dict.fromkeys(_DAYS, day), **dict.fromkeys(_INSTANTS, instants(zone))}

    def rows(self, table: CsvTable) -> Iterator[FleetRow]:
        """Yield the rows that say something, up to the one with a fault too many; then that is a fault as well."""
        for number, cells in enumerate(table.rows, start=2):
            if len(self.faults) >= MOST_FAULTS:
                says = f"There are {MOST_FAULTS} faults above; from here on nothing was read. Mend those first."
                self._fault(number, "", says)
                return
            if _says(cells):
                yield self.row(number, cells)

    def row(self, number: int, cells: Sequence[str]) -> FleetRow:
        """Return a row with all that can be read of it."""
        values: dict[str, Any] = {}
        for index, column in self._columns.items():
            said = bare(cells[index]) if index < len(cells) else None
            if said is None:
                continue
            try:
                values[column] = self._readers.get(column, text)(said)
            except NotPortableError as fault:
                self._fault(number, column, fault.message)
        if _says(cells[self._width :]):
            self._fault(number, "", "This row has more cells than there are headings: is a separator inside a text?")
        self._set_price(number, values)
        device = {name: values[name] for name in DEVICE_COLUMNS if name in values}
        plan = {_PLAN_FIELDS[name]: values[name] for name in PLAN_COLUMNS if name in values}
        return FleetRow(
            number=number,
            device=device,
            plan=plan,
            device_id=values.get("device_id"),
            plan_id=values.get("plan_id"),
        )

    def _set_price(self, number: int, values: dict[str, Any]) -> None:
        paid, code = values.pop("price", None), values.pop("price_currency", None)
        if paid is not None and code is not None:
            values["price"] = Money(amount=paid, currency=code)
        elif paid is not None:
            self._fault(number, "price_currency", "A price needs its currency, such as EUR.")

    def _fault(self, number: int, column: str, says: str) -> None:
        self.faults.append(RowRemark(row=number, column=column, says=says))


_PLAN_FIELDS = {"plan": "product"} | {name: name.removeprefix("plan_") for name in PLAN_COLUMNS[1:]}


def _written(device: Device | None, plan: Plan | None) -> Values:
    values: dict[str, Any] = {}
    if device is not None:
        values = {name: getattr(device, name) for name in DEVICE_COLUMNS if name != "price_currency"}
        values["device_id"] = device.id
        if device.price is not None:
            values |= {"price": device.price.amount, "price_currency": device.price.currency}
    if plan is not None:
        values |= {column: getattr(plan, name) for column, name in _PLAN_FIELDS.items() if name != "activation_code"}
        values |= {"device_id": plan.device, "plan_id": plan.id}
    return values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value.value if isinstance(value, StrEnum) else value))
