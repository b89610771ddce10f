"""Gathers the facts behind all deadlines a few devices at a time, so that the window answers in between."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from homepoint.application.calendar import CalendarEvent, agenda_devices
from homepoint.application.problems import HomepointError
from homepoint.application.workspace import Workspace
from homepoint.domain.lead_times import LeadTimes
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId
from homepoint.presentation.calendar import USUAL_LEADS, calendar_events, leads_from

_AT_ONCE = 10
_UNTIL_FRESH_MS = 500
_HELD_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that the events of a calendar are made from. `now` is in the owner's time zone."""

    devices: tuple[DeviceFacts, ...]
    terms: Terms
    lead_times: LeadTimes | None
    now: datetime

    def events(self) -> tuple[CalendarEvent, ...]:
        """Assess every device and return an event for each deadline; for any thread."""
        assessed = ((facts, evaluate(facts, self.terms, self.now)) for facts in self.devices)
        return calendar_events(assessed, self.terms, leads_from(self.lead_times) if self.lead_times else USUAL_LEADS)


Then = Callable[[Gathered], None]


class Gathering(QObject):
    """Reads the library in small steps. It waits while standings are being assessed, and begins anew when told to."""

    def __init__(self, workspace: Workspace, lead_times: Callable[[], LeadTimes | None], parent: QObject) -> None:
        """Make it.

        Args:
            workspace: whose library is read.
            lead_times: returns the owner's lead times, None for the usual ones.
            parent: whoever owns it.
        """
        super().__init__(parent)
        self._workspace, self._lead_times = workspace, lead_times
        self._waiting: list[Then] = []
        self._devices: list[DeviceId] | None = None
        self._found: list[DeviceFacts] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)

    def ask(self, then: Then) -> None:
        """Call a function with what there is, as soon as it is true; whoever asked before is answered together."""
        self._waiting.append(then)
        if not self._timer.isActive():
            self._timer.start(0)

    def begin_anew(self) -> None:
        """Forget what was read: something changed."""
        self._devices, self._found = None, []

    def stop(self) -> None:
        """Answer nobody any more."""
        self._timer.stop()
        self._waiting.clear()

    def _step(self) -> None:
        try:
            wait = self._read_some()
        except HomepointError:  # the file is held by another program, which lets go of it sooner or later
            self.begin_anew()
            wait = _HELD_MS
        if wait is not None:
            self._timer.start(wait)

    def _read_some(self) -> int | None:
        """Go on by one step; return after how many milliseconds the next is due, None when all is done."""
        library, terms = self._workspace.library, self._workspace.terms
        now = self._workspace.clock().astimezone(library.zone)
        if self._devices is None:
            devices = agenda_devices(library, terms, now)
            if devices is None:
                return _UNTIL_FRESH_MS
            self._devices = [*reversed(devices)]
        for _ in range(min(_AT_ONCE, len(self._devices))):
            facts = library.device_facts(self._devices.pop())
            if facts is not None:
                self._found.append(facts)
        if self._devices:
            return 0
        gathered = Gathered(devices=tuple(self._found), terms=terms, lead_times=self._lead_times(), now=now)
        waiting, self._waiting = self._waiting, []
        self.begin_anew()
        for then in waiting:
            then(gathered)
        return None
