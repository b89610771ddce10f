"""A pile of the owner's files held against the records: which devices and flights are in it, and what is new."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from homepoint.application.flight_facts import FlightFacts, kept_flight
from homepoint.application.found import (
    CUT_AT,
    MISSING,
    Caution,
    CautionKind,
    Found,
    FoundController,
    FoundDevice,
    FoundFile,
    FoundFlight,
    FoundOther,
    Skipped,
    SkipReason,
)
from homepoint.application.papers import names_a_device, papers, serials_on
from homepoint.application.ports import DeviceQuery, Library
from homepoint.domain.facts import Attachment, BoundTo, Category, Controller, Device
from homepoint.domain.intake_values import FlightExport, Invoice, Photo, SerialOf
from homepoint.domain.rules.flyaway import bound_at
from homepoint.domain.serials import normalised, read_serial, same_serial
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms

_MOST_LIKE_IT = 50
_NEVER = datetime.max.replace(tzinfo=UTC)


def look_through(files: Iterable[FoundFile], library: Library, terms: Terms) -> Found:
    """Return what a pile of files holds: what is new, what fits the owner's records, and what clashes."""
    listed = list(files)
    readable, skipped = _once_each(each for each in listed if not each.problem and not each.is_separate)
    flights = [FoundFlight(file=each, flight=each.value) for each in readable if isinstance(each.value, FlightFacts)]
    known = [each for each in flights if each.flight.aircraft_serial]
    groups, same = _by_aircraft(known)
    skipped += same
    known_ones = [_held(key, group, library, terms, skipped) for key, group in groups.items()]
    devices = [each.device for each in known_ones]
    unnamed = [each for each in flights if not each.flight.aircraft_serial]
    new = [*(each for device in devices for each in device.flights), *unnamed]
    loose = [each.file for each in unnamed]
    loose += [each for each in readable if not isinstance(each.value, FlightFacts)]
    others = [FoundOther(file=each, device=_owner_of(each, known_ones, library)) for each in loose]
    names = {sha: name for each in known_ones for sha, name in each.kept.items()}
    for other in others:
        if name := names.get(other.file.sha256 or ""):
            skipped.append(Skipped(file=other.file, why=SkipReason.KEPT_BEFORE, same_as=name))
    others = [each for each in others if each.file.sha256 not in names]
    proposing = [each for each in others if any(serials_on(each.file)) or isinstance(each.file.value, Invoice)]
    recorded = list(library.all(Device)) if proposing else []
    controllers = {normalised(each.serial) for each in library.all(Controller) if each.serial} if proposing else set()
    return Found(
        devices=tuple(devices),
        controllers=tuple(_controllers(new, library)),
        others=tuple(others),
        papers=papers(proposing, devices, recorded, controllers, terms),
        skipped=tuple(skipped),
        unread=tuple(each for each in listed if each.problem),
        separate=tuple(each for each in listed if each.is_separate),
    )


def _once_each(files: Iterable[FoundFile]) -> tuple[list[FoundFile], list[Skipped]]:
    """Return files without those of the same bytes, and what was left out."""
    seen: dict[str, FoundFile] = {}
    once, skipped = [], []
    for each in files:
        first = seen.setdefault(each.sha256, each) if each.sha256 else each
        if first is each:
            once.append(each)
        else:
            skipped.append(Skipped(file=each, why=SkipReason.SAME_FILE, same_as=first.name))
    return once, skipped


def _by_aircraft(flights: Sequence[FoundFlight]) -> tuple[dict[str, list[FoundFlight]], list[Skipped]]:
    """Return flights by the serial of their aircraft, the earliest first, each flight once."""
    serials = {normalised(each.flight.aircraft_serial or ""): each.flight.is_serial_cut for each in flights}
    whole = {
        cut: _only(full for full in serials if full != cut and full.startswith(cut))
        for cut, is_cut in serials.items()
        if is_cut
    }
    groups: dict[str, dict[datetime | str, FoundFlight]] = {}
    skipped: list[Skipped] = []
    for each in sorted(flights, key=_start_then_quality):
        serial = normalised(each.flight.aircraft_serial or "")
        group = groups.setdefault(whole.get(serial) or serial, {})
        first = group.setdefault(each.flight.started_at or each.file.name, each)
        if first is not each:
            skipped.append(Skipped(file=each.file, why=SkipReason.SAME_FLIGHT, same_as=first.file.name))
    return {key: list(group.values()) for key, group in groups.items()}, skipped


