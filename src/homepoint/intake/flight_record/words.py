"""A flight record as JSON with agreed keys, and in plain words."""

from collections.abc import Mapping
from datetime import UTC, datetime

from homepoint.domain.flight import Condition, FlightRecord, MessageKind, Position
from homepoint.domain.rules.last_seen import LastSeen, last_seen
from homepoint.intake.flight_record import believable
from homepoint.intake.flight_record.details import Details
from homepoint.intake.flight_record.products import DEPARTMENTS, PLATFORMS

_MODES = {
    0: "manual", 1: "attitude", 3: "hover", 4: "hover", 6: "GPS", 9: "point of interest", 10: "assisted take-off",
    11: "automatic take-off", 12: "automatic landing", 13: "landing", 14: "waypoints", 15: "return to home",
    17: "joystick", 19: "cinematic", 26: "active track", 27: "tap to fly", 31: "sport", 32: "beginner",
    33: "confirming the landing", 35: "terrain tracking", 36: "return to home", 37: "landing at home", 38: "tripod",
    41: "motors starting", 43: "gentle",
}  # fmt: skip

_CONDITIONS = {
    Condition.WHOLE: "whole",
    Condition.CUT_SHORT: "cut short: what was written before it stopped is here",
    Condition.DAMAGED: "damaged: some parts of it could not be read",
}
_NORTH_EAST = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

Row = tuple[str, str]


def mode_name(mode: int) -> str:
    """Return a flight mode in words."""
    return _MODES.get(mode, f"mode {mode}")


def plain(record: FlightRecord, details: Details | None) -> Mapping[str, object]:
    """Return a flight record as JSON; unknown is null.

    Texts of the details stand as the record states them, also when a field is empty or all zeros: that is how
    records are compared. What damage left there is null. What is believed of them is in `FlightRecord.identity`.
    """
    who = record.identity
    seen = last_seen(record)
    home = record.home_points[-1] if record.home_points else None
    return {
        "version": record.version,
        "product_code": who.product_code,
        "product": who.product,
        "aircraft_name": details.as_stated["name"] if details else who.aircraft_name,
        "aircraft_sn": _stated(details, "aircraft", who.aircraft_serial),
        "aircraft_sn_truncated": who.is_aircraft_serial_cut if details or who.aircraft_serial else None,
        "camera_sn": _stated(details, "camera", who.camera_serial),
        "rc_sn": _stated(details, "controller", who.controller_serial),
        "battery_sn": _stated(details, "battery", who.battery_serial),
        "app_version": who.app_version,
        "platform": who.app_platform,
        "department": who.department,
        "start_utc": _instant(record.started_at),
        "start_lat": record.start.latitude if record.start else None,
        "start_lon": record.start.longitude if record.start else None,
        "total_distance_m": _rounded(record.totals.distance_m, 1),
        "total_time_s": _rounded(record.totals.time_s, 3),
        "max_height_m": _rounded(record.totals.max_height_m, 1),
        "account_hash": _stated_hash(details),
        "osd_records": record.frame_count,
        "last": _last(seen),
        "home": [*home.position, home.return_height_m] if home else None,
        "distance_home_m": _rounded(seen.distance_home_m, 1) if seen else None,
        "rc_loss_events": None if record.signal_losses is None else len(record.signal_losses),
    }


def _stated(details: Details | None, part: str, believed: str | None) -> str | None:
    """Return a serial as stated if that is a serial, empty or zeros; else what the records say."""
    stated = details.as_stated[part] if details else None
    if stated is not None and (not stated.strip("0") or believable.looks_like_serial(stated)):
        return stated
    return believed


def _stated_hash(details: Details | None) -> str | None:
    stated = details.as_stated["hash"] if details else None
    return stated if believable.is_hash_or_blank(stated) else None


