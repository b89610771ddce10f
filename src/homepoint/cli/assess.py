"""`homepoint assess`: prints what the rules say about every device at an instant, as JSON."""

import json
from argparse import Namespace

from homepoint.catalogue import load_terms
from homepoint.cli.records import library, snapshot_of_file, this_instant
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import Snapshot
from homepoint.presentation.assessment_file import assessment_file


def run(given: Namespace) -> int:
    """Assess an owner file or the owner's records; a file with faults gives 2 and prints nothing else."""
    snapshot = snapshot_of_file(given.file) if given.file else _recorded(given)
    if snapshot is None:
        return 2
    terms = load_terms()
    at = given.at or this_instant().astimezone(snapshot.zone)
    assessed = ((facts.device, evaluate(facts, terms, at)) for facts in snapshot.by_device())
    tree = assessment_file(assessed, at=at, catalogue=terms.version, zone=snapshot.zone)
    print(json.dumps(tree, indent=2, ensure_ascii=False))
    return 0


def _recorded(given: Namespace) -> Snapshot:
    with library(given.data) as opened:
        return opened.snapshot()
