"""What incidents, parts, claim steps and kinds of evidence are called."""

from collections.abc import Mapping
from types import MappingProxyType

from homepoint.domain.assessment import Whose
from homepoint.domain.facts import IncidentKind, Part, Step

WHAT_HAPPENED: Mapping[IncidentKind, str] = MappingProxyType(
    {
        IncidentKind.COLLISION: "was damaged in a collision or a fall",
        IncidentKind.WATER: "was damaged by water",
        IncidentKind.WEAR: "is worn by ordinary use",
        IncidentKind.MALFUNCTION: "stopped working as it should although nothing had happened to it",
        IncidentKind.ARRIVED_FAULTY: "was faulty when it arrived",
        IncidentKind.FLYAWAY: "flew away",
        IncidentKind.LOST: "was lost",
        IncidentKind.STOLEN: "was stolen",
        IncidentKind.DELIBERATE: "was damaged on purpose",
        IncidentKind.UNSUITABLE_CONDITIONS: "was damaged in conditions it is not made for",
        IncidentKind.THIRD_PARTY_PART: "was damaged in connection with a part that DJI does not make",
        IncidentKind.RETURN: "is to be returned",
    }
)
INCIDENT_NAMES: Mapping[IncidentKind, str] = MappingProxyType(
    {
        IncidentKind.COLLISION: "Crash",
        IncidentKind.WATER: "Water damage",
        IncidentKind.WEAR: "Wear",
        IncidentKind.MALFUNCTION: "Malfunction",
        IncidentKind.ARRIVED_FAULTY: "Arrived faulty",
        IncidentKind.FLYAWAY: "Flyaway",
        IncidentKind.LOST: "Loss",
        IncidentKind.STOLEN: "Theft",
        IncidentKind.DELIBERATE: "Deliberate damage",
        IncidentKind.UNSUITABLE_CONDITIONS: "Unsuitable conditions",
        IncidentKind.THIRD_PARTY_PART: "Third-party part",
        IncidentKind.RETURN: "Return",
    }
)
PART_NAMES: Mapping[Part, str] = MappingProxyType(
    {each: each.value.replace("remote-controller", "remote controller") for each in Part}
)
STEP_NAMES: Mapping[Step, str] = MappingProxyType(
    {
        Step.SUBMITTED: "Claim submitted to DJI",
        Step.ACCEPTED: "Accepted by DJI",
        Step.REFUSED: "Refused by DJI",
        Step.LABEL_RECEIVED: "Shipping label received",
        Step.SENT: "Old unit handed to the carrier",
        Step.RECEIVED_BY_DJI: "Old unit received by DJI",
        Step.INSPECTED: "Inspected by DJI",
        Step.QUOTED: "Quote received from DJI",
        Step.FEE_PAID: "Fee paid",
        Step.DEPOSIT_HELD: "Deposit held on the card",
        Step.DEPOSIT_RELEASED: "Deposit released",
        Step.DEPOSIT_CHARGED: "Deposit charged",
        Step.REPLACEMENT_SENT: "Replacement sent by DJI",
        Step.REPAIRED: "Repaired and sent by DJI",
        Step.REFUNDED: "Refunded",
        Step.WITHDRAWN: "Withdrawn by the owner",
        Step.CLOSED: "Closed",
    }
)
WHOSE_NAMES: Mapping[Whose, str] = MappingProxyType({Whose.OWNER: "the owner", Whose.DJI: "DJI"})

_FILE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "image/jpeg": "Photo (JPEG)",
        "image/png": "Picture (PNG)",
        "image/gif": "Picture (GIF)",
        "image/webp": "Picture (WebP)",
        "image/heic": "Photo (HEIC)",
        "image/tiff": "Photo (TIFF)",
        "image/x-adobe-dng": "Photo (DNG)",
        "video/mp4": "Video (MP4)",
        "video/quicktime": "Video (MOV)",
        "application/pdf": "Document (PDF)",
        "application/zip": "Archive (ZIP)",
        "application/x-subrip": "Video subtitles",
        "application/x-dji-flight-record": "Flight record",
        "text/plain": "Text",
    }
)


def file_kind(media_type: str | None) -> str:
    """Return what a kind of file is called."""
    return _FILE_NAMES.get(media_type or "", "File")


def size_text(size: int | None) -> str:
    """Return a size as file managers show it: "812 bytes", "12.4 kB", "3.1 MB"."""
    if size is None:
        return "size not known"
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= worth:
            return f"{size / worth:.1f} {unit}"
    return f"{size} bytes" if size != 1 else "1 byte"
