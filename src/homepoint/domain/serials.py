"""Serial numbers: their form, what is wrong with them, and what their characters hint at.

A serial is never refused for being unknown: the faults are warnings for the owner to check the label again.
"""

from datetime import date

from homepoint.domain.assessment import SerialFault, SerialForm, SerialReading
from homepoint.domain.terms import Terms

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""ANSI/CTA-2063-A: digits and capitals without I and O."""

_EXCLUDED = frozenset("IO")
_LENGTH_CODES = "0123456789ABCDEF"
_DJI_MAKER = "1581"
_MAKER_LENGTH = 4
_CTA_LONGEST = 20
_DJI_14_LENGTH = 14
_MONTHS = "0123456789ABC"


def normalised(serial: str) -> str:
    """Return a serial as it is compared: upper case, without surrounding blanks."""
    return serial.strip().upper()


def same_serial(one: str | None, other: str | None) -> bool:
    """Say whether two serials are the same unit; an unknown serial is the same as none."""
    return bool(one and other) and normalised(one or "") == normalised(other or "")


def read_serial(serial: str | None, terms: Terms) -> SerialReading:
    """Say what a serial's characters tell: form, faults, models its prefix was seen on, likely factory day.

    Source: ANSI/CTA-2063-A (four characters of maker, one of length, then that many), DJI's 14-character form.
    """
    text = normalised(serial or "")
    if not text:
        return SerialReading(text="", form=SerialForm.UNKNOWN, faults=(), model_hint=(), factory_day=None)
    form, faults = _form(text)
    return SerialReading(
        text=text,
        form=form,
        faults=(*_character_faults(text), *faults),
        model_hint=_model_hint(text, form, terms),
        factory_day=_factory_day(text, form, terms),
    )


def _character_faults(text: str) -> tuple[SerialFault, ...]:
    faults = []
    if _EXCLUDED & set(text):
        faults.append(SerialFault.EXCLUDED_LETTER)
    if set(text) - set(ALPHABET) - _EXCLUDED:
        faults.append(SerialFault.CHARACTER)
    return tuple(faults)


def _form(text: str) -> tuple[SerialForm, tuple[SerialFault, ...]]:
    """Tell the form by length and maker code; a DJI remote-ID serial is one even when it is too short or long."""
    if len(text) == _DJI_14_LENGTH and not text.startswith(_DJI_MAKER):
        return SerialForm.DJI_14, ()
    if text.startswith(_DJI_MAKER) or len(text) == _CTA_LONGEST:
        return _cta_form(text)
    if _payload_fits(text):
        return SerialForm.CTA_2063_A, ()
    return SerialForm.UNKNOWN, (SerialFault.LENGTH,)


def _cta_form(text: str) -> tuple[SerialForm, tuple[SerialFault, ...]]:
    code = text[_MAKER_LENGTH : _MAKER_LENGTH + 1]
    if code and _LENGTH_CODES.find(code) < 1:
        return SerialForm.CTA_2063_A, (SerialFault.LENGTH_CODE,)
    return SerialForm.CTA_2063_A, () if _payload_fits(text) else (SerialFault.LENGTH,)


def _payload_fits(text: str) -> bool:
    """Say whether the fifth character counts the characters after it."""
    code = _LENGTH_CODES.find(text[_MAKER_LENGTH]) if len(text) > _MAKER_LENGTH else 0
    return code >= 1 and len(text) == _MAKER_LENGTH + 1 + code


def _model_hint(text: str, form: SerialForm, terms: Terms) -> tuple[str, ...]:
    """Return the models a prefix was seen on: 8 characters of the long form, 3 of the short one."""
    prefix = text[:3] if form is SerialForm.DJI_14 else text[:8]
    return tuple(dict.fromkeys(entry.model for entry in terms.hints.get(prefix, ())))


def _factory_day(text: str, form: SerialForm, terms: Terms) -> date | None:
    """Guess the day of making from the date characters; None where they give no possible date."""
    try:
        if form is SerialForm.DJI_14:
            year = terms.year_letters[text[4]]
            month, day = text[5], text[6]
        elif form is SerialForm.CTA_2063_A and text.startswith(_DJI_MAKER) and len(text) == _CTA_LONGEST:
            year = 2000 + int(text[9:11])
            month, day = text[11], text[12]
        else:
            return None
        return date(year, _MONTHS.index(month), ALPHABET.index(day))
    except (KeyError, ValueError):
        return None
