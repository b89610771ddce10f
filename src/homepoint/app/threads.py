"""Threads for work that waits for the network: the program ends without waiting for them."""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress

Work = Callable[[], None]


class OneThread:
    """Does one piece of work after another in a single thread, begun with the first; a `Pool` for jobs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._works: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, work: Work, /) -> None:
        """Do this after what is waiting already."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._works.put(work)

    def end(self) -> None:
        """End the thread after what is waiting."""
        self._works.put(None)

    def wait(self, longest_s: float) -> bool:
        """Wait until the thread has ended, and say whether it has."""
        if self._thread is not None:
            self._thread.join(longest_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._works.get()) is not None:
            _carry_out(work)


class ThreadForEach:
    """Does each piece of work in a thread of its own, so that none waits for one that got no answer."""

    def __init__(self, name: str) -> None:
        self._name = name

    def submit(self, work: Work, /) -> None:
        """Do this now."""
        threading.Thread(target=_carry_out, args=(work,), name=self._name, daemon=True).start()


def _carry_out(work: Work) -> None:
    """Do a piece of work. A job hands every error on; only what it would tell may be gone with the window by then."""
    with suppress(RuntimeError):
        work()
