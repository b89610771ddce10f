"""What a list of devices shows of each: its name, serial, care, cover of a flyaway and next deadline, as words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from homepoint.application.ports import AgendaEntry, DeviceRow, Standing
from homepoint.domain.assessment import CareState, DeadlineState, Gap
from homepoint.domain.facts import Category, Device, DeviceStatus
from homepoint.domain.values import DeviceId
from homepoint.presentation.wording import (
    Urgency,
    counted,
    flyaway_text,
    name_of,
    short_day_text,
    short_deadline_name,
    urgency_of,
    urgency_word,
    when_text,
)

NOT_KNOWN = "Not known"
_DASH = "-"


class Column(StrEnum):
    """The columns of the table of devices, from left to right."""

    NAME = "name"
    MODEL = "model"
    SERIAL = "serial"
    CARE = "care"
    ENDS = "ends"
    REPLACEMENTS = "replacements"
    FLYAWAY = "flyaway"
    NEXT = "next"


HEADINGS = {
    Column.NAME: "Name",
    Column.MODEL: "Model",
    Column.SERIAL: "Serial",
    Column.CARE: "Care",
    Column.ENDS: "Ends",
    Column.REPLACEMENTS: "Uses left",
    Column.FLYAWAY: "Flyaway",
    Column.NEXT: "Next deadline",
}

ORDERS = {
    Column.NAME: "name",
    Column.MODEL: "model",
    Column.SERIAL: "serial",
    Column.ENDS: "care-ends",
    Column.NEXT: "next-deadline",
}
"""The columns one can sort by, and what `DeviceQuery.order` calls them."""

STATUS_FILTERS: Sequence[tuple[str, str, frozenset[DeviceStatus] | None]] = (
    ("in-use", "In use", frozenset({DeviceStatus.IN_USE})),
    ("gone", "No longer in use", frozenset(DeviceStatus) - {DeviceStatus.IN_USE}),
    ("all", "All", None),
)
"""Key, word and statuses of the filter above the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """One device in the table. `care_state` None: not assessed yet; `urgency` None: no deadline ahead."""

    device: DeviceId
    cells: dict[Column, str]
    care_state: CareState | None
    flyaway_ready: bool | None
    urgency: Urgency | None
    spoken: str


def device_name(device: Device) -> str:
    """Return what the owner calls a device: its nickname, else its model."""
    return device.nickname or device.model


def serial_tail(serial: str | None) -> str:
    """Return the last four characters of a serial, by which one tells devices apart; "" where it is not known."""
    return (serial or "").strip().upper()[-4:]


def missing_gaps(standing: Standing) -> tuple[Gap, ...]:
    """Return what a standing says is missing for flyaway cover."""
    return tuple(Gap(each) for each in standing.flyaway_missing)


def can_fly(standing: Standing) -> bool:
    """Say whether flyaway cover is a question for this device at all."""
    return standing.category in (Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT)


def target_of(entry: AgendaEntry) -> datetime | date:
    """Return when a deadline is: an instant, or the last open day."""
    if len(entry.at_text) == len("2026-06-16"):
        return date.fromisoformat(entry.at_text)
    return datetime.fromisoformat(entry.at_text)


def next_deadline(standing: Standing, now: datetime) -> AgendaEntry | None:
    """Return the nearest deadline that is still ahead, or None."""
    ahead = (
        entry
        for entry in standing.agenda
        if entry.state in (DeadlineState.AHEAD, DeadlineState.DUE) and entry.ends_at > now
    )
    return min(ahead, key=lambda entry: entry.ends_at, default=None)


def line_of(row: DeviceRow, now: datetime) -> DeviceLine:
    """Return a device as the table shows it; `now` is in the owner's time zone."""
    device, standing = row.device, row.standing
    cells = {
        Column.NAME: device_name(device),
        Column.MODEL: device.model,
        Column.SERIAL: (device.serial or "").strip().upper() or NOT_KNOWN,
        Column.CARE: "…",
        Column.ENDS: "",
        Column.REPLACEMENTS: "",
        Column.FLYAWAY: "",
        Column.NEXT: "",
    }
    urgency = None
    if device.status is not DeviceStatus.IN_USE:
        cells[Column.CARE] = name_of(device.status)
    elif standing is not None:
        upcoming = next_deadline(standing, now)
        urgency = None if upcoming is None else urgency_of(upcoming.ends_at, now)
        cells |= _assessed_cells(standing, upcoming, now)
    in_use = device.status is DeviceStatus.IN_USE
    return DeviceLine(
        device=device.id,
        cells=cells,
        care_state=standing.care_state if standing is not None and in_use else None,
        flyaway_ready=standing.flyaway_ready if standing is not None and in_use and can_fly(standing) else None,
        urgency=urgency,
        spoken=_spoken(cells, urgency),
    )


def count_text(matching: int, words: str) -> str:
    """Say under the heading how many devices the table lists."""
    if words:
        return f"{counted(matching, 'device')} with “{words}”"
    return counted(matching, "device")


def _assessed_cells(standing: Standing, upcoming: AgendaEntry | None, now: datetime) -> dict[Column, str]:
    has_plan = standing.care_state is not CareState.NONE
    return {
        Column.CARE: name_of(standing.care_state),
        Column.ENDS: _day(standing.care_ends_on) if has_plan else _DASH,
        Column.REPLACEMENTS: _uses(standing) if has_plan else _DASH,
        Column.FLYAWAY: _flyaway(standing),
        Column.NEXT: _DASH if upcoming is None else _upcoming(upcoming, now),
    }


def _flyaway(standing: Standing) -> str:
    if not can_fly(standing):
        return _DASH
    text = flyaway_text(missing_gaps(standing)).removeprefix("not ready - ")
    return text[0].upper() + text[1:]


def _uses(standing: Standing) -> str:
    if standing.replacements_left is None or standing.replacements_allowed is None:
        return NOT_KNOWN
    return f"{standing.replacements_left} of {standing.replacements_allowed}"


def _upcoming(entry: AgendaEntry, now: datetime) -> str:
    return f"{short_deadline_name(entry.kind)}, {when_text(target_of(entry), now)}"


def _day(text: str | None) -> str:
    return NOT_KNOWN if text is None else short_day_text(date.fromisoformat(text))


def _spoken(cells: dict[Column, str], urgency: Urgency | None) -> str:
    said = [f"{HEADINGS[column]}: {text}" for column, text in cells.items() if text not in ("", _DASH)]
    return ", ".join(said) + (f" ({urgency_word(urgency)})" if urgency is not None else "")
