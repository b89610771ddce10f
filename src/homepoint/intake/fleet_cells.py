"""How a cell of a fleet table is read: words, days, instants, yes and no, counts and amounts, as people write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.domain.facts import Category, Channel, Condition, DeviceStatus, PlanProduct
from homepoint.domain.portable import NotPortableError, day, instant

CellReader = Callable[[str], Any]
"""Reads what a cell says.

Raises:
    NotPortableError: it is no such value; the message says what one looks like.
"""

_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    Category: {"drone": "aircraft", "camera": "handheld", "gimbal": "handheld", "enterprise": "enterprise-aircraft"},
    Channel: {"dji": "dji-store", "store": "dji-store", "bundle": "dji-store-bundle", "dealer": "authorized-dealer",
              "authorised-dealer": "authorized-dealer", "used": "second-hand"},
    Condition: {"second-hand": "used", "renewed": "refurbished"},
    DeviceStatus: {"active": "in-use", "ok": "in-use", "stolen": "lost"},
    PlanProduct: {
        "1-year": "care-refresh-1y", "1y": "care-refresh-1y", "1": "care-refresh-1y", "one-year": "care-refresh-1y",
        "care-refresh-1-year": "care-refresh-1y", "2-year": "care-refresh-2y", "2y": "care-refresh-2y",
        "2": "care-refresh-2y", "two-years": "care-refresh-2y", "care-refresh-2-year": "care-refresh-2y",
        "1-year-plan": "care-refresh-1y", "2-year-plan": "care-refresh-2y", "plus": "care-refresh-plus",
        "care-refresh-+": "care-refresh-plus", "care-refresh": "", "dji-care-refresh": "",
    },
}  # fmt: skip
"""What people write for a word of ours; "" where it could be one of several."""

_YES_NO = {
    "yes": True, "y": True, "true": True, "1": True, "x": True, "ja": True, "oui": True,
    "no": False, "n": False, "false": False, "0": False, "nein": False, "non": False,
}  # fmt: skip
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")
_AMOUNT = re.compile(r"\d{1,15}([.,]\d{1,9})?(E[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)


def text(cell: str) -> str:
    """Return a text as it is."""
    return cell


def region(cell: str) -> str:
    """Read two capital letters."""
    if not re.fullmatch("[A-Z]{2}", code := cell.strip().upper()):
        raise NotPortableError(f"{cell!r} is no region. Write two letters, such as DE, US or EU.")
    return code


def currency(cell: str) -> str:
    """Read three capital letters."""
    if not re.fullmatch("[A-Z]{3}", code := cell.strip().upper()):
        raise NotPortableError(f"{cell!r} is no currency. Write three letters, such as EUR or USD.")
    return code


def amount(cell: str) -> Decimal:
    """Read an amount with a point or a comma before the cents, and nothing between the thousands."""
    if not _AMOUNT.fullmatch(cell):
        raise NotPortableError(f"{cell!r} is no amount. Write digits only, such as 759.00; the currency has a column.")
    return Decimal(cell.replace(",", "."))


def count(cell: str) -> int:
    """Read a whole number of things."""
    if not re.fullmatch(r"\d{1,4}", cell, re.ASCII):
        raise NotPortableError(f"{cell!r} is no count. Write a whole number, such as 2.")
    return int(cell)


def yes_no(cell: str) -> bool:
    """Read a yes or a no."""
    found = _YES_NO.get(cell.strip().lower())
    if found is None:
        raise NotPortableError(f"{cell!r} is neither. Write yes or no.")
    return found


def word(kind: type[StrEnum]) -> CellReader:
    """Return what reads one of a set of words, also as people write it."""
    words = {str(each): str(each) for each in kind} | dict(_WORDS.get(kind, {}))

    def read(cell: str) -> StrEnum:
        said = re.sub(r"[\s_]+", "-", cell.strip().lower())
        try:
            return kind(words.get(said) or words.get(said.removeprefix("dji-"), said))
        except ValueError:
            raise NotPortableError(f"{cell!r} is none of {', '.join(kind)}.") from None

    return read


def days(cells: Iterable[str]) -> CellReader:
    """Return what reads a day: 2025-03-08, 8.3.2025 or, where the other `cells` of the table settle it, 3/8/2025."""
    orders = {order for cell in cells if (order := _order(cell)) is not None}
    day_first = orders.pop() if len(orders) == 1 else None

    def read(cell: str) -> date:
        said = _MIDNIGHT.sub("", cell.strip())
        if found := _DOTTED.fullmatch(said):
            return _day(cell, found[3], found[2], found[1])
        if found := _YEAR_FIRST.fullmatch(said):
            return _day(cell, found[1], found[2], found[3])
        if found := _SLASHED.fullmatch(said):
            first = _order(said) if _order(said) is not None else day_first
            if first is None:
                raise NotPortableError(f"{cell!r}: is the day first, or the month? Write it as 2025-03-08.")
            return _day(cell, found[3], *((found[2], found[1]) if first else (found[1], found[2])))
        return day(said)

    return read


def _order(cell: str) -> bool | None:
    """Say whether a day with slashes has the day first: True, False, or None where both are possible."""
    found = _SLASHED.fullmatch(_MIDNIGHT.sub("", cell.strip()))
    if found is None or (int(found[1]) <= 12 and int(found[2]) <= 12):
        return None
    return int(found[1]) > 12


def _day(cell: str, year: str, month: str, day_of_month: str) -> date:
    try:
        return day(date(int(year), int(month), int(day_of_month)).isoformat())
    except ValueError:
        raise NotPortableError(f"{cell!r} is not a date such as 2025-03-08.") from None


def instants(zone: ZoneInfo) -> CellReader:
    """Return what reads an instant: RFC 3339, or a local time in the owner's zone; a day alone is none."""

    def read(cell: str) -> datetime:
        said = cell.strip()
        try:
            at = datetime.fromisoformat(said)
        except ValueError:
            at = None
        if at is None:
            raise NotPortableError(f"{cell!r} is not a time such as 2025-03-10 11:00 or 2025-03-10T11:00:00+01:00.")
        if len(said) <= len("2025-03-10"):
            raise NotPortableError(f"{cell!r} needs the time of day as well: windows of hours depend on it.")
        return instant((at if at.tzinfo else at.replace(tzinfo=zone)).isoformat())

    return read
