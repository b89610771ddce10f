"""Amounts of money as an owner types them, and the currency most likely meant."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from homepoint.domain.facts import Claim
from homepoint.domain.values import Region

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "CHF", "CNY", "HKD", "JPY", "KRW", "NZD", "NOK", "SEK", "DKK",
              "PLN", "CZK", "SGD", "TWD", "INR", "BRL", "MXN", "AED", "ZAR", "THB", "MYR")  # fmt: skip
"""The currencies offered; another one that is recorded already is offered too."""

UNREADABLE = "Write the amount in digits, such as 120 or 120.50, without a sign for thousands."

_AMOUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")
_OF_REGION: Mapping[str, str] = MappingProxyType(
    {
        "US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "CH": "CHF", "CN": "CNY", "HK": "HKD",
        "JP": "JPY", "KR": "KRW", "NO": "NOK", "SE": "SEK", "DK": "DKK", "PL": "PLN", "CZ": "CZK", "SG": "SGD",
        "TW": "TWD", "IN": "INR", "BR": "BRL", "MX": "MXN", "AE": "AED", "ZA": "ZAR", "TH": "THB", "MY": "MYR",
        "DE": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "NL": "EUR", "AT": "EUR", "BE": "EUR", "IE": "EUR",
        "PT": "EUR", "FI": "EUR", "GR": "EUR", "EU": "EUR",
    }
)  # fmt: skip


def read_amount(text: str) -> Decimal | None:
    """Return the amount typed, or None where it cannot be read for sure ("1,159" may mean two things)."""
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    return Decimal(f"{found[1]}.{found[2] or '00'}".ljust(len(found[1]) + 3, "0"))


def likely_currency(claim: Claim, region: Region | None) -> str:
    """Return the currency last used in a claim, else that of the region of purchase, else the first offered."""
    used = [fee.amount.currency for fee in claim.fees]
    if claim.deposit is not None:
        used.append(claim.deposit.currency)
    return used[-1] if used else _OF_REGION.get(region or "", CURRENCIES[0])


def offered(current: str) -> Iterable[tuple[str, str]]:
    """Return the currencies to choose from, as value and words."""
    codes = CURRENCIES if current in CURRENCIES else (current, *CURRENCIES)
    return [(each, each) for each in codes]
