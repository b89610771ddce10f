"""What the tray shows: one word for how near the next deadline is, the next three, and whether reminders are quiet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from homepoint.application.ports import AgendaEntry
from homepoint.domain.assessment import DeadlineState
from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import target_of
from homepoint.presentation.overview import LOOKS_AHEAD, needs
from homepoint.presentation.wording import (
    TODAY_HOURS,
    Urgency,
    deadline_name,
    until_text,
    urgency_of,
    urgency_word,
    when_text,
)

MOST_LINES = 3
LONGEST_TIP = 120
"""Characters; Windows cuts a tooltip at 127, in the middle of a word."""


class TrayState(StrEnum):
    """How near the nearest deadline is; CLEAR where none is known."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    CLEAR = "clear"


_CLEAR_WORD = "No deadline"
_ORDER = tuple(TrayState)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayLine:
    """One deadline in the tray's menu; the text names its state, so that no colour is needed."""

    device: DeviceId
    state: TrayState
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayView:
    """All the tray shows. `snooze` is what its line says; it can be chosen while reminders are not quiet already."""

    state: TrayState
    word: str
    tip: str
    lines: tuple[TrayLine, ...]
    snooze: str
    can_snooze: bool


def tray_view(
    entries: Iterable[AgendaEntry],
    names: Mapping[DeviceId, str],
    now: datetime,
    quiet_until: datetime | None = None,
) -> TrayView:
    """Return what the tray shows.

    Args:
        entries: deadlines that are not met, the earliest first.
        names: what their devices are called.
        now: this instant in the owner's time zone.
        quiet_until: until when the owner snoozed all reminders, if so.
    """
    lines = _lines(tuple(entries), names, now)
    state = min((line.state for line in lines), key=_ORDER.index, default=TrayState.CLEAR)
    word = _CLEAR_WORD if state is TrayState.CLEAR else urgency_word(Urgency(state.value))
    is_quiet = quiet_until is not None and quiet_until > now
    return TrayView(
        state=state,
        word=word,
        tip=_tip(word, lines, state),
        lines=lines,
        snooze=f"Snoozed until {when_text(quiet_until, now)}"
        if is_quiet and quiet_until is not None
        else "Snooze all until tomorrow",
        can_snooze=not is_quiet,
    )


def locked_view() -> TrayView:
    """Return what the tray shows while the library is locked: nothing of what is in it."""
    word = "Homepoint is locked"
    return TrayView(
        state=TrayState.CLEAR, word=word, tip=word, lines=(), snooze="Snooze all until tomorrow", can_snooze=False
    )


def view_holds_until(entries: Iterable[AgendaEntry], now: datetime, quiet_until: datetime | None = None) -> datetime:
    """Return the instant at which the tray shows something else: at the latest the next midnight of the owner.

    Arguments as for `tray_view`.
    """
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    turns = [each for entry in entries for each in (entry.ends_at, entry.ends_at - timedelta(hours=TODAY_HOURS))]
    turns += [midnight] if quiet_until is None else [midnight, quiet_until]
    return min((each for each in turns if each > now), default=midnight)


def _lines(entries: tuple[AgendaEntry, ...], names: Mapping[DeviceId, str], now: datetime) -> tuple[TrayLine, ...]:
    """Return the next three: first what needs the owner, as on the overview, then what is further away."""
    near = [
        _line(need.device, need.urgency, f"{need.device_name}: {need.title}", need.until)
        for need in needs(entries, (), names, now)
    ]
    far = [
        _line(
            entry.device,
            urgency_of(entry.ends_at, now),
            f"{names[entry.device]}: {deadline_name(entry.kind)}",
            until_text(target_of(entry), now),
        )
        for entry in entries
        if entry.state is not DeadlineState.MET and entry.ends_at - now > LOOKS_AHEAD
    ]
    return tuple((near + far)[:MOST_LINES])


def _line(device: DeviceId, urgency: Urgency, what: str, until: str) -> TrayLine:
    text = f"{urgency_word(urgency)} - {what}"
    return TrayLine(device=device, state=TrayState(urgency.value), text=f"{text}, {until}" if until else text)


def _tip(word: str, lines: tuple[TrayLine, ...], state: TrayState) -> str:
    """Return the state's word and the deadline it comes from, short enough for every system."""
    told = next((line.text for line in lines if line.state is state), "")
    tip = f"Homepoint: {told or word}"
    return tip if len(tip) <= LONGEST_TIP else f"{tip[: LONGEST_TIP - 1].rstrip()}…"
