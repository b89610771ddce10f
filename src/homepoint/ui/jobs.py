"""Slow work off the GUI thread: gather on it, work in a thread, apply on it again."""

from collections.abc import Callable
from threading import Event
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

R = TypeVar("R")


class Stopped(Exception):  # noqa: N818  # the owner's wish, not an error
    """The owner cancelled a job; raised inside it by `Progress`."""


class Progress:
    """Given to the work: it reports how far it is, and learns that it was cancelled."""

    def __init__(self, report: Callable[[int, int, str], None], cancelled: Event) -> None:
        self._report = report
        self._cancelled = cancelled

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """Report `done` of `total` steps (0: unknown).

        Raises:
            Stopped: the job was cancelled.
        """
        if self._cancelled.is_set():
            raise Stopped
        self._report(done, total, words)


class Pool(Protocol):
    """Where jobs are worked on: any executor."""

    def submit(self, work: Callable[[], None], /) -> object:
        """Have a piece of work done in a thread."""
        ...


class Job(QObject, Generic[R]):
    """One piece of slow work. The work touches neither Qt nor the session; signals arrive on the GUI thread."""

    progressed = Signal(int, int, str)
    finished = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    _done = Signal(object)

    def __init__(self, work: Callable[[Progress], R], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._cancelled = Event()
        self._done.connect(self._deliver)

    def start(self, pool: Pool) -> None:
        """Begin; the outcome comes as `finished(result)`, `failed(exception)` or `stopped`."""
        pool.submit(self._run)

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress."""
        self._cancelled.set()

    def _run(self) -> None:
        try:
            outcome: object = self._work(Progress(self.progressed.emit, self._cancelled))
        except Exception as error:  # handed to the GUI thread, which shows it
            outcome = _Failure(error)
        self._done.emit(outcome)

    def _deliver(self, outcome: object) -> None:
        if isinstance(outcome, _Failure) and isinstance(outcome.error, Stopped):
            self.stopped.emit()
        elif isinstance(outcome, _Failure):
            self.failed.emit(outcome.error)
        else:
            self.finished.emit(outcome)


class _Failure:
    def __init__(self, error: Exception) -> None:
        self.error = error
