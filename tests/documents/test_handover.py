"""The hand-over kit: the buyer's Homepoint counts what is left as the seller's does, and learns nothing private."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from homepoint.documents.handover import FACTS_NAME, SHEET_NAME, make_handover_kit
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import Snapshot
from homepoint.intake.owner_file import owner_file_text, read_owner_file
from homepoint.presentation.handover import hand_over
from tests.documents.reading import info_of, is_sound, plain_text_of
from tests.documents.records import SECRETS, TERMS, facts_of, records

AT = datetime.fromisoformat("2025-08-01T12:00:00+02:00")


def used_once() -> dict[str, Any]:
    """Return records of an aircraft that was replaced once by Express, and is still there."""
    tree = records()
    tree["claims"][0] |= {"service": "express-basic", "deposit": {"amount": "1159.00", "currency": "EUR"}}
    tree["devices"][0]["status"] = "in-use"
    return tree


def kit(tree: dict[str, Any], folder: Path) -> tuple[bytes, bytes]:
    """Make a kit and return its facts and its sheet."""
    facts = facts_of(tree)
    made = hand_over(facts, evaluate(facts, TERMS, AT))
    make_handover_kit(made, owner_file_text(made.facts), AT, folder / "kit.zip")
    with zipfile.ZipFile(folder / "kit.zip") as archive:
        assert archive.namelist() == [SHEET_NAME, FACTS_NAME]
        (folder / SHEET_NAME).write_bytes(archive.read(SHEET_NAME))
        return archive.read(FACTS_NAME), archive.read(SHEET_NAME)


def test_the_buyer_has_the_same_plan_and_the_same_uses_left(tmp_path: Path) -> None:
    content, _ = kit(used_once(), tmp_path)
    found = read_owner_file(content)
    assert isinstance(found, Snapshot), found
    sellers = evaluate(facts_of(used_once()), TERMS, AT).care
    buyers = evaluate(next(iter(found.by_device())), TERMS, AT).care
    assert buyers == sellers
    assert (buyers.replacements.left, buyers.flyaways.left) == (1, 1)


def test_nothing_private_goes_over(tmp_path: Path) -> None:
    content, sheet = kit(used_once(), tmp_path)
    text = plain_text_of(tmp_path / SHEET_NAME).encode()
    for secret in (*SECRETS, "Kestrel", "52.516", "52.51", "I flew over the park", "169"):
        for where in (content, sheet, text):
            assert secret.encode() not in where, secret
    found = read_owner_file(content)
    assert isinstance(found, Snapshot)
    assert (found.accounts, found.bindings, found.incidents, found.attachments) == ((), (), (), ())


def test_the_sheet_is_one_page_with_the_steps_of_both_sides(tmp_path: Path) -> None:
    kit(used_once(), tmp_path)
    assert info_of(tmp_path / SHEET_NAME)["Pages"] == "1"
    assert is_sound(tmp_path / SHEET_NAME)
    text = plain_text_of(tmp_path / SHEET_NAME)
    for wanted in ("The seller", "The buyer", "After the hand-over, not before: unbind", "Bind the aircraft to your",
                   "the end of 10 March 2026", "1 use"):  # fmt: skip
        assert wanted in text, wanted


def test_a_plan_that_moved_from_an_earlier_unit_goes_over_with_it(tmp_path: Path) -> None:
    tree = used_once()
    tree["devices"][0]["status"] = "replaced"
    tree["claims"][0]["steps"].append({"step": "replacement-sent", "at": "2025-07-10T10:00:00+02:00"})
    tree["claims"][0]["new_serial"] = "1581F6Z9C24AU0034SRE"
    later = {"id": "d2", "model": "DJI Mini 4 Pro", "category": "aircraft", "serial": "1581F6Z9C24AU0034SRE"}
    tree["devices"].insert(0, {**later, "region": "DE", "succeeds": "d1", "received_on": "2025-07-12"})
    content, _ = kit(tree, tmp_path)
    found = read_owner_file(content)
    assert isinstance(found, Snapshot), found
    facts = next(iter(found.by_device()))
    assert facts.device.id == "d2"
    assert evaluate(facts, TERMS, AT).care == evaluate(facts_of(tree), TERMS, AT).care
    assert evaluate(facts, TERMS, AT).care.replacements.left == 1
