"""Edits of several computers: field by field the latest counts, whatever a clock says, and nothing unknown is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homepoint.application.changes import Change
from homepoint.application.problems import HomepointError
from homepoint.application.replication import LogChange, Trouble
from homepoint.domain.facts import Device
from tests import builders as make
from tests.storage.test_replication import entry
from tests.sync.replicas import BEGIN, settle
from tests.sync.shared import Shared, agree, nicknames, troubles


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def test_two_people_who_edit_one_device_at_once_keep_both_fields_and_the_latest_of_each(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="first", serial="S0"))
    settle(a, b)
    a.change("d1", nickname="from A", serial="S-A")
    b.move(minutes=1)
    b.change("d1", nickname="from B", model="Air 3")
    settle(a, b)
    agree(a, b)
    assert (a.device("d1").nickname, a.device("d1").serial, a.device("d1").model) == ("from B", "S-A", "Air 3")


def test_edits_count_by_when_they_were_made_and_not_by_when_they_arrive(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device())
    settle(a, b)
    a.rename("d1", "earlier")
    b.move(minutes=1)
    b.rename("d1", "later")
    b.round()
    a.round()  # the later one is there first, and the earlier one comes on top of it
    b.round()
    a.round()
    assert nicknames(a) == nicknames(b) == {"d1": "later"}


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_wrong_clock_cannot_make_an_edit_disappear(shared: Shared, year: int) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="before"))
    settle(a, b)
    a.now = datetime(year, 1, 2, tzinfo=UTC)
    a.rename("d1", "by the wrong clock")
    assert a.device("d1").nickname == "by the wrong clock"
    a.round()
    b.round()
    assert b.device("d1").nickname == "by the wrong clock"
    b.rename("d1", "by the right clock")
    assert b.device("d1").nickname == "by the right clock"
    settle(b, a)
    agree(a, b)
    assert a.device("d1").nickname == "by the right clock"


def test_a_clock_far_ahead_is_told_and_does_not_pull_later_edits_along(shared: Shared) -> None:
    a, b = shared.pair()
    a.now = BEGIN + timedelta(days=400)
    a.add(make.device("d1"))
    a.round()
    report = b.round()
    assert Trouble.CLOCK in troubles(report)
    b.add(make.device("d2"))
    [own] = b.store.entries("", 1, 9)
    assert own.stamp < a.store.entries("", 1, 9)[0].stamp


def test_a_server_whose_clock_differs_is_told(shared: Shared) -> None:
    a = shared.computer("A")
    remote = a.sync._open_remote

    def with_time(*place: object) -> object:
        opened = remote(*place)  # type: ignore[arg-type]  # passed on as they come
        opened.server_time = a.now - timedelta(hours=2)  # type: ignore[misc]  # the test's own remote
        return opened

    a.sync._open_remote = with_time  # type: ignore[assignment]  # as above
    assert Trouble.CLOCK in troubles(a.round())


def test_an_edit_after_a_removal_brings_the_device_back_with_all_its_fields(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="mine", serial="S1"))
    settle(a, b)
    a.remove_device("d1")
    b.move(minutes=1)
    b.rename("d1", "later")
    settle(a, b)
    agree(a, b)
    assert (a.device("d1").nickname, a.device("d1").serial) == ("later", "S1")


def test_a_removal_after_an_edit_stays_and_the_history_keeps_the_edit(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="mine"))
    settle(a, b)
    b.rename("d1", "earlier")
    a.move(minutes=1)
    a.remove_device("d1")
    settle(a, b)
    agree(a, b)
    assert a.facts() == []
    assert a.titles() == ["Removed", "Set nickname", "Added"]


def test_a_device_that_was_removed_elsewhere_comes_back_by_undo_there(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1", nickname="x"), make.device("d2"))
    settle(a, b)
    a.remove_device("d1")
    settle(a, b)
    assert list(nicknames(b)) == ["d2"]
    a.undo()
    settle(a, b)
    agree(a, b)
    assert list(nicknames(b)) == ["d1", "d2"]


def test_an_own_undo_after_another_s_edit_of_another_field_takes_back_only_the_own_field(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="old"))
    settle(a, b)
    a.rename("d1", "new")
    settle(a, b)
    b.change("d1", serial="S-B")
    settle(a, b)
    a.undo()
    settle(a, b)
    agree(a, b)
    assert (b.device("d1").nickname, b.device("d1").serial) == ("old", "S-B")


def test_an_own_undo_after_another_s_edit_of_the_same_field_is_refused(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device(nickname="old"))
    settle(a, b)
    a.rename("d1", "new")
    settle(a, b)
    b.rename("d1", "theirs")
    settle(a, b)
    with pytest.raises(HomepointError, match="changed elsewhere"):
        a.undo()
    assert a.device("d1").nickname == "theirs"


def test_nobody_undoes_another_s_edit_by_accident(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device())
    settle(a, b)
    assert b.library.undoable() is None


def test_libraries_that_were_separate_before_become_one(shared: Shared) -> None:
    a, b = shared.computer("A"), shared.computer("B", joins=False)
    a.add(make.device("a1", serial="S-A"), make.account("a"))
    b.add(make.device("b1", serial="S-B"))
    b.rename("b1", "from before")
    a.round()
    b.join()
    settle(b, a)
    agree(a, b)
    assert nicknames(a) == {"a1": None, "b1": "from before"}


def test_the_same_fact_added_on_two_computers_is_one_fact(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1", nickname="A"), make.device("d2"))
    b.move(minutes=1)
    b.add(make.device("d1", nickname="B"))
    settle(a, b)
    agree(a, b)
    assert nicknames(a) == {"d2": None, "d1": "B"}


def test_many_computers_add_at_the_same_instant_and_all_list_the_facts_in_one_order(shared: Shared) -> None:
    several = [shared.computer(name) for name in "ABCD"]
    for computer in several:
        computer.add(make.device(f"x{computer.name}"), make.device(f"y{computer.name}"))
        computer.add(make.device(f"z{computer.name}"))
    settle(*several)
    agree(*several)
    settle(*several[::-1])
    agree(*several)


def test_marks_are_the_same_on_every_computer(shared: Shared) -> None:
    a, b = shared.pair()
    a.library.set_marks("reminders", {"shown": '"2026"'}, a.now)
    a.library.set_marks("library", {"time_zone": '"Europe/Paris"'}, a.now)
    settle(a, b)
    assert b.library.marks("reminders") == {"shown": '"2026"'}
    assert b.library.zone.key == "Europe/Paris"
    b.move(minutes=1)
    b.library.set_marks("reminders", {"shown": None}, b.now)
    settle(a, b)
    assert a.library.marks("reminders") == {}
    assert a.library.undoable() is None


def test_what_a_newer_peer_writes_is_kept_survives_edits_here_and_travels_on(shared: Shared) -> None:
    a, b = shared.pair()
    plain = {"id": "d1", "model": "Mini", "status": "leased", "colour": "red", "nickname": "theirs"}
    newer = entry(
        1,
        changes=(
            LogChange(kind="devices", fact="d1", device="d1", place=1, before=None, after=json.dumps(plain)),
            LogChange(kind="swarms", fact="s1", device=None, place=None, before=None, after='{"any":["thing"]}'),
        ),
    )
    a.store.apply("", 1, [newer])  # as if this computer's own, newer program had written it
    settle(a, b)
    b.rename("d1", "mine")
    settle(a, b)
    c = shared.computer("C")
    settle(a, b, c)
    agree(a, b, c)
    device = c.library.get(Device, "d1")
    assert device is not None
    assert (device.nickname, device.extra) == ("mine", {"colour": "red"})
    [kept] = c.store._connection.execute("SELECT kept FROM fact_stamps WHERE fact = 'd1'").fetchone()
    assert json.loads(kept) == {"status": "leased"}
    assert newer in c.store.entries(next(log for log in c.store.logs() if log and c.store.last(log) == 1), 1, 1) or any(
        newer in c.store.entries(log, 1, 9) for log in c.store.logs()
    )


def test_an_edit_of_several_devices_arrives_as_one(shared: Shared) -> None:
    a, b = shared.pair()
    devices = [make.device(f"d{number}") for number in range(3)]
    a.add(*devices)
    a.write(*(Change(before=each, after=replace(each, nickname="all")) for each in devices), title="Renamed three")
    settle(a, b)
    agree(a, b)
    assert b.titles() == ["Renamed three", "Added"]
    assert nicknames(b) == {"d0": "all", "d1": "all", "d2": "all"}
