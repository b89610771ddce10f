"""What a file would fill in of a report, in words: each field with what stands there now, and what else it tells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from homepoint.application.report_from_file import FilledIn, Order
from homepoint.domain.facts import Controller, Incident, Position
from homepoint.domain.flight import MessageKind, SignalLoss
from homepoint.domain.intake_values import VideoSubtitles
from homepoint.presentation.incident_guide import home_position
from homepoint.presentation.intake_preview import PROVES, lasted
from homepoint.presentation.places import decimal_text
from homepoint.presentation.position_text import both_ways
from homepoint.presentation.wording import counted, moment_text

ENCIPHERED = (
    "The positions in this record are enciphered; only DJI has the key. It gives the start, and how long the flight"
    " was. To add the rest: an export of the flight from AirData or as GPX or KML, or the coordinates that Find My"
    " Drone shows, typed as the last position."
)
OTHER = "This file names another aircraft than the one of this report. Check before you take anything over."
ORDER = (
    "This file does not say which number is the latitude. Look where both places are, and choose the one you flew at."
    " Nothing is filled in before that."
)
CLOCK = "The time is by the camera's own clock, taken to be in your time zone. Check it."


@dataclass(frozen=True, slots=True, kw_only=True)
class FillView:
    """The card of one file. `fills` are field, new and old value; `told` is what else it says, as text."""

    fills: tuple[tuple[str, str, str], ...]
    told: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def fill_view(filled: FilledIn, incident: Incident, controllers: tuple[Controller, ...], zone: tzinfo) -> FillView:
    """Return what taking over would change of an incident, and what else the file tells."""
    flight = filled.flight
    notes = [PROVES] if flight is not None else []
    if flight is not None and flight.is_track_enciphered:
        notes.insert(0, ENCIPHERED)
    warnings = [OTHER] if filled.is_other_aircraft else []
    if filled.is_clock_unsure:
        warnings.append(CLOCK)
    if filled.controller_serial:
        warnings.append(f"It was flown with controller {filled.controller_serial}, which is not in your records.")
    return FillView(
        fills=tuple(_fills(filled.incident, incident, controllers, zone)),
        told=tuple(_told(filled, zone)),
        warnings=tuple(warnings),
        notes=tuple(notes),
    )


def reading_choices(tracks: Mapping[Order, VideoSubtitles]) -> tuple[tuple[Order, str], ...]:
    """Return each way to read a track, with the place where it would end."""
    return tuple(
        (order, f"{order.capitalize()}: it ends at {track.points[-1].lat:.6f}, {track.points[-1].lon:.6f}")
        for order, track in tracks.items()
    )


def _fills(
    new: Incident, old: Incident, controllers: tuple[Controller, ...], zone: tzinfo
) -> Iterator[tuple[str, str, str]]:
    if new.at is not None and new.at != old.at:
        yield "When", moment_text(new.at, zone), moment_text(old.at, zone) if old.at else ""
    if new.position is not None and not _same(new.position, old.position):
        yield "Last position", decimal_text(new.position), decimal_text(old.position) if old.position else ""
    home, before = home_position(new), home_position(old)
    if home is not None and not _same(home, before):
        yield "Home point", decimal_text(home), decimal_text(before) if before else ""
    if new.controller is not None and new.controller != old.controller:
        names = {each.id: each.label or each.serial or "Controller" for each in controllers}
        yield (
            "Controller in use",
            names.get(new.controller, ""),
            names.get(old.controller, "") if old.controller else "",
        )


def _same(one: Position, other: Position | None) -> bool:
    return other is not None and (round(one.lat, 6), round(one.lon, 6)) == (round(other.lat, 6), round(other.lon, 6))


def _told(filled: FilledIn, zone: tzinfo) -> Iterator[tuple[str, str]]:
    flight = filled.flight
    if flight is None:
        return
    if flight.started_at:
        took = lasted(flight.duration_s)
        yield "Flight", f"from {moment_text(flight.started_at, zone)}{', ' + took if took else ''}"
    if flight.last_height_m is not None:
        yield "Height at the end", f"{flight.last_height_m:g} m above take-off"
    if flight.battery_percent is not None:
        yield "Battery at the end", f"{flight.battery_percent:g} %"
    if flight.last is not None and flight.home is not None:
        far, there, back = both_ways(flight.home, flight.last)
        yield "From the home point", f"{far}, bearing {there}; the way back bears {back}"
    if filled.losses is not None:
        yield "Controller's signal", "; ".join(_loss(each, zone) for each in filled.losses) or "never lost"
    if filled.pictures:
        yield "Pictures inside", counted(len(filled.pictures), "picture") + ", kept with the record"
    for at, message in enumerate(filled.messages):
        when = f"{message.at.astimezone(zone):%H:%M:%S} " if message.at else ""
        mark = "" if message.kind is MessageKind.TIP else f"({message.kind}) "
        yield "" if at else f"Last {counted(len(filled.messages), 'message')} of the app", when + mark + message.text


def _loss(loss: SignalLoss, zone: tzinfo) -> str:
    since = f"{loss.since.astimezone(zone):%H:%M:%S}" if loss.since else "the beginning"
    if loss.until is None:
        return f"lost from {since} to the end of the record"
    return f"lost from {since} to {loss.until.astimezone(zone):%H:%M:%S}"
