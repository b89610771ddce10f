"""The text of a PDF invoice: days, serials, models, amounts and order numbers it may hold, each with its line."""

import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import Invoice, Proposal, ProposedAmount
from homepoint.domain.terms import Terms
from homepoint.intake.limits import MEGABYTE, TimeUpError, at_most
from homepoint.intake.serial_search import serials_in

MOST_BYTES = 20 * MEGABYTE
MOST_PAGES = 10
MOST_SECONDS = 1.5
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 20 * MEGABYTE, "lzw_maximum_output_length": 20 * MEGABYTE,
    "run_length_maximum_output_length": 20 * MEGABYTE, "array_based_stream_maximum_output_length": 20 * MEGABYTE,
    "stream_parsing_work_maximum_count": 300_000, "xform_maximum_invocations_per_extraction": 200,
    "jbig2dec_binary": None, "disable_legacy_handling": True,
}  # fmt: skip
"""What one part of a PDF may unpack to; and no other program is started for its pictures."""

_MOST_LINES = 2000
_LONGEST_LINE = 300
_MOST_PROPOSALS = 50
_MONTH_NAMES = (
    "jan january januar", "feb february februar", "mar march mär märz maerz", "apr april", "may mai", "jun june juni",
    "jul july juli", "aug august", "sep sept september", "oct october okt oktober", "nov november",
    "dec december dez dezember",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_ISO_DAY = re.compile(r"\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_DOTTED_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b")
_SLASHED_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(20\d\d)\b")
_DAY_OF_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+([^\W\d_]{3,9})\.?,?\s+(20\d\d)\b")
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d)\b")
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "CHF": "CHF", "Fr.": "CHF", "zł": "PLN"}
_CODES = "EUR|USD|GBP|CHF|JPY|CNY|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|INR|KRW|SGD|HKD|TWD"
_MONEY = rf"(?P<money>(?<![A-Za-z])(?:{_CODES}|US\$)|€|£|zł)"
_FIGURE = (
    r"(?<![\d.,])(?P<figure>\d{1,3}(?:[.,' \u00a0\u202f]\d{3}){1,3}(?:[.,]\d{2})?|\d{1,9}(?:[.,]\d{2})?)(?![\d]|[.,]\d)"
)
_BEFORE = re.compile(_MONEY + r"\s{0,3}" + _FIGURE)
_AFTER = re.compile(_FIGURE + r"\s{0,3}" + _MONEY)
_ORDER = re.compile(
    r"\b(?:order|bestell(?:ung|nummer|nr)|auftrags?(?:nummer|nr)?|commande|pedido)\b"
    r"[\s.:#]*(?:(?:no|nr|number|num|id)\b[\s.:#°]*)?([A-Z0-9][A-Z0-9-]{4,29})\b",
    re.IGNORECASE,
)

_CENTS = re.compile(r"[.,]\d\d$")

Line = tuple[int, str]


def read_invoice(data: bytes, terms: Terms) -> Invoice:
    """Return what the text of a PDF proposes; nothing of it is a fact before the owner says so.

    Raises:
        HomepointError: it is too large, damaged, locked by a password, takes too long, or holds no text.
    """
    lines, notes = _lines(data)
    if not lines:
        raise HomepointError("There is no text in this PDF.", "It may be a scan: type in what it says.")
    return Invoice(
        days=_proposals(lines, _days),
        serials=_proposals(lines, lambda line: serials_in(line, terms)),
        models=_proposals(lines, _models(terms)),
        order_numbers=_proposals(lines, _orders),
        amounts=_amounts(lines),
        notes=notes,
    )


def _lines(data: bytes) -> tuple[Sequence[Line], tuple[str, ...]]:
    """Return the lines of the first pages with the number of their page."""
    if len(data) > MOST_BYTES:
        raise HomepointError(f"This PDF is larger than {MOST_BYTES // MEGABYTE} MB.", "Choose the invoice alone.")
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it complains of every blemish of every PDF
    lines: list[Line] = []
    try:
        with at_most(MOST_SECONDS, "pypdf"), apply_configuration(**_LIMITS):
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise HomepointError("This PDF is locked.", "Save it again without a password, or print it to a PDF.")
            count = len(reader.pages)
            for number, page in enumerate(islice(reader.pages, MOST_PAGES), start=1):
                lines += [(number, line) for line in _cleaned(page.extract_text())]
    except HomepointError:
        raise
    except (TimeUpError, LimitReachedError, RecursionError, MemoryError):
        if not lines:
            raise HomepointError("This PDF takes too long to read.", "Type in what it says.") from None
        return lines[:_MOST_LINES], ("The rest of this PDF takes too long to read.",)
    except Exception as error:  # pypdf raises whatever it trips over in a damaged file
        raise HomepointError("This PDF is damaged.", "Download it again.") from error
    notes = (f"Only the first {MOST_PAGES} of {count} pages were read.",) if count > MOST_PAGES else ()
    return lines[:_MOST_LINES], notes


