"""What a box, an invoice or an aircraft's photo proposes, and what becomes of the values the owner ticks."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from homepoint.application.checks import Wrong
from homepoint.application.found import CUT_AT, FoundDevice, FoundFile, FoundOther, Offer, Paper, Take
from homepoint.domain.facts import Category, Device, DeviceStatus
from homepoint.domain.intake_values import FoundSerial, Invoice, Photo, SerialOf
from homepoint.domain.serials import normalised, read_serial
from homepoint.domain.terms import Terms
from homepoint.domain.values import Money

PHOTO_NOTES = "The notes in the photo"
_MOST_OF_A_KIND = 10
_MOST_WITHOUT_SERIAL = 5
_OF_DEVICES = (SerialOf.AIRCRAFT, SerialOf.UNKNOWN)
_FIELDS: Mapping[Take, str] = {
    Take.MODEL: "model",
    Take.PURCHASED_ON: "purchased_on",
    Take.PRICE: "price",
    Take.ORDER_NUMBER: "order number",
}

Seen = tuple[FoundSerial, str, int | None]


def serials_on(file: FoundFile) -> Iterator[Seen]:
    """Yield the serials a photo or an invoice holds, with the line and the page they stand on."""
    if isinstance(file.value, Photo):
        for serial in file.value.serials:
            if serial.of is SerialOf.AIRCRAFT:
                yield serial, PHOTO_NOTES, None
    if isinstance(file.value, Invoice):
        for proposal in file.value.serials:
            if isinstance(proposal.value, FoundSerial):
                yield proposal.value, proposal.line, proposal.page
    for code in file.codes.codes if file.codes else ():
        for serial in code.serials:
            yield serial, code.text, None


def names_a_device(serial: FoundSerial) -> bool:
    """Say whether a serial may be that of a device, and not of its controller, camera or battery."""
    return serial.of in _OF_DEVICES


def papers(
    others: Sequence[FoundOther],
    devices: Sequence[FoundDevice],
    recorded: Sequence[Device],
    controllers: Container[str],
    terms: Terms,
) -> tuple[Paper, ...]:
    """Return what files propose; photos that propose the same are one.

    Args:
        others: the files that are no flight records, with the device each belongs to.
        devices: the aircraft of the flight records in the same pile.
        recorded: every device of the owner, to find those without a serial.
        controllers: the serials of the controllers that are recorded.
        terms: the catalogue, for models.
    """
    found: dict[object, Paper] = {}
    for other in others:
        offers = tuple(_Offers(other, devices, recorded, controllers, terms).all())
        if not offers:
            continue
        key = _key(other.file)
        same: object = (other.device, tuple((each.take, each.value, each.device) for each in offers))
        same = key if isinstance(other.file.value, Invoice) else same
        first = found.setdefault(same, Paper(key=key, owner=other.device, files=(), offers=offers))
        found[same] = Paper(key=first.key, owner=first.owner, files=(*first.files, other.file), offers=first.offers)
    return tuple(found.values())


def _key(file: FoundFile) -> str:
    return file.sha256 or file.name


@dataclass(frozen=True, slots=True)
class _Offers:
    """Makes the proposals of one file."""

    other: FoundOther
    devices: Sequence[FoundDevice]
    recorded: Sequence[Device]
    controllers: Container[str]
    terms: Terms

    def all(self) -> Iterator[Offer]:
        file = self.other.file
        for serial, line, page in islice(_once(serials_on(file)), _MOST_OF_A_KIND):
            yield from self._of_serial(serial, line, page)
        if not isinstance(file.value, Invoice):
            return
        device = next((each for each in self.recorded if each.id == self._owner_id()), None)
        invoice = file.value
        lists = ((Take.MODEL, invoice.models), (Take.PURCHASED_ON, invoice.days))
        for take, proposals in (*lists, (Take.ORDER_NUMBER, invoice.order_numbers)):
            for each in proposals[:_MOST_OF_A_KIND]:
                is_told = device is not None and each.value in (device.model, device.purchased_on)
                if not is_told and isinstance(each.value, str | date):
                    yield self._offer(take, each.value, each.line, each.page)
        for amount in invoice.amounts[:_MOST_OF_A_KIND]:
            price = Money(amount=amount.amount, currency=amount.currency)
            if device is None or device.price != price:
                yield self._offer(Take.PRICE, price, amount.line, amount.page)

    def _owner_id(self) -> str | None:
        found = next((each for each in self.devices if each.key == self.other.device), None)
        return found.registered.id if found is not None and found.registered is not None else self.other.device

    def _of_serial(self, serial: FoundSerial, line: str, page: int | None) -> Iterator[Offer]:
        text = normalised(serial.text)
        if serial.of is SerialOf.CONTROLLER and text not in self.controllers:
            yield self._offer(Take.CONTROLLER, text, line, page)
        if not names_a_device(serial):
            return
        models = tuple(serial.models or read_serial(text, self.terms).model_hint)
        if self.other.device is not None:
            owner = self._owner_id()
            cut = next((each.key for each in self.devices if each.key == owner and each.is_cut), "")
            device = next((each for each in self.recorded if each.id == owner), None)
            known = normalised(device.serial or "") if device is not None else cut
            if len(known) == CUT_AT < len(text) and text.startswith(known):
                yield self._offer(Take.FILL, text, line, page, device=device)
            return
        yield self._offer(Take.REGISTER, text, line, page, models=models)
        missing = (each for each in self.recorded if not each.serial and each.status is DeviceStatus.IN_USE)
        fitting = (each for each in missing if not models or each.model in models)
        for each in islice(fitting, _MOST_WITHOUT_SERIAL):
            yield self._offer(Take.FILL, text, line, page, device=each)

    def _offer(
        self,
        take: Take,
        value: str | date | Money,
        line: str,
        page: int | None,
        *,
        models: tuple[str, ...] = (),
        device: Device | None = None,
    ) -> Offer:
        said = f"{value.amount} {value.currency}" if isinstance(value, Money) else str(value)
        return Offer(
            key="/".join((_key(self.other.file), take, said, device.id if device else "")),
            take=take,
            value=value,
            line=line,
            page=page,
            models=models,
            category=_category((said,) if take is Take.MODEL else models, self.terms),
            device=device,
        )


def _once(seen: Iterable[Seen]) -> Iterator[Seen]:
    first: dict[str, Seen] = {}
    for each in seen:
        first.setdefault(normalised(each[0].text), each)
    yield from first.values()


def _category(models: Iterable[str], terms: Terms) -> Category | None:
    categories = {terms.models[each].category for each in models if each in terms.models}
    return categories.pop() if len(categories) == 1 else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the ticked values become.

    `new` are values of new devices by their serial; `changed` those of devices by id, or by the key of a found one.
    `owners` and `orders` say, by the SHA-256 of a file, where it belongs and which order number it is noted with.
    """

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    controllers: dict[str, None] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)


