"""Photos: what a camera noted in them (EXIF, XMP), and small pictures of them for the screen."""

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from threading import Lock
from typing import TYPE_CHECKING, Any

from homepoint.application.problems import HomepointError
from homepoint.domain.intake_values import FoundSerial, Photo, SerialOf, TrackPoint
from homepoint.intake.limits import is_flying_time, is_on_earth
from homepoint.intake.safe_xml import tree

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")  # JPEG includes MPO, which many of DJI's photos are
MOST_PIXELS = 150_000_000
MOST_PIXELS_AT_ONCE = 16_000_000
"""A JPEG of one scan is decoded small; everything else takes memory for each of its pixels."""

MOST_SCANS = 100
THUMBNAIL_PIXELS = 512
_MOST_XMP_BYTES = 1024 * 1024
_DJI = "{http://www.dji.com/drone-dji/1.0/}"
_EXIF, _GPS = 0x8769, 0x8825
_MAKE, _MODEL, _DATE = 0x010F, 0x0110, 0x0132
_TAKEN, _OFFSET, _BODY_SERIAL = 0x9003, 0x9011, 0xA431
_SERIAL = re.compile(r"[0-9A-Z]{8,20}")
_OFFSET_FORM = re.compile(r"([+-])(\d\d):(\d\d)")
_UNSURE_NOTE = "The photo's time is the camera's clock; its time zone is not in the photo."
_CAMERA_NOTE = (
    "The serial in this photo is the camera's. The aircraft has another: it is on its body and in its flight records."
)
_one_at_a_time = Lock()  # Pillow warns through Python's filters, which are one for all threads; and memory is finite


def read_photo(data: bytes) -> Photo:
    """Return what a photo says about itself. Consumer aircraft note the camera's serial, enterprise ones both.

    Raises:
        HomepointError: it is no photo that can be opened, or a bomb.
    """
    with opened(data) as image:
        exif = image.getexif()
        main = {number: exif.get(number) for number in (_MAKE, _MODEL, _DATE)}
        details, gps = dict(exif.get_ifd(_EXIF)), dict(exif.get_ifd(_GPS))
        dji = _dji_notes(image.info.get("xmp") or exif.get(700))
        width, height = image.size
    local_at = _clock(details.get(_TAKEN)) or _clock(main[_DATE])
    taken_at = _utc(dji.get("UTCAtExposure")) or _with_offset(local_at, details.get(_OFFSET))
    serials = _serials(details, dji)
    return Photo(
        width=width,
        height=height,
        maker=_text(main[_MAKE]),
        camera_model=_text(main[_MODEL]),
        aircraft_model=_text(dji.get("DroneModel")),
        serials=serials,
        taken_at=taken_at,
        taken_local_at=local_at,
        place=_place(gps, dji, taken_at, local_at),
        notes=_notes(serials, taken_at, local_at),
    )


def thumbnail(data: bytes, pixels: int = THUMBNAIL_PIXELS) -> bytes | None:
    """Return a small upright JPEG of a photo, without its notes; None where it cannot be decoded within the limits.

    Raises:
        HomepointError: it is no photo that can be opened, or a bomb.
    """
    with opened(data) as image:
        if not _is_cheap(image, data):
            return None
        small = _decoded(image, pixels)
    if small is None:
        return None
    with io.BytesIO() as written:
        small.save(written, "JPEG", quality=85)
        return written.getvalue()


def _decoded(image: "Image", pixels: int) -> "Image | None":
    """Return a photo's pixels, upright, on white where it is transparent, and no larger than asked for."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        image.draft("RGB", (pixels, pixels))
        image.thumbnail((pixels, pixels))
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("RGBA", "LA", "PA", "P"):
            seen = upright.convert("RGBA")
            upright = Pillow.alpha_composite(Pillow.new("RGBA", seen.size, "white"), seen)
        return upright.convert("RGB")
    except Exception:  # Pillow raises whatever it trips over in damaged pixels; the photo's notes stay readable
        return None


def pixels_of(data: bytes, pixels: int) -> "Image | None":
    """Return a photo's pixels, upright and no larger than asked for, or None where they cannot be decoded.

    Raises:
        HomepointError: it is no photo that can be opened, or a bomb.
    """
    with opened(data) as image:
        return _decoded(image, pixels) if _is_cheap(image, data) else None


def _is_cheap(image: "Image", data: bytes) -> bool:
    """Say whether decoding stays within memory and time: a JPEG in several scans is kept whole in memory."""
    scans = data.count(b"\xff\xda")
    if image.format in ("JPEG", "MPO") and not image.info.get("progressive") and scans <= data.count(b"\xff\xd8\xff"):
        return True
    return math.prod(image.size) <= MOST_PIXELS_AT_ONCE and scans <= MOST_SCANS


@contextmanager
def opened(data: bytes) -> Iterator["Image"]:
    """Open a photo, its pixels not decoded yet.

    Raises:
        HomepointError: it is no photo that can be opened, a bomb, or damaged where it was read.
    """
    from PIL import Image as Pillow

    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as image:
                if math.prod(image.size) > MOST_PIXELS:
                    raise HomepointError("This photo claims more pixels than any camera has.", "It was not opened.")
                yield image
        except HomepointError:
            raise
        except Pillow.DecompressionBombError:
            raise HomepointError("This photo claims more pixels than any camera has.", "It was not opened.") from None
        except Exception as error:  # Pillow raises whatever it trips over: struct, zlib, Syntax, Value, Type errors
            raise HomepointError(
                "This photo is damaged or of no known kind.", "Copy it again from the card."
            ) from error


def _dji_notes(xmp: object) -> Mapping[str, str]:
    """Return the drone's own notes by name; where the XMP is broken or not safe, none."""
    data = xmp.encode() if isinstance(xmp, str) else xmp
    if not isinstance(data, bytes) or len(data) > _MOST_XMP_BYTES:
        return {}
    root = tree(data.strip(b"\0 \r\n\t"))
    notes: dict[str, str] = {}
    for element in root.iter() if root is not None else ():
        for name, value in (*element.attrib.items(), (element.tag, element.text or "")):
            if isinstance(name, str) and name.startswith(_DJI):
                notes.setdefault(name.removeprefix(_DJI), value)
    return notes


