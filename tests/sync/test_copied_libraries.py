"""Copied and restored libraries: each goes on as a computer of its own, and no history is lost."""

from collections.abc import Iterator

import pytest

from homepoint.application.replication import Trouble
from tests import builders as make
from tests.sync.replicas import settle
from tests.sync.shared import Shared, agree, id_of, nicknames, troubles


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def test_a_copied_library_goes_on_under_a_name_of_its_own(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    copy = shared.copy(a, "A2")
    a.add(make.device("of-a"))
    a.round()
    copy.add(make.device("of-copy"))
    report = copy.round()
    assert Trouble.CLONE in troubles(report)
    assert id_of(copy) != id_of(a)
    settle(a, b, copy)
    agree(a, b, copy)
    assert set(nicknames(b)) == {"d1", "of-a", "of-copy"}


def test_two_copies_that_both_sent_unseen_by_each_other_lose_nothing(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    copy = shared.copy(a, "A2")
    before = shared.kept()
    a.add(make.device("of-a"))
    a.round()
    of_a = shared.kept()
    shared.server.objects = before  # the copy does not see what the other has sent
    copy.add(make.device("of-copy"))
    copy.round()
    shared.server.objects = {**of_a, **shared.server.objects}
    report = b.round()
    assert Trouble.FORK in troubles(report)
    assert set(nicknames(b)) == {"d1", "of-a", "of-copy"}
    settle(a, b, copy)
    agree(a, b, copy)
    assert len({id_of(each) for each in (a, b, copy)}) == 3


@pytest.mark.parametrize("lost", ["of-a", "of-copy", "both"])
def test_a_fork_is_whole_for_newcomers_also_when_the_storage_lost_a_way_of_it(shared: Shared, lost: str) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    copy = shared.copy(a, "A2")
    before = shared.kept()
    a.add(make.device("of-a"))
    a.round()
    of_a = shared.kept()
    shared.server.objects = before
    copy.add(make.device("of-copy"))
    copy.round()
    shared.server.objects = {**of_a, **shared.server.objects}
    b.round()
    for name in list(shared.server.objects):
        is_of_a = name in of_a
        if name[1].startswith(f"b-{id_of(a)}-0000000002") and lost in ("both", "of-a" if is_of_a else "of-copy"):
            del shared.server.objects[name]  # and neither of the two computers is ever seen again
    b.round()
    b.move(days=4)
    b.round()
    b.round()
    newcomer = shared.computer("C")
    newcomer.round()
    assert set(nicknames(newcomer)) == {"d1", "of-a", "of-copy"}


def test_a_fork_that_was_merged_before_anyone_read_it_is_still_read(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last number and chain value of a merged batch are known, and yet not all that it holds."""
    monkeypatch.setattr("homepoint.sync.tidy.FAN_IN", 3)
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    copy = shared.copy(a, "A2")
    before = shared.kept()
    for number in (2, 3):
        a.add(make.device(f"a{number}"))
        a.round()
    b.round()
    of_a = shared.kept()
    shared.server.objects = dict(before)
    copy.add(make.device("c2"))
    copy.round()
    first = [name for name in shared.server.objects if name not in before and name[1].startswith("b-")]
    copy.add(make.device("c3"))
    copy.round()
    of_copy = shared.kept()
    shared.server.objects = {**of_a, **{name: of_copy[name] for name in of_copy if name not in first}}
    b.round()  # only the later part of the copy's way is there
    shared.server.objects = dict(of_copy)
    for _ in range(8):
        copy.round()
    [merged] = [name for name in shared.server.names(kind="b") if name.split("-")[2:4] == ["0000000001", "0000000003"]]
    shared.server.objects = {**of_a, ("l", merged): shared.server.objects["l", merged]}
    b.round()
    assert set(nicknames(b)) == {"d1", "a2", "a3", "c2", "c3"}


def test_a_restored_backup_gets_back_what_it_had_sent_and_keeps_what_is_new(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    backup = shared.back_up(a)
    a.add(make.device("sent"))
    settle(a, b)
    a = shared.restore(a, backup)
    a.move(hours=1)
    a.add(make.device("after"))
    report = a.round()
    assert Trouble.CLONE in troubles(report)
    settle(a, b)
    agree(a, b)
    assert set(nicknames(a)) == {"d1", "sent", "after"}


def test_a_restored_backup_is_noticed_when_only_a_summary_tells(shared: Shared) -> None:
    a, b, c = (*shared.pair(), shared.computer("C"))
    a.add(make.device("d1"))
    settle(a, b, c)
    backup = shared.back_up(a)
    a.add(make.device("sent"))
    settle(a, b, c)
    b.sync.remove("C", "another four words and more")  # all batches go, a summary takes their place
    a = shared.restore(a, backup)
    a.add(make.device("after"))
    a.round()
    settle(a, b)
    agree(a, b)
    assert set(nicknames(a)) == {"d1", "sent", "after"}


@pytest.mark.parametrize("written", [1, 2, 3])
def test_a_restored_backup_loses_nothing_when_only_others_know_what_it_had_sent(shared: Shared, written: int) -> None:
    """The storage lost what the restored computer had sent; another has it, and says how far it had come."""
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    backup, before = shared.back_up(a), shared.kept()
    a.add(make.device("sent"))
    a.add(make.device("sent too"))
    settle(a, b)
    b.add(make.device("of-b"))
    b.round()
    for name in list(shared.server.objects):
        if name[1].startswith(f"b-{id_of(a)}") and name not in before:
            del shared.server.objects[name]
    a = shared.restore(a, backup)
    for number in range(written):
        a.add(make.device(f"after {number}"))
    old = id_of(a)
    a.round()
    assert (id_of(a) != old) == (written == 1)  # with as many edits as before, only their chain values tell
    settle(a, b)
    for computer in (a, b):
        computer.move(days=4)
    settle(a, b)
    agree(a, b)
    assert set(nicknames(a)) == {"d1", "sent", "sent too", "of-b"} | {f"after {number}" for number in range(written)}


def test_a_copy_that_never_wrote_anything_needs_no_name_of_its_own_until_it_does(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    a.round()
    copy = shared.copy(a, "A2")
    assert copy.round().findings == ()
    assert id_of(copy) == id_of(a)