def taken(
    found: Iterable[Paper],
    is_ticked: Callable[[str], bool],
    models: Mapping[str, str],
    others_with: str | None,
    wrong: Wrong,
) -> Taken:
    """Return what the ticked values become; what makes no sense is said in `wrong`.

    Args:
        found: what the files propose.
        is_ticked: says whether the proposal of a key is.
        models: what the owner typed as the model of a new device, by the key of the paper.
        others_with: the device the owner chose for files that name none.
        wrong: takes the sentences.
    """
    result = Taken()
    for paper in found:
        ticked = [each for each in paper.offers if is_ticked(each.key)]
        result.controllers.update({str(each.value): None for each in ticked if each.take is Take.CONTROLLER})
        serials = [each for each in ticked if each.take in (Take.REGISTER, Take.FILL)]
        values = _values(paper, ticked, wrong)
        order = values.pop("order number", None)
        name = paper.files[0].name
        if len(serials) > 1:
            wrong[f"{paper.key}/serial"] = f"Tick only one serial of {name}: each would be another device."
            continue
        of = paper.owner or others_with
        if serials and serials[0].take is Take.REGISTER:
            of = str(serials[0].value)
            _add(result.new.setdefault(of, {}), _new(serials[0], values, models.get(paper.key, "")))
        else:
            if serials:
                of = serials[0].device.id if serials[0].device else paper.owner
                values["serial"] = serials[0].value
            if of is not None and values:
                values.pop("category", None)
                _add(result.changed.setdefault(of, {}), values)
            elif values or order:
                wrong[f"{paper.key}/of"] = f"Tick a serial of {name}, or choose the device that it belongs to."
        for file in paper.files if of is not None else ():
            result.owners[_key(file)] = of or ""
            if order:
                result.orders[_key(file)] = str(order)
    return result


def _values(paper: Paper, ticked: Sequence[Offer], wrong: Wrong) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in ticked:
        name = _FIELDS.get(each.take)
        if name is None:
            continue
        if name in values:
            words = name.replace("purchased_on", "purchase date")
            wrong[f"{paper.key}/{name}"] = f"Tick only one {words} of {paper.files[0].name}."
        values[name] = each.value
        if each.take is Take.MODEL:
            values["category"] = each.category
    return values


def _new(serial: Offer, values: Mapping[str, Any], typed: str) -> dict[str, Any]:
    """Return the values of a new device; a ticked model counts before a typed one."""
    model = typed.strip() or (serial.models[0] if len(serial.models) == 1 else "")
    category = serial.category if model in serial.models else None
    return {"model": model, "category": category, **values}


def _add(to: dict[str, Any], values: Mapping[str, Any]) -> None:
    to.update({name: value for name, value in values.items() if value not in (None, "") or name not in to})
