"""When to synchronise by itself: soon after the start, a while after a change, every few minutes, rarer offline."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from homepoint.application.replication import Trouble

_UNREACHED = frozenset({Trouble.OFFLINE, Trouble.BUSY, Trouble.SERVER})
_HOLDING = frozenset({Trouble.REFUSED, Trouble.LOCKED, Trouble.REMOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long is waited, in seconds.

    `settle` goes by after the last change, but `at_most` after the first; `retries` after the first, second, ...
    round in a row that did not reach the storage; `minute` is how long a minute of the owner's choice is.
    """

    start: float = 4
    settle: float = 30
    at_most: float = 120
    retries: tuple[float, ...] = (60, 120, 300, 600, 1800)
    minute: float = 60


class SyncRhythm(QObject):
    """Tells by `due` that a round should begin. It is told of changes, and of how each round ended.

    After the storage refused the password, or while the key is not at hand, it waits for the owner: asking again and
    again would lock an account, or raise a prompt every few minutes.
    """

    due = Signal()

    def __init__(self, minutes: Callable[[], int], pace: Pace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._minutes, self._pace = minutes, pace
        self._failures = 0
        self._is_held = False
        self._next, self._settling, self._longest = (self._timer() for _ in range(3))

    @property
    def is_automatic(self) -> bool:
        """True while rounds are begun without being asked for."""
        return self._minutes() > 0 and not self._is_held

    @property
    def is_reaching(self) -> bool:
        """True unless the last round did not reach the storage."""
        return self._failures == 0

    def begin(self) -> None:
        """Begin a round soon."""
        self._later(self._pace.start)

    def stop(self) -> None:
        """Begin none any more."""
        for timer in (self._next, self._settling, self._longest):
            timer.stop()

    def restart(self) -> None:
        """Take over another choice of minutes."""
        self.stop()
        self._later(self._minutes() * self._pace.minute)

    def changed(self) -> None:
        """Take note of an edit on this computer."""
        if not self.is_automatic or not self.is_reaching:
            return
        self._settling.start(_ms(self._pace.settle))
        if not self._longest.isActive():
            self._longest.start(_ms(self._pace.at_most))

    def begun(self) -> None:
        """Take note that a round began: nothing else is due until it has ended."""
        self.stop()
        self._is_held = False

    def ended(self, troubles: Collection[Trouble] | None) -> None:
        """Take note that a round ended, with its troubles; None: it was stopped."""
        found = frozenset(troubles or ())
        self._is_held = bool(found & _HOLDING)
        self._failures = self._failures + 1 if found & _UNREACHED else 0
        wait = self._minutes() * self._pace.minute
        if self._failures:
            wait = min(wait, self._pace.retries[min(self._failures, len(self._pace.retries)) - 1])
        self._later(wait)

    def _later(self, seconds: float) -> None:
        if self.is_automatic:
            self._next.start(_ms(seconds))

    def _timer(self) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self.due)
        return timer


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
