"""An owner's facts in the words of the owner file, for the rules to read: short to write, real to read."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.catalogue import load_terms
from homepoint.domain.assessment import Assessment
from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.portable import from_plain
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import DeviceFacts, snapshot_of

TERMS = load_terms()

MINI = {
    "id": "d1",
    "model": "DJI Mini 4 Pro",
    "region": "US",
    "serial": "1581F6Z9C24AU0034SRD",
    "condition": "new",
    "channel": "dji-store",
    "proof_of_purchase": True,
}
ONE_YEAR = {
    "id": "p1",
    "device": "d1",
    "product": "care-refresh-1y",
    "region": "US",
    "purchased_at": "2025-03-11T08:00:00Z",
    "bound_at": "2025-03-11T08:00:00Z",
    "starts_on": "2025-03-11",
}
BOTH_BOUND: list[dict[str, Any]] = [
    {"id": "b1", "device": "d1", "to": "account", "target": "a1", "bound_at": "2025-03-10T10:00:00Z"},
    {"id": "b2", "device": "d1", "to": "controller", "target": "c1", "bound_at": "2025-03-10T10:01:00Z"},
]


def device(**changed: Any) -> dict[str, Any]:
    """Return a Mini 4 Pro bought new in the United States, with some facts changed."""
    return {**MINI, **changed}


def plan(**changed: Any) -> dict[str, Any]:
    """Return a 1-Year plan that starts on 11 March 2025, with some facts changed."""
    return {**ONE_YEAR, **changed}


def use(id: str, on: str, service: str = "express-basic", *, steps: tuple[str, ...] = ("fee-paid",)) -> dict[str, Any]:
    """Return a claim whose steps all happened on one day."""
    at = f"{on}T12:00:00Z"
    return {
        "id": id,
        "device": "d1",
        "plan": None,
        "service": service,
        "steps": [{"step": step, "at": at} for step in ("submitted", *steps)],
    }


def facts_of(*devices: dict[str, Any], zone: str = "UTC", **kinds: list[dict[str, Any]]) -> list[DeviceFacts]:
    """Return the facts of these devices, with the other facts given by the owner file's names."""
    facts = [from_plain(FACT_KINDS["devices"], each) for each in devices or (device(),)]
    for kind, group in kinds.items():
        facts += [from_plain(FACT_KINDS[kind], each) for each in group]
    return list(snapshot_of(ZoneInfo(zone), facts).by_device())


def assess(at: str, *devices: dict[str, Any], zone: str = "UTC", **kinds: list[dict[str, Any]]) -> Assessment:
    """Assess the first device at an instant."""
    return evaluate(facts_of(*devices, zone=zone, **kinds)[0], TERMS, instant(at))


def instant(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)
