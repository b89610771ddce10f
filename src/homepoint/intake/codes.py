"""QR codes and barcodes on a photo of the box or the label: what they say, and which serials may be in them."""

from collections.abc import Sequence

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import BoxCodes, FoundCode
from homepoint.domain.terms import Terms
from homepoint.intake.photo import pixels_of
from homepoint.intake.serial_search import serials_in

_LONGER_SIDE = 2400
"""The pixels at which codes are looked for, and at fractions of it: enough for a whole box, and soon done."""

_LONGEST_TEXT = 2000
_MOST_CODES = 50


def read_codes(data: bytes, terms: Terms) -> BoxCodes:
    """Return the codes on a photo, and the serials they propose; the owner confirms each.

    Raises:
        HomepointError: it is no photo that can be opened and decoded.
    """
    codes = {(code.kind, code.text): code for code in _codes(data, terms)}
    notes = [] if codes else ["No code was found. Take the photo closer, straight from above and in good light."]
    if codes and not any(code.serials for code in codes.values()):
        notes.append("There are codes, but none that looks like a serial. Look for the one beside “SN”.")
    return BoxCodes(codes=tuple(codes.values())[:_MOST_CODES], notes=tuple(notes))


def read_texts(data: bytes) -> Sequence[str]:
    """Return what the codes in a picture say.

    Raises:
        HomepointError: it is no picture that can be opened and decoded.
    """
    return [text for _, text in _read(data)]


def _codes(data: bytes, terms: Terms) -> list[FoundCode]:
    return [FoundCode(kind=kind, text=text, serials=tuple(serials_in(text, terms))) for kind, text in _read(data)]


def _read(data: bytes) -> list[tuple[str, str]]:
    """Return kind and text of each code."""
    import zxingcpp

    image = pixels_of(data, _LONGER_SIDE)
    if image is None:
        raise HomepointError("This photo is damaged or too large to look for codes in it.", "Take another one.")
    found = zxingcpp.read_barcodes(image.convert("L"))
    return [(str(code.format), text) for code in found if code.valid and (text := _printable(code.text))]


def _printable(text: str) -> str:
    """Return a code's text with a blank for each sign that cannot be shown, such as the separators of GS1."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:_LONGEST_TEXT]).strip()
