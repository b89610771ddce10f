"""The assessment as JSON values, in the words and with the keys of the public format (docs/formats.md)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from homepoint.domain.assessment import (
    Allowance,
    Assessment,
    Care,
    ClaimReading,
    IncidentReading,
    Purchase,
    SerialReading,
    ServiceArea,
    ServiceReading,
    WarrantySpan,
)
from homepoint.domain.facts import Device
from homepoint.domain.portable import instant_text
from homepoint.presentation.deadline_file import deadline_part, portable_moment
from homepoint.presentation.incident_file import claim_part, incident_part

FORMAT, VERSION = "homepoint-assessment", 1

Plain = dict[str, Any]


def assessment_file(
    assessed: Iterable[tuple[Device, Assessment]],
    *,
    at: datetime,
    catalogue: str,
    zone: tzinfo,
    incidents: Iterable[IncidentReading] = (),
    claims: Iterable[tuple[ClaimReading, Care]] = (),
) -> Plain:
    """Return the assessment of every device, incident and claim by its id.

    Args:
        assessed: each device with what the rules say about it at `at`.
        incidents: what they say about each incident, judged at its own instant.
        claims: where each claim stands at `at`, with the care of its device.
        at: the instant, written with the offset it came with.
        catalogue: the version of the terms.
        zone: the owner's time zone, in which all other instants are written.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "at": instant_text(at),
        "catalogue": catalogue,
        "devices": {device.id: device_part(device, assessment, zone) for device, assessment in assessed},
        "incidents": {reading.incident: incident_part(reading) for reading in incidents},
        "claims": {reading.claim: claim_part(reading, care, zone) for reading, care in claims},
    }


def device_part(device: Device, assessment: Assessment, zone: tzinfo) -> Plain:
    """Return the part of the file about one device."""
    return {
        "model": device.model,
        "category": assessment.category,
        "serial": _serial(assessment.serial),
        "care": _care(assessment.care),
        "warranty": [_warranty(span) for span in assessment.warranty],
        "purchase": _purchase(assessment.purchase, zone),
        "renewal": {
            "verdict": assessment.renewal.verdict,
            "product": assessment.renewal.product,
            "until": portable_moment(assessment.renewal.until, zone),
            "because": list(assessment.renewal.because),
        },
        "flyaway": {
            "ready": assessment.flyaway.ready,
            "missing": list(assessment.flyaway.missing),
            "because": list(assessment.flyaway.because),
        },
        "service_area": _service_area(assessment.service_area),
        "services": {reading.service: _service(reading, zone) for reading in assessment.services},
        "deadlines": [deadline_part(deadline, assessment.care, zone) for deadline in assessment.deadlines],
    }


def _serial(serial: SerialReading) -> Plain:
    return {"form": serial.form, "faults": list(serial.faults), "model_hint": list(serial.model_hint)}


def _care(care: Care) -> Plain:
    return {
        "state": care.state,
        "plan": care.plan,
        "edition": care.edition,
        "starts_on": _day(care.starts_on),
        "ends_on": _day(care.ends_on),
        "replacements": _allowance(care.replacements),
        "flyaways": _allowance(care.flyaways),
        "repair_discounts": _allowance(care.repair_discounts),
        "maintenance": _allowance(care.maintenance),
        "because": list(care.because),
    }


def _warranty(span: WarrantySpan) -> Plain:
    return {
        "basis": span.basis,
        "part": span.part,
        "from": _day(span.from_day),
        "until": _day(span.until_day),
        **({"note": span.note} if span.note else {}),
        "because": list(span.because),
    }


def _purchase(purchase: Purchase, zone: tzinfo) -> Plain:
    return {
        "verdict": purchase.verdict,
        "until": portable_moment(purchase.until, zone),
        "paths": list(purchase.paths),
        **_unknown(purchase.unknown),
        "because": list(purchase.because),
    }


def _service_area(area: ServiceArea) -> Plain:
    return {
        "local": area.local,
        "regions": list(area.regions),
        **_unknown(area.unknown),
        "because": list(area.because),
    }


def _service(reading: ServiceReading, zone: tzinfo) -> Plain:
    return {
        "open": reading.open,
        **({"until": portable_moment(reading.until, zone)} if reading.until else {}),
        **_unknown(reading.unknown),
        "because": list(reading.because),
    }


def _unknown(unknown: Sequence[str]) -> Plain:
    return {"unknown": list(unknown)} if unknown else {}


def _allowance(allowance: Allowance) -> Plain:
    return {"allowed": allowance.allowed, "used": allowance.used, "left": allowance.left}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
