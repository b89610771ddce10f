"""The calendar as the window keeps it: a real file that follows every change, and a real calendar server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from homepoint.app.calendar_choices import password_name
from homepoint.app.calendar_keeping import CalendarKeeping, CalendarPace
from homepoint.application.devices import CorrectDevice, RegisterDevice
from homepoint.application.workspace import Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Device
from homepoint.domain.lead_times import Lead, LeadTimes, LeadUnit, ReminderKind
from homepoint.domain.values import Region
from homepoint.presentation.calendar_card import CalendarForm
from homepoint.system.settings import Settings
from homepoint.ui.theme import theme
from tests import builders as make
from tests.doubles import LockableSecrets, SetClock
from tests.sync.radicale_server import PASSWORD, USER, RunningRadicale, radicale

PATIENCE_MS = 20_000
QUICK = CalendarPace(file_ms=10, server_ms=10)
BY_HAND = CalendarPace(file_ms=3_600_000, server_ms=3_600_000)
KESTREL = make.device("kestrel", region="DE", nickname="Kestrel", activated_at=make.NOW - timedelta(hours=1))


class Desk:
    """A library with a window that keeps its calendars."""

    def __init__(
        self, folder: Path, window: QWidget, pace: CalendarPace, secrets: LockableSecrets | None = None
    ) -> None:
        self.folder, self.window, self.clock = folder, window, SetClock()
        self.secrets = secrets or LockableSecrets()
        self.library = make.library_at(folder / "library.sqlite")
        self.workspace = Workspace(self.library, load_terms(), self.clock)
        self.pool = ThreadPoolExecutor(2)
        self.told: list[str] = []
        self.lead_times: LeadTimes | None = None
        self.keeping = CalendarKeeping(
            window, self.workspace, Settings(folder / "settings.json"), folder, self.pool, self.secrets,
            lambda: self.lead_times, self.told.append, pace,
        )  # fmt: skip

    def add(self, device: Device = KESTREL) -> None:
        self.workspace.do(RegisterDevice(device=device))

    def close(self) -> None:
        self.keeping.stop()
        self.pool.shutdown()
        self.library.close()


Open = Callable[..., Desk]


@pytest.fixture
def desk_at(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Return what opens a window on one and the same folder, as often as the program is started."""
    theme()
    opened: list[Desk] = []

    def open_desk(pace: CalendarPace = QUICK, secrets: LockableSecrets | None = None) -> Desk:
        for each in opened:
            each.close()
        opened.clear()
        window = QWidget()
        qtbot.addWidget(window)
        opened.append(Desk(tmp_path, window, pace, secrets))
        return opened[-1]

    yield open_desk
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRadicale]:
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


def titles(file: Path) -> list[str]:
    """Return the titles of what is not cancelled in a calendar file."""
    if not file.exists():
        return []
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    return [str(each["summary"]) for each in events if each["status"] == "CONFIRMED"]


def first_alarms(file: Path) -> list[timedelta]:
    [event] = [
        each
        for each in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        if "Buy a care plan" in str(each["summary"])
    ]
    return [alarm.decoded("trigger") for alarm in event.walk("VALARM")]


def test_the_chosen_file_follows_every_change_and_the_next_start(qtbot: QtBot, desk_at: Open, tmp_path: Path) -> None:
    desk, file = desk_at(), tmp_path / "deadlines.ics"
    desk.add()
    desk.keeping.choose_file(file)
    qtbot.waitUntil(lambda: any("Kestrel" in each for each in titles(file)), timeout=PATIENCE_MS)
    desk.workspace.do(CorrectDevice(device=replace(KESTREL, nickname="Merlin")))
    qtbot.waitUntil(lambda: any("Merlin" in each for each in titles(file)), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desk.keeping.page.file_state.startswith("Last written 4 May 2026, 12:00"))
    again = desk_at()
    assert again.keeping.page.file == str(file)
    assert again.keeping.page.file_state == "Last written 4 May 2026, 12:00."
    file.unlink()
    again.keeping.begin()
    qtbot.waitUntil(file.exists, timeout=PATIENCE_MS)


def test_a_file_that_cannot_be_written_is_said_in_the_card_alone_and_tried_again(
    qtbot: QtBot, desk_at: Open, tmp_path: Path
) -> None:
    desk, drive = desk_at(replace(BY_HAND, look_ms=20)), tmp_path / "drive"
    desk.add()
    desk.keeping.choose_file(drive / "deadlines.ics")
    qtbot.waitUntil(lambda: not desk.keeping.page.file_is_well, timeout=PATIENCE_MS)
    assert "could not be written" in desk.keeping.page.file_state
    assert "Choose another folder" in desk.keeping.page.file_state
    assert not QApplication.topLevelWidgets() or all(not each.isVisible() for each in QApplication.topLevelWidgets())
    drive.mkdir()
    qtbot.waitUntil(lambda: bool(titles(drive / "deadlines.ics")), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desk.keeping.page.file_is_well)


