"""`homepoint due`: lists what ends within a span, on all devices in use."""

import json
import unicodedata
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from homepoint.application.workspace import LISTED_AFTER_PASSING
from homepoint.catalogue import load_terms
from homepoint.cli.records import library, this_instant
from homepoint.domain.assessment import Care, Deadline, DeadlineState
from homepoint.domain.facts import Device, DeviceStatus
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.terms import Terms
from homepoint.presentation.deadline_file import deadline_part, portable_moment
from homepoint.presentation.wording import (
    DEADLINE_NAMES,
    countdown_text,
    loss_of,
    lost_by,
    moment_text,
    short_day_text,
    urgency_of,
    urgency_word,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    device: Device
    deadline: Deadline
    care: Care


def run(given: Namespace) -> int:
    """Print the deadlines that end within the span, and before them those that passed lately, as the window does."""
    with library(given.data) as opened:
        snapshot = opened.snapshot()
    at = (given.at or this_instant()).astimezone(snapshot.zone)
    found = sorted(_due(snapshot, load_terms(), at, given.within), key=lambda due: due.deadline.ends_at)
    if given.json:
        print(json.dumps([_plain(due, snapshot) for due in found], indent=2, ensure_ascii=False))
    elif found:
        print("\n".join(_table([_row(due, snapshot, at) for due in found])))
    else:
        print("Nothing ends within this span.")
    return 0


def _due(snapshot: Snapshot, terms: Terms, at: datetime, within: timedelta) -> Iterator[_Due]:
    for facts in snapshot.by_device():
        if facts.device.status is not DeviceStatus.IN_USE:
            continue
        assessment = evaluate(facts, terms, at)
        for deadline in assessment.deadlines:
            if _is_listed(deadline, at, within):
                yield _Due(device=facts.device, deadline=deadline, care=assessment.care)


def _is_listed(deadline: Deadline, at: datetime, within: timedelta) -> bool:
    if deadline.state is DeadlineState.PASSED:
        return at < deadline.ends_at + LISTED_AFTER_PASSING
    return deadline.state is not DeadlineState.MET and deadline.ends_at <= at + within


def _plain(due: _Due, snapshot: Snapshot) -> dict[str, object]:
    return {
        "device": due.device.id,
        "name": _name(due.device),
        **deadline_part(due.deadline, due.care, snapshot.zone),
        "ends_at": portable_moment(due.deadline.ends_at, snapshot.zone),
    }


def _row(due: _Due, snapshot: Snapshot, at: datetime) -> Sequence[str]:
    deadline, product = due.deadline, due.care.product
    is_over = deadline.state is DeadlineState.PASSED
    until = deadline.at
    return (
        urgency_word(urgency_of(deadline.ends_at, at)),
        countdown_text(until, at),
        moment_text(until, snapshot.zone) if isinstance(until, datetime) else short_day_text(until),
        _name(due.device),
        DEADLINE_NAMES[deadline.kind],
        lost_by(deadline.kind, product) if is_over else loss_of(deadline.kind, product),
    )


def _name(device: Device) -> str:
    serial = normalised(device.serial or "")
    return device.nickname or (f"{device.model} …{serial[-4:]}" if serial else device.model)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    head = ("", "TIME", "UNTIL", "DEVICE", "WHAT", "WHAT IT MEANS")
    lines = [head, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head) - 1)]
    return [
        "  ".join([*(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=False)), line[-1]])
        for line in lines
    ]


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text; Chinese and Japanese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
