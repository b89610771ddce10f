"""`homepoint dossier`: writes the sealed dossier of an incident, and says what the seal is."""

import sys
from argparse import Namespace

from homepoint.catalogue import load_terms
from homepoint.cli.records import evidence_of, library, this_instant
from homepoint.documents.dossier import make_dossier
from homepoint.domain.facts import Attachment, Incident
from homepoint.intake.owner_file import owner_file_text
from homepoint.presentation.dossier import dossier, evidence_owners


def run(given: Namespace) -> int:
    """Write the dossier; an id that no incident bears gives 2."""
    with library(given.data) as opened:
        incident = opened.get(Incident, given.incident)
        facts = None if incident is None else opened.device_facts(incident.device)
        if incident is None or facts is None:
            print(f"There is no incident {given.incident!r} in your records.", file=sys.stderr)
            return 2
        attachments = [
            each for owner in evidence_owners(facts, incident.id) for each in opened.about(Attachment, owner)
        ]
        store = evidence_of(opened)
    content = dossier(facts, incident.id, attachments, load_terms(), this_instant(), redact=given.redact)
    assert content is not None, "the incident is among its device's"
    made = make_dossier(
        content,
        owner_file_text(content.facts),
        store.open,
        given.file,
        pdf_out=given.pdf,
        progress=_progress if sys.stderr.isatty() else None,
    )
    print(f"Dossier {made.id} written to {given.file}.")
    print(f"  seal     {made.seal}\n  SHA-256  {made.sha256} (of the whole file)")
    for name in made.unkept:
        print(f"note: {name} is recorded, but no longer there as it was taken in; it was left out.", file=sys.stderr)
    if not made.declares_standards:
        print("note: a character is in no font of this computer; the PDF declares no PDF/A or PDF/UA.", file=sys.stderr)
    return 0


def _progress(done: int, total: int, what: str) -> None:
    print(f"\r{done}/{total} {what[:60]:<60}", end="\n" if done + 1 == total else "", file=sys.stderr)
