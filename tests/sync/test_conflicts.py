"""Two people edit one device at once: field by field, both kept, the one that gave way named and restorable."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.application.changes import Edit
from homepoint.application.conflicts import Overridden, RestoreField, overridden
from tests import builders as make
from tests.sync.replicas import MemoryServer, Replica, settle


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Replica, Replica]]:
    server = MemoryServer()
    desk, laptop = Replica(tmp_path / "desk", server, "Desk"), Replica(tmp_path / "laptop", server, "Laptop")
    desk.add(make.device("d1", nickname="Kestrel"))
    desk.set_up()
    desk.round()
    laptop.join()
    settle(desk, laptop)
    yield desk, laptop
    desk.close()
    laptop.close()


def _lost(replica: Replica) -> list[Overridden]:
    found = overridden(replica.library.history(about="d1"))
    return [each for lost in found.values() for each in lost]


def test_two_fields_set_at_once_are_both_kept(pair: tuple[Replica, Replica]) -> None:
    desk, laptop = pair
    desk.change("d1", nickname="Bird")
    laptop.change("d1", region="US")
    settle(desk, laptop)
    assert desk.device("d1") == laptop.device("d1")
    assert (desk.device("d1").nickname, desk.device("d1").region) == ("Bird", "US")
    assert not _lost(desk)
    assert not _lost(laptop)


def test_of_one_field_set_twice_the_later_counts_and_the_other_is_named_and_can_be_restored(
    pair: tuple[Replica, Replica],
) -> None:
    desk, laptop = pair
    desk.rename("d1", "Early")
    laptop.move(minutes=5)
    laptop.rename("d1", "Late")
    settle(desk, laptop)
    for replica in pair:
        assert replica.device("d1").nickname == "Late"
        [lost] = _lost(replica)
        assert (lost.name, lost.value, lost.by.computer) == ("nickname", "Early", "Laptop")
    [lost] = _lost(laptop)
    edit = RestoreField(overridden=lost).plan(laptop.library, laptop.now)
    assert isinstance(edit, Edit)
    laptop.write(*edit.changes, title=edit.title)
    settle(desk, laptop)
    assert desk.device("d1").nickname == "Early"


def test_an_edit_that_knew_of_the_one_before_it_overrides_nothing(pair: tuple[Replica, Replica]) -> None:
    desk, laptop = pair
    desk.rename("d1", "One")
    settle(desk, laptop)
    laptop.rename("d1", "Two")
    settle(desk, laptop)
    assert not _lost(desk)


def test_a_removal_gives_way_to_a_later_edit_and_says_so(pair: tuple[Replica, Replica]) -> None:
    desk, laptop = pair
    desk.remove_device("d1")
    laptop.move(minutes=5)
    laptop.rename("d1", "Still flying")
    settle(desk, laptop)
    for replica in pair:
        assert replica.device("d1").nickname == "Still flying"
        assert [(each.name, each.by.computer) for each in _lost(replica)] == [(None, "Laptop")]


def test_an_edit_gives_way_to_a_later_removal_and_the_device_can_be_brought_back(
    pair: tuple[Replica, Replica],
) -> None:
    desk, laptop = pair
    desk.rename("d1", "Mine")
    laptop.move(minutes=5)
    laptop.remove_device("d1")
    settle(desk, laptop)
    [lost] = _lost(desk)
    assert (lost.name, lost.value) == ("nickname", "Mine")
    edit = RestoreField(overridden=lost).plan(desk.library, desk.now)
    assert isinstance(edit, Edit)
    desk.write(*edit.changes, title=edit.title)
    settle(desk, laptop)
    assert laptop.device("d1").nickname == "Mine"
