"""The one thread in which a library is synchronised, as jobs of the window; where it stands is looked at after each."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from homepoint.app.threads import OneThread, ThreadForEach
from homepoint.application.replication import Synchronisation, SyncStatus
from homepoint.ui.jobs import Job, Pool, Progress

if TYPE_CHECKING:
    from homepoint.app.sync_opening import OpenedSync

R = TypeVar("R")


class SyncWorker(QObject):
    """Opens the synchronisation in its thread when it is first wanted, and never uses it from another.

    `ended` tells of every job's end, before the job's own signals reach whoever asked for it.
    """

    ended = Signal(object)

    def __init__(self, open_sync: "Callable[[], OpenedSync]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: SyncStatus | None = None
        self._open = open_sync
        self._opened: OpenedSync | None = None  # the thread's alone
        self._thread, self._apart = OneThread("homepoint-sync"), ThreadForEach("homepoint-sync-apart")
        self._jobs: set[Job[Any]] = set()

    def do(self, work: Callable[[Synchronisation, Progress], R]) -> Job[R]:
        """Do a piece of work after what is waiting already."""

        def run(progress: Progress) -> R:
            progress(0, 0)  # it may have been cancelled while it waited for its turn
            sync = self._sync()
            try:
                return work(sync, progress)
            finally:
                self.found = sync.status()

        return self._begin(Job(run, self), self._thread)

    def do_apart(self, work: Callable[[Synchronisation], R]) -> Job[R]:
        """Do a piece of work now, in a thread and on a connection of its own: it may wait long for an answer."""

        def run(_progress: Progress) -> R:
            opened = self._open()
            try:
                return work(opened.sync)
            finally:
                opened.close()

        return self._begin(Job(run, self), self._apart)

    def do_plainly(self, work: Callable[[], R]) -> Job[R]:
        """Do now, in a thread of its own, what needs no library."""
        return self._begin(Job(lambda _progress: work(), self), self._apart)

    def stop(self) -> None:
        """Stop what is under way, tell nobody any more, and let go of the library."""
        for job in self._jobs:
            job.cancel()
            job.blockSignals(True)
        self._thread.submit(self._close)
        self._thread.end()

    def wait(self, longest_s: float) -> bool:
        """Wait, after `stop`, until the library was let go, and say whether it was."""
        return self._thread.wait(longest_s)

    def _begin(self, job: Job[R], pool: Pool) -> Job[R]:
        self._jobs.add(job)
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(partial(self._on_end, job))
        job.start(pool)
        return job

    def _on_end(self, job: Job[Any], _outcome: object = None) -> None:
        self._jobs.discard(job)
        job.deleteLater()
        self.ended.emit(job)

    def _sync(self) -> Synchronisation:
        if self._opened is None:
            self._opened = self._open()
        return self._opened.sync

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
