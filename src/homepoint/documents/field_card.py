"""Prints the field card of a device on one page, A6 for the bag or US Letter."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from homepoint.documents.typesetting import typeset
from homepoint.documents.whole import whole_file
from homepoint.presentation.field_card import FieldCard


class CardPaper(StrEnum):
    A6 = "a6"
    LETTER = "us-letter"


def make_field_card(card: FieldCard, at: datetime, out: Path, paper: CardPaper = CardPaper.A6) -> None:
    """Write the card as a PDF of one page, whole or not at all; `at` dates it.

    Raises:
        HomepointError: it cannot be written.
    """
    data = asdict(card) | {"paper": paper.value, "steps_title": "The first hour"}
    with whole_file(out) as stream:
        stream.write(typeset("field_card", data, at).pdf)
