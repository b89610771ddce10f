"""Setting up a calendar on a server and stopping it, as an owner does it, over jobs that answer as told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from homepoint.application.calendar_publishing import CalendarPlace, CalendarReport
from homepoint.application.problems import HomepointError
from homepoint.presentation.calendar_card import CalendarForm
from homepoint.ui.calendar_desk import CalendarDesk
from homepoint.ui.dialogs.calendar_server import CalendarServerDialog, StopPublishingDialog
from homepoint.ui.jobs import Job
from homepoint.ui.theme import theme

ADDRESS, HOME = "https://cal.example.org/ada/drones/", "https://cal.example.org/ada/"
GOOD = CalendarReport(name="Drones", address=ADDRESS, lacks=())
LIST = CalendarReport(
    name="", address=HOME, lacks=("This address is not a calendar.",),
    calendars=(CalendarPlace(name="Drones", address=ADDRESS), CalendarPlace(name="", address=f"{HOME}x/")),
)  # fmt: skip
LOCKED_OUT = HomepointError("The server does not accept the password.", "Enter it again.")


class AtOnce:
    """A pool that works when it is told to, so that a test can look before."""

    def __init__(self) -> None:
        self.works: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None], /) -> None:
        self.works.append(work)

    def work(self) -> None:
        while self.works:
            self.works.pop(0)()


class Server(CalendarDesk):
    """A desk over a server that answers what a test says."""

    def __init__(self, before: CalendarForm | None = None) -> None:
        super().__init__()
        self.pool, self.before = AtOnce(), before or CalendarForm()
        self.answers: dict[str, CalendarReport | HomepointError] = {}
        self.tested: list[CalendarForm] = []
        self.kept: list[CalendarForm] = []
        self.withdrawn: list[bool] = []
        self.withdrawal: HomepointError | None = None

    @property
    def chosen_server(self) -> CalendarForm:
        return self.before

    def test(self, form: CalendarForm) -> Job[CalendarReport]:
        self.tested.append(form)
        return self._begin(self.answers[form.address])

    def set_up(self, form: CalendarForm) -> Job[CalendarReport]:
        self.kept.append(form)
        return self._begin(self.answers[form.address])

    def withdraw(self, *, leaving_events: bool = False) -> Job[Any]:
        self.withdrawn.append(leaving_events)
        return self._begin(3 if leaving_events or self.withdrawal is None else self.withdrawal)

    def _begin(self, answer: object) -> Job[Any]:
        def work(_progress: object) -> object:
            if isinstance(answer, HomepointError):
                raise answer
            return answer

        job: Job[Any] = Job(work, self)
        job.start(self.pool)
        return job


@pytest.fixture
def server() -> Server:
    theme()
    return Server()


def asked(qtbot: QtBot, server: Server, address: str = ADDRESS) -> CalendarServerDialog:
    dialog = CalendarServerDialog(server)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClicks(dialog.address, address)
    QTest.keyClicks(dialog.user, "ada")
    QTest.keyClicks(dialog.password.line, "a secret")
    return dialog


def test_a_good_calendar_is_named_by_the_test_and_kept_by_enter(qtbot: QtBot, server: Server) -> None:
    server.answers[ADDRESS] = GOOD
    dialog = asked(qtbot, server)
    dialog.test.click()
    assert not dialog.address.isEnabled()
    server.pool.work()
    assert dialog.found.text() == '"Drones" is there and takes events.'
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    server.pool.work()
    assert not dialog.isVisible()
    assert server.kept == [CalendarForm(address=ADDRESS, user="ada", password="a secret")]
    assert dialog.password.text == ""


def test_calendars_found_beneath_an_address_are_offered_and_tested_when_chosen(qtbot: QtBot, server: Server) -> None:
    server.answers = {HOME: LIST, ADDRESS: GOOD}
    dialog = asked(qtbot, server, HOME)
    dialog.test.click()
    server.pool.work()
    assert "This address is not a calendar. 2 calendars beneath it would do" in dialog.found.text()
    assert [each.text() for each in dialog.offers] == ["Use Drones", "Use x"]
    dialog.offers[0].click()
    assert dialog.address.text() == ADDRESS
    server.pool.work()
    assert dialog.offers == []
    assert "takes events" in dialog.found.text()


def test_a_calendar_that_moved_is_offered_where_it_is_now(qtbot: QtBot, server: Server) -> None:
    server.answers = {HOME: replace(GOOD, name="", lacks=("It is elsewhere.",)), ADDRESS: GOOD}
    dialog = asked(qtbot, server, HOME)
    dialog.primary.click()
    server.pool.work()
    assert dialog.isVisible()
    assert "It is elsewhere." in dialog.found.text()
    dialog.offers[0].click()
    assert server.tested[-1].address == ADDRESS


def test_what_is_in_the_way_is_said_beside_the_test_until_something_else_is_typed(qtbot: QtBot, server: Server) -> None:
    server.answers[ADDRESS] = LOCKED_OUT
    dialog = asked(qtbot, server)
    dialog.primary.click()
    server.pool.work()
    assert dialog.rows["test"].fault == "The server does not accept the password. Enter it again."
    assert dialog.password.text == "a secret"
    QTest.keyClicks(dialog.password.line, "!")
    assert dialog.rows["test"].fault == ""


@pytest.mark.parametrize(
    ("address", "fault"), [("", "Type the address of the calendar."), ("http://cal.example.org/", "Use https://")]
)
def test_an_address_that_will_not_do_is_said_before_anything_is_sent(
    qtbot: QtBot, server: Server, address: str, fault: str
) -> None:
    dialog = asked(qtbot, server, address)
    dialog.test.click()
    dialog.primary.click()
    assert fault in dialog.rows["address"].fault
    assert (server.tested, server.kept) == ([], [])


def test_waiting_can_be_given_up(qtbot: QtBot, server: Server) -> None:
    server.answers[ADDRESS] = GOOD
    dialog = asked(qtbot, server)
    dialog.test.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.address.isEnabled()
    server.pool.work()
    assert dialog.found.text() == ""


def test_a_change_begins_with_what_was_chosen_and_needs_no_password(qtbot: QtBot) -> None:
    theme()
    before = CalendarForm(address=ADDRESS, user="ada", certificates="/home/ada/own.pem")
    server = Server(before)
    server.answers[ADDRESS] = GOOD
    dialog = CalendarServerDialog(server)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Leave it empty" in dialog.rows["password"].hint
    dialog.primary.click()
    server.pool.work()
    assert server.kept == [before]


def test_stopping_removes_the_events_first(qtbot: QtBot, server: Server) -> None:
    dialog = StopPublishingDialog(server)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.primary.click()
    assert dialog.isVisible()
    server.pool.work()
    assert not dialog.isVisible()
    assert server.withdrawn == [False]


def test_where_the_server_is_gone_stopping_says_so_and_works_without_it(qtbot: QtBot, server: Server) -> None:
    server.withdrawal = HomepointError("The server did not answer.", "Try again.")
    dialog = StopPublishingDialog(server)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.primary.click()
    server.pool.work()
    assert dialog.isVisible()
    assert "The server did not answer." in dialog._problem.text()
    dialog.leaves.click()
    dialog.primary.click()
    server.pool.work()
    assert not dialog.isVisible()
    assert server.withdrawn == [False, True]
