"""`homepoint calendar`: writes the deadlines of all devices as a calendar file, and brings it up to date."""

from argparse import Namespace

from homepoint.application.calendar import IssueState, Kept, kept_from, kept_text
from homepoint.catalogue import load_terms
from homepoint.cli.records import library, this_instant
from homepoint.documents.calendar import MEMORY_NAME, keep_calendar_file
from homepoint.domain.rules.evaluate import evaluate
from homepoint.presentation.calendar import CALENDAR_NAME, calendar_events
from homepoint.presentation.wording import counted
from homepoint.system.notes_file import NotesFile


def run(given: Namespace) -> int:
    """Write the file. What was issued is remembered beside the library, unless it is about another instant."""
    with library(given.data) as opened:
        snapshot = opened.snapshot()
        memory = NotesFile(opened.path.with_name(MEMORY_NAME), opened.key)
    at, terms = (given.at or this_instant()).astimezone(snapshot.zone), load_terms()
    events = calendar_events(((facts, evaluate(facts, terms, at)) for facts in snapshot.by_device()), terms)
    before = Kept() if given.at else kept_from(memory.read().decode("utf-8", errors="replace"))
    kept = keep_calendar_file(given.file, events, before, at, CALENDAR_NAME)
    if not given.at:
        memory.write(kept_text(kept).encode())
    states = [each.state for each in kept.records.values()]
    said = counted(states.count(IssueState.CONFIRMED), "deadline")
    cancelled = states.count(IssueState.CANCELLED)
    print(f"{said} written to {given.file}{f', and {cancelled:,} no longer due' if cancelled else ''}.")
    return 0