def _last(seen: LastSeen | None) -> Mapping[str, object] | None:
    if seen is None:
        return None
    return {
        "t": _instant(seen.at),
        "lat": seen.position.latitude,
        "lon": seen.position.longitude,
        "h": seen.height_m,
        "hs": round(seen.frame.speed_m_s, 1),
        "bat": seen.battery_percent,
        "mode": seen.flight_mode,
        "gps": seen.satellites,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else str(at.astimezone(UTC))


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def rows(record: FlightRecord, details: Details | None) -> tuple[Row, ...]:
    """Return a flight record in plain words, a label and a text each; what is unknown is left out."""
    found = [*_who(record), *_flight(record), *_whereabouts(record), *_said(record), *_state(record, details)]
    return tuple((label, text) for label, text in found if text)


def _who(record: FlightRecord) -> list[Row]:
    who = record.identity
    cut = " (cut by the app: four more characters are on the label)" if who.is_aircraft_serial_cut else ""
    app = DEPARTMENTS.get(who.department or 0, "")
    made_by = [app, who.app_version or "", f"on {PLATFORMS[who.app_platform]}" if who.app_platform in PLATFORMS else ""]
    return [
        ("aircraft", " ".join(filter(None, [who.product, f"“{who.aircraft_name}”" if who.aircraft_name else ""]))),
        ("aircraft serial", who.aircraft_serial + cut if who.aircraft_serial else ""),
        ("controller serial", who.controller_serial or ""),
        ("battery serial", who.battery_serial or ""),
        ("camera serial", who.camera_serial or ""),
        ("app", " ".join(filter(None, made_by))),
        ("app account", "known by a hash, to tell it from another account" if who.account_hash else ""),
    ]


def _flight(record: FlightRecord) -> list[Row]:
    totals = record.totals
    figures = [
        f"{totals.distance_m:,.0f} m" if totals.distance_m is not None else "",
        _lasted(totals.time_s) if totals.time_s is not None else "",
        f"up to {totals.max_height_m:.0f} m high" if totals.max_height_m is not None else "",
    ]
    return [
        ("started", _moment(record.started_at)),
        ("started at", _place(record.start)),
        ("near", ", ".join(totals.places)),
        ("flown", ", ".join(filter(None, figures))),
        ("positions", f"{len(record.frames):,}" if len(record.frames) else ""),
    ]


def _whereabouts(record: FlightRecord) -> list[Row]:
    seen = last_seen(record)
    if seen is None:
        return []
    home = ""
    if seen.distance_home_m is not None and seen.bearing_from_home_deg is not None:
        home = f"{seen.distance_home_m:,.0f} m {_towards(seen.bearing_from_home_deg)} of the home point"
    course = f" towards {_towards(seen.course_deg)}" if seen.course_deg is not None else ""
    battery = f"battery {seen.battery_percent} %" if seen.battery_percent is not None else "battery unknown"
    return [
        ("last seen", _moment(seen.at)),
        ("last seen at", _place(seen.position)),
        ("", home),
        ("", f"{seen.height_m:.1f} m above take-off, {seen.speed_m_s:.1f} m/s{course}"),
        ("", f"{battery}, {seen.satellites} satellites, {mode_name(seen.flight_mode)}"),
        ("signal lost", _losses(record)),
    ]


def _losses(record: FlightRecord) -> str:
    spans = record.signal_losses
    if not spans:
        return "never"
    last = spans[-1]
    ends = "to the end of the record" if last.until is None else f"until {last.until:%H:%M:%S}"
    since = f"{last.since:%H:%M:%S} UTC" if last.since else "the beginning"
    times = "once" if len(spans) == 1 else f"{len(spans)} times, last"
    return f"{times}: from {since} {ends}"


def _said(record: FlightRecord) -> list[Row]:
    serious = [each for each in record.messages if each.kind is not MessageKind.TIP]
    shown = [(f"{each.at:%H:%M:%S} " if each.at else "") + each.text for each in serious[-3:]]
    count = len(record.messages)
    return [
        ("app messages", f"{count:,}" + (", the last warnings:" if shown else "") if count else ""),
        *(("", text) for text in shown),
        ("pictures inside", str(len(record.pictures)) if record.pictures else ""),
    ]


def _state(record: FlightRecord, details: Details | None) -> list[Row]:
    missing = "" if details else " (its closing details are missing; this comes from the records themselves)"
    found = [("record", f"version {record.version}, {_CONDITIONS[record.condition]}{missing}")]
    if record.is_track_enciphered:
        found += [
            ("track", f"{record.frame_count:,} positions, enciphered: only DJI has the key"),
            ("", "To add them: an AirData, GPX or KML export, or the coordinates from Find My Drone."),
        ]
    return found


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else ""


def _place(place: Position | None) -> str:
    return f"{place.latitude:.6f}, {place.longitude:.6f}" if place else ""


def _lasted(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _towards(bearing: float) -> str:
    return _NORTH_EAST[round(bearing / 45) % 8]
