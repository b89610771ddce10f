"""Notices against a real notification daemon (dunst) on a bus of the tests' own, and where there is none."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.application.notices import (
    Notice,
    NoticeAction,
    NoticeAnswered,
    NoticeClosed,
    NoticeEvent,
    NoticesChanged,
)
from tests.system.desktop import Desktop, end, need, wait_for
from tests.system.notice_daemon import NoticeDaemon

need("dbus-daemon", "Xvfb", "dunst", "dunstctl")
from homepoint.system.notifications import NO_BUS, NO_DAEMON, DesktopNotices  # noqa: E402  # jeepney is Linux's alone

ENDING = Notice(key="d1/first-purchase", title="Kestrel: Buy a care plan", body="Until 16:00 today.")


class Shown:
    """Notices on a session's bus, and what was told of them."""

    def __init__(self) -> None:
        self.events: queue.Queue[NoticeEvent] = queue.Queue()
        self.notices = DesktopNotices(self.events.put)

    def told(self) -> NoticeEvent:
        """Wait for the next event."""
        return self.events.get(timeout=10)

    def answered(self) -> NoticeAnswered:
        """Wait for the next answer, past anything else."""
        while not isinstance(event := self.told(), NoticeAnswered):
            continue
        return event


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A bus and a screen; which daemon runs is up to each test."""
    made = Desktop(tmp_path_factory.mktemp("session"))
    made.start_bus()
    made.start_screen()
    yield made
    made.close()


@pytest.fixture
def shown(session: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.environment["DBUS_SESSION_BUS_ADDRESS"])
    made = Shown()
    yield made
    made.notices.close()


@pytest.fixture
def dunst(session: Desktop) -> Iterator[Desktop]:
    """The session with dunst running."""
    process = session.start_dunst()
    yield session
    end(process)


def test_a_notice_is_on_the_screen_with_its_words(dunst: Desktop, shown: Shown) -> None:
    ability = shown.notices.connect()
    assert (ability.is_available, ability.name, ability.has_actions, ability.has_body) == (True, "dunst", True, True)
    assert shown.notices.send(ENDING)
    assert dunst.shown() == 1
    [entry] = dunst.history()
    assert (entry["appname"], entry["summary"], entry["body"]) == ("Homepoint", ENDING.title, ENDING.body)


def test_what_looks_like_markup_is_shown_as_it_was_written(dunst: Desktop, shown: Shown) -> None:
    shown.notices.send(Notice(key="a", title="<b>Kestrel</b> & co", body="<b>2 < 3</b> & <img src='x'/>"))
    message = dunst.history()[0]["message"]
    assert "&lt;b&gt;2 &lt; 3&lt;/b&gt; &amp; &lt;img" in message
    assert "&amp;lt;" not in message
    assert "<b>&lt;b&gt;Kestrel&lt;/b&gt; &amp; co</b>" in message


@pytest.mark.parametrize(
    ("word", "action"), [("Open", NoticeAction.OPEN), ("Snooze", NoticeAction.SNOOZE), ("Done", NoticeAction.DONE)]
)
def test_what_the_owner_chooses_is_told_and_the_notice_goes(
    dunst: Desktop, shown: Shown, word: str, action: NoticeAction
) -> None:
    shown.notices.send(ENDING)
    dunst.choose(word)
    assert shown.answered() == NoticeAnswered(key=ENDING.key, action=action)
    assert shown.told() == NoticeClosed(key=ENDING.key, by_owner=False)
    assert dunst.shown() == 0


def test_a_click_on_the_notice_itself_opens(dunst: Desktop, shown: Shown) -> None:
    shown.notices.send(ENDING)
    dunst.run("dunstctl", "action")
    assert shown.answered() == NoticeAnswered(key=ENDING.key, action=NoticeAction.OPEN)


def test_a_notice_sent_away_is_told_as_closed_by_the_owner(dunst: Desktop, shown: Shown) -> None:
    shown.notices.send(ENDING)
    dunst.run("dunstctl", "close")
    assert shown.told() == NoticeClosed(key=ENDING.key, by_owner=True)


def test_a_second_notice_with_the_same_key_takes_the_place_of_the_first(dunst: Desktop, shown: Shown) -> None:
    first = shown.notices.send(ENDING)
    assert shown.notices.send(Notice(key=ENDING.key, title="Kestrel: One hour left", urgent=True)) == first
    assert dunst.shown() == 1
    shown.notices.send(Notice(key="d2/renewal", title="Merlin: Renew the care plan"))
    assert dunst.shown() == 2


def test_a_notice_can_be_withdrawn_and_that_is_not_the_owners_doing(dunst: Desktop, shown: Shown) -> None:
    shown.notices.send(ENDING)
    shown.notices.withdraw(ENDING.key)
    assert shown.told() == NoticeClosed(key=ENDING.key, by_owner=False)
    assert dunst.shown() == 0
    shown.notices.withdraw(ENDING.key)  # once more does nothing


def test_without_a_daemon_nothing_is_available_and_nothing_is_raised(session: Desktop, shown: Shown) -> None:
    assert shown.notices.connect().problem == NO_DAEMON
    assert shown.notices.send(ENDING) is None
    shown.notices.withdraw(ENDING.key)


@pytest.mark.parametrize(
    "address", [None, "", "nonsense", "unix:path=/nowhere/bus", "tcp:host=localhost,port=1", "unix:abstract=gone"]
)
def test_without_a_bus_nothing_is_available_and_nothing_is_raised(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    if address is None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    else:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert shown.notices.connect().problem == NO_BUS
    assert shown.notices.send(ENDING) is None


def test_a_daemon_that_starts_later_is_told_of_and_used(session: Desktop, shown: Shown) -> None:
    assert not shown.notices.connect().is_available
    dunst = session.start_dunst()
    assert shown.told() == NoticesChanged(is_there=True)
    assert shown.notices.send(ENDING)
    assert session.shown() == 1
    end(dunst)


def test_a_daemon_that_is_restarted_shows_notices_again_and_hears_answers(session: Desktop, shown: Shown) -> None:
    dunst = session.start_dunst()
    shown.notices.send(ENDING)
    end(dunst)
    while shown.told() != NoticesChanged(is_there=False):
        continue
    assert shown.notices.send(ENDING) is None
    dunst = session.start_dunst()
    assert shown.told() == NoticesChanged(is_there=True)
    assert shown.notices.send(ENDING)
    session.choose("Done")
    assert shown.answered().action is NoticeAction.DONE
    end(dunst)


def test_a_bus_that_ends_is_told_of_and_a_new_one_is_found(
    tmp_path: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Desktop(tmp_path)
    bus = own.start_bus()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", own.environment["DBUS_SESSION_BUS_ADDRESS"])
    with NoticeDaemon() as daemon:
        assert shown.notices.connect().is_available
        end(bus)
        assert shown.told() == NoticesChanged(is_there=False)
        daemon.wait()
    assert shown.notices.connect().problem == NO_BUS
    own.start_bus()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", own.environment["DBUS_SESSION_BUS_ADDRESS"])
    assert shown.notices.connect().problem == NO_DAEMON
    own.close()


# What dunst does not do: a scripted daemon on the real bus stands in for those that do.


@pytest.mark.usefixtures("session")
def test_a_daemon_without_body_or_actions_gets_all_words_in_the_title_and_no_buttons(shown: Shown) -> None:
    with NoticeDaemon(can=[]) as daemon:
        shown.notices.send(Notice(key="a", title="Kestrel", body="1 < 2"))
        sent = daemon.sent()
    assert (sent.title, sent.body, sent.actions) == ("Kestrel: 1 < 2", "", [])


@pytest.mark.usefixtures("session")
def test_a_daemon_without_markup_gets_the_body_as_it_is(shown: Shown) -> None:
    with NoticeDaemon(can=["body", "actions"]) as daemon:
        shown.notices.send(Notice(key="a", title="Kestrel", body="1 < 2 & 3", urgent=True))
        sent = daemon.sent()
    assert sent.body == "1 < 2 & 3"
    assert sent.actions == ["default", "Open", "open", "Open", "snooze", "Snooze", "done", "Done"]
    assert sent.hints == {"urgency": ("y", 2), "desktop-entry": ("s", "homepoint")}


@pytest.mark.usefixtures("session")
def test_the_permission_to_raise_a_window_comes_with_the_answer(shown: Shown) -> None:
    with NoticeDaemon() as daemon:
        number = shown.notices.send(ENDING)
        daemon.emit("ActivationToken", "us", (number, "token-7"))
        daemon.emit("ActionInvoked", "us", (number, "open"))
        assert shown.answered() == NoticeAnswered(key=ENDING.key, action=NoticeAction.OPEN, activation="token-7")


@pytest.mark.usefixtures("session")
def test_answers_to_other_programs_notices_of_strangers_and_of_no_known_name_are_not_told(shown: Shown) -> None:
    with NoticeDaemon() as daemon, NoticeDaemon(name="org.example.Stranger") as stranger:
        number = shown.notices.send(ENDING)
        assert number
        stranger.emit("ActionInvoked", "us", (number, "done"), to=daemon.last_sender)
        daemon.emit("ActionInvoked", "us", (number + 1, "done"))
        daemon.emit("ActionInvoked", "us", (number, "reply"))
        daemon.emit("ActionInvoked", "us", (number, "snooze"))
        assert shown.answered().action is NoticeAction.SNOOZE


@pytest.mark.usefixtures("session")
def test_a_daemon_that_does_not_answer_is_given_up(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homepoint.system.notifications.PATIENCE_S", 0.2)
    with NoticeDaemon(is_silent=True):
        assert shown.notices.connect().problem == NO_DAEMON
        assert shown.notices.send(ENDING) is None


@pytest.mark.logs_expected
def test_a_listener_that_fails_does_not_end_the_listening(dunst: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", dunst.environment["DBUS_SESSION_BUS_ADDRESS"])
    heard: queue.Queue[NoticeEvent] = queue.Queue()

    def listener(event: NoticeEvent) -> None:
        heard.put(event)
        raise ZeroDivisionError

    notices = DesktopNotices(listener)
    notices.send(ENDING)
    dunst.choose("Snooze")
    assert isinstance(heard.get(timeout=10), NoticeAnswered)
    assert isinstance(heard.get(timeout=10), NoticeClosed)
    notices.close()


def test_after_close_nothing_is_told_or_shown(dunst: Desktop, shown: Shown) -> None:
    shown.notices.send(ENDING)
    shown.notices.close()
    dunst.choose("Done")
    wait_for("dunst to have taken it", lambda: dunst.run("dunstctl", "is-paused"))
    assert shown.events.empty()
    assert shown.notices.send(ENDING) is None
    shown.notices.close()
