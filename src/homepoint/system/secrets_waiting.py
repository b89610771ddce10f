"""Waiting for an answer, but not for ever: what may block runs in a thread of its own and is given up in time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")


class NoAnswerError(Exception):
    """Nobody answered in time; the question stands, and its answer will be thrown away."""


class PatientAsking:
    """Puts one question at a time, each in its own thread, so that a store that blocks never piles up prompts."""

    def __init__(self, patience_s: float) -> None:
        """Wait this many seconds for each answer, the wait for an earlier question included."""
        self.patience_s = patience_s
        self._turn = threading.Lock()

    def ask(self, question: Callable[[], T]) -> T:
        """Return the answer, or raise what the question raises.

        Raises:
            NoAnswerError: there was no answer in time. The thread goes on until its question ends; it does not keep
                the program from ending.
        """
        until = time.monotonic() + self.patience_s
        if not self._turn.acquire(timeout=self.patience_s):
            raise NoAnswerError
        answer: Future[T] = Future()
        threading.Thread(target=self._answer, args=(question, answer), name="keyring", daemon=True).start()
        wait([answer], timeout=max(0.0, until - time.monotonic()))
        if not answer.done():
            raise NoAnswerError
        return answer.result()

    def _answer(self, question: Callable[[], T], answer: Future[T]) -> None:
        try:
            found = question()
        except BaseException as fault:  # whatever it is, it belongs to whoever asked
            self._turn.release()
            answer.set_exception(fault)
        else:
            self._turn.release()
            answer.set_result(found)
