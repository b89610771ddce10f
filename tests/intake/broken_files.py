"""Several hundred owner files that are broken in one way each, made from one that is whole; always the same ones."""

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.snapshot import snapshot_of
from homepoint.intake.owner_file import owner_file_text
from tests.builders import BERLIN, one_of_each


class Broken(NamedTuple):
    """A broken file; `place` must be in the message that tells of it."""

    name: str
    data: bytes
    place: str


def whole() -> Any:
    """Return a whole owner file with a fact of every kind, as a tree."""
    tree = json.loads(owner_file_text(snapshot_of(BERLIN, list(one_of_each()))))
    tree["devices"][0]["price"] = {"amount": "759.00", "currency": "EUR"}
    tree["incidents"][0].update(account="a1", controller="c1", service_region="DE", description="over the lake")
    tree["claims"][0].update(incident="i1", plan="p1")
    tree["attachments"][0].update(sha256="0f" * 32, media_type="image/jpeg")
    return tree


def broken_files() -> Iterator[Broken]:
    """Yield all of them."""
    seen: set[bytes] = set()
    for make in (_encodings, _truncated, _syntax, _tops, _wrong_types, _missing, _wrong_values, _ids, _senses):
        for broken in make():
            if broken.data not in seen:
                seen.add(broken.data)
                yield broken


