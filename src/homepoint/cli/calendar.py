"""`homepoint calendar`: writes the deadlines of all devices as a calendar file, and brings it up to date."""

from argparse import Namespace

from homepoint.application.calendar import IssueState, Kept
from homepoint.catalogue import load_terms
from homepoint.cli.records import library, records_file, this_instant
from homepoint.documents.calendar import MEMORY_NAME, keep_calendar_file, read_memory, write_memory
from homepoint.domain.rules.evaluate import evaluate
from homepoint.presentation.calendar import CALENDAR_NAME, calendar_events
from homepoint.presentation.wording import counted


def run(given: Namespace) -> int:
    """Write the file. What was issued is remembered beside the library, unless it is about another instant."""
    with library(given.data) as opened:
        snapshot = opened.snapshot()
    at, terms = (given.at or this_instant()).astimezone(snapshot.zone), load_terms()
    events = calendar_events(((facts, evaluate(facts, terms, at)) for facts in snapshot.by_device()), terms)
    memory = records_file(given.data).with_name(MEMORY_NAME)
    before = Kept() if given.at else read_memory(memory)
    kept = keep_calendar_file(given.file, events, before, at, CALENDAR_NAME)
    if not given.at:
        write_memory(memory, kept)
    states = [each.state for each in kept.records.values()]
    said = counted(states.count(IssueState.CONFIRMED), "deadline")
    cancelled = states.count(IssueState.CANCELLED)
    print(f"{said} written to {given.file}{f', and {cancelled:,} no longer due' if cancelled else ''}.")
    return 0
