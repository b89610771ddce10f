"""Finds serials in running text: on labels, in codes, on invoices. Only what has the form of one is proposed."""

import re
from collections.abc import Iterator

from homepoint.domain.assessment import SerialForm
from homepoint.domain.facts import Category
from homepoint.domain.intake_values import FoundSerial, SerialOf
from homepoint.domain.serials import read_serial
from homepoint.domain.terms import Terms

_WORD = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{10,20}(?![0-9A-Za-z])")
_NUMBER_OF_A_LAND = re.compile("[A-Z]{2}[0-9]+")  # VAT numbers and bank accounts
_FEWEST_DIGITS = 3
_AIRCRAFT = (Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT)
_PARTS = (
    (re.compile(r"\b(controller|remote)\b", re.IGNORECASE), SerialOf.CONTROLLER),
    (re.compile(r"\b(battery|batteries|akku)\b", re.IGNORECASE), SerialOf.BATTERY),
    (re.compile(r"\b(camera|gimbal)\b", re.IGNORECASE), SerialOf.CAMERA),
    (re.compile(r"\b(aircraft|drone)\b", re.IGNORECASE), SerialOf.AIRCRAFT),
)


def serials_in(text: str, terms: Terms) -> Iterator[FoundSerial]:
    """Yield the serials in a line or a code: 14 characters of DJI's, or the form of remote identification.

    Words without digits, numbers without letters (article and phone numbers, EAN codes) and words with a character
    that serials do not have are none.
    """
    of = next((part for pattern, part in _PARTS if pattern.search(text)), SerialOf.UNKNOWN)
    for found in _WORD.finditer(text):
        word = found[0]
        if sum(sign.isdigit() for sign in word) < _FEWEST_DIGITS or word != word.upper():
            continue
        if word.isdigit() or _NUMBER_OF_A_LAND.fullmatch(word):
            continue
        reading = read_serial(word, terms)
        if reading.form is not SerialForm.UNKNOWN and not reading.faults:
            models = reading.model_hint
            flies = models and all(
                model in terms.models and terms.models[model].category in _AIRCRAFT for model in models
            )
            yield FoundSerial(text=word, of=SerialOf.AIRCRAFT if flies else of, models=models)