def _bytes(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def _encodings() -> Iterator[Broken]:
    data = _bytes(whole())
    for position in (0, 1, 50, 500, len(data) - 1):
        yield Broken(f"byte-{position}", data[:position] + b"\xff" + data[position + 1 :], f"byte {position} ")
    yield Broken("latin-1", data.replace(b"\xc3\xbc", b"\xfc"), "byte ")
    yield Broken("utf-16", data.decode().encode("utf-16"), "byte 0 ")
    yield Broken("empty", b"", "line 1, column 1")
    yield Broken("blank", b" \n\t ", "line 1, column 1")
    yield Broken("only-a-mark", b"\xef\xbb\xbf", "line 1, column 1")


def _truncated() -> Iterator[Broken]:
    data = json.dumps(whole(), indent=1).encode()
    for part in range(1, 40):
        yield Broken(f"cut-after-{part}-fortieths", data[: len(data) * part // 40], "line ")


def _syntax() -> Iterator[Broken]:
    text = json.dumps(whole(), indent=1)
    yield Broken("two-documents", (text + text).encode(), "column ")
    yield Broken("single-quotes", text.replace('"', "'").encode(), "line 2")
    yield Broken("trailing-comma", text.replace("\n}", ",\n}").encode(), "line ")
    yield Broken("comment", ("// facts\n" + text).encode(), "line 1, column 1")
    yield Broken("raw-line-break", text.replace("DJI Mini", "DJI\nMini").encode(), "line ")
    yield Broken("bad-escape", text.replace("DJI Mini", "DJI\\qMini").encode(), "line ")
    yield Broken("half-a-character", text.replace("DJI Mini", "DJI\\ud83dMini").encode(), "/devices/0/model")
    yield Broken("half-a-character-in-a-key", text.replace('"newer"', '"\\udc00"', 1).encode(), "/accounts/0")
    yield Broken("doubled-key", text.replace('"label"', '"id": "a9", "label"', 1).encode(), "/accounts/0/id")
    yield Broken("doubled-kind", text.replace('"plans"', '"devices": [], "plans"', 1).encode(), "/devices")
    for number in ("NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 5000):
        bare = text.replace("52.5", number)
        yield Broken(f"number-{number[:9]}", bare.encode(), "/incidents/0/position/lat")
        yield Broken(f"unknown-{number[:9]}", text.replace('{"deep"', f'{{"n": {number}, "deep"').replace(
            '"deep": [', f'"n": {number}, "deep": [', 1).encode(), "/accounts/0/newer/n")  # fmt: skip
    for levels in (65, 100, 990, 5_000, 200_000):
        yield Broken(f"lists-{levels}-deep", b"[" * levels + b"]" * levels, "deep")
        inner = b'{"a":' * levels + b"1" + b"}" * levels
        yield Broken(f"objects-{levels}-deep", text.encode().replace(b"52.5", inner), "deep")


def _tops() -> Iterator[Broken]:
    value: Any
    for value in (None, True, 3, 2.5, "owner file", [], ["devices"]):
        yield Broken(f"top-is-{json.dumps(value)}", _bytes(value), "(whole file)")
    yield Broken("top-is-empty", b"{}", "/format")
    for value in (None, 1, "", "homepoint-assessment", "HOMEPOINT-OWNER-FILE", ["homepoint-owner-file"]):
        yield Broken(f"format-{json.dumps(value)}", _bytes({**whole(), "format": value}), "/format")
    for value in (None, 0, 2, 99, 10**30, -1, 1.0, 1.5, "1", True, [1]):
        yield Broken(f"version-{json.dumps(value)}", _bytes({**whole(), "version": value}), "/version")
    for value in (
        None,
        "",
        "Mars/Olympus",
        "Europe",
        "../../etc/passwd",
        "/etc/passwd",
        "UTC\0",
        1,
        "x" * 5000,
        "+01:00",
    ):
        yield Broken(f"zone-{json.dumps(value)[:20]}", _bytes({**whole(), "time_zone": value}), "/time_zone")


def _wrong_types() -> Iterator[Broken]:
    """Every known key of every kind with values of types it cannot have."""
    value: Any
    tree = whole()
    for kind in FACT_KINDS:
        for value in (1, "x", {"id": "x"}, True):
            yield Broken(f"{kind}-is-{json.dumps(value)}", _bytes({**tree, kind: value}), f"/{kind}:")
        for value in (None, 1, "x", ["x"]):
            yield Broken(f"{kind}-holds-{json.dumps(value)}", _bytes({**tree, kind: [value]}), f"/{kind}/0:")
        for key in tree[kind][0]:
            if key == "newer":
                continue
            for value in ([[1]], 1.5) if key == "returned" else ({"odd": 1}, 1.5, [[1]]):  # nothing in it is required
                yield from _with(f"{kind}.0.{key}", value)
    for path in _NESTED:
        for value in ({"odd": 1}, [[1]], "?" if path.endswith(("lat", "lon", "battery")) else 1.5):
            yield from _with(path, value)


_NESTED = (
    "devices.0.price.amount", "devices.0.price.currency", "bindings.0.checked_at.0", "incidents.0.position.lat",
    "incidents.0.position.lon", "incidents.0.wants.0", "incidents.0.parts.1", "claims.0.steps.0.step",
    "claims.0.steps.0.at", "claims.0.returned.serial", "claims.0.returned.battery", "claims.0.fees.0.amount",
    "claims.0.fees.0.amount.amount", "claims.0.fees.0.paid_at", "claims.0.deposit.currency",
)  # fmt: skip
_REQUIRED = (
    "accounts.0.id", "accounts.0.label", "controllers.0.id", "devices.0.id", "devices.0.model", "bindings.0.id",
    "bindings.0.device", "bindings.0.to", "bindings.0.target", "plans.0.id", "plans.0.device", "plans.0.product",
    "purchase_notices.0.id", "purchase_notices.0.device", "purchase_notices.0.kind", "incidents.0.id",
    "incidents.0.device", "incidents.0.position.lat", "claims.0.id", "claims.0.device", "claims.0.steps.0.step",
    "claims.0.steps.0.at", "claims.0.fees.0.amount", "claims.0.deposit.amount", "attachments.0.id",
    "attachments.0.of", "attachments.0.name",
)  # fmt: skip


def _missing() -> Iterator[Broken]:
    for path in _REQUIRED:
        yield from _with(path, None)
        tree = whole()
        inner, key = _inner(tree, path)
        del inner[key]
        yield Broken(f"no-{path}", _bytes(tree), _pointer(path))


def _wrong_values() -> Iterator[Broken]:
    instant_paths = ("devices.0.activated_at", "bindings.0.bound_at", "plans.0.purchased_at", "claims.0.steps.0.at")
    for path in instant_paths:
        for value in (
            "", "yesterday", "2025-03-10", "2025-03-10T11:00:00", "2025-02-30T11:00:00Z", "2025-03-10T25:00:00Z",
            "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1999-12-31T00:00:00Z", "9999-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z", "2025-03-10T11:00:00+99:00", "2025-06-30T23:59:60Z", "10/03/2025 11:00",
        ):  # fmt: skip
            yield from _with(path, value)
    for path in ("devices.0.purchased_on", "plans.0.starts_on"):
        for value in ("", "2025-3-1", "20250310", "2025-W10-1", "2025-02-29", "0000-01-01", "9999-12-31", "10.03.2025"):
            yield from _with(path, value)
    for path, values in _WRONG.items():
        for value in values:
            yield from _with(path, value)


_WRONG: dict[str, tuple[Any, ...]] = {
    "devices.0.region": ("de", "DEU", "Germany", "", "D1"),
    "devices.0.category": ("drone", "", "Aircraft"),
    "devices.0.channel": ("ebay",),
    "devices.0.condition": ("broken",),
    "devices.0.status": ("flying", ""),
    "devices.0.proof_of_purchase": ("yes", 1, 0),
    "devices.0.nickname": ("x" * 100_000,),
    "devices.0.serial": ("1" * 100_000,),
    "devices.0.id": ("", "x" * 100_000, 7),
    "devices.0.price.amount": ("-1", "1,50", "NaN", "1e9", "", "9" * 40, 159),
    "devices.0.price.currency": ("€", "eur", "EURO", ""),
    "bindings.0.to": ("drone", ""),
    "plans.0.product": ("care-refresh", "care-refresh-3y"),
    "plans.0.replacements": (-1, 1.5, 2.0, "2", 10**9, 10**200),
    "plans.0.flyaways": (-1, True),
    "purchase_notices.0.result": ("maybe", ""),
    "incidents.0.kind": ("crash",),
    "incidents.0.wants": (["money"], "speed"),
    "incidents.0.parts": (["wing"],),
    "incidents.0.position.lat": (90.5, -91, 1e300, "52.5"),
    "incidents.0.position.lon": (181, -180.1),
    "incidents.0.position.altitude_m": (1e9, 10**400, "high"),
    "claims.0.service": ("magic",),
    "claims.0.steps.0.step": ("teleported",),
    "attachments.0.sha256": ("0f", "z" * 64),
    "attachments.0.size": (-1, 2**63, 10**100, 1.5),
}


def _ids() -> Iterator[Broken]:
    """Doubled ids, within a kind and across kinds, and references that lead nowhere or to the wrong kind."""
    for kind in FACT_KINDS:
        tree = whole()
        tree[kind].append(copy.deepcopy(tree[kind][0]))
        yield Broken(f"{kind}-doubled", _bytes(tree), f"/{kind}/1/id")
        if kind != "accounts":
            tree = whole()
            tree[kind].append({**tree[kind][0], "id": "a1"})
            yield Broken(f"{kind}-takes-an-account's-id", _bytes(tree), f"/{kind}/1/id")
    for path in (
        "devices.0.succeeds", "bindings.0.device", "bindings.0.target", "plans.0.device", "purchase_notices.0.device",
        "incidents.0.device", "incidents.0.account", "incidents.0.controller", "claims.0.device",
        "claims.0.incident", "claims.0.plan", "attachments.0.of",
    ):  # fmt: skip
        yield from _with(path, "nowhere")
        yield from _with(path, "f1")
    yield from _with("bindings.0.target", "c1")
    yield from _with("devices.0.succeeds", "d1")


def _senses() -> Iterator[Broken]:
    yield from _with("bindings.0.unbound_at", "2001-01-01T00:00:00Z")
    yield from _with("plans.0.ends_on", "2001-01-01")
    for serial in ("1581F6Z9C24AU0034SRD", " 1581f6z9c24au0034srd", "1581f6Z9C24AU0034SRD\t"):
        tree = whole()
        tree["devices"].append({"id": "d2", "model": "DJI Mini 4 Pro", "serial": serial})
        yield Broken(f"shared-serial-{serial!r}", _bytes(tree), "/devices/1/serial")
    tree = whole()
    tree["devices"] = [{"id": f"d{n}", "model": "M", "succeeds": f"d{n % 5 + 1}"} for n in range(1, 6)]
    yield Broken("a-circle-of-five", _bytes(tree), "/devices/0/succeeds")


def _with(path: str, value: Any) -> Iterator[Broken]:
    tree = whole()
    inner, key = _inner(tree, path)
    inner[key] = value
    yield Broken(f"{path}={json.dumps(value)[:30]}", _bytes(tree), _pointer(path))


def _inner(tree: Any, path: str) -> tuple[Any, str | int]:
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in way:
        tree = tree[step]
    return tree, last


def _pointer(path: str) -> str:
    return "/" + path.replace(".", "/")