def test_a_stopped_file_stays_as_it_was(qtbot: QtBot, desk_at: Open, tmp_path: Path) -> None:
    desk, file = desk_at(), tmp_path / "deadlines.ics"
    desk.add()
    desk.keeping.choose_file(file)
    qtbot.waitUntil(lambda: desk.keeping.page.file_state.startswith("Last written"), timeout=PATIENCE_MS)
    before = file.read_bytes()
    desk.keeping.stop_file()
    assert desk.keeping.page.file == ""
    desk.workspace.do(CorrectDevice(device=replace(KESTREL, nickname="Merlin")))
    desk.keeping.export_now(tmp_path / "once.ics")
    qtbot.waitUntil(lambda: bool(desk.told), timeout=PATIENCE_MS)
    assert file.read_bytes() == before


def test_once_a_day_the_calendar_is_followed_without_any_change(qtbot: QtBot, desk_at: Open, tmp_path: Path) -> None:
    desk, file = desk_at(replace(BY_HAND, look_ms=20)), tmp_path / "deadlines.ics"
    desk.add()
    desk.keeping.choose_file(file)
    qtbot.waitUntil(lambda: desk.keeping.page.file_state.startswith("Last written 4 May"), timeout=PATIENCE_MS)
    desk.clock.move(timedelta(days=1))
    while desk.workspace.refresh_some(desk.clock()):
        pass
    qtbot.waitUntil(lambda: desk.keeping.page.file_state.startswith("Last written 5 May"), timeout=PATIENCE_MS)


def test_an_export_waits_until_every_standing_is_fresh(qtbot: QtBot, desk_at: Open, tmp_path: Path) -> None:
    desk, file = desk_at(BY_HAND), tmp_path / "once.ics"
    desk.library.write(make.adding(KESTREL), make.NOW)  # nobody assessed it yet
    desk.keeping.export_now(file)
    QApplication.processEvents()
    assert not file.exists()
    desk.workspace.refresh_some(desk.clock())
    qtbot.waitUntil(lambda: bool(desk.told), timeout=PATIENCE_MS)
    assert desk.told == ["1 deadline exported to once.ics"]
    assert len(titles(file)) == 1


def test_the_alarms_ring_when_the_owners_reminders_come(qtbot: QtBot, desk_at: Open, tmp_path: Path) -> None:
    desk, file = desk_at(BY_HAND), tmp_path / "once.ics"
    desk.add(replace(KESTREL, region=Region("US")))
    own = (Lead(count=5, unit=LeadUnit.HOURS),)
    desk.lead_times = LeadTimes(by_device={(KESTREL.id, ReminderKind.BUY_WITHIN_HOURS): own})
    desk.keeping.export_now(file)
    qtbot.waitUntil(lambda: bool(desk.told), timeout=PATIENCE_MS)
    assert first_alarms(file) == [timedelta(hours=-5)]


# -- the server -------------------------------------------------------------------------------------------------------


def set_up(qtbot: QtBot, desk: Desk, form: CalendarForm) -> None:
    with qtbot.waitSignal(desk.keeping.set_up(form).finished, timeout=PATIENCE_MS):
        pass
    qtbot.waitUntil(lambda: not desk.keeping.page.is_publishing, timeout=PATIENCE_MS)


def events_at(server: RunningRadicale, address: str) -> str:
    return server.ask("GET", address).text


def test_a_server_is_set_up_published_to_at_every_change_and_withdrawn_from(
    qtbot: QtBot, desk_at: Open, server: RunningRadicale
) -> None:
    desk, address = desk_at(), server.calendar("whole")
    desk.add()
    set_up(qtbot, desk, CalendarForm(address=address, user=USER, password=PASSWORD))
    assert desk.keeping.page.server_state.startswith("Last published 4 May 2026, 12:00")
    assert desk.secrets.kept == {password_name(address): PASSWORD}
    assert PASSWORD not in (desk.folder / "settings.json").read_text(encoding="utf-8")
    assert "Kestrel" in events_at(server, address)
    desk.workspace.do(CorrectDevice(device=replace(KESTREL, nickname="Merlin")))
    qtbot.waitUntil(lambda: "Merlin" in events_at(server, address), timeout=PATIENCE_MS)
    with qtbot.waitSignal(desk.keeping.withdraw().finished, timeout=PATIENCE_MS):
        pass
    assert "Homepoint" not in events_at(server, address)
    assert desk.secrets.kept == {}
    assert desk.keeping.page.server == ""


