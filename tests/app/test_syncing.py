"""Sync beside the window: rounds by themselves and by hand, what they bring to the screens, and how they end."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from homepoint.app.last_round import LastRound, SendingDialog
from homepoint.app.sync_rhythm import Pace, SyncRhythm
from homepoint.application.changes import Changes
from homepoint.application.problems import HomepointError
from homepoint.application.replication import Trouble
from homepoint.domain.facts import Device
from homepoint.presentation.sync_state import Activity
from homepoint.sync.remote import RemoteError
from homepoint.ui.theme import theme
from tests import builders as make
from tests.app.conftest import Opened
from tests.app.shared import AT_ONCE, Shared, sharing
from tests.sync.replicas import PASSPHRASE, PLACE, MemoryServer


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def desk(qapp: object, tmp_path: Path, server: MemoryServer) -> Iterator[Shared]:
    """Yield the first computer; nothing begins by itself."""
    theme()
    with sharing(tmp_path / "desk", server) as made:
        yield made


def _set_up(qtbot: QtBot, shared: Shared) -> None:
    with qtbot.waitSignal(shared.syncing.set_up(PLACE, "password", PASSPHRASE).finished):
        pass


def _is_set_up(shared: Shared) -> bool:
    return shared.syncing.is_set_up


def _activity(shared: Shared) -> Activity | None:
    return shared.syncing.activity


def _round(qtbot: QtBot, shared: Shared) -> None:
    shared.clock.move(timedelta(seconds=1))
    with qtbot.waitSignal(shared.syncing.round_ended):
        shared.syncing.sync_now()


def _shared_by_two(qtbot: QtBot, desk: Shared, laptop: Shared) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    with qtbot.waitSignal(laptop.syncing.round_ended):
        laptop.syncing.join(PLACE, "password", PASSPHRASE)
    _round(qtbot, desk)


def test_set_up_shares_the_time_zone_and_then_a_round_sends_everything(qtbot: QtBot, desk: Shared) -> None:
    desk.add()
    assert not _is_set_up(desk)
    _set_up(qtbot, desk)
    assert _is_set_up(desk)
    assert desk.library.is_shared
    assert "time_zone" in desk.library.marks("library")
    _round(qtbot, desk)
    status = desk.syncing.status
    assert status is not None
    assert (status.waiting, status.findings) == (0, ())
    assert status.last_complete_at == desk.clock.now


def test_what_another_computer_wrote_is_told_to_the_screens_with_its_devices(
    qtbot: QtBot, desk: Shared, tmp_path: Path
) -> None:
    with sharing(tmp_path / "laptop", desk.server, "Laptop") as laptop:
        desk.add()
        _shared_by_two(qtbot, desk, laptop)
        told: list[Changes] = []
        laptop.workspace.subscribe(told.append)
        desk.clock.move(timedelta(hours=1))
        desk.correct(replace(make.device(), nickname="Kestrel"))
        _round(qtbot, desk)
        laptop.clock.now = desk.clock.now
        _round(qtbot, laptop)
        found = laptop.library.get(Device, "d1")
        assert found is not None
        assert found.nickname == "Kestrel"
        assert [(each.kinds, each.devices, each.everything) for each in told] == [
            (frozenset({"devices"}), frozenset({"d1"}), False)
        ]


def test_what_arrived_is_not_taken_for_an_edit_of_this_computer(qtbot: QtBot, desk: Shared, tmp_path: Path) -> None:
    with sharing(tmp_path / "laptop", desk.server, "Laptop") as laptop:
        desk.add()
        _shared_by_two(qtbot, desk, laptop)
        assert not desk.syncing.owes
        assert not laptop.syncing.owes


def test_rounds_begin_by_themselves_after_the_start_and_after_a_change(
    qtbot: QtBot, tmp_path: Path, server: MemoryServer
) -> None:
    with sharing(tmp_path, server, pace=AT_ONCE) as shared:
        _set_up(qtbot, shared)
        with qtbot.waitSignal(shared.syncing.round_ended):
            shared.syncing.begin()
        with qtbot.waitSignal(shared.syncing.round_ended):
            shared.add()
        qtbot.waitUntil(lambda: shared.syncing.status is not None and shared.syncing.status.waiting == 0)


def test_only_by_hand_means_that_nothing_begins_by_itself(qtbot: QtBot, tmp_path: Path, server: MemoryServer) -> None:
    with sharing(tmp_path, server, pace=AT_ONCE) as shared:
        _set_up(qtbot, shared)
        shared.syncing.set_minutes(0)
        shared.syncing.begin()
        shared.add()
        qtbot.waitUntil(lambda: shared.syncing.status is not None and shared.syncing.status.waiting > 0)
        assert shared.syncing.activity is None
        assert not shared.syncing.owes  # not even at the end


def test_a_second_round_is_not_begun_while_one_is_under_way_and_cancel_stops_it(qtbot: QtBot, desk: Shared) -> None:
    _set_up(qtbot, desk)
    arrived, go_on = threading.Event(), threading.Event()

    def hang(verb: str, _folder: str, _name: str) -> None:
        if verb == "LIST":
            arrived.set()
            go_on.wait(10)

    desk.server.before = hang
    with qtbot.waitSignal(desk.syncing.round_ended):
        desk.syncing.sync_now()
        assert arrived.wait(10)
        desk.syncing.sync_now()
        assert _activity(desk) is not None
        desk.syncing.cancel()
        go_on.set()
    assert _activity(desk) is None
    assert sum(verb == "LIST" for verb, _, _ in desk.server.log) <= 2  # one of the trial, one of the round
    desk.server.before = lambda *_: None
    _round(qtbot, desk)
    assert desk.syncing.status is not None
    assert desk.syncing.status.waiting == 0


def test_offline_is_a_state_and_the_edits_wait(qtbot: QtBot, desk: Shared) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)

    def unplugged(*_request: str) -> None:
        raise RemoteError(Trouble.OFFLINE, "no route")

    desk.server.before = unplugged
    desk.add()
    _round(qtbot, desk)
    status = desk.syncing.status
    assert status is not None
    assert [each.trouble for each in status.findings] == [Trouble.OFFLINE]
    assert status.waiting == 1
    assert not desk.syncing.owes  # the end is not held up by a storage that did not answer just now


def test_a_removal_gives_a_code_and_the_removed_computer_learns_it(qtbot: QtBot, desk: Shared, tmp_path: Path) -> None:
    with sharing(tmp_path / "laptop", desk.server, "Laptop") as laptop:
        _shared_by_two(qtbot, desk, laptop)
        assert desk.syncing.status is not None
        [other] = [each for each in desk.syncing.status.computers if not each.is_this]
        with qtbot.waitSignal(desk.syncing.remove(other.id, "another five words or so").finished) as ended:
            pass
        assert len(ended.args[0].split("-")) == 7
        _round(qtbot, laptop)
        assert laptop.syncing.status is not None
        assert [each.trouble for each in laptop.syncing.status.findings] == [Trouble.REMOVED]


def test_leaving_takes_it_off_and_everything_stays(qtbot: QtBot, desk: Shared) -> None:
    desk.add()
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    with qtbot.waitSignal(desk.syncing.leave().finished):
        pass
    assert not desk.syncing.is_set_up
    assert not desk.library.is_shared
    assert desk.library.all(Device)
    assert not desk.secrets


def test_a_wrong_passphrase_is_handed_to_whoever_asked(qtbot: QtBot, desk: Shared, tmp_path: Path) -> None:
    _set_up(qtbot, desk)
    with sharing(tmp_path / "laptop", desk.server, "Laptop") as laptop:
        with qtbot.waitSignal(laptop.syncing.join(PLACE, "password", "something else").failed) as ended:
            pass
        assert isinstance(ended.args[0], HomepointError)
        assert not laptop.syncing.is_set_up


# When.


@pytest.fixture
def rhythm(qapp: object) -> SyncRhythm:
    return SyncRhythm(lambda: 15, Pace(start=0, settle=0.05, at_most=0.2, retries=(0.02, 9999), minute=9999))


def test_changes_one_after_the_other_are_sent_together_but_not_put_off_for_ever(
    qtbot: QtBot, rhythm: SyncRhythm
) -> None:
    due: list[int] = []
    rhythm.due.connect(lambda: due.append(1))
    typing = make_timer(rhythm, 10, rhythm.changed)
    with qtbot.waitSignal(rhythm.due):
        rhythm.changed()
    typing.stop()
    assert len(due) == 1


def test_a_storage_that_does_not_answer_is_asked_again_soon_then_rarer(qtbot: QtBot, rhythm: SyncRhythm) -> None:
    with qtbot.waitSignal(rhythm.due):
        rhythm.ended([Trouble.OFFLINE])
    rhythm.begun()
    rhythm.ended([Trouble.OFFLINE])
    rhythm.changed()  # typing does not ask a storage that is away
    with qtbot.assertNotEmitted(rhythm.due, wait=150):
        pass


def test_after_a_refused_password_nothing_begins_until_the_owner_asks(qtbot: QtBot, rhythm: SyncRhythm) -> None:
    rhythm.ended([Trouble.REFUSED])
    rhythm.changed()
    assert not rhythm.is_automatic
    with qtbot.assertNotEmitted(rhythm.due, wait=100):
        pass
    rhythm.begun()
    rhythm.ended([])
    with qtbot.waitSignal(rhythm.due):
        rhythm.changed()


# The end.


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    theme()
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_closing_sends_the_last_changes_first(qtbot: QtBot, desk: Shared, window: QWidget) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    LastRound(window, desk.syncing)
    desk.add()
    window.close()
    assert window.isVisible()
    assert isinstance(window.findChild(SendingDialog), SendingDialog)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert desk.syncing.status is not None
    assert desk.syncing.status.waiting == 0


def test_closing_is_at_once_where_nothing_waits(qtbot: QtBot, desk: Shared, window: QWidget) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    LastRound(window, desk.syncing)
    window.close()
    assert not window.isVisible()


@pytest.mark.parametrize("by_hand", [True, False], ids=["skipped", "after the time"])
def test_closing_does_not_wait_for_a_storage_that_hangs(
    qtbot: QtBot, desk: Shared, window: QWidget, *, by_hand: bool
) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    LastRound(window, desk.syncing, longest_s=9999 if by_hand else 0.05)
    go_on = threading.Event()

    def hang(*_request: str) -> None:
        go_on.wait(10)

    desk.server.before = hang
    desk.add()
    window.close()
    assert window.isVisible()
    if by_hand:
        sending = window.findChild(SendingDialog)
        assert isinstance(sending, SendingDialog)
        sending.skip.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    go_on.set()


def test_closing_into_the_tray_holds_nothing_up(qtbot: QtBot, desk: Shared, window: QWidget) -> None:
    _set_up(qtbot, desk)
    _round(qtbot, desk)
    LastRound(window, desk.syncing, is_leaving=lambda: False)
    desk.add()
    window.close()
    assert not window.isVisible()


# In the program.


def test_a_library_that_is_not_shared_shows_nothing_in_the_sidebar_and_loads_nothing(opened: Opened) -> None:
    assert not opened.window.sidebar.status.isVisible()
    assert "syncing" not in opened.program.__dict__
    late = "('requests', 'cryptography', 'segno', 'homepoint.sync')"
    code = f"import sys, homepoint.app.wiring; print([m for m in {late} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_words_in_the_sidebar_lead_to_the_card_in_the_settings(qtbot: QtBot, opened: Opened) -> None:
    opened.window.sidebar.status_chosen.emit()
    assert opened.window.current_page == "settings"
    assert not opened.program.syncing.is_set_up


def make_timer(parent: SyncRhythm, milliseconds: int, then: Callable[[], None]) -> QTimer:
    """Return a running timer."""
    timer = QTimer(parent)
    timer.timeout.connect(then)
    timer.start(milliseconds)
    return timer