def _start_then_quality(each: FoundFlight) -> tuple[bool, float, bool, float]:
    """Of two records of one flight, the whole and longer one comes first."""
    flight = each.flight
    start = flight.started_at.timestamp() if flight.started_at else 0.0
    return flight.started_at is None, start, not flight.is_whole, -(flight.duration_s or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A found aircraft with every flight known of it, new or kept before, and the names of its files by SHA-256."""

    device: FoundDevice
    flights: tuple[FlightFacts, ...]
    kept: Mapping[str, str]


def _held(key: str, group: Sequence[FoundFlight], library: Library, terms: Terms, skipped: list[Skipped]) -> _Held:
    is_cut = all(each.flight.is_serial_cut for each in group)
    fits = _fitting(key, is_cut, library)
    registered = fits[0] if len(fits) == 1 else None
    facts = library.device_facts(registered.id) if registered else None
    kept = _kept_with(facts, library) if facts else []
    new = [each for each in group if not _is_kept(each, kept, skipped)]
    recorded = normalised(registered.serial or "") if registered else ""
    product = next((each.flight.product for each in group if each.flight.product), None)
    model = _model(product, key, terms)
    before = [flight for _, flight in kept if flight]
    device = FoundDevice(
        key=key,
        is_cut=is_cut,
        model=model,
        name=_name(group),
        category=terms.models[model].category if model in terms.models else Category.AIRCRAFT,
        registered=registered,
        completes=key if recorded and not is_cut and len(recorded) < len(key) else None,
        clashes=tuple(fits) if len(fits) > 1 else (),
        flights=tuple(new),
        cautions=tuple(_cautions(new, before, facts)),
    )
    hashes = {file.sha256: file.name for file, _ in kept if file.sha256}
    return _Held(device=device, flights=(*before, *(each.flight for each in new)), kept=hashes)


def _name(group: Sequence[FoundFlight]) -> str:
    """Return what the owner calls the aircraft, by its latest flight; a name the maker gave it says nothing."""
    names = [each.flight.aircraft_name for each in group if each.flight.aircraft_name]
    return names[-1] if names and not names[-1].startswith("DJI ") else ""


def _fitting(serial: str, is_cut: bool, library: Library) -> list[Device]:
    """Return the devices a serial may stand for: the same, or the same as far as both are written."""
    rows, _ = library.rows(DeviceQuery(words=serial[:CUT_AT], limit=_MOST_LIKE_IT))
    devices = [row.device for row in rows]
    exact = [each for each in devices if same_serial(each.serial, serial)]
    if exact and not is_cut:
        return exact[:1]
    return [each for each in devices if _fits(normalised(each.serial or ""), serial, is_cut)]


def _fits(recorded: str, serial: str, is_cut: bool) -> bool:
    if recorded == serial or (is_cut and recorded.startswith(serial)):
        return True
    return len(recorded) == CUT_AT and len(serial) == CUT_AT + MISSING and serial.startswith(recorded)


def _kept_with(facts: DeviceFacts, library: Library) -> list[tuple[Attachment, FlightFacts | None]]:
    """Return every file kept with a device and its incidents, claims and plans."""
    owners: list[str] = [facts.device.id, *(each.id for each in facts.incidents), *(each.id for each in facts.claims)]
    owners += [each.id for each in facts.plans]
    files = [file for owner in owners for file in library.about(Attachment, owner)]
    return [(file, kept_flight(file)) for file in files]


def _is_kept(each: FoundFlight, kept: Sequence[tuple[Attachment, FlightFacts | None]], skipped: list[Skipped]) -> bool:
    for file, flight in kept:
        why = None
        if file.sha256 is not None and file.sha256 == each.file.sha256:
            why = SkipReason.KEPT_BEFORE
        elif flight is not None and flight.is_same_flight(each.flight):
            why = SkipReason.FLIGHT_KEPT_BEFORE
        if why is not None:
            skipped.append(Skipped(file=each.file, why=why, same_as=file.name))
            return True
    return False


def _cautions(
    flights: Sequence[FoundFlight], kept: Sequence[FlightFacts], facts: DeviceFacts | None
) -> Iterator[Caution]:
    """Yield what does not go with what is recorded: each matter once, at its first flight."""
    new = {id(each.flight) for each in flights}
    told: set[tuple[CautionKind, str | None]] = set()
    controller = account = None
    everything = [*kept, *(each.flight for each in flights)]
    for flight in sorted(everything, key=lambda each: each.started_at or _NEVER):
        at = flight.started_at
        if at is None:
            continue
        found = []
        if facts is not None and _is_not_the_bound_one(flight.controller_serial, facts, at):
            found.append(Caution(kind=CautionKind.CONTROLLER_NOT_BOUND, at=at, serial=flight.controller_serial))
        elif _differs(controller, flight.controller_serial):
            found.append(Caution(kind=CautionKind.OTHER_CONTROLLER, at=at, serial=flight.controller_serial))
        if _differs(account, flight.account_hash):
            found.append(Caution(kind=CautionKind.OTHER_ACCOUNT, at=at))
        controller, account = flight.controller_serial or controller, flight.account_hash or account
        for each in found:
            if id(flight) in new and (each.kind, each.serial) not in told:
                told.add((each.kind, each.serial))
                yield each


def _is_not_the_bound_one(serial: str | None, facts: DeviceFacts, at: datetime) -> bool:
    """Say whether a controller is recorded as bound at an instant, and another one flew. It proves no binding."""
    targets = {binding.target for binding in bound_at(facts, BoundTo.CONTROLLER, at)}
    bound = [each.serial for each in facts.controllers if each.id in targets and each.serial]
    return serial is not None and bool(bound) and not any(same_serial(each, serial) for each in bound)


def _differs(before: str | None, now: str | None) -> bool:
    return before is not None and now is not None and normalised(before) != normalised(now)


def _controllers(flights: Iterable[FoundFlight], library: Library) -> Iterator[FoundController]:
    serials = dict.fromkeys(normalised(each.flight.controller_serial or "") for each in flights)
    recorded = {normalised(each.serial) for each in library.all(Controller) if each.serial}
    for serial in serials:
        if serial:
            yield FoundController(serial=serial, is_registered=serial in recorded)


def _owner_of(file: FoundFile, held: Sequence[_Held], library: Library) -> str | None:
    """Return which device another file belongs to, as far as a serial or a start tells."""
    value = file.value
    if isinstance(value, FlightExport):
        return _with_flight(
            held, lambda flight: flight.started_at is not None and value.is_of_flight(flight.started_at)
        )
    cameras = [each.text for each in value.serials if each.of is SerialOf.CAMERA] if isinstance(value, Photo) else []
    named = [normalised(each.text) for each, _, _ in serials_on(file) if names_a_device(each)]
    owners = [_with_flight(held, partial(_has_camera, each)) for each in cameras]
    owners += [_of_serial(each, held, library) for each in named]
    return _only(each for each in owners if each is not None)


def _with_flight(held: Sequence[_Held], fits: Callable[[FlightFacts], bool]) -> str | None:
    return _only(each.device.key for each in held if any(fits(flight) for flight in each.flights))


def _has_camera(serial: str, flight: FlightFacts) -> bool:
    return same_serial(flight.camera_serial, serial)


def _of_serial(serial: str, held: Sequence[_Held], library: Library) -> str | None:
    if key := _only(each.device.key for each in held if _may_be(each.device, serial)):
        return key
    fits = _fitting(serial, len(serial) == CUT_AT, library)
    return fits[0].id if len(fits) == 1 else None


def _may_be(device: FoundDevice, serial: str) -> bool:
    return device.key.startswith(serial) or (device.is_cut and serial.startswith(device.key))


def _only(found: Iterable[str]) -> str | None:
    """Return the one there is, None for none or several."""
    listed = list(dict.fromkeys(found))
    return listed[0] if len(listed) == 1 else None


def _model(product: str | None, serial: str, terms: Terms) -> str:
    """Return the catalogue's name of a model: by its product, or by the first characters of the serial."""
    hints = [each for each in read_serial(serial, terms).model_hint if each in terms.models]
    if product is None:
        return hints[0] if len(hints) == 1 else ""
    if (exact := f"DJI {product}") in terms.models:
        return exact
    finer = [each for each in hints if each.startswith(exact)]
    finer = finer or [each for each in terms.models if each.startswith(exact)]
    return finer[0] if len(finer) == 1 else exact
