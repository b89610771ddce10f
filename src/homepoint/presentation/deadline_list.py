"""What the deadlines page shows: every deadline with what is lost and why, in groups from overdue to later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from homepoint.application.ports import AgendaEntry
from homepoint.domain.assessment import Assessment, DeadlineState
from homepoint.domain.terms import Clause, Confidence, Terms
from homepoint.domain.values import ClauseId, DeviceId
from homepoint.presentation.device_list import target_of
from homepoint.presentation.wording import (
    Act,
    Urgency,
    act_for,
    deadline_name,
    last_open_day,
    loss_of,
    lost_by,
    moment_text,
    short_day_text,
    until_text,
    urgency_of,
)

PASSED_SHOWN = timedelta(days=30)
"""How long a passed deadline stays in the list without being asked for."""


class Group(StrEnum):
    """The groups of the agenda, in their order."""

    OVERDUE = "Overdue"
    TODAY = "Today"
    THIS_WEEK = "This week"
    THIS_MONTH = "This month"
    LATER = "Later"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """One deadline of the agenda. `because` names its clauses; `clause_texts` puts them into words."""

    key: str
    device: DeviceId
    device_name: str
    urgency: Urgency
    title: str
    loss: str
    target: datetime | date
    until: str
    act: Act
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineGroup:
    """A group that has at least one deadline."""

    group: Group
    lines: tuple[DeadlineLine, ...]


def deadline_groups(
    entries: Iterable[AgendaEntry], names: Mapping[DeviceId, str], now: datetime, *, long_passed: bool = False
) -> tuple[DeadlineGroup, ...]:
    """Return deadlines by group, each group by time.

    Args:
        entries: deadlines of devices in use.
        names: what their devices are called.
        now: this instant in the owner's time zone.
        long_passed: keep those that passed more than 30 days ago.
    """
    shown = (
        entry
        for entry in entries
        if entry.state is not DeadlineState.MET and (long_passed or now - entry.ends_at <= PASSED_SHOWN)
    )
    groups: dict[Group, list[DeadlineLine]] = {group: [] for group in Group}
    for entry in sorted(shown, key=lambda each: each.ends_at):
        groups[group_of(entry.ends_at, now)].append(_line(entry, names, now))
    return tuple(DeadlineGroup(group=group, lines=tuple(lines)) for group, lines in groups.items() if lines)


def entries_of(assessment: Assessment) -> tuple[AgendaEntry, ...]:
    """Return all deadlines of a device, those that passed long ago too, as the agenda has them."""
    return tuple(
        AgendaEntry(
            device=assessment.device,
            kind=each.kind,
            at_text=each.at.isoformat(),
            ends_at=each.ends_at,
            state=each.state,
            because=tuple(each.because),
        )
        for each in assessment.deadlines
    )


def group_of(ends_at: datetime, now: datetime) -> Group:
    """Say in which group the end of a window stands; this week is the next seven days, also on a Sunday."""
    urgency = urgency_of(ends_at, now)
    if urgency is Urgency.OVERDUE:
        return Group.OVERDUE
    if urgency is Urgency.TODAY:
        return Group.TODAY
    today = now.date()
    last_open = last_open_day(ends_at, now)
    if last_open <= today + timedelta(days=6):
        return Group.THIS_WEEK
    if (last_open.year, last_open.month) == (today.year, today.month):
        return Group.THIS_MONTH
    return Group.LATER


def clause_texts(terms: Terms, because: Sequence[ClauseId], *, disputes: bool = True) -> tuple[str, ...]:
    """Return the clauses of a verdict as `clause_text` does; an id the catalogue does not have is left out."""
    known = [each for each in because if each in terms.clauses]
    return tuple(clause_text(clause, disputes=disputes) for clause in terms.says(known))


def clause_text(clause: Clause, *, disputes: bool = True) -> str:
    """Return a clause as a sentence, and under it its id, source, and how sure it is where that is not certain.

    `disputes` says whether to point to the contradictions it is part of.
    """
    doubt = "" if clause.confidence is Confidence.HIGH else f" Confidence: {clause.confidence}."
    disputed = disputes and clause.disputed_by
    pointer = f" Sources do not agree: see {', '.join(clause.disputed_by)} in Settings." if disputed else ""
    return f"{clause.says}\n{clause.id}, {clause.source.name} (seen: {clause.source.seen}).{doubt}{pointer}"


def _line(entry: AgendaEntry, names: Mapping[DeviceId, str], now: datetime) -> DeadlineLine:
    target, passed = target_of(entry), entry.ends_at <= now
    return DeadlineLine(
        key=f"{entry.device}/{entry.kind}/{entry.at_text}",
        device=entry.device,
        device_name=names[entry.device],
        urgency=urgency_of(entry.ends_at, now),
        title=deadline_name(entry.kind, passed=passed),
        loss=lost_by(entry.kind) if passed else loss_of(entry.kind),
        target=target,
        until=_was(target, now) if passed else until_text(target, now),
        act=act_for(entry.kind, passed=passed),
        because=tuple(ClauseId(each) for each in entry.because),
    )


def _was(target: datetime | date, now: datetime) -> str:
    if isinstance(target, datetime) and now.tzinfo is not None:
        return moment_text(target, now.tzinfo)
    return short_day_text(target)
