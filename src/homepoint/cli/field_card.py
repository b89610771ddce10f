"""`homepoint field-card`: prints the field card of a device on one page."""

import sys
from argparse import Namespace

from homepoint.catalogue import load_terms
from homepoint.cli.records import library, this_instant
from homepoint.documents.field_card import CardPaper, make_field_card
from homepoint.domain.rules.evaluate import evaluate
from homepoint.presentation.field_card import field_card


def run(given: Namespace) -> int:
    """Write the card; an id that no device bears gives 2."""
    with library(given.data) as opened:
        facts = opened.device_facts(given.device)
    if facts is None:
        print(f"There is no device {given.device!r} in your records.", file=sys.stderr)
        return 2
    terms, now = load_terms(), this_instant()
    card = field_card(facts, evaluate(facts, terms, now), terms)
    make_field_card(card, now.astimezone(facts.zone), given.file, CardPaper(given.paper))
    print(f"Field card of {card.title} written to {given.file}.")
    return 0
