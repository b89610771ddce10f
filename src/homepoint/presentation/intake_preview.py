"""What a pile of files holds, in the words of the preview: found, new, fitting, clashing, and each file by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from homepoint.application.flight_facts import FlightFacts
from homepoint.application.found import (
    MISSING,
    Caution,
    CautionKind,
    Found,
    FoundDevice,
    FoundFile,
    FoundFlight,
    FoundOther,
    Skipped,
    SkipReason,
)
from homepoint.application.intake import Tick, Wish, activation_hint, proposed
from homepoint.domain.facts import Position
from homepoint.presentation.device_list import device_name
from homepoint.presentation.paper_preview import PaperPart, TickBox, paper_lines, paper_part
from homepoint.presentation.places import decimal_text
from homepoint.presentation.wording import counted, day_text, moment_text

CHECK = "Check the binding in DJI's app."
PROVES = (
    "A flight record shows which controller and which app account flew this aircraft at that time. It does not prove"
    " that either is bound to it."
)
_CAUTIONS: Mapping[CautionKind, str] = MappingProxyType(
    {
        CautionKind.CONTROLLER_NOT_BOUND: (
            "This record was flown with a controller that is not the one recorded as bound. " + CHECK
        ),
        CautionKind.OTHER_CONTROLLER: "This record was flown with another controller than the flight before. " + CHECK,
        CautionKind.OTHER_ACCOUNT: "This record was flown with another app account than the flight before. " + CHECK,
    }
)
_SKIPPED: Mapping[SkipReason, str] = MappingProxyType(
    {
        SkipReason.SAME_FILE: "Left out: the same file as {}.",
        SkipReason.SAME_FLIGHT: "Left out: the same flight as in {}.",
        SkipReason.KEPT_BEFORE: "Left out: kept already, as {}.",
        SkipReason.FLIGHT_KEPT_BEFORE: "Left out: this flight is kept already, as {}.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePart:
    """One aircraft in the preview. `asks_ending`: the app cut its serial off, and the label has the rest."""

    key: str
    title: str
    state: str
    rows: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    boxes: tuple[TickBox, ...]
    flights: tuple[str, ...]
    is_new: bool
    asks_ending: bool
    model: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file and what came of it."""

    name: str
    says: str
    is_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePreview:
    """The whole preview. `known` names devices of which there is nothing new.

    `loose` counts the other files of no device, for which the owner may choose one.
    """

    headline: str
    devices: tuple[DevicePart, ...]
    known: tuple[str, ...]
    controllers: tuple[TickBox, ...]
    papers: tuple[PaperPart, ...]
    others: tuple[str, ...]
    loose: int
    files: tuple[FileLine, ...]


def intake_preview(found: Found, zone: tzinfo) -> IntakePreview:
    """Return the preview of a pile; times are in the owner's time zone."""
    ticked = proposed(found).ticked
    return IntakePreview(
        headline=headline(found),
        devices=tuple(_device_part(each, ticked, zone) for each in found.devices if has_news(each)),
        known=tuple(device_name(each.registered) for each in found.devices if each.registered and not has_news(each)),
        controllers=tuple(_controller_boxes(found, ticked)),
        papers=tuple(paper_part(each, ticked) for each in found.papers),
        others=tuple(f"{each.file.name}: {_about(each.file, zone)}{_belongs(each, found)}" for each in found.others),
        loose=sum(1 for each in found.others if each.device is None),
        files=tuple(file_lines(found, zone)),
    )


def has_news(device: FoundDevice) -> bool:
    """Say whether there is anything new of an aircraft, or anything in the way."""
    return bool(device.flights or device.completes or device.clashes or device.registered is None)


def headline(found: Found) -> str:
    """Say in a line what was found."""
    new = sum(1 for each in found.devices if each.registered is None and not each.clashes)
    flights = sum(len(each.flights) for each in found.devices)
    said = [
        counted(flights, "new flight") if flights else "No new flight",
        f"{counted(len(found.devices), 'aircraft', 'aircraft')}, {new or 'none'} of them new" if found.devices else "",
        counted(len(found.others), "other file") if found.others else "",
        f"{counted(len(found.skipped), 'file')} left out as known" if found.skipped else "",
        f"{counted(len(found.unread), 'file')} not read" if found.unread else "",
    ]
    return "; ".join(each for each in said if each) + "."


