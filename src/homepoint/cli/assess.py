"""`homepoint assess`: prints what the rules say about every device at an instant, as JSON."""

import json
from argparse import Namespace

from homepoint.catalogue import load_terms
from homepoint.cli.records import library, snapshot_of_file, this_instant
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.rules.routes import incident_reading
from homepoint.domain.snapshot import Snapshot
from homepoint.presentation.assessment_file import assessment_file


def run(given: Namespace) -> int:
    """Assess an owner file or the owner's records; a file with faults gives 2 and prints nothing else."""
    snapshot = snapshot_of_file(given.file) if given.file else _recorded(given)
    if snapshot is None:
        return 2
    terms = load_terms()
    at = given.at or this_instant().astimezone(snapshot.zone)
    units = [(facts, evaluate(facts, terms, at)) for facts in snapshot.by_device()]
    tree = assessment_file(
        ((facts.device, assessment) for facts, assessment in units),
        at=at,
        catalogue=terms.version,
        zone=snapshot.zone,
        incidents=(
            incident_reading(facts, incident, terms, at)
            for facts, _ in units
            for incident in facts.incidents
            if incident.at is None or incident.at <= at
        ),
        claims=(
            (claim_reading(facts, claim, terms, at), assessment.care)
            for facts, assessment in units
            for claim in facts.claims
        ),
    )
    print(json.dumps(tree, indent=2, ensure_ascii=False))
    return 0


def _recorded(given: Namespace) -> Snapshot:
    with library(given.data) as opened:
        return opened.snapshot()
