"""The assessment as JSON: as its schema says, in the owner's time zone, for every snapshot one can draw."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

from homepoint.catalogue import load_terms
from homepoint.domain.assessment import CareState, PurchaseVerdict
from homepoint.domain.facts import Condition
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import Snapshot, snapshot_of
from homepoint.domain.values import Region
from homepoint.presentation.assessment_file import assessment_file
from tests.builders import BERLIN, NOW, device, one_of_each
from tests.intake.snapshots import snapshots

TERMS = load_terms()
SCHEMA = jsonschema_rs.Draft202012Validator(
    json.loads(files("homepoint").joinpath("resources/schemas/assessment-1.json").read_text("utf-8")),
    validate_formats=True,
)


def assessed(snapshot: Snapshot, at: datetime) -> Any:
    pairs = [(facts.device, evaluate(facts, TERMS, at)) for facts in snapshot.by_device()]
    return json.loads(json.dumps(assessment_file(pairs, at=at, catalogue=TERMS.version, zone=snapshot.zone)))


def errors_of(tree: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in SCHEMA.iter_errors(tree)]


@settings(max_examples=20)
@given(snapshots())
def test_whatever_the_facts_the_assessment_is_as_the_schema_says(snapshot: Snapshot) -> None:
    assert errors_of(assessed(snapshot, NOW)) == []


def test_the_schema_finds_a_verdict_without_a_clause() -> None:
    tree = assessed(snapshot_of(BERLIN, [device()]), NOW)
    tree["devices"]["d1"]["care"]["because"] = []
    tree["devices"]["d1"]["purchase"]["verdict"] = "perhaps"
    assert len(errors_of(tree)) == 2


def test_the_instant_stands_as_it_was_asked_and_all_others_in_the_owners_time_zone() -> None:
    new = device(
        region=Region("DE"), condition=Condition.NEW, activated_at=datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    )  # fmt: skip
    tree = assessed(snapshot_of(BERLIN, [new]), datetime(2026, 5, 4, 10, 0, tzinfo=UTC))
    assert tree["at"] == "2026-05-04T10:00:00Z"
    assert tree["devices"]["d1"]["purchase"]["until"].endswith("+02:00")


def test_what_is_not_known_is_named_beside_an_undecided_verdict() -> None:
    purchase = assessed(snapshot_of(BERLIN, [device()]), NOW)["devices"]["d1"]["purchase"]
    assert purchase["verdict"] == PurchaseVerdict.UNDECIDED
    assert purchase["unknown"]
    assert purchase["until"] is None


@pytest.mark.parametrize(
    "key",
    ["model", "category", "serial", "care", "warranty", "purchase", "renewal", "flyaway", "service_area", "services",
     "deadlines"],
)  # fmt: skip
def test_every_device_has_every_key_also_when_little_is_known(key: str) -> None:
    tree = assessed(snapshot_of(BERLIN, [*one_of_each(), device("d2", category=None, model="Homemade")]), NOW)
    assert all(key in part for part in tree["devices"].values())
    assert tree["devices"]["d2"]["care"]["state"] == CareState.NONE