def _cleaned(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if cleaned := " ".join("".join(sign if sign.isprintable() else " " for sign in line).split()):
            yield cleaned[:_LONGEST_LINE]


def _proposals(lines: Sequence[Line], find: Callable[[str], Iterator[object]]) -> tuple[Proposal, ...]:
    """Return what is found in the lines, each value once, with the first line it stands on."""
    found: dict[object, Proposal] = {}
    for page, line in lines:
        for value in find(line):
            found.setdefault(value, Proposal(value=value, line=line, page=page))  # type: ignore[arg-type]  # by `find`
    return tuple(found.values())[:_MOST_PROPOSALS]


def _days(line: str) -> Iterator[date]:
    """Yield the days of a line. 3/4/2025 could be two days and is none, unless one of its numbers is above 12."""
    for found in _ISO_DAY.finditer(line):
        yield from _day(found[1], found[2], found[3])
    for found in _DOTTED_DAY.finditer(line):
        yield from _day(found[3], found[2], found[1])
    for found in _SLASHED_DAY.finditer(line):
        first, second = int(found[1]), int(found[2])
        if first > 12 or first == second:
            yield from _day(found[3], second, first)
        elif second > 12:
            yield from _day(found[3], first, second)
    for found in _DAY_OF_MONTH.finditer(line):
        yield from _day(found[3], _MONTHS.get(found[2].lower(), 0), found[1])
    for found in _MONTH_DAY.finditer(line):
        yield from _day(found[3], _MONTHS.get(found[1].lower(), 0), found[2])


def _day(year: str | int, month: str | int, day: str | int) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def _models(terms: Terms) -> Callable[[str], Iterator[str]]:
    """Return what finds the catalogue's models in a line; of "DJI Mini 4 Pro" and "DJI Mini 4", the longest counts."""
    names = sorted(terms.models, key=len, reverse=True)
    by_text = {name.removeprefix("DJI ").lower(): name for name in reversed(names)}
    longest_first = sorted(by_text, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)

    def find(line: str) -> Iterator[str]:
        for found in pattern.finditer(line):
            name = by_text[found[0].lower()]
            is_everyday_word = " " not in found[0]  # such as Spark, Flip and Neo
            if not is_everyday_word or (found[0][0].isupper() and "dji" in line.lower()):
                yield name

    return find


def _orders(line: str) -> Iterator[str]:
    for found in _ORDER.finditer(line):
        if any(sign.isdigit() for sign in found[1]):
            yield found[1]


def _amounts(lines: Sequence[Line]) -> tuple[ProposedAmount, ...]:
    found: dict[tuple[Decimal, str], ProposedAmount] = {}
    for page, line in lines:
        for figure, money in _figures(line):
            if (amount := _decimal(figure)) is not None:
                proposed = ProposedAmount(amount=amount, currency=_SIGNS.get(money, money), line=line, page=page)
                found.setdefault((amount, proposed.currency), proposed)
    return tuple(found.values())[:_MOST_PROPOSALS]


def _figures(line: str) -> Iterator[tuple[str, str]]:
    """Yield figures with their currency. Where one stands on each side of it, that with cents counts, or the later."""
    by_sign: dict[int, list[str]] = {}
    signs: dict[int, str] = {}
    for found in (*_BEFORE.finditer(line), *_AFTER.finditer(line)):
        by_sign.setdefault(found.start("money"), []).append(found["figure"])
        signs[found.start("money")] = found["money"]
    for place, figures in sorted(by_sign.items()):
        with_cents = [figure for figure in figures if _CENTS.search(figure)]
        yield (with_cents or figures)[0], signs[place]


def _decimal(figure: str) -> Decimal | None:
    """Return an amount; a last group of two digits after a point or comma are the cents."""
    whole, cents = (figure[:-3], figure[-2:]) if _CENTS.search(figure) else (figure, "")
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{cents}" if cents else digits) if digits else None
