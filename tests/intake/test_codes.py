"""QR codes and barcodes on a photo of the box: only what looks like a serial is proposed."""

import io
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from homepoint.application.problems import HomepointError
from homepoint.catalogue import load_terms
from homepoint.domain.intake_values import SerialOf
from homepoint.intake.codes import read_codes
from homepoint.intake.serial_search import serials_in

TERMS = load_terms()
AIRCRAFT, CONTROLLER = "1581F6Z9C24AU0034SRD", "5YSZK1234567AB"


def box(*codes: tuple[str, zxingcpp.BarcodeFormat], turned: float = 0) -> bytes:
    """Return a photo of a box with codes on it, one below the other."""
    page = Image.new("RGB", (1600, 400 * len(codes) + 100), "white")
    for place, (text, form) in enumerate(codes):
        image: Any = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, form), scale=4)
        drawn = memoryview(image)  # its stubs do not say that it is a buffer
        height, width = drawn.shape  # type: ignore[misc]  # an image has two dimensions
        page.paste(Image.frombytes("L", (width, height), bytes(drawn)), (100, 400 * place + 50))
    with io.BytesIO() as written:
        page.rotate(turned, expand=True, fillcolor="white").save(written, "JPEG")
        return written.getvalue()


@pytest.mark.parametrize("turned", [0, 6, 90, 180])
def test_the_serials_of_aircraft_and_controller_are_proposed_and_the_article_number_is_not(turned: float) -> None:
    found = read_codes(
        box(
            (AIRCRAFT, zxingcpp.BarcodeFormat.Code128),
            (f"https://example.org/?sn={CONTROLLER}", zxingcpp.BarcodeFormat.QRCode),
            ("4006381333931", zxingcpp.BarcodeFormat.EAN13),
            turned=turned,
        ),
        TERMS,
    )
    assert len(found.codes) == 3
    assert {serial.text for serial in found.serials} == {AIRCRAFT, CONTROLLER}
    assert next(each for each in found.serials if each.text == AIRCRAFT).models == ("DJI Mini 4 Pro",)


def test_a_photo_without_a_code_or_without_a_serial_says_what_to_do() -> None:
    assert "closer" in read_codes(box(), TERMS).notes[0]
    found = read_codes(box(("4006381333931", zxingcpp.BarcodeFormat.EAN13)), TERMS)
    assert found.serials == ()
    assert "none that looks like a serial" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "of"),
    [
        (f"Remote controller SN: {CONTROLLER}", SerialOf.CONTROLLER),
        (f"Battery {CONTROLLER}", SerialOf.BATTERY),
        (CONTROLLER, SerialOf.UNKNOWN),
        (f"Controller kit {AIRCRAFT}", SerialOf.AIRCRAFT),
    ],
)
def test_a_serial_is_of_what_its_prefix_or_its_line_says(text: str, of: SerialOf) -> None:
    assert [serial.of for serial in serials_in(text, TERMS)] == [of]


@pytest.mark.parametrize(
    "text",
    ["4006381333931", "DE123456789012", "DE89370400440532013000", "INSTRUCTIONS12", "ABCDEFGHJKLMNP", "5yszk1234567ab",
     "15810F6Z9C24AU0034SR", "X" + AIRCRAFT, "1581F6Z9C24AU0034SR"],
)  # fmt: skip
def test_what_does_not_look_like_a_serial_is_not_proposed(text: str) -> None:
    assert list(serials_in(text, TERMS)) == []


WHOLE = box((CONTROLLER, zxingcpp.BarcodeFormat.QRCode))


@given(st.lists(st.tuples(st.integers(20, len(WHOLE) - 1), st.integers(0, 255)), max_size=4), st.floats(0.1, 1))
@settings(max_examples=50)
def test_no_damage_crashes_the_reader_nor_invents_a_serial(changes: list[tuple[int, int]], kept: float) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    try:
        found = read_codes(bytes(data[: int(len(data) * kept)]), TERMS)
    except HomepointError:
        return
    assert {serial.text for serial in found.serials} <= {CONTROLLER}
