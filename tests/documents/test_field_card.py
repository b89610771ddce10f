"""The field card fits one page, says what counts in the first hour, and names its sources' limits."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from homepoint.documents.field_card import CardPaper, make_field_card
from homepoint.domain.rules.evaluate import evaluate
from homepoint.presentation.field_card import FieldCard, field_card
from tests.documents.reading import info_of, is_sound, plain_text_of
from tests.documents.records import TERMS, facts_of, records

AT = datetime.fromisoformat("2025-06-01T12:00:00+02:00")
SIZES = {CardPaper.A6: "297.638 x 419.528 pts", CardPaper.LETTER: "612 x 792 pts (letter)"}


def card_of(tree: dict[str, Any]) -> FieldCard:
    """Return the card of the first device."""
    facts = facts_of(tree)
    return field_card(facts, evaluate(facts, TERMS, AT), TERMS)


@pytest.mark.parametrize("paper", CardPaper)
def test_the_card_is_one_page_of_that_paper_and_says_what_counts(paper: CardPaper, tmp_path: Path) -> None:
    make_field_card(card_of(records()), AT, tmp_path / "card.pdf", paper)
    info, text = info_of(tmp_path / "card.pdf"), plain_text_of(tmp_path / "card.pdf")
    assert (info["Pages"], info["Title"], info["Tagged"]) == ("1", "Kestrel", "yes")
    assert info["Page size"].startswith(SIZES[paper].split(" pts")[0][:7])
    assert is_sound(tmp_path / "card.pdf")
    for wanted in ("1581F6Z9C24AU0034SRD", "5YSZK1234567AB", "Do not unbind", "the end of 10 March 2026",
                   "2 replacements", "+1 818 235 0789", "As of 1 June 2025", "Ready:"):  # fmt: skip
        assert wanted in text, wanted


@pytest.mark.parametrize("paper", CardPaper)
def test_names_without_end_still_fit_one_page(paper: CardPaper, tmp_path: Path) -> None:
    tree = records()
    tree["devices"][0] |= {"nickname": "Supercalifragilistic " * 40, "model": "M" * 300}
    tree["controllers"] = [{"id": f"c{number}", "serial": "S" * 60, "model": "R" * 200} for number in range(1, 4)]
    tree["bindings"] = [
        {"id": f"b{n}", "device": "d1", "to": "controller", "target": f"c{n}", "bound_at": "2025-03-10T11:06:00Z"}
        for n in range(1, 4)
    ]
    make_field_card(card_of(tree), AT, tmp_path / "card.pdf", paper)
    assert info_of(tmp_path / "card.pdf")["Pages"] == "1"
    assert "As of 1 June 2025" in plain_text_of(tmp_path / "card.pdf")


def test_every_gap_stands_with_what_closes_it() -> None:
    tree = records(bindings=[], claims=[], plans=[])
    assert card_of(tree).gaps[0] == ("There is no care plan.", "Buy a care plan while its window is open.")
    assert len(card_of(tree).gaps) == 3
    assert card_of(tree).readiness.startswith("Not ready.")


def test_a_region_without_a_line_of_its_own_says_so_and_shows_where_the_other_was_read() -> None:
    card = card_of(records())
    assert card.contacts_note.startswith("No line for Germany was found in any source.")
    assert "seen about April 2024 or later" in card.contacts_note
    tree = records()
    tree["devices"][0]["region"] = "US"
    assert card_of(tree).contacts_note.startswith("Read in: DJI")


def test_a_handheld_has_no_flyaway_part_and_steps_of_its_own() -> None:
    tree = records(claims=[], incidents=[], bindings=[])
    tree["devices"][0] |= {"model": "Some handheld", "category": "handheld"}
    card = card_of(tree)
    assert (card.readiness, card.gaps) == ("", ())
    assert not any("unbind" in step or "Find My Drone" in step for step in card.steps)


def test_the_same_card_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_field_card(card_of(records()), AT, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
