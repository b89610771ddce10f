"""Tray and notices over a real library, with a real daemon and without one."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from homepoint.app.reaching import Reaching
from homepoint.application.devices import RegisterDevice
from homepoint.application.notices import Notice, NoticeAbility, NoticeAction
from tests import builders as make
from tests.app.conftest import Opened
from tests.system.desktop import Desktop, need

ENDING = Notice(key="d1/first-purchase", title="Kestrel: Buy a care plan", body="Until 16:00 today.")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A bus of its own, with no daemon on it yet."""
    need("dbus-daemon", "Xvfb", "dunst", "dunstctl")
    (tmp_path / "session").mkdir()
    made = Desktop(tmp_path / "session")
    made.start_bus()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield made
    made.close()


@pytest.fixture
def reaching(desktop: Desktop, opened: Opened) -> Iterator[Reaching]:
    made = Reaching(opened.window, opened.program.desk, opened.program.pool)
    yield made
    made.close()


def test_without_a_daemon_a_notice_is_in_the_window_until_it_is_answered(
    qtbot: QtBot, opened: Opened, reaching: Reaching
) -> None:
    with qtbot.waitSignal(reaching.connected) as found:
        reaching.begin()
    assert found.args is not None
    assert not found.args[0].is_available
    top = reaching.strip.parentWidget()
    assert top is not None
    assert not top.isVisible()
    reaching.tell(ENDING)
    qtbot.waitUntil(lambda: reaching.strip.keys == (ENDING.key,))
    assert reaching.strip.isVisible()
    with qtbot.waitSignal(reaching.answered) as answer:
        reaching.strip._rows[0].buttons[NoticeAction.DONE].click()
    assert answer.args == [ENDING.key, NoticeAction.DONE]
    assert not top.isVisible()


def test_with_a_daemon_it_is_on_the_desktop_and_the_answer_comes_to_the_gui_thread(
    qtbot: QtBot, desktop: Desktop, reaching: Reaching
) -> None:
    desktop.start_screen()
    desktop.start_dunst()
    with qtbot.waitSignal(reaching.connected) as found:
        reaching.begin()
    assert found.args is not None
    assert found.args[0].name == "dunst"
    reaching.tell(ENDING)
    qtbot.waitUntil(lambda: desktop.shown() == 1)
    with qtbot.waitSignal(reaching.answered) as answer:
        desktop.choose("Snooze")
    assert answer.args == [ENDING.key, NoticeAction.SNOOZE]
    assert reaching.strip.keys == ()
    reaching.tell(ENDING)
    qtbot.waitUntil(lambda: desktop.shown() == 1)
    reaching.withdraw(ENDING.key)
    qtbot.waitUntil(lambda: desktop.shown() == 0)


def test_the_tray_follows_what_the_owner_records_and_the_clock(
    qtbot: QtBot, opened: Opened, reaching: Reaching
) -> None:
    reaching.begin()
    assert [each.text() for each in reaching.tray.deadlines] == ["No deadline"]
    device = make.device(nickname="Kestrel", activated_at=opened.clock.now - timedelta(hours=1))
    opened.program.do(RegisterDevice(device=device))
    qtbot.waitUntil(lambda: "Kestrel" in reaching.tray.deadlines[0].text())
    assert "Buy a care plan" in reaching.tray.icon.toolTip()
    first = reaching.tray.deadlines[0].text()
    assert first.startswith("Soon")
    opened.clock.move(timedelta(hours=30))
    reaching.refresh()
    assert reaching.tray.deadlines[0].text().startswith("Today")


def test_the_tray_says_until_when_all_is_quiet(opened: Opened, reaching: Reaching) -> None:
    reaching.set_quiet_until(opened.program.desk.now() + timedelta(days=1))
    assert reaching.tray.snooze.text().startswith("Snoozed until")
    assert not reaching.tray.snooze.isEnabled()
    reaching.set_quiet_until(None)
    assert reaching.tray.snooze.isEnabled()


def test_other_systems_use_the_tray_icon(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    reaching = Reaching(opened.window, opened.program.desk, opened.program.pool)
    abilities: list[NoticeAbility] = []
    reaching.connected.connect(abilities.append)
    reaching.begin()
    assert len(abilities) == 1  # at once, on this thread
    reaching.tell(ENDING)
    assert reaching.strip.keys == (ENDING.key,)  # there is no tray offscreen
    reaching.close()
