"""What synchronising costs: few requests a round, whatever is there already, and few objects at the storage."""

import os
from collections.abc import Iterator

import pytest

from homepoint.application.changes import Change, Edit
from tests import builders as make
from tests.sync.replicas import Replica, settle
from tests.sync.shared import Shared, agree, troubles

ROUNDS = int(os.environ.get("HOMEPOINT_SYNC_ROUNDS", "150"))
"""How many changes to send one by one; the default run has no time for a thousand."""


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def fill(computer: Replica, devices: int) -> None:
    """Add devices, some hundreds an edit, and edit each once."""
    made = [make.device(f"old{number}", nickname=f"number {number}") for number in range(devices)]
    for begin in range(0, devices, 500):
        changes = tuple(Change(after=device) for device in made[begin : begin + 500])
        computer.library.write(Edit(title="Added", changes=changes), computer.now)
        computer.move(seconds=1)


def quiet(*computers: Replica) -> None:
    """Let everyone tidy up until there is nothing to do."""
    while max([computer.round().requests for computer in computers]) > 1:
        continue


@pytest.mark.parametrize("devices", [10, 1_000])
def test_a_round_costs_the_same_whatever_is_there(shared: Shared, devices: int) -> None:
    a, b = shared.pair()
    fill(a, devices)
    quiet(a, b)
    idle = [computer.round().requests for computer in (a, b) for _ in range(3)]
    assert max(idle) == 1
    one_change, receiving = [], []
    for number in range(100):
        a.rename("old0", f"name {number}")
        one_change.append(a.round().requests)
        if number < 20:
            receiving.append(b.round().requests)
    b.round()
    assert max(one_change) <= 3
    assert max(receiving) <= 3
    agree(a, b)


def test_a_round_with_nothing_new_costs_at_most_two_requests_while_there_is_still_something_to_tidy(
    shared: Shared,
) -> None:
    a, b = shared.pair()
    settle(a, b)
    for number in range(20):
        a.add(make.device(f"d{number}"))
        a.round()
    costs = [a.round().requests for _ in range(60)]
    assert max(costs) <= 2
    assert costs[-1] == 1
    assert [b.round().requests for _ in range(3)][1:] == [1, 1]


@pytest.mark.slow
def test_objects_stay_few_after_many_rounds(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device())
    most = 0
    for number in range(ROUNDS):
        a.rename("d1", f"name {number}")
        a.round()
        if number % 5 == 0:
            for _ in range(8):
                a.round()
        most = max(most, len(shared.server.objects))
    quiet(a)
    assert most <= 60
    assert len(shared.server.objects) <= 40
    b = shared.computer("B", now=a.now)
    report = b.round()
    agree(a, b)
    assert report.requests <= 40
    assert troubles(report) == set()


def test_a_computer_that_synchronises_once_a_day_keeps_the_storage_small_too(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device())
    for number in range(60):
        a.move(days=1)
        a.rename("d1", f"name {number}")
        a.round()
    assert len(shared.server.objects) <= 30
    assert len(shared.server.names(kind="c")) <= 2


def test_merged_batches_are_not_read_again_by_those_who_have_them(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    for number in range(40):
        a.add(make.device(f"d{number}"))
        a.round()
        b.round()
    before = {name for verb, _, name in shared.server.log if verb == "GET" and name.startswith("b-")}
    quiet(a)
    shared.server.log.clear()
    b.round()
    assert not [name for verb, _, name in shared.server.log if verb == "GET" and name.startswith("b-")]
    assert before
    agree(a, b)


def test_tidying_up_much_at_once_merges_nothing_twice(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homepoint.sync.tidy.MANY", 10)
    a = shared.computer("A")
    settle(a)
    for number in range(30):
        a.add(make.device(f"d{number}"))
        a.round()
    quiet(a)
    sizes = [name.split("-")[2:4] for verb, _, name in shared.server.log if verb == "PUT" and name.startswith("b-")]
    assert len(sizes) == len({tuple(each) for each in sizes})
    b = shared.computer("B")
    settle(b)
    agree(a, b)


def test_a_new_computer_needs_few_requests_when_there_is_a_summary(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("homepoint.sync.tidy.SUMMED_UP_AFTER", 20)
    a = shared.computer("A")
    for number in range(60):
        a.add(make.device(f"d{number}"))
        a.round()
    quiet(a)
    assert len(shared.server.names(kind="s")) == 1
    b = shared.computer("B")
    report = b.round()
    assert report.received == 60
    assert report.requests <= 8
    agree(a, b)
    shared.server.log.clear()
    b.round()
    b.round()
    assert not [name for verb, _, name in shared.server.log if verb == "GET" and name[0] in "psb"]


def test_an_edit_larger_than_a_batch_goes_alone(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homepoint.sync.send.BATCH_BYTES", 2_000)
    a, b = shared.pair()
    for number in range(5):
        a.add(*(make.device(f"d{number}-{index}", nickname="x" * 100) for index in range(10 if number == 2 else 1)))
    a.round()
    assert len(shared.server.names(kind="b")) >= 3
    settle(b)
    agree(a, b)
