"""Owner files: written and read without loss, and refused with a place and a mend."""

import json
from dataclasses import fields
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.domain import facts
from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.snapshot import Snapshot
from homepoint.intake import strict_json
from homepoint.intake.faults import Fault
from homepoint.intake.owner_file import OwnerFile, open_owner_file, owner_file_text, read_owner_file
from tests.intake.broken_files import whole
from tests.intake.snapshots import snapshots


def faults_of(tree: Any) -> list[str]:
    found = read_owner_file(json.dumps(tree).encode())
    return [] if isinstance(found, Snapshot) else [str(fault) for fault in found]


@settings(max_examples=20)
@given(snapshots())
def test_what_is_written_is_read_back_the_same(snapshot: Snapshot) -> None:
    text = owner_file_text(snapshot)
    assert read_owner_file(text.encode()) == snapshot
    assert owner_file_text(snapshot) == text


@settings(max_examples=15)
@given(snapshots(), st.randoms(use_true_random=False))
def test_nothing_a_file_says_is_lost_when_nulls_are_left_out_and_keys_come_in_any_order(
    snapshot: Snapshot, shuffled: Any
) -> None:
    def thinned(value: Any, known: bool) -> Any:
        if isinstance(value, list):
            return [thinned(each, known) for each in value]
        if not isinstance(value, dict):
            return value
        items = [(key, inner) for key, inner in value.items() if inner is not None or key.startswith("x-") or not known]
        shuffled.shuffle(items)
        return {key: thinned(inner, known and not key.startswith("x-")) for key, inner in items}

    text = json.dumps(thinned(json.loads(owner_file_text(snapshot)), known=True))
    assert read_owner_file(text.encode()) == snapshot


def test_unknown_keys_are_kept_at_every_level() -> None:
    tree = whole()
    tree["later"] = {"list": [1, {"ü": None}]}
    inner = [tree["devices"][0]["price"], tree["claims"][0]["fees"][0]["amount"], tree["claims"][0]["returned"]]
    inner += [tree["claims"][0]["steps"][0], tree["claims"][0]["deposit"], tree["incidents"][0]["position"]]
    inner += [tree[kind][0] for kind in FACT_KINDS]
    for each in inner:
        each["later"] = {"deep": [None, True, 1.5]}
    found = read_owner_file(json.dumps(tree).encode())
    assert isinstance(found, Snapshot)
    assert json.loads(owner_file_text(found)) == tree


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "with-mark.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(whole()).encode())
    assert isinstance(read_owner_file(file), Snapshot)


def test_null_lists_and_missing_lists_are_empty() -> None:
    head = {"format": "homepoint-owner-file", "version": 1, "time_zone": "UTC"}
    assert faults_of(head) == []
    assert faults_of({**head, **dict.fromkeys(FACT_KINDS)}) == []


@pytest.mark.parametrize("status", ["sold", "replaced"])
def test_a_serial_may_come_back_once_the_earlier_device_is_gone(status: str) -> None:
    tree = whole()
    earlier = {"id": "d0", "model": "DJI Mini 4 Pro", "serial": "1581F6Z9C24AU0034SRD"}
    tree["devices"].append({**earlier, "status": status, "activated_at": "2024-01-01T00:00:00Z"})
    assert faults_of(tree) == []
    tree["devices"][1]["activated_at"] = "2026-12-01T00:00:00Z"  # it began later, so it cannot have been gone before
    assert "/devices/1/serial" in faults_of(tree)[0]


def test_a_successor_may_bear_the_serial_of_the_unit_it_took_over_from() -> None:
    tree = whole()
    tree["devices"].append({"id": "d2", "model": "M", "serial": "1581F6Z9C24AU0034SRD", "succeeds": "d1"})
    assert faults_of(tree) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("region", "de", 'is "de", but must be two capital letters such as DE or US. Correct it.'),
        ("purchased_on", "10.03.2025", 'is "10.03.2025", not a date such as 2025-03-10.'),
        ("activated_at", "2025-03-10T11:00:00", "Add an offset such as +01:00, or Z for UTC."),
        ("activated_at", "9999-12-31T00:00:00Z", "outside the years 2000 to 2198"),
        ("status", "flying", "must be one of: in-use, lost, replaced, sold, retired. Choose one of them"),
        ("model", None, "is null, but must be known here."),
        ("proof_of_purchase", "yes", 'is "yes", but must be true or false. Correct it, or write null'),
    ],
)
def test_a_fault_says_what_is_wrong_and_how_to_mend_it(path: str, value: object, sentence: str) -> None:
    tree = whole()
    tree["devices"][0][path] = value
    [fault] = faults_of(tree)
    assert fault.startswith(f"/devices/0/{path}: ")
    assert sentence in fault


def test_a_newer_file_asks_for_a_newer_homepoint() -> None:
    assert faults_of({**whole(), "version": 2, "devices": "no matter"}) == [
        "/version: is 2: a newer Homepoint wrote this file. Update Homepoint to read it."
    ]


