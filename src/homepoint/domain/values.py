"""Small values that everything shares: ids, money, and calendar arithmetic in the owner's time zone."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import NewType

AccountId = NewType("AccountId", str)
ControllerId = NewType("ControllerId", str)
DeviceId = NewType("DeviceId", str)
BindingId = NewType("BindingId", str)
PlanId = NewType("PlanId", str)
NoticeId = NewType("NoticeId", str)
IncidentId = NewType("IncidentId", str)
ClaimId = NewType("ClaimId", str)
AttachmentId = NewType("AttachmentId", str)
ClauseId = NewType("ClauseId", str)
EditionId = NewType("EditionId", str)

Region = NewType("Region", str)
"""A country or region as ISO 3166-1 alpha-2 ("DE", "US"), or "EU" for the European Union as one region."""

FIRST_YEAR, LAST_YEAR = 2000, 2199
"""The years that facts may name: outside of them a date is a slip of the pen, and arithmetic could overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An exact amount in one currency (ISO 4217). `extra` keeps unknown keys, as in a fact."""

    amount: Decimal
    currency: str
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later; a day that month lacks becomes its last (29 February + 12 is the 28th)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of_term(starts_on: date, months: int) -> date:
    """Return the last covered day of a term of whole months: 11 March + 12 months covers 10 March."""
    return add_months(starts_on, months) - timedelta(days=1)


def day_of(at: datetime, zone: tzinfo) -> date:
    """Return the calendar day of an instant in the owner's time zone."""
    return at.astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in the owner's time zone."""
    return datetime.combine(day, time(), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after a day in the owner's time zone: a day window is open while `at < end_of(last)`."""
    return start_of(day + timedelta(days=1), zone)
