"""A storage that loses, cuts, alters, or empties: everything is noticed and told, and what was lost is sent again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.application.replication import Trouble
from homepoint.sync import send as send_module
from homepoint.sync.remote import Listed, RemoteError
from tests import builders as make
from tests.sync.replicas import Replica, settle
from tests.sync.shared import Shared, agree, id_of, nicknames, troubles


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def flip(shared: Shared, name: str, folder: str = "l") -> None:
    content = bytearray(shared.server.objects[folder, name])
    content[len(content) // 2] ^= 1
    shared.server.objects[folder, name] = bytes(content)


def attach(shared: Shared, computer: Replica, content: bytes, id: str = "f1") -> str:
    source = shared.folder / "photo.jpg"
    source.write_bytes(content)
    stored = computer.evidence.take_in(source)
    computer.add(make.attachment(id, name="photo.jpg", sha256=stored.sha256, size=stored.size))
    return stored.sha256


def test_a_batch_that_the_storage_lost_is_sent_again_and_that_is_told(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    a.round()
    del shared.server.objects["l", shared.only("b")]
    report = a.round()
    assert Trouble.LOST_AND_SENT in troubles(report)
    assert report.sent == 1
    settle(b, a)
    agree(a, b)
    assert Trouble.LOST_AND_SENT not in troubles(a.round())


def test_a_listing_that_forgets_an_object_for_once_causes_no_second_upload(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    settle(a)
    listed = shared.server.objects
    name = shared.only("b")

    def hide(verb: str, folder: str, asked: str) -> None:
        if verb == "LIST":
            shared.server.objects = {key: value for key, value in listed.items() if key[1] != name}
        else:
            shared.server.objects = listed

    shared.server.before = hide
    report = a.round()
    assert (report.sent, troubles(report)) == (0, set())


def test_a_storage_that_falls_back_as_a_whole_is_filled_up_again_by_everyone(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    before = shared.kept()
    a.add(make.device("d2"))
    b.add(make.device("d3"))
    settle(a, b)
    shared.server.objects = before
    assert Trouble.LOST_AND_SENT in troubles(a.round())
    assert Trouble.LOST_AND_SENT in troubles(b.round())
    c = shared.computer("C")
    settle(a, b, c)
    agree(a, b, c)


def test_what_a_vanished_computer_had_sent_and_the_storage_lost_is_told_and_sent_by_another_after_days(
    shared: Shared,
) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    a.add(make.device("d2"))
    settle(a, b)
    for name in shared.server.names(kind=f"b-{id_of(a)}"):
        del shared.server.objects["l", name]
    b.round()
    early = shared.computer("C")
    assert Trouble.MISSING not in troubles(b.round())
    early.round()
    assert nicknames(early) == {}
    b.add(make.device("d3"))
    b.round()
    assert Trouble.MISSING in troubles(early.round())
    b.move(hours=71)
    b.round()
    assert shared.server.names(kind="s") == []
    b.move(hours=2)
    b.round()
    assert len(shared.server.names(kind="s")) == 1
    early.round()
    newcomer = shared.computer("D")
    newcomer.round()
    agree(b, early, newcomer)
    objects = len(shared.server.objects)
    for _ in range(3):
        b.move(days=4)
        b.round()
        b.round()
    assert len(shared.server.objects) <= objects, "one summary is enough"


@pytest.mark.parametrize("tells_sizes", [True, False])
def test_an_upload_that_the_storage_cut_short_without_a_word_is_noticed_and_sent_again(
    shared: Shared, tells_sizes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.sync import replicas

    put, listed = replicas.MemoryRemote.put, replicas.MemoryRemote.list
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("d1"))

    def cut(self: replicas.MemoryRemote, folder: str, name: str, content: bytes) -> None:
        put(self, folder, name, content[:100] if name.startswith("b-") else content)

    def without_sizes(self: replicas.MemoryRemote, folder: str) -> list[Listed]:
        return [Listed(name=each.name, size=None) for each in listed(self, folder)]

    if not tells_sizes:
        monkeypatch.setattr(replicas.MemoryRemote, "list", without_sizes)
    with monkeypatch.context() as patch:
        patch.setattr(replicas.MemoryRemote, "put", cut)
        a.round()
    assert {len(shared.server.objects["l", name]) for name in shared.server.names(kind="b")} == {100}
    assert Trouble.DAMAGED in troubles(b.round())
    for _ in range(6):
        a.round()
    b.move(minutes=11)
    b.round()
    agree(a, b)
    assert all(len(shared.server.objects["l", name]) > 100 for name in shared.server.names(kind="b"))


def test_an_upload_whose_size_is_told_wrong_is_sent_again_by_the_very_next_round(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("d1"))
    a.round()
    name = shared.only("b")
    shared.server.objects["l", name] = shared.server.objects["l", name][:100]
    report = a.round()
    assert (report.sent, Trouble.LOST_AND_SENT in troubles(report)) == (1, True)
    b.round()
    agree(a, b)


def test_what_a_merged_batch_takes_the_place_of_stays_until_it_was_read_back(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.sync import replicas

    monkeypatch.setattr("homepoint.sync.tidy.FAN_IN", 3)
    a = shared.computer("A")
    settle(a)
    put = replicas.MemoryRemote.put

    def spoiled(self: replicas.MemoryRemote, folder: str, name: str, content: bytes) -> None:
        is_merged = name.startswith("b-") and name.split("-")[2] != name.split("-")[3]
        put(self, folder, name, bytes(len(content)) if is_merged else content)

    monkeypatch.setattr(replicas.MemoryRemote, "put", spoiled)
    for number in range(3):
        a.add(make.device(f"d{number}"))
        a.round()
    for number in range(12):
        a.round()
        b = shared.computer(f"B{number}")
        b.round()
        agree(a, b)


def test_an_own_upload_that_broke_off_is_swept_away_and_costs_others_little(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("d1"))

    def tear(verb: str, folder: str, name: str) -> None:
        if verb == "PUT" and name.startswith("b-"):
            shared.server.objects[folder, name] = b"half"
            raise RemoteError(Trouble.OFFLINE, "cut off")

    shared.server.before = tear
    assert Trouble.OFFLINE in troubles(a.round())
    shared.server.before = lambda verb, folder, name: None
    assert Trouble.DAMAGED in troubles(b.round())
    assert [b.round().requests, b.round().requests] == [1, 1], "a damaged object is not read at every round"
    a.round()
    b.round()
    agree(a, b)
    for _ in range(3):
        a.move(minutes=11)
        a.round()
    assert len(shared.server.names(kind="b")) == 1
    assert troubles(a.round()) == troubles(b.round()) == set()


@pytest.mark.parametrize("way", ["flip", "cut", "empty"])
def test_a_damaged_batch_is_named_complained_of_and_mended_by_its_writer(shared: Shared, way: str) -> None:
    a, b = shared.computer("A"), None
    a.add(make.device("d1"))
    settle(a)
    name = shared.only("b")
    if way == "flip":
        flip(shared, name)
    else:
        shared.server.objects["l", name] = shared.server.objects["l", name][: 0 if way == "empty" else 200]
    b = shared.computer("B")
    report = b.round()
    assert [each.about for each in report.findings if each.trouble is Trouble.DAMAGED] == [name]
    b.move(minutes=11)
    b.round()
    b.round()
    assert len(shared.server.names(kind="q")) == (1 if way == "flip" or shared.server.names(kind="q") else 0)
    settle(a)
    settle(b, a)
    agree(a, b)
    for _ in range(5):
        settle(a, b)
    assert shared.server.names(kind="q") == []
    assert name not in shared.server.names()
    assert troubles(b.round()) == set()


def test_a_damaged_batch_of_a_vanished_computer_is_made_good_by_whoever_read_it_before(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    flip(shared, *shared.server.names(kind=f"b-{id_of(a)}"))
    c = shared.computer("C")
    for _ in range(3):
        c.move(minutes=11)
        c.round()
    assert nicknames(c) == {}
    b.round()
    b.move(days=4)
    b.round()
    c.round()
    agree(b, c)


def test_checking_the_storage_finds_and_mends_every_own_object(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    sha256 = attach(shared, a, b"a photo")
    settle(a, b)
    for folder, name in list(shared.server.objects):
        if not name.startswith("c-"):
            flip(shared, name, folder)
    report = a.sync.verify()
    assert report.complete
    settle(a)
    a.sync.verify()
    c = shared.computer("C")
    settle(c, a)
    agree(a, c)
    assert c.evidence.path(sha256).read_bytes() == b"a photo"


def test_a_damaged_key_object_is_mended_within_a_day_and_a_computer_that_joins_is_told(shared: Shared) -> None:
    a = shared.computer("A")
    a.round()
    flip(shared, shared.only("k"))
    b = shared.computer("B", joins=False)
    with pytest.raises(Exception, match=r"key at this place is damaged"):
        b.join()
    a.move(hours=21)
    a.round()
    a.round()
    b.join()


def test_a_lost_key_object_is_put_back(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    a.round()
    name = shared.only("k")
    del shared.server.objects["l", name]
    a.round()
    assert shared.only("k") == name


def test_an_emptied_storage_stops_and_asks_and_filling_it_again_keeps_everything(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    sha256 = attach(shared, a, b"a photo")
    settle(a, b)
    shared.server.objects.clear()
    a.add(make.device("d3"))
    for computer in (a, b):
        report = computer.round()
        assert (report.complete, troubles(report), report.sent) == (False, {Trouble.EMPTIED}, 0)
    assert shared.server.objects == {}
    a.move(seconds=1)
    assert a.sync.round(refill=True).complete
    settle(b, a)
    c = shared.computer("C")
    settle(c)
    agree(a, b, c)
    assert c.evidence.path(sha256).is_file()


def test_a_storage_that_never_held_anything_is_no_emptied_one(shared: Shared) -> None:
    a = shared.computer("A")
    shared.server.objects.clear()
    assert a.round().complete


def test_a_full_storage_stops_the_sending_and_nothing_else(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    b.add(make.device("d2"))
    b.round()
    a.add(make.device("d1"))

    def full(verb: str, folder: str, name: str) -> None:
        if verb == "PUT":
            raise RemoteError(Trouble.FULL, "507")

    shared.server.before = full
    report = a.round()
    assert (report.complete, report.waiting, report.received) == (False, 1, 1)
    assert Trouble.FULL in troubles(report)
    shared.server.before = lambda verb, folder, name: None
    assert a.round().waiting == 0


@pytest.mark.parametrize("verb", ["LIST", "PUT", "GET"])
def test_a_round_that_breaks_off_is_told_and_goes_on_the_next_time(shared: Shared, verb: str) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    b.round()

    def fail(asked: str, folder: str, name: str) -> None:
        if asked == verb:
            raise RemoteError(Trouble.OFFLINE, "no answer")

    shared.server.before = fail
    report = a.round()
    assert (report.complete, troubles(report)) == (False, {Trouble.OFFLINE})
    shared.server.before = lambda verb, folder, name: None
    settle(a, b)
    agree(a, b)


def test_a_crash_between_an_upload_and_its_note_causes_no_loss_and_no_second_upload(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("d1"))
    with monkeypatch.context() as patch:
        patch.setattr(type(a.store), "remember", _die)
        with pytest.raises(ZeroDivisionError):
            a.round()
    assert len(shared.server.names(kind="b")) == 1
    a = shared.restore(a, shared.back_up(a))
    report = a.round()
    assert (report.sent, report.waiting, troubles(report)) == (0, 0, set())
    settle(a, b)
    agree(a, b)


def test_a_crash_before_an_upload_loses_nothing(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    with monkeypatch.context() as patch:
        patch.setattr(send_module, "put_batch", _die)
        with pytest.raises(ZeroDivisionError):
            a.round()
    settle(a, b)
    agree(a, b)


def test_a_hole_is_filled_when_its_batch_shows_up(shared: Shared) -> None:
    a, b = shared.pair()
    for number in range(3):
        a.add(make.device(f"d{number}"))
        a.round()
    [first, *_] = shared.server.names(kind=f"b-{id_of(a)}")
    hidden = shared.server.objects.pop(("l", first))
    assert Trouble.MISSING in troubles(b.round())
    assert nicknames(b) == {"d1": None, "d2": None}
    shared.server.objects["l", first] = hidden
    b.round()
    agree(a, b)
    assert troubles(b.round()) == set()


def test_a_summary_that_lost_a_part_counts_for_nothing(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    settle(a, b)
    shared.server.objects.clear()
    a.move(seconds=1)
    a.sync.round(refill=True)
    b.round()
    assert shared.server.names(kind="b") == []
    del shared.server.objects["l", shared.only("p")]
    settle(a, b)
    c = shared.computer("C")
    c.round()
    agree(a, b, c)


@pytest.mark.parametrize("notices", ["its writer", "a newcomer"])
def test_a_damaged_summary_is_written_anew(shared: Shared, notices: str) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    settle(a, b)
    shared.server.objects.clear()
    a.move(seconds=1)
    a.sync.round(refill=True)  # everything is in the summary alone
    a.round()
    flip(shared, shared.only("p"))
    c = shared.computer("C")
    if notices == "its writer":
        a.sync.verify()
    else:
        c.round()
        assert nicknames(c) == {}
        c.move(minutes=11)
        c.round()
        c.round()
        a.round()
    settle(c)
    agree(a, c)


def test_what_comes_after_a_hole_is_not_lost_when_an_emptied_storage_is_filled_again(shared: Shared) -> None:
    a, b = shared.pair()
    for number in range(3):
        a.add(make.device(f"d{number}"))
        a.round()
    b.add(make.device("of-b"))
    [first, *_] = shared.server.names(kind=f"b-{id_of(a)}")
    del shared.server.objects["l", first]
    b.round()
    shared.server.objects.clear()
    b.move(seconds=1)
    assert b.sync.round(refill=True).complete
    c = shared.computer("C")
    c.round()
    agree(b, c)
    assert set(nicknames(c)) == {"d1", "d2", "of-b"}
    settle(a, b, c)
    agree(a, b, c)
    assert len(nicknames(c)) == 4


def _die(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_a_round_can_be_stopped_at_any_request_and_continued(shared: Shared, tmp_path: Path) -> None:
    a, b = shared.pair()
    for number in range(4):
        b.add(make.device(f"b{number}"))
        b.round()
    a.add(make.device("a1"))
    for stop_at in range(1, 12):
        count = 0

        def stop(verb: str, folder: str, name: str, stop_at: int = stop_at) -> None:
            nonlocal count
            count += 1
            if count == stop_at:
                raise KeyboardInterrupt

        shared.server.before = stop
        try:
            a.round()
        except KeyboardInterrupt:
            continue
        break
    shared.server.before = lambda verb, folder, name: None
    settle(a, b)
    agree(a, b)
