"""Reads one flight record from its bytes into plain values, and says how whole it is."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from homepoint.application.problems import HomepointError
from homepoint.domain.flight import (
    Condition,
    EmbeddedPicture,
    FlightRecord,
    Frame,
    Identity,
    Position,
    Totals,
    distance_m,
    instant_of,
)
from homepoint.intake.flight_record.details import Details, after_blocks, read_details
from homepoint.intake.flight_record.prefix import NEWEST_VERSION, Prefix, read_prefix
from homepoint.intake.flight_record.records import OSD, Records
from homepoint.intake.flight_record.track import Track
from homepoint.intake.flight_record.walk import Walk, walk
from homepoint.intake.flight_record.words import plain, rows
from homepoint.intake.reading import FileKind, Reading

_FARTHEST_START_M = 100_000.0
"""A stated start further from the first fix than this is left over from elsewhere, or garbage."""

_DETAILS_LENGTH = 400

_AGAIN = "Copy it again from the phone or controller; keep this one as it is."


def reading(data: bytes) -> Reading:
    """Return what a flight record holds, as every reader of Homepoint gives it.

    Raises:
        HomepointError: see `read_flight_record`.
    """
    record, details = _read(data)
    return Reading(kind=FileKind.FLIGHT_RECORD, value=record, plain=plain(record, details), rows=rows(record, details))


def read_flight_record(data: bytes) -> FlightRecord:
    """Return everything a flight record tells without DJI's key.

    Raises:
        HomepointError: this is no flight record, is of a version not known here, or is damaged so far that neither
            who flew nor where can be told.
    """
    return _read(data)[0]


def _read(data: bytes) -> tuple[FlightRecord, Details | None]:
    prefix = read_prefix(data)
    if prefix is None:
        raise HomepointError("This is not a flight record.", "Choose a DJIFlightRecord file (.txt).")
    details = read_details(data, prefix)
    met = walk(*_records_of(data, prefix, details), is_wide=prefix.is_encrypted)
    record = _record(data, prefix, details, met)
    if not _tells_something(record):
        raise _nothing_told(prefix)
    return record, details


def _records_of(data: bytes, prefix: Prefix, details: Details | None) -> tuple[bytes, int]:
    """Return the bytes that hold the records, from the beginning of the file, and where they begin."""
    if prefix.is_encrypted:
        return data, max(prefix.records_at, after_blocks(data))
    are_details_cut = prefix.records_at <= prefix.details_at and len(data) - prefix.details_at < _DETAILS_LENGTH
    if prefix.version == 12 or (details is None and not are_details_cut):
        return data, prefix.records_at
    return data[: prefix.details_at], prefix.records_at


def _record(data: bytes, prefix: Prefix, details: Details | None, met: Walk) -> FlightRecord:
    common: dict[str, Any] = {
        "version": prefix.version,
        "condition": _condition(prefix, details, met),
        "is_track_enciphered": prefix.is_encrypted,
        "totals": details.totals if details else Totals(),
        "frame_count": len(met.of(OSD)),
        "pictures": tuple(
            EmbeddedPicture(offset=at, length=length, sha256=sha256(data[at : at + length]).hexdigest())
            for at, length in met.pictures
        ),
    }
    started_at = details.started_at if details else None
    if prefix.is_encrypted:
        return FlightRecord(
            **common,
            identity=details.identity if details else Identity(),
            started_at=started_at,
            start=details.start if details else None,
            frames=(),
            home_points=(),
            signal_losses=None,
            messages=(),
        )
    told = Records(data, met, prefix.version)
    track = told.track()
    if started_at is None and (first_ms := told.first_time()) is not None:
        started_at = instant_of(first_ms)
    return FlightRecord(
        **common,
        identity=_merged(details.identity, told.identity()) if details else told.identity(),
        started_at=started_at,
        start=_start(details, track),
        frames=track,
        home_points=told.home_points(),
        signal_losses=track.signal_losses() if len(track) else None,
        messages=told.messages(),
    )


def _condition(prefix: Prefix, details: Details | None, met: Walk) -> Condition:
    if met.gaps:
        return Condition.DAMAGED
    return Condition.CUT_SHORT if details is None or met.is_cut else Condition.WHOLE


def _merged(stated: Identity, told: Identity) -> Identity:
    """Return what the details state, and from the records what they leave open, such as the whole of a cut serial."""
    gaps: dict[str, Any] = {
        field: getattr(told, field)
        for field in ("aircraft_name", "aircraft_serial", "camera_serial", "controller_serial", "battery_serial")
        if getattr(stated, field) is None
    }
    longer, cut = told.aircraft_serial, stated.aircraft_serial
    if longer and cut and stated.is_aircraft_serial_cut and len(longer) > len(cut) and longer.startswith(cut):
        gaps |= {"aircraft_serial": longer, "is_aircraft_serial_cut": False}
    elif "aircraft_serial" in gaps:
        gaps["is_aircraft_serial_cut"] = told.is_aircraft_serial_cut
    return replace(stated, **gaps)


def _start(details: Details | None, track: Track) -> Position | None:
    first = next((frame.position for frame in track if frame.latitude is not None), None)
    stated = details.start if details else None
    if stated is None or first is None or distance_m(stated, first) <= _FARTHEST_START_M:
        return stated
    return None


def _tells_something(record: FlightRecord) -> bool:
    """Say whether it tells who flew, or at least where the aircraft was at some moment."""
    if record.identity.aircraft_serial or record.identity.controller_serial:
        return True
    if record.started_at is None:
        return False
    return record.start is not None or any(_is_placed(frame) for frame in record.frames)


def _is_placed(frame: Frame) -> bool:
    return frame.latitude is not None


def _nothing_told(prefix: Prefix) -> HomepointError:
    if prefix.version > NEWEST_VERSION:
        return HomepointError(
            f"This looks like a flight record of version {prefix.version}, newer than those known here (to 14).",
            "Keep the file; an export of this flight from AirData, or as GPX or KML, can be read.",
        )
    return HomepointError("This flight record is damaged: neither who flew nor where can be told.", _AGAIN)
