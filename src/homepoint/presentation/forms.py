"""The device form: what the owner typed as plain values, what is wrong with it, and the device it describes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homepoint.domain.assessment import PurchaseVerdict, SerialFault, SerialForm, SerialReading
from homepoint.domain.facts import Category, Channel, Condition, Device, DeviceStatus
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.rules.purchase import not_activated
from homepoint.domain.serials import normalised, read_serial
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId, Region
from homepoint.presentation.device_answers import purchase_reason
from homepoint.presentation.wording import countdown_text, counted, short_day_text

DRAFT = DeviceId("draft")
"""The id of a device that is being added and has none yet."""

Problems = Mapping[str, str]
"""A sentence for each field that is wrong, by its name in the owner file ("" for the whole form)."""


class Activation(StrEnum):
    """What the owner says about the activation."""

    AT = "at"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceForm:
    """What stands in the device form. `activated_at` counts only with `Activation.AT`."""

    serial: str = ""
    model: str = ""
    category: Category | None = None
    nickname: str = ""
    region: Region | None = None
    channel: Channel | None = None
    condition: Condition | None = None
    purchased_on: date | None = None
    received_on: date | None = None
    shipped_at: datetime | None = None
    activation: Activation = Activation.UNKNOWN
    activated_at: datetime | None = None
    proof_of_purchase: bool | None = None
    status: DeviceStatus = DeviceStatus.IN_USE


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialWords:
    """What to say below a serial while it is typed; `faults` are hints to look at the label again, never a refusal."""

    tells: str = ""
    faults: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the rules would say, in one sentence; `is_open` when something can be done now."""

    words: str
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The device a form describes, or why it describes none."""

    device: Device
    problems: Problems = field(default_factory=dict, hash=False)


def instant_of(on: date, at: time, zone: str) -> datetime | None:
    """Return the instant a watch showed in a time zone, or None where there is no such zone."""
    try:
        return datetime.combine(on, at, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def form_of(facts: DeviceFacts) -> DeviceForm:
    """Return the form that shows a recorded device."""
    device = facts.device
    activation = Activation.UNKNOWN
    if device.activated_at is not None:
        activation = Activation.AT
    elif not_activated(facts):
        activation = Activation.NOT_YET
    return DeviceForm(
        serial=device.serial or "",
        model=device.model,
        category=device.category,
        nickname=device.nickname or "",
        region=device.region,
        channel=device.channel,
        condition=device.condition,
        purchased_on=device.purchased_on,
        received_on=device.received_on,
        shipped_at=device.shipped_at,
        activation=activation,
        activated_at=device.activated_at,
        proof_of_purchase=device.proof_of_purchase,
        status=device.status,
    )


def draft(form: DeviceForm, terms: Terms, recorded: Device | None = None) -> Drafted:
    """Return the device a form describes, keeping what the form does not show from the recorded one.

    A new device whose activation is unknown counts as not activated yet in the owner file, so "I do not know" leaves
    the condition open.
    """
    known = terms.models.get(form.model.strip())
    activated_at = form.activated_at if form.activation is Activation.AT else None
    condition = form.condition
    if form.activation is Activation.NOT_YET:
        condition = Condition.NEW
    elif form.activation is Activation.UNKNOWN and condition is Condition.NEW:
        condition = None
    device = replace(
        recorded or Device(id=DRAFT, model=form.model.strip()),
        model=form.model.strip(),
        category=known.category if known else form.category,
        serial=normalised(form.serial) or None,
        nickname=form.nickname.strip() or None,
        region=form.region,
        channel=form.channel,
        condition=condition,
        purchased_on=form.purchased_on,
        received_on=form.received_on,
        shipped_at=form.shipped_at,
        activated_at=activated_at,
        proof_of_purchase=form.proof_of_purchase,
        status=form.status,
    )
    return Drafted(device=device, problems=_problems(form, device))


def _problems(form: DeviceForm, device: Device) -> dict[str, str]:
    found = {}
    if not device.model:
        found["model"] = "Choose the model, or type its name."
    if device.model and device.category is None:
        found["category"] = "This model is not in the catalogue: say what kind of device it is."
    if form.activation is Activation.AT and form.activated_at is None:
        found["activated_at"] = "Choose a time zone from the list."
    return found


def activation_note(form: DeviceForm) -> str:
    """Say what the chosen answer about the activation means, where that is not plain."""
    if form.activation is Activation.NOT_YET:
        return "It counts as new until you enter the activation."
    if form.activation is Activation.UNKNOWN and form.condition is Condition.NEW:
        return "The condition stays open until then: a new device without activation would count as not activated."
    return ""


_FORMS = {
    SerialForm.CTA_2063_A: "Remote-ID serial",
    SerialForm.DJI_14: "DJI serial of 14 characters",
    SerialForm.UNKNOWN: "A form of serial Homepoint does not know; it is kept as it is",
}


def serial_words(serial: str, terms: Terms) -> SerialWords:
    """Say what a serial's characters tell, as it is typed."""
    reading = read_serial(serial, terms)
    if not reading.text:
        return SerialWords(tells="On the label of the device, in the battery bay or on the box.")
    tells = [_FORMS[reading.form]]
    if reading.model_hint:
        tells.append(f"probably {' or '.join(reading.model_hint)}")
    if reading.factory_day is not None:
        tells.append(f"made about {short_day_text(reading.factory_day)}")
    return SerialWords(
        tells=f"{', '.join(tells)}.",
        faults=tuple(_fault(each, reading) for each in reading.faults),
        model=reading.model_hint[0] if len(reading.model_hint) == 1 else None,
    )