def test_all_faults_are_told_at_once_up_to_a_hundred() -> None:
    tree = whole()
    tree["accounts"] = [{"id": f"a{number}"} for number in range(500)]
    found = faults_of(tree)
    assert len(found) == 101
    assert found[1].startswith("/accounts/1/label: is missing")
    assert "Mend these first" in found[-1]


def test_a_key_with_a_slash_is_escaped_in_its_pointer_and_stays_on_one_line() -> None:
    found = read_owner_file(b'{"a/b~\\nc": {"x": NaN}}')
    assert isinstance(found, list)
    assert str(found[0]).startswith("/a~1b~0\\u000ac/x: is NaN")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as huge:
        huge.truncate(strict_json.MOST_BYTES + 1)  # a sparse file: it takes no room
    [fault] = _faults(read_owner_file(file))
    assert "larger than 256 MB" in fault.message


def test_no_file_and_a_folder_are_faults_of_what_was_asked(tmp_path: Path) -> None:
    assert "does not exist" in _faults(read_owner_file(tmp_path / "none.json"))[0].message
    assert "is a folder" in _faults(read_owner_file(tmp_path))[0].message


def test_a_file_that_cannot_be_read_is_the_world_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so permissions alone prove nothing
    with pytest.raises(HomepointError, match="could not be read: Permission denied"):
        read_owner_file(tmp_path / "closed.json")


def _faults(found: Snapshot | list[Fault]) -> list[Fault]:
    assert isinstance(found, list)
    return found


def test_the_schema_knows_the_same_keys_and_words_as_the_facts() -> None:
    schema = json.loads(files("homepoint").joinpath("resources/schemas/owner-file-1.json").read_text("utf-8"))
    parts: dict[str, type[Any]] = {**FACT_KINDS, "position": facts.Position, "step": facts.ClaimStep, "fee": facts.Fee}
    parts["returned"] = facts.ReturnedUnit
    for name, kind in parts.items():
        items = schema["properties"].get(name, {}).get("items", {"$ref": f"#/$defs/{name}"})
        properties = schema["$defs"][items["$ref"].rsplit("/", 1)[1]]["properties"]
        known = [each.name for each in fields(kind) if each.name != "extra"]
        assert [_AS_FACT.get(each, each) for each in properties] == known
        for key, hint in get_type_hints(kind).items():
            for words in _words(hint):
                assert set(_options(schema, properties[key])) - {None} == {str(word) for word in words}, (name, key)


def _words(hint: Any) -> list[type[StrEnum]]:
    inner = [hint, *getattr(hint, "__args__", ())]
    return [each for each in inner if isinstance(each, type) and issubclass(each, StrEnum)]


def _options(schema: Any, rule: Any) -> list[Any]:
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rsplit("/", 1)[1]]
    found: list[Any] = rule["enum"] if "enum" in rule else _options(schema, rule["items"])
    return found


_AS_FACT = {"activation_code": "activation_code_hint"}
"""A code is a secret: of it, the facts know the hint."""


def _with_plan(**values: Any) -> bytes:
    plan = {"id": "p1", "device": "d1", "product": "care-refresh-1y", **values}
    return json.dumps({**whole(), "claims": [], "attachments": [], "plans": [plan]}).encode()


def _opened(**values: Any) -> tuple[str | None, dict[str, str], dict[str, Any]]:
    found = open_owner_file(_with_plan(**values))
    assert isinstance(found, OwnerFile), found
    [plan] = found.facts.plans
    [exported] = json.loads(owner_file_text(found.facts))["plans"]
    return plan.activation_code_hint, {str(key): code for key, code in found.codes.items()}, exported


def test_a_code_is_taken_out_of_the_facts_and_not_written_again() -> None:
    hint, codes, exported = _opened(activation_code=" ABCD-1234-5678\n", **{"activation_code ": "x"})
    assert (hint, codes) == ("5678", {"p1": "ABCD-1234-5678"})
    assert (exported["activation_code"], exported["activation_code_hint"]) == (None, "5678")
    assert exported["activation_code "] == "x"
    assert "ABCD" not in repr(open_owner_file(_with_plan(activation_code="ABCD-1234-5678")))


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"activation_code": "SHORT-1"}, "set"),
        ({"activation_code": "EIGHT-88"}, "T-88"),
        ({"activation_code": "  "}, None),
        ({"activation_code": None, "activation_code_hint": "5678"}, "5678"),
        ({"activation_code_hint": "ABCD-1234-5678"}, "5678"),
        ({"activation_code_hint": ""}, None),
        ({"activation_code": "ABCD-1234-5678", "activation_code_hint": "0000"}, "5678"),
    ],
)
def test_only_the_end_of_a_code_is_a_fact(values: dict[str, Any], hint: str | None) -> None:
    found, codes, exported = _opened(**values)
    assert found == hint
    assert set(codes) == ({"p1"} if (values.get("activation_code") or "").strip() else set())
    assert exported.get("activation_code_hint") == hint
    assert ("activation_code_hint" in exported) == (hint is not None)
