"""Invoices: what the text of a PDF proposes, and PDFs that are locked, broken or made to take for ever."""

import io
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from homepoint.application.problems import HomepointError
from homepoint.catalogue import load_terms
from homepoint.domain.intake_values import FoundSerial, Invoice
from homepoint.intake.invoice import read_invoice

TERMS = load_terms()


def pdf(*lines: str, password: str = "", stream: bytes = b"", pages: int = 1) -> bytes:
    """Return a PDF with lines of text, or with the drawing commands given."""
    writer = PdfWriter()
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding")}
    )  # fmt: skip
    shown = b"".join(
        b"(" + line.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)") + b") Tj T*\n" for line in lines
    )
    for _ in range(pages):
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        content.set_data(stream or b"BT /F1 12 Tf 14 TL 20 780 Td\n" + shown + b"ET")
        page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    with io.BytesIO() as written:
        writer.write(written)
        return written.getvalue()


def read(*lines: str) -> Invoice:
    return read_invoice(pdf(*lines), TERMS)


def test_an_invoice_proposes_its_values_each_with_its_line() -> None:
    found = read(
        "Invoice date: March 8, 2025",
        "Order No.: 1234567890123",
        "DJI Mini 4 Pro (RC 2)  1581F6Z9C24AU0034SRD  1  EUR 1.299,00",
        "Lieferdatum 10.03.2025  Gesamt 1 299,00 €",
        "VAT DE123456789012",
    )
    assert [(each.value, each.line) for each in found.days] == [
        (date(2025, 3, 8), "Invoice date: March 8, 2025"),
        (date(2025, 3, 10), "Lieferdatum 10.03.2025 Gesamt 1 299,00 €"),
    ]
    [serial] = found.serials
    assert isinstance(serial.value, FoundSerial)
    assert (serial.value.text, serial.value.models, serial.page) == ("1581F6Z9C24AU0034SRD", ("DJI Mini 4 Pro",), 1)
    assert [each.value for each in found.models] == ["DJI Mini 4 Pro"]
    assert [each.value for each in found.order_numbers] == ["1234567890123"]
    assert [(each.amount, each.currency) for each in found.amounts] == [(Decimal("1299.00"), "EUR")]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2025-03-08", [date(2025, 3, 8)]), ("2025/3/8", [date(2025, 3, 8)]), ("8 March 2025", [date(2025, 3, 8)]),
        ("8th Mar 2025", [date(2025, 3, 8)]), ("8. März 2025", [date(2025, 3, 8)]), ("Mar. 8 2025", [date(2025, 3, 8)]),
        ("25/12/2024", [date(2024, 12, 25)]), ("12/25/2024", [date(2024, 12, 25)]), ("3/4/2025", []),
        ("4/4/2025", [date(2025, 4, 4)]), ("31.02.2025", []), ("10.10.1999", []), ("Version 8 Foo 2025", []),
    ],
)  # fmt: skip
def test_a_day_is_proposed_only_where_it_can_be_one_day_alone(line: str, days: list[date]) -> None:
    assert [each.value for each in read(line).days] == days


@pytest.mark.parametrize(
    ("line", "amounts"),
    [
        ("USD 759.00", [("759.00", "USD")]), ("759.00 USD", [("759.00", "USD")]), ("1 USD 759.00", [("759.00", "USD")]),
        ("759,00 EUR 2", [("759.00", "EUR")]), ("US$1,299.00", [("1299.00", "USD")]),
        ("\u00a312.345,60", [("12345.60", "GBP")]),
        ("CHF 1'299.00", [("1299.00", "CHF")]), ("JPY 129,800", [("129800", "JPY")]), ("$759.00", []), ("759.00", []),
        ("NEUR 5", []),
    ],
)  # fmt: skip
def test_an_amount_is_proposed_with_the_currency_beside_it(line: str, amounts: list[tuple[str, str]]) -> None:
    assert [(str(each.amount), each.currency) for each in read(line).amounts] == amounts


@pytest.mark.parametrize(
    ("line", "models"),
    [("DJI Air 3S Fly More", ["DJI Air 3S"]), ("Air 3", ["DJI Air 3"]),
     ("flip the page, DJI says", []), ("DJI Flip", ["DJI Flip"]),
     ("Neo noir", [])],
)  # fmt: skip
def test_a_model_is_proposed_by_its_whole_name(line: str, models: list[str]) -> None:
    assert [each.value for each in read(line).models] == models


def test_a_locked_pdf_is_refused_and_says_so() -> None:
    with pytest.raises(HomepointError, match="locked"):
        read_invoice(pdf("secret", password="x"), TERMS)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"%PDF-1.7\n" + bytes(1000), b"hello", pdf("x")[:-200]])
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(HomepointError):
        read_invoice(data, TERMS)


def test_a_scan_without_text_is_refused_with_the_way_out() -> None:
    with pytest.raises(HomepointError, match="no text"):
        read_invoice(pdf(stream=b"0 0 10 10 re f"), TERMS)


def test_only_the_first_pages_are_read_and_it_is_said() -> None:
    found = read_invoice(pdf("2025-03-08", pages=12), TERMS)
    assert found.notes == ("Only the first 10 of 12 pages were read.",)


FLOOD = b"BT /F1 12 Tf " + b"(aaaa) Tj 1 0 0 1 0 0 Tm " * 200_000 + b"ET"
SLOW = b"BT /F1 12 Tf " + b"(aaaa) Tj 1 0 0 1 0 0 Tm " * 20_000 + b"ET"


def test_a_pdf_made_to_take_for_ever_is_refused() -> None:
    data = pdf(stream=FLOOD)
    began = time.monotonic()
    with pytest.raises(HomepointError, match="too long"):
        read_invoice(data, TERMS)
    assert time.monotonic() - began < 20  # two seconds, where nobody else keeps the machine busy


def test_many_slow_pages_end_with_those_read_in_time() -> None:
    data = pdf(stream=SLOW, pages=10)
    began = time.monotonic()
    try:
        said = str(read_invoice(data, TERMS).notes)
    except HomepointError as refusal:  # on a slow machine not even the first page was
        said = refusal.title
    assert "takes too long to read" in said
    assert time.monotonic() - began < 20


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), st.floats(0.1, 1))
@settings(max_examples=200)
def test_no_damage_crashes_the_reader(changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(pdf("Invoice 2025-03-08", "Total EUR 759.00"))
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value
    try:
        read_invoice(bytes(data[: int(len(data) * kept)]), TERMS)
    except HomepointError:
        return


@given(st.text(st.characters(codec="cp1252", exclude_characters="\\"), max_size=80))
@settings(max_examples=100)
def test_no_text_crashes_the_search(text: str) -> None:
    try:
        read(text)
    except HomepointError:
        return
