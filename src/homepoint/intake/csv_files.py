"""Tables as CSV: which encoding and which separator, rows of cells in, and cells out that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homepoint.application.problems import HomepointError
from homepoint.intake.limits import decoded

MOST_ROWS = 100_000
SEPARATORS = (",", ";", "\t")
_RUN_BY_SPREADSHEETS = "=+-@\uff1d\uff0b\uff0d\uff20"  # the wide forms as well: some spreadsheets take them too
_MARK = "'"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """The rows of a CSV file, the first being its headings; `rows[0]` is row 2 of a spreadsheet."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str
    encoding: str


def read_table(data: bytes) -> CsvTable:
    """Return the cells of a CSV file as they are written; separator and encoding are found by its content.

    Raises:
        HomepointError: it is no table: empty, a quote that never closes, or too many rows.
    """
    text, encoding = decoded(data)
    separator = separator_of(text)
    rows: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(tuple(row))
            if len(rows) > MOST_ROWS + 1:
                raise HomepointError(f"This table has more than {MOST_ROWS} rows.", "Split it into several files.")
    except csv.Error as error:
        says = f"This table cannot be read from row {len(rows) + 1} on: {error}."
        raise HomepointError(says, "Save it again as CSV.") from error
    if not rows or not any(rows[0]):
        raise HomepointError("This table has no headings in its first row.", "Start with the template of the guide.")
    return CsvTable(headings=rows[0], rows=tuple(rows[1:]), separator=separator, encoding=encoding)


def separator_of(text: str) -> str:
    """Return the separator that stands most often in the first line, outside of quotes."""
    line = text[:10_000].splitlines()[0] if text.strip() else ""
    bare = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


def table_text(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of cells as CSV that every spreadsheet opens: UTF-8 with its mark, commas, CRLF."""
    with io.StringIO(newline="") as written:
        csv.writer(written, lineterminator="\r\n").writerows(rows)
        return written.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not run, and that is read back exactly.

    A cell that begins with = + - @ could run as a formula; one with blanks around it, or with nothing in it although
    something was recorded, would come back as another. Such cells get a ' before them.
    """
    return _MARK + text if _needs_mark(text) else text


def bare(cell: str) -> str | None:
    """Return what a cell says, None where it is blank. A ' before what could run, or before digits, is taken off."""
    if cell.startswith(_MARK) and (_needs_mark(cell[1:]) or cell[1].isdigit()):
        return cell[1:]
    return cell.strip() or None


def _needs_mark(text: str) -> bool:
    return not text or text[0] in _RUN_BY_SPREADSHEETS or text.startswith(_MARK) or text != text.strip()