def flight_line(flight: FlightFacts, zone: tzinfo) -> str:
    """Return a flight in a line: when, how long, where it ended, and what its record lacks."""
    said = [
        moment_text(flight.started_at, zone) if flight.started_at else "Start not known",
        lasted(flight.duration_s),
        f"last seen at {decimal_text(flight.last)}" if flight.last else _from(flight.start),
        "" if flight.is_whole else "cut short or damaged",
        "track enciphered" if flight.is_track_enciphered else "",
    ]
    return ", ".join(each for each in said if each)


def lasted(seconds: float | None) -> str:
    """Return a length of a flight: "12 min 05 s"."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def caution_text(caution: Caution, zone: tzinfo) -> str:
    """Return a warning about a flight in careful words."""
    serial = f", controller {caution.serial}" if caution.serial else ""
    return f"{_CAUTIONS[caution.kind]} (Flight of {moment_text(caution.at, zone)}{serial}.)"


def file_lines(found: Found, zone: tzinfo) -> Iterator[FileLine]:
    """Yield what came of each file: those that could not be read first."""
    for each in found.unread:
        yield FileLine(name=each.name, says=f"{each.problem} {each.advice}".strip(), is_unread=True)
    for each in found.separate:
        yield FileLine(name=each.name, says=f"A file of its own kind ({each.kind}): it is shown after this.")
    for device in found.devices:
        for flight in device.flights:
            yield FileLine(name=flight.file.name, says=f"Flight of {_flown(flight, device, zone)}.")
    for other in found.others:
        yield FileLine(name=other.file.name, says=_about(other.file, zone) + _belongs(other, found) + ".")
    for skipped in found.skipped:
        yield FileLine(name=skipped.file.name, says=skipped_text(skipped))


def skipped_text(skipped: Skipped) -> str:
    """Say why a file is left out."""
    return _SKIPPED[skipped.why].format(skipped.same_as)


def preview_lines(preview: IntakePreview) -> Iterator[str]:
    """Yield the preview for a terminal; what would be done without a further word is marked [x]."""
    yield preview.headline
    for part in preview.devices:
        yield ""
        yield f"{part.title}: {part.state}"
        for label, text in part.rows:
            yield f"  {label:<18} {text}"
        for warning in part.warnings:
            yield f"  ! {warning}"
        for box in part.boxes:
            yield f"  [{'x' if box.is_ticked else ' '}] {box.words}"
    if preview.known:
        yield ""
        yield f"Nothing new of {', '.join(preview.known)}."
    if preview.controllers:
        yield ""
    for box in preview.controllers:
        yield f"  [{'x' if box.is_ticked else ' '}] {box.words}"
    yield from paper_lines(preview.papers)
    yield ""
    width = max((len(line.name) for line in preview.files), default=0)
    for line in preview.files:
        yield f"{line.name:<{min(width, 44)}}  {line.says}"


def _device_part(device: FoundDevice, ticked: frozenset[Tick], zone: tzinfo) -> DevicePart:
    title = device_name(device.registered) if device.registered else device.name or device.model or "Aircraft"
    warnings = [caution_text(each, zone) for each in device.cautions]
    if device.clashes:
        names = " and ".join(device_name(each) for each in device.clashes)
        warnings.insert(
            0, f"This serial fits {names}. Complete or correct their serials, then take these files in again."
        )
    return DevicePart(
        key=device.key,
        title=title,
        state=_state(device),
        rows=tuple(_rows(device, zone)),
        warnings=tuple(warnings),
        boxes=tuple(_boxes(device, ticked)),
        flights=tuple(flight_line(each.flight, zone) for each in device.flights),
        is_new=device.registered is None and not device.clashes,
        asks_ending=device.is_cut and device.registered is None and not device.clashes,
        model=device.model,
        name=device.name,
    )


def _state(device: FoundDevice) -> str:
    if device.clashes:
        return "fits more than one of your devices"
    if device.registered is None:
        return "new"
    if device.registered.serial and len(device.registered.serial.strip()) != len(device.key):
        return "one of your devices, by the beginning of its serial"
    return "one of your devices, by its serial"


def _rows(device: FoundDevice, zone: tzinfo) -> Iterator[tuple[str, str]]:
    cut = f", cut by the app: {MISSING} more characters are on the label" if device.is_cut else ""
    yield "Serial", device.key + cut
    if device.model:
        yield "Model", device.model
    yield from _parts("Controller", (each.flight.controller_serial for each in device.flights))
    yield from _parts("Battery", (each.flight.battery_serial for each in device.flights))
    yield from _parts("Camera", (each.flight.camera_serial for each in device.flights))
    if device.flights:
        starts = [each.flight.started_at for each in device.flights if each.flight.started_at]
        span = _span(starts, zone)
        yield "Flights", f"{len(device.flights)}{', ' + span if span else ''}"
        last = device.flights[-1].flight
        if place := last.last or last.start:
            yield ("Last position" if last.last else "Last take-off"), decimal_text(place)


def _parts(label: str, serials: Iterator[str | None]) -> Iterator[tuple[str, str]]:
    known = list(dict.fromkeys(each for each in serials if each))
    if known:
        more = f" and {len(known) - 3} more" if len(known) > 3 else ""
        yield label, ", ".join(known[:3]) + more


def _span(starts: Sequence[datetime], zone: tzinfo) -> str:
    if not starts:
        return ""
    first, last = (day_text(each.astimezone(zone).date()) for each in (min(starts), max(starts)))
    return first if first == last else f"{first} to {last}"


def _boxes(device: FoundDevice, ticked: frozenset[Tick]) -> Iterator[TickBox]:
    def box(wish: Wish, words: str, hint: str = "") -> TickBox:
        tick = Tick(wish=wish, key=device.key)
        return TickBox(tick=tick, words=words, hint=hint, is_ticked=tick in ticked)

    if device.clashes:
        return
    if device.registered is None:
        yield box(Wish.REGISTER, "Register this device")
    if device.completes:
        yield box(Wish.COMPLETE, f"Complete its serial: {device.completes}")
    hint_at = activation_hint(device)
    if hint_at is not None and (device.registered is None or device.registered.activated_at is None):
        day = day_text(hint_at.date())
        if device.activated_at:
            yield box(Wish.ACTIVATION, f"Take {day} as its activation", "So the record says; some records are wrong.")
        else:
            yield box(
                Wish.ACTIVATION,
                f"Take {day} as its activation (first flight seen)",
                "It may have been activated and flown before. DJI's app shows the day.",
            )
    if device.flights:
        records = counted(len(device.flights), "flight record")
        yield box(Wish.KEEP, f"Keep {records} with the documents of this device")


def _controller_boxes(found: Found, ticked: frozenset[Tick]) -> Iterator[TickBox]:
    for each in found.controllers:
        if not each.is_registered:
            tick = Tick(wish=Wish.CONTROLLER, key=each.serial)
            yield TickBox(tick=tick, words=f"Add controller {each.serial}", hint="", is_ticked=tick in ticked)


def _flown(flight: FoundFlight, device: FoundDevice, zone: tzinfo) -> str:
    name = device_name(device.registered) if device.registered else device.name or device.model or device.key
    return f"{name}: {flight_line(flight.flight, zone)}"


def _about(file: FoundFile, zone: tzinfo) -> str:
    if isinstance(file.value, FlightFacts):
        return f"Flight of an aircraft without a serial: {flight_line(file.value, zone)}"
    if file.note:
        return f"{file.kind}. {file.note}".removesuffix(".")
    points = f" with {counted(file.points, 'position')}" if file.points else ""
    return f"{file.kind[:1].upper()}{file.kind[1:]}{points}"


def _belongs(other: FoundOther, found: Found) -> str:
    if other.device is None:
        return ""
    device = next((each for each in found.devices if each.key == other.device), None)
    if device is None:
        return ", of one of your devices by its serial"
    return f", of {device_name(device.registered) if device.registered else device.name or device.model}"


def _from(start: Position | None) -> str:
    return f"from {decimal_text(start)}" if start else ""
