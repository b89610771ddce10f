"""How long before a deadline its reminders come: Homepoint's defaults, and the owner's own choices."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from homepoint.domain.values import DeviceId

MOST_LEADS, LONGEST_DAYS = 8, 365
"""Bounds of what an owner may choose: beyond them a slip of the pen is likelier than a wish."""


class ReminderKind(StrEnum):
    """Kinds of deadlines that share their lead times; a window of hours needs others than one of days."""

    BUY_WITHIN_HOURS = "buy-within-hours"
    BUY_WITHIN_DAYS = "buy-within-days"
    REPORT_DEFECT = "report-defect"
    PLAN_END = "plan-end"
    RENEWAL = "renewal"
    WARRANTY_END = "warranty-end"
    RETURN = "return"


class LeadUnit(StrEnum):
    DAYS = "d"
    HOURS = "h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How long before a deadline its reminder comes. No days at all means the last day itself."""

    count: int
    unit: LeadUnit

    @property
    def span(self) -> timedelta:
        """The time from the reminder to the end of the window, to the nearest day for leads in days."""
        return timedelta(days=self.count) if self.unit is LeadUnit.DAYS else timedelta(hours=self.count)

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


def lead_of(text: str) -> Lead | None:
    """Read a lead as `str` writes it ("30d", "6h"); None for anything else.

    >>> str(lead_of("6h")), lead_of("soon")
    ('6h', None)
    """
    count = text[:-1]
    if not (count.isascii() and count.isdigit() and len(count) <= 4) or text[-1] not in tuple(LeadUnit):
        return None
    return Lead(count=int(count), unit=LeadUnit(text[-1]))


def _leads(unit: LeadUnit, *counts: int) -> tuple[Lead, ...]:
    return tuple(Lead(count=count, unit=unit) for count in counts)


DEFAULTS_FROM = "Homepoint's default"
"""Where `DEFAULT_LEADS` come from: they are Homepoint's own choice, no terms ask for them."""

DEFAULT_LEADS: Mapping[ReminderKind, tuple[Lead, ...]] = MappingProxyType(
    {
        ReminderKind.BUY_WITHIN_HOURS: _leads(LeadUnit.HOURS, 24, 6, 1),
        ReminderKind.BUY_WITHIN_DAYS: _leads(LeadUnit.DAYS, 30, 7, 1),
        ReminderKind.REPORT_DEFECT: _leads(LeadUnit.DAYS, 30, 7, 1),
        ReminderKind.PLAN_END: _leads(LeadUnit.DAYS, 30, 7, 1),
        ReminderKind.RENEWAL: _leads(LeadUnit.DAYS, 30, 14, 3, 0),
        ReminderKind.WARRANTY_END: _leads(LeadUnit.DAYS, 30, 7, 1),
        ReminderKind.RETURN: _leads(LeadUnit.DAYS, 4, 2, 1, 0),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimes:
    """The lead times in force: the owner's choice for a device, else for the kind, else `DEFAULT_LEADS`."""

    own: Mapping[ReminderKind, tuple[Lead, ...]] = field(default_factory=lambda: MappingProxyType({}))
    by_device: Mapping[tuple[DeviceId, ReminderKind], tuple[Lead, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def of(self, kind: ReminderKind, device: DeviceId | None = None) -> tuple[Lead, ...]:
        """Return the lead times of a kind, for one device if it is named."""
        chosen = None if device is None else self.by_device.get((device, kind))
        return chosen or self.own.get(kind) or DEFAULT_LEADS[kind]

    @property
    def longest(self) -> timedelta:
        """The longest time ahead that any deadline must be known."""
        every = (*DEFAULT_LEADS.values(), *self.own.values(), *self.by_device.values())
        return max(lead.span for leads in every for lead in leads)


def lead_problem(kind: ReminderKind, leads: Sequence[Lead]) -> str:
    """Say why these lead times make no sense, "" if they do."""
    if not leads:
        return "Name at least one time, or turn these reminders off."
    if len(set(leads)) > MOST_LEADS:
        return f"At most {MOST_LEADS} reminders a deadline."
    if any(each.span.days > LONGEST_DAYS for each in leads):
        return f"At most {LONGEST_DAYS} days before."
    if any(each.count == 0 and each.unit is LeadUnit.HOURS for each in leads):
        return "At least one hour before."
    if kind is ReminderKind.BUY_WITHIN_HOURS and any(not each.span for each in leads):
        return "This window ends at an hour of the day: say how many hours before."
    return ""


def lead_times_of(marks: Mapping[str, str]) -> LeadTimes:
    """Read the lead times in force; a choice that cannot be read or makes no sense counts as none."""
    own: dict[ReminderKind, tuple[Lead, ...]] = {}
    by_device: dict[tuple[DeviceId, ReminderKind], tuple[Lead, ...]] = {}
    for name, text in marks.items():
        of, _, kind_text = name.rpartition("/")
        try:
            kind = ReminderKind(kind_text)
            leads = tuple(lead for each in json.loads(text) if (lead := lead_of(str(each))) is not None)
        except (ValueError, TypeError):
            continue
        if lead_problem(kind, leads):
            continue
        if of == "all":
            own[kind] = leads
        elif of.startswith("device/"):
            by_device[DeviceId(of.removeprefix("device/")), kind] = leads
    return LeadTimes(own=own, by_device=by_device)


def by_length(leads: Sequence[Lead]) -> tuple[Lead, ...]:
    """Return lead times once each, the longest first."""
    return tuple(sorted(dict.fromkeys(leads), key=lambda each: each.span, reverse=True))


def lead_name(kind: ReminderKind, device: DeviceId | None) -> str:
    """Return the mark's name for the lead times of a kind, or of a kind and a device."""
    return f"all/{kind}" if device is None else f"device/{device}/{kind}"