def _text(value: object) -> str | None:
    """Return a note without its padding; "0" and what cannot be printed mean that it is not known."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str):
        return None
    text = value.split("\0")[0].strip()[:100]
    return text if text.strip("0") and text.isprintable() else None


def _serial(value: object) -> str | None:
    text = (_text(value) or "").upper()
    return text if _SERIAL.fullmatch(text) else None


def _serials(details: Mapping[int, Any], dji: Mapping[str, str]) -> tuple[FoundSerial, ...]:
    aircraft = _serial(dji.get("DroneSerialNumber"))
    cameras = dict.fromkeys([_serial(dji.get("CameraSerialNumber")), _serial(details.get(_BODY_SERIAL))])
    found = [FoundSerial(text=aircraft, of=SerialOf.AIRCRAFT)] if aircraft else []
    found += [FoundSerial(text=each, of=SerialOf.CAMERA) for each in cameras if each and each != aircraft]
    return tuple(found)


def _clock(value: object) -> datetime | None:
    try:
        at = datetime.strptime(_text(value) or "", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - EXIF names no zone here
    except ValueError:
        return None
    return at if is_flying_time(at) else None


def _utc(value: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return at if is_flying_time(at) else None


def _with_offset(local_at: datetime | None, offset: object) -> datetime | None:
    found = _OFFSET_FORM.fullmatch(_text(offset) or "")
    if local_at is None or found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return local_at.replace(tzinfo=timezone(-span if found[1] == "-" else span))


def _number(value: object) -> float | None:
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever EXIF holds: a rational, a text, a tuple
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _place(
    gps: Mapping[int, Any], dji: Mapping[str, str], at: datetime | None, local_at: datetime | None
) -> TrackPoint | None:
    lat = _first(lambda: _number(dji.get("GpsLatitude")), lambda: _degrees(gps.get(2), gps.get(1), "S"))
    lon = _first(
        lambda: _number(dji.get("GpsLongitude") or dji.get("GpsLongtitude")),
        lambda: _degrees(gps.get(4), gps.get(3), "W"),
    )
    if lat is None or lon is None or not is_on_earth(lat, lon):
        return None
    return TrackPoint(
        lat=lat,
        lon=lon,
        at=at,
        local_at=local_at,
        height_m=_metres(_number(dji.get("RelativeAltitude"))),
        altitude_m=_metres(_first(lambda: _number(dji.get("AbsoluteAltitude")), lambda: _altitude(gps))),
    )


def _first(*ways: Callable[[], float | None]) -> float | None:
    return next((value for way in ways if (value := way()) is not None), None)


def _degrees(parts: object, side: object, negative: str) -> float | None:
    """Return degrees from EXIF's degrees, minutes and seconds."""
    if not isinstance(parts, tuple | list) or len(parts) != 3:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    whole, minutes, seconds = (number or 0.0 for number in numbers)
    degrees = whole + minutes / 60 + seconds / 3600
    return -degrees if (_text(side) or "").upper() == negative else degrees


def _altitude(gps: Mapping[int, Any]) -> float | None:
    metres = _number(gps.get(6))
    below_the_sea = gps.get(5) == b"\x01" or gps.get(5) == 1
    return -metres if metres is not None and below_the_sea else metres


def _metres(value: float | None) -> float | None:
    return value if value is not None and abs(value) < 20_000 else None


def _notes(serials: tuple[FoundSerial, ...], taken_at: datetime | None, local_at: datetime | None) -> tuple[str, ...]:
    notes = []
    if serials and all(serial.of is SerialOf.CAMERA for serial in serials):
        notes.append(_CAMERA_NOTE)
    if local_at and not taken_at:
        notes.append(_UNSURE_NOTE)
    return tuple(notes)
