"""Threads that nobody waits for: in turn, or each by itself."""

import threading
from functools import partial

from homepoint.app.threads import OneThread, ThreadForEach


def test_one_thread_does_everything_in_turn_and_ends_when_asked() -> None:
    done: list[tuple[int, int]] = []
    one = OneThread("one")

    def note(number: int) -> None:
        done.append((number, threading.get_ident()))

    for number in range(3):
        one.submit(partial(note, number))
    one.end()
    assert one.wait(10)
    assert [number for number, _ in done] == [0, 1, 2]
    assert len({thread for _, thread in done}) == 1


def test_a_job_whose_window_is_gone_does_not_end_the_thread() -> None:
    done: list[str] = []

    def gone() -> None:
        raise RuntimeError("the window was taken down")

    one = OneThread("one")
    one.submit(gone)
    one.submit(lambda: done.append("next"))
    one.end()
    assert one.wait(10)
    assert done == ["next"]


def test_one_that_hangs_holds_nobody_up() -> None:
    go_on, other = threading.Event(), threading.Event()
    each = ThreadForEach("each")

    def hang() -> None:
        go_on.wait(10)

    each.submit(hang)
    each.submit(other.set)
    assert other.wait(10)
    go_on.set()


def test_a_thread_never_begun_is_ended() -> None:
    one = OneThread("one")
    one.end()
    assert one.wait(0)