def test_where_something_is_lacking_nothing_is_kept(qtbot: QtBot, desk_at: Open, server: RunningRadicale) -> None:
    desk = desk_at()
    server.calendar("one of two")
    job = desk.keeping.set_up(CalendarForm(address=f"{server.address}/{USER}/", user=USER, password=PASSWORD))
    with qtbot.waitSignal(job.finished, timeout=PATIENCE_MS) as ended:
        pass
    assert ended.args[0].lacks
    assert desk.secrets.kept == {}
    assert desk.keeping.page.server == ""


def test_a_password_that_is_not_known_any_more_is_said_and_can_be_typed_again(
    qtbot: QtBot, desk_at: Open, server: RunningRadicale
) -> None:
    desk, address = desk_at(BY_HAND), server.calendar("without")
    desk.add()
    form = CalendarForm(address=address, user=USER, password=PASSWORD)
    set_up(qtbot, desk, form)
    again = desk_at(BY_HAND, LockableSecrets())
    again.keeping.publish_now()
    qtbot.waitUntil(lambda: not again.keeping.page.server_is_well, timeout=PATIENCE_MS)
    assert "password is not known" in again.keeping.page.server_state
    set_up(qtbot, again, form)
    assert again.keeping.page.server_is_well
    set_up(qtbot, again, replace(form, password=""))  # the kept one is gone on with
    assert again.secrets.kept == {password_name(address): PASSWORD}


def test_the_kept_password_goes_to_no_other_address(qtbot: QtBot, desk_at: Open, server: RunningRadicale) -> None:
    desk, address = desk_at(BY_HAND), server.calendar("mine")
    set_up(qtbot, desk, CalendarForm(address=address, user=USER, password=PASSWORD))
    job = desk.keeping.test(CalendarForm(address=server.calendar("other"), user=USER))
    with qtbot.waitSignal(job.failed, timeout=PATIENCE_MS) as failed:
        pass
    assert "does not accept" in failed.args[0].title


def test_a_server_out_of_reach_is_a_quiet_state_and_publishing_can_still_be_stopped(
    qtbot: QtBot, desk_at: Open, tmp_path: Path
) -> None:
    desk = desk_at(BY_HAND)
    desk.add()
    (gone := tmp_path / "server").mkdir()
    with radicale(gone) as running:
        set_up(qtbot, desk, CalendarForm(address=running.calendar(), user=USER, password=PASSWORD))
    desk.keeping.publish_now()
    qtbot.waitUntil(lambda: not desk.keeping.page.server_is_well, timeout=PATIENCE_MS)
    assert "did not answer" in desk.keeping.page.server_state
    assert "Last published 4 May 2026, 12:00." in desk.keeping.page.server_state
    with qtbot.waitSignal(desk.keeping.withdraw().failed, timeout=PATIENCE_MS):
        pass
    assert desk.keeping.page.server
    with qtbot.waitSignal(desk.keeping.withdraw(leaving_events=True).finished, timeout=PATIENCE_MS):
        pass
    assert desk.keeping.page.server == ""
    assert desk.secrets.kept == {}


def test_publishing_can_be_stopped_in_between_and_goes_on_later(
    qtbot: QtBot, desk_at: Open, server: RunningRadicale
) -> None:
    desk, address = desk_at(BY_HAND), server.calendar("large")
    for number in range(12):
        desk.add(replace(KESTREL, id=make.device(f"d{number}").id, nickname=f"Kestrel {number}"))
    desk.keeping.changed.connect(lambda: stop_at_the_second(desk))
    set_up(qtbot, desk, CalendarForm(address=address, user=USER, password=PASSWORD))
    assert "Publishing was stopped" in desk.keeping.page.server_state
    some = events_at(server, address).count("BEGIN:VEVENT")
    desk.keeping.changed.disconnect()
    desk.keeping.publish_now()
    qtbot.waitUntil(lambda: desk.keeping.page.server_state.startswith("Last published"), timeout=PATIENCE_MS)
    assert 0 < some < events_at(server, address).count("BEGIN:VEVENT")


def stop_at_the_second(desk: Desk) -> None:
    if desk.keeping.page.server_state.startswith("Publishing: 2"):
        desk.keeping.cancel()
