"""What owners have before a journey begins, told from this very moment: Homepoint runs by the real clock there."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journeys.screen import PATIENCE_S, PrivateScreen

SERIAL = "1581F6Z9C24AU0034SRD"
OTHER_SERIAL = "1581F6Z9C24AU0034SRE"
CONTROLLER = "5YSZK1234567AB"

Facts = dict[str, object]


def instant(days_ago: float) -> str:
    """Return the instant so many days ago, as the owner file writes it."""
    return (datetime.now(UTC) - timedelta(days=days_ago)).replace(microsecond=0).isoformat()


def day(days_ago: int) -> str:
    """Return the day so many days ago."""
    return instant(days_ago)[:10]


def kestrel(bought_days_ago: int) -> Facts:
    """Return an aircraft bought new in the United States, in use from the day after."""
    return {
        "id": "d1", "model": "DJI Mini 4 Pro", "category": "aircraft", "serial": SERIAL, "nickname": "Kestrel",
        "region": "US", "channel": "dji-store", "condition": "new", "purchased_on": day(bought_days_ago),
        "received_on": day(bought_days_ago - 1), "activated_at": instant(bought_days_ago - 1),
        "proof_of_purchase": True, "status": "in-use",
    }  # fmt: skip


def plan(days_old: int) -> Facts:
    """Return a 1-year plan of the United States on Kestrel."""
    return {
        "id": "p1", "device": "d1", "product": "care-refresh-1y", "region": "US", "purchased_at": instant(days_old),
        "bound_at": instant(days_old), "starts_on": day(days_old),
    }  # fmt: skip


def bound_to_account(days_ago: int) -> Facts:
    """Return Kestrel's binding to the owner's account."""
    return {"id": "b1", "device": "d1", "to": "account", "target": "a1", "bound_at": instant(days_ago)}


def bound_to_controller(days_ago: int, unbound_days_ago: int | None = None) -> Facts:
    """Return Kestrel's binding to its controller, that may have ended."""
    ended = None if unbound_days_ago is None else instant(unbound_days_ago)
    return {
        "id": "b2", "device": "d1", "to": "controller", "target": "c1", "bound_at": instant(days_ago),
        "unbound_at": ended,
    }  # fmt: skip


def owner_file(*, devices: list[Facts], bindings: list[Facts], plans: list[Facts]) -> Facts:
    """Return the owner file of somebody with two accounts and a controller."""
    return {
        "format": "homepoint-owner-file",
        "version": 1,
        "time_zone": "Europe/Berlin",
        "accounts": [{"id": "a1", "label": "me"}, {"id": "a2", "label": "friend"}],
        "controllers": [{"id": "c1", "serial": CONTROLLER, "label": "RC 2"}],
        "devices": devices,
        "bindings": bindings,
        "plans": plans,
    }


def with_two_aircraft() -> Facts:
    """Return the owner file of somebody with two aircraft alike: Kestrel with a plan, Merlin without."""
    merlin = {"id": "d2", "nickname": "Merlin", "serial": OTHER_SERIAL}
    return owner_file(
        devices=[kestrel(62), kestrel(62) | merlin],
        bindings=[bound_to_account(61), bound_to_controller(61)],
        plans=[plan(61)],
    )


def take_in(screen: PrivateScreen, data: Path, *, device: Facts, bindings: list[Facts], plans: list[Facts]) -> None:
    """Begin a library with these facts, by the command line as an owner would."""
    owner = owner_file(devices=[device], bindings=bindings, plans=plans)
    data.mkdir(exist_ok=True)
    file, log = data / "owner.json", data / "import.log"
    file.write_text(json.dumps(owner), encoding="utf-8")
    command = [sys.executable, "-m", "homepoint", "import", str(file), "--data", str(data)]
    assert screen.start(command, log).wait(PATIENCE_S) == 0, log.read_text(encoding="utf-8")
