"""Incidents and claims as JSON values, in the words and with the keys of the assessment format."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from homepoint.domain.assessment import Care, ClaimReading, IncidentReading, Route
from homepoint.presentation.cautions import caution_text
from homepoint.presentation.deadline_file import deadline_part

Plain = dict[str, Any]


def incident_part(reading: IncidentReading) -> Plain:
    """Return the part of the assessment about one incident."""
    return {
        "plan": reading.care.plan,
        "flyaway": {
            "eligible": reading.readiness.ready,
            "missing": list(reading.readiness.missing),
            "because": list(reading.readiness.because),
        },
        "routes": [_route(route) for route in reading.routes],
    }


def claim_part(reading: ClaimReading, care: Care, zone: tzinfo) -> Plain:
    """Return the part of the assessment about one claim; a claim without steps is a draft."""
    returned = reading.returned
    return {
        "state": reading.state or "draft",
        "next": reading.next,
        "whose": reading.whose,
        "return": {
            "serial_matches": returned.serial_matches,
            "battery_ok": returned.battery_ok,
            "genuine": returned.genuine,
            "deposit_at_risk": returned.deposit_at_risk,
            "because": list(returned.because),
        },
        "deadlines": [deadline_part(deadline, care, zone) for deadline in reading.deadlines],
    }


def _route(route: Route) -> Plain:
    left = route.left_after
    part: Plain = {
        "service": route.service,
        "open": route.open,
        "rank": route.rank,
        "use": route.use,
        "fee": _fee(route),
        "deposit": route.deposit,
        "left_after": None if left is None else {"replacements": left.replacements, "flyaways": left.flyaways},
        "warnings": _sentences(route),
        "because": list(route.because),
    }
    return part | {"unknown": list(route.unknown)} if route.unknown else part


def _fee(route: Route) -> Plain | None:
    """Return a published figure with where and when it was seen; what DJI asks at settlement may differ."""
    if route.fee is None:
        return None
    money, source = route.fee.money, route.fee.source
    return {"amount": str(money.amount), "currency": money.currency, "source": source.name, "seen": source.seen}


def _sentences(route: Route) -> Sequence[str]:
    return [caution_text(caution) for caution in route.warnings]
