"""Files kept as evidence: sent before the facts that name them, each part once, and fetched whole or not at all."""

import hashlib
from collections.abc import Iterator

import pytest

from homepoint.application.replication import Trouble
from homepoint.sync import evidence
from homepoint.sync.remote import RemoteError
from tests import builders as make
from tests.sync.replicas import Replica, settle
from tests.sync.shared import Shared, agree, troubles

PHOTO = bytes(range(256)) * 4


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    monkeypatch.setattr(evidence, "EVIDENCE_PART", 100)
    with Shared() as opened:
        yield opened


def attach(shared: Shared, computer: Replica, content: bytes = PHOTO, id: str = "f1") -> str:
    """Keep a file as evidence and return its SHA-256."""
    source = shared.folder / "photo.jpg"
    source.write_bytes(content)
    stored = computer.evidence.take_in(source)
    computer.add(make.attachment(id, name="crash on the roof.jpg", sha256=stored.sha256, size=stored.size))
    return stored.sha256


def holds(computer: Replica, sha256: str, content: bytes = PHOTO) -> bool:
    path = computer.evidence.path(sha256)
    return path.is_file() and path.read_bytes() == content


def test_a_file_arrives_with_the_fact_that_names_it(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = attach(shared, a)
    a.round()
    assert b.round().complete
    assert holds(b, sha256)
    assert len(shared.server.names("a")) == 11


def test_every_part_is_there_before_the_fact_that_names_the_file(shared: Shared) -> None:
    a = shared.computer("A")
    attach(shared, a)
    a.round()
    written = [(folder, name[0]) for verb, folder, name in shared.server.log if verb == "PUT"]
    assert written.index(("l", "b")) > max(index for index, (folder, _) in enumerate(written) if folder == "a")


def test_the_same_file_on_two_computers_is_one_object(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = attach(shared, a, id="f1")
    assert attach(shared, b, id="f2") == sha256
    a.round()
    objects = {name: content for name, content in shared.server.objects.items() if name[0] == "a"}
    b.round()
    assert {name: content for name, content in shared.server.objects.items() if name[0] == "a"} == objects
    settle(a, b)
    agree(a, b)


@pytest.mark.parametrize("verb", ["PUT", "GET"])
def test_a_transfer_that_broke_off_goes_on_with_what_is_lacking(shared: Shared, verb: str) -> None:
    a, b = shared.pair()
    settle(a, b)
    sha256 = attach(shared, a)
    seen: list[str] = []

    def break_off(asked: str, folder: str, name: str) -> None:
        if (asked, folder) == (verb, "a"):
            seen.append(name)
            if len(seen) == 5:
                raise RemoteError(Trouble.OFFLINE, "no answer")

    shared.server.before = break_off
    a.round()
    a.round()
    b.round()
    if verb == "PUT":
        assert len(seen) == 12, "parts that had arrived are not sent again"
    assert verb == "PUT" or not holds(b, sha256)
    b.move(hours=2)
    settle(b)
    assert holds(b, sha256)


def test_a_crash_after_the_facts_arrived_does_not_forget_the_file(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    sha256 = attach(shared, a)
    a.round()
    b.add(make.device("d1"))

    def die(verb: str, folder: str, name: str) -> None:
        if verb == "PUT":
            raise KeyboardInterrupt

    shared.server.before = die
    with pytest.raises(KeyboardInterrupt):
        b.round()
    shared.server.before = lambda verb, folder, name: None
    b.move(hours=2)
    b.round()
    assert holds(b, sha256)


def test_a_bit_that_flipped_in_a_file_is_named_and_nothing_wrong_is_kept(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = attach(shared, a)
    a.round()
    name = shared.server.names("a")[3]
    sound = shared.server.objects["a", name]
    for place in range(0, len(sound), 97):
        shared.server.objects["a", name] = sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :]
        b.move(hours=2)
        report = b.round()
        assert report.complete
        assert [each.about for each in report.findings if each.trouble in (Trouble.DAMAGED, Trouble.FOREIGN)] == [
            "crash on the roof.jpg"
        ] or Trouble.EVIDENCE in troubles(report)
        assert not b.evidence.path(sha256).exists()
    a.sync.verify()
    b.move(hours=2)
    b.round()
    assert holds(b, sha256)


def test_parts_of_another_file_make_no_file(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = attach(shared, a)
    a.round()
    first, second = shared.server.names("a")[:2]
    objects = shared.server.objects
    objects["a", first], objects["a", second] = objects["a", second], objects["a", first]
    assert b.round().complete
    assert not b.evidence.path(sha256).exists()


def test_a_file_that_is_not_here_is_sent_when_it_is(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    a.add(make.attachment("f1", name="later.jpg", sha256=sha256, size=len(PHOTO)))
    a.round()
    assert [each.about for each in b.round().findings if each.trouble is Trouble.EVIDENCE] == ["later.jpg"]
    source = shared.folder / "later.jpg"
    source.write_bytes(PHOTO)
    a.evidence.take_in(source)
    a.round()
    b.move(hours=2)
    b.round()
    assert holds(b, sha256)


def test_files_that_a_storage_lost_with_the_facts_are_sent_again(shared: Shared) -> None:
    a, b = shared.pair()
    before = shared.kept()
    sha256 = attach(shared, a)
    a.round()
    shared.server.objects = before
    a.round()
    settle(b)
    assert holds(b, sha256)


@pytest.mark.parametrize("strange", ["../../../etc/passwd", "A" * 64, "", "0" * 63])
def test_a_name_that_is_no_hash_is_no_file(shared: Shared, strange: str) -> None:
    a, b = shared.pair()
    a.add(make.attachment("f1", sha256=strange))
    settle(a, b)
    agree(a, b)
    assert a.sync.verify().complete
    assert not shared.server.names("a")


def test_files_of_facts_that_were_removed_are_not_fetched(shared: Shared) -> None:
    a, b = shared.pair()
    sha256 = attach(shared, a)
    a.round()
    a.undo()
    a.round()
    b.round()
    assert not b.evidence.path(sha256).exists()