def _fault(fault: SerialFault, reading: SerialReading) -> str:
    text = reading.text
    if fault is SerialFault.EXCLUDED_LETTER:
        letters = [letter for letter in "IO" if letter in text]
        digits = ["1" if letter == "I" else "0" for letter in letters]
        verb = "is" if len(letters) == 1 else "are"
        return f"{' and '.join(letters)} {verb} never used in a serial: probably {' and '.join(digits)}."
    if fault is SerialFault.CHARACTER:
        strange = next(each for each in text if not (each.isascii() and each.isalnum()))
        name = "A blank" if strange.isspace() else f"“{strange}”"
        return f"{name} does not occur in a serial, only digits and capital letters do."
    if fault is SerialFault.LENGTH_CODE:
        return "The fifth character tells how many follow, and this one cannot; look at the label again."
    return _about_length(reading)


def _about_length(reading: SerialReading) -> str:
    has = len(reading.text)
    if reading.form is not SerialForm.CTA_2063_A:
        return f"DJI's serials have 14 or 20 characters; this one has {has}."
    whole = 5 + int(reading.text[4], 16) if has > 4 and reading.text[4] in "123456789ABCDEF" else 20
    if has < whole:
        missing = whole - has
        words = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        count = words[missing] if missing < len(words) else str(missing)
        which = "character is" if missing == 1 else f"{count} characters are"
        return f"The last {which} missing: it should have {whole}, and has {has}."
    return f"{counted(has - whole, 'character')} too many: it should have {whole}, and has {has}."


def preview(drafted: Drafted, facts: DeviceFacts | None, terms: Terms, zone: ZoneInfo, now: datetime) -> Preview:
    """Say what the rules would make of a device: until when a plan can be bought, or what its plan gives.

    Args:
        drafted: the device as the form describes it.
        facts: what is recorded about it, when it is not new.
        terms: the catalogue.
        zone: the owner's time zone.
        now: this instant.
    """
    if not drafted.device.model:
        return Preview(words="Enter a serial or choose a model.")
    whole = replace(facts, device=drafted.device) if facts else DeviceFacts(device=drafted.device, zone=zone)
    assessment = evaluate(whole, terms, now)
    reading = assessment.purchase
    words = purchase_reason(assessment, whole)
    if reading.verdict is PurchaseVerdict.OPEN and reading.until is not None:
        left = countdown_text(reading.until, now.astimezone(zone))
        return Preview(words=f"{words.removesuffix('.')} ({left}).", is_open=True)
    words = words.replace("It depends on", "Whether a care plan can be bought depends on")
    return Preview(words=words, is_open=reading.verdict is PurchaseVerdict.OPEN)


def model_names(terms: Terms, category: Category | None = None) -> Sequence[str]:
    """Return the names of all models, or of one category, in the catalogue's order."""
    return [model.name for model in terms.models.values() if category in (None, model.category)]


def local(at: datetime, zone: tzinfo) -> tuple[date, time]:
    """Return the day and the time a watch shows at an instant."""
    then = at.astimezone(zone)
    return then.date(), then.time().replace(microsecond=0)
