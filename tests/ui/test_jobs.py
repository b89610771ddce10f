"""Slow work runs beside the window, and its end arrives where the window lives."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytestqt.qtbot import QtBot

from homepoint.ui.jobs import Job, Progress


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def test_the_result_arrives_on_the_thread_of_the_window(qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
    threads: list[threading.Thread] = []

    def work(_progress: Progress) -> int:
        threads.append(threading.current_thread())
        return 42

    job = Job(work)
    job.finished.connect(lambda _result: threads.append(threading.current_thread()))
    with qtbot.waitSignal(job.finished) as ended:
        job.start(pool)
    assert ended.args == [42]
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_an_error_is_handed_over_and_not_raised_in_the_thread(qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
    def work(_progress: Progress) -> None:
        raise ValueError("no")

    job = Job(work)
    with qtbot.waitSignal(job.failed) as ended:
        job.start(pool)
    assert isinstance(ended.args[0], ValueError)


def test_a_cancelled_job_stops_at_its_next_report_and_tells_only_that(qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def work(progress: Progress) -> None:
        for step in range(10):
            progress(step, 10, "Reading")
            begun.set()
            go_on.wait(10)
            done.append(step)

    job = Job(work)
    job.finished.connect(lambda _result: pytest.fail("it was cancelled"))
    with qtbot.waitSignal(job.stopped):
        job.start(pool)
        assert begun.wait(10)
        job.cancel()
        go_on.set()
    assert done == [0]


def test_progress_is_told_in_order(qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
    def work(progress: Progress) -> None:
        for step in range(3):
            progress(step, 3, f"file {step}")

    job = Job(work)
    told: list[tuple[int, int, str]] = []
    job.progressed.connect(lambda *step: told.append(step))
    with qtbot.waitSignal(job.finished):
        job.start(pool)
    assert told == [(0, 3, "file 0"), (1, 3, "file 1"), (2, 3, "file 2")]
