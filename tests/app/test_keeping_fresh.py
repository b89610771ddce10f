"""Standings are made true in small steps, and looked at again exactly when one stops being true."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from homepoint.app.keeping_fresh import KeepingFresh, _milliseconds_until
from homepoint.application.workspace import Workspace
from homepoint.catalogue import load_terms
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.doubles import SetClock


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SqliteLibrary]:
    made = make.library_at(tmp_path / "library.db")
    yield made
    made.close()


def _stale(library: SqliteLibrary, workspace: Workspace, clock: SetClock) -> int:
    return len(library.stale(clock(), workspace.terms.version, 1000))


def test_three_hundred_devices_are_assessed_while_the_window_answers_in_between(
    qtbot: QtBot, library: SqliteLibrary
) -> None:
    clock = SetClock()
    library.write(make.adding(*(make.device(f"d{number}") for number in range(300))), clock())
    workspace = Workspace(library, load_terms(), clock)
    left_at_each_turn: list[int] = []
    answering = QTimer()
    answering.timeout.connect(lambda: left_at_each_turn.append(_stale(library, workspace, clock)))
    answering.start(0)
    keeping = KeepingFresh(workspace)
    keeping.begin()
    qtbot.waitUntil(lambda: _stale(library, workspace, clock) == 0, timeout=30_000)
    answering.stop()
    assert len(set(left_at_each_turn)) > 10, "other events were handled between the steps"


def test_it_sleeps_until_the_next_verdict_changes_and_then_assesses_that_device(
    qtbot: QtBot, library: SqliteLibrary
) -> None:
    clock = SetClock()
    library.write(make.adding(make.device(activated_at=clock() - timedelta(hours=47, minutes=59))), clock())
    workspace = Workspace(library, load_terms(), clock)
    keeping = KeepingFresh(workspace)
    keeping.begin()
    qtbot.waitUntil(lambda: keeping._timer.interval() > 0 and keeping._timer.isActive())
    turn = library.next_change()
    assert turn is not None
    assert turn > clock()
    assert keeping._timer.interval() == _milliseconds_until(turn, clock())

    clock.now = turn
    keeping._timer.start(0)  # as if it had slept that long
    qtbot.waitUntil(lambda: library.next_change() != turn and _stale(library, workspace, clock) == 0)


def test_it_never_sleeps_longer_than_an_hour_nor_less_than_nothing() -> None:
    now = make.NOW.astimezone(UTC)
    assert _milliseconds_until(None, now) == 3_600_000
    assert _milliseconds_until(now + timedelta(days=400), now) == 3_600_000
    assert _milliseconds_until(now - timedelta(days=1), now) == 0
    assert 1_000 <= _milliseconds_until(now + timedelta(seconds=1), now) <= 1_050
