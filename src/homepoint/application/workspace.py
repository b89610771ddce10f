"""The one door to the library for everyone above: commands in, changes out, standings kept fresh."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from homepoint.application.changes import Changes, Edit, HistoryEntry, changes_of
from homepoint.application.ports import AgendaEntry, Clock, Library, Standing
from homepoint.application.problems import Refused
from homepoint.domain.assessment import Assessment, Deadline, DeadlineState
from homepoint.domain.portable import instant_text
from homepoint.domain.rules.evaluate import evaluate as by_the_rules
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId

Evaluate = Callable[[DeviceFacts, Terms, datetime], Assessment]
Listener = Callable[[Changes], None]

LISTED_AFTER_PASSING = timedelta(days=30)
"""How long lists show a deadline that has passed; the device's own page always does."""

ASSESSED_AT_ONCE = 100
"""An edit that touches more devices leaves them to `refresh_some`, so that the window does not stand still."""


class Command(Protocol):
    """A wish of the owner as a frozen value, named by verb and object (`BindAccount`)."""

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        """Say what to change, or why not, by field. Reads only; an edit without changes means nothing to do."""
        ...


class Workspace:
    """What screens, tray and command line work with. Use it from one thread."""

    def __init__(self, library: Library, terms: Terms, clock: Clock, evaluate: Evaluate = by_the_rules) -> None:
        self.library = library
        self.terms = terms
        self.clock = clock
        self._evaluate = evaluate
        self._listeners: list[Listener] = []

    def do(self, command: Command) -> HistoryEntry | Refused | None:
        """Carry out a command: one transaction, one step of undo.

        Returns:
            The entry of the history; `Refused` with a sentence by field; None when there was nothing to change.

        Raises:
            HomepointError: the library cannot be written. Nothing was changed.
        """
        now = self.clock()
        edit = command.plan(self.library, now)
        if isinstance(edit, Refused):
            return edit
        return self._write(edit, now) if edit.changes else None

    def undo(self) -> HistoryEntry | None:
        """Take back the latest command that still stands; None when there is none."""
        return self._take_back(self.library.undoable())

    def redo(self) -> HistoryEntry | None:
        """Carry out again what undo took back last; None when there is none, or a command came after it."""
        return self._take_back(self.library.redoable())

    def assess(self, device: DeviceId, at: datetime) -> Assessment | None:
        """Say what the rules say about a device at an instant, past and future included; None: no such device."""
        facts = self.library.device_facts(device)
        return None if facts is None else self._evaluate(facts, self.terms, at)

    def refresh_some(self, now: datetime, limit: int = ASSESSED_AT_ONCE) -> int:
        """Assess up to `limit` devices whose standing is missing or out of date, and return how many there were.

        Call it until it returns 0: at the start, after a large import, and when `library.next_change()` has come.
        """
        found = self.library.stale(now, self.terms.version, limit)
        if found:
            self._refresh(found, now)
            self.announce(Changes(devices=frozenset(found)))
        return len(found)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change, until the function returned is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, changes: Changes) -> None:
        """Tell all listeners of a change; whoever changed the library by another road calls this (an import does)."""
        for listener in tuple(self._listeners):
            listener(changes)

    def _take_back(self, entry: HistoryEntry | None) -> HistoryEntry | None:
        if entry is None:
            return None
        return self._write(entry.edit.reversed(), self.clock(), undoes=entry.number)

    def _write(self, edit: Edit, now: datetime, undoes: int | None = None) -> HistoryEntry:
        entry = self.library.write(edit, now, undoes)
        changes = changes_of(edit)
        if len(changes.devices) > ASSESSED_AT_ONCE:
            self.announce(Changes(kinds=changes.kinds, everything=True))
            return entry
        touched = self._refresh(changes.devices, now)
        self.announce(Changes(kinds=changes.kinds, devices=changes.devices | touched))
        return entry

    def _refresh(self, devices: Iterable[DeviceId], now: datetime) -> frozenset[DeviceId]:
        """Assess devices and the units that took over from them, whose plans they pass on; return all of them."""
        waiting, standings = list(devices), dict[DeviceId, Standing]()
        while waiting:
            facts = self.library.device_facts(waiting.pop())
            if facts is None or facts.device.id in standings:
                continue
            assessment = self._evaluate(facts, self.terms, now)
            standings[facts.device.id] = standing_of(assessment, self.terms.version)
            if facts.successor is not None:
                waiting.append(facts.successor.id)
        self.library.keep(standings.values())
        return frozenset(standings)


def standing_of(assessment: Assessment, catalogue: str) -> Standing:
    """Return what lists need of an assessment made with a catalogue.

    Met deadlines and those that passed long ago are left out; the standing holds until the next one is to leave.
    """
    listed = [each for each in assessment.deadlines if _is_listed(each, assessment.at)]
    turns = [each.ends_at + LISTED_AFTER_PASSING for each in listed if each.state is DeadlineState.PASSED]
    if assessment.holds_until is not None:
        turns.append(assessment.holds_until)
    care = assessment.care
    return Standing(
        device=assessment.device,
        assessed_at=assessment.at,
        holds_until=min(turns, default=None),
        catalogue=catalogue,
        category=assessment.category,
        care_state=care.state,
        care_starts_on=None if care.starts_on is None else care.starts_on.isoformat(),
        care_ends_on=None if care.ends_on is None else care.ends_on.isoformat(),
        replacements_allowed=care.replacements.allowed,
        replacements_left=care.replacements.left,
        flyaway_ready=assessment.flyaway.ready,
        flyaway_missing=tuple(assessment.flyaway.missing),
        agenda=tuple(
            AgendaEntry(
                device=assessment.device,
                kind=each.kind,
                at_text=instant_text(each.at) if isinstance(each.at, datetime) else each.at.isoformat(),
                ends_at=each.ends_at,
                state=each.state,
                because=tuple(each.because),
            )
            for each in listed
        ),
    )


def _is_listed(deadline: Deadline, now: datetime) -> bool:
    if deadline.state is DeadlineState.PASSED:
        return now < deadline.ends_at + LISTED_AFTER_PASSING
    return deadline.state is not DeadlineState.MET
