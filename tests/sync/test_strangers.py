"""Objects that do not belong: foreign, forged, malformed, or of a newer program. They are named, and harm nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from homepoint.application.replication import Trouble
from homepoint.sync import batch, cipher, keys
from homepoint.sync.batch import Bundle, Range, body_of, compact, line_of
from homepoint.sync.cipher import LibraryKeys, ReplicaKeys, chained, seal
from homepoint.sync.names import batch_label, label_of
from tests import builders as make
from tests.storage.test_replication import entry
from tests.sync.replicas import Replica, settle
from tests.sync.shared import BEGIN, Shared, agree, id_of, keys_of, nicknames, sealed_by, troubles

ROBOT = "5" * 24


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def bundle(writer: str, *lines: bytes, keys: LibraryKeys, first: int = 1, before: str = "", **seen: int) -> Bundle:
    """Return a bundle of lines of one log."""
    after = before
    for line in lines:
        after = chained(after, line, keys.chain_key)
    span = Range(replica=writer, first=first, last=first + len(lines) - 1, before=before, after=after)
    return Bundle(written_at=BEGIN.isoformat(), seen=seen, ranges=(span,), lines=lines)


def lay(shared: Shared, made: Bundle, content: Any) -> str:
    """Lay a batch at the storage; `content` makes its bytes from its label and body."""
    [span] = made.ranges
    label = batch_label(span.replica, span.first, span.last, span.after)
    return shared.put(label, content(label, body_of(made)))


def assert_left_aside(shared: Shared, computer: Replica, name: str, trouble: Trouble) -> None:
    """Assert that an object is named, read once, and harms nothing."""
    before = computer.facts()
    shared.server.log.clear()
    first, second = computer.round(), computer.round()
    for report in (first, second):
        assert report.complete
        assert [each.about for each in report.findings if each.trouble is trouble] == [name]
    asked = [log for log in shared.server.log if log[0] == "GET" and log[2] == name]
    assert len(asked) <= 1
    assert computer.facts() == before
    computer.add(make.device("still works"))
    assert computer.round().complete


def test_an_object_sealed_with_another_key_is_named_and_left_aside(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    strange = LibraryKeys((bytes(32),))
    stranger = ReplicaKeys.of(strange, b"salt")
    made = bundle(stranger.replica, line_of(entry(1, (None, make.device()))), keys=strange)
    name = lay(shared, made, lambda label, body: seal(body, label, strange, stranger))
    assert_left_aside(shared, b, name, Trouble.FOREIGN)


def test_random_bytes_under_a_valid_name_are_named_and_left_aside(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    name = shared.put(batch_label(ROBOT, 1, 1, "0" * 32), b"\x00" * 700)
    assert_left_aside(shared, b, name, Trouble.FOREIGN)


def test_an_object_repeated_under_another_name_is_named_and_left_aside(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    content = shared.server.objects["l", shared.only("b")]
    name = shared.put(batch_label(id_of(a), 2, 2, "0" * 32), content)
    assert_left_aside(shared, b, name, Trouble.FOREIGN)
    assert nicknames(b).keys() == {"d1", "still works"}


def test_nobody_writes_under_another_s_name(shared: Shared) -> None:
    a, b = shared.pair()
    c = shared.computer("C")
    a.add(make.device("d1"))
    settle(a, b, c)
    [own] = a.store.chains("")
    line = line_of(entry(1, (None, make.device("forged"))))
    made = bundle(id_of(a), line, keys=keys_of(b), first=2, before=own[1])
    name = lay(shared, made, lambda label, body: sealed_by(b, label, body))
    assert_left_aside(shared, c, name, Trouble.FOREIGN)
    report = a.round()
    assert [each.about for each in report.findings if each.trouble is Trouble.FOREIGN] == [name]
    assert report.complete
    assert "forged" not in nicknames(a) | nicknames(c)


def test_a_card_a_summary_and_a_complaint_under_another_s_name_are_not_believed(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    card = {"v": 1, "name": "Mallory", "person": "m", "receiver": "AA==", "at": "2030-01-01T00:00:00+00:00"}
    names = [
        shared.put(label, sealed_by(b, label, compact(body)))
        for label, body in {
            f"c-{id_of(a)}": card,
            f"s-{id_of(a)}-0000000001": {"v": 1, "at": card["at"], "parts": []},
        }.items()
    ]
    report = b.round()
    assert {each.about for each in report.findings if each.trouble is Trouble.FOREIGN} == set(names)
    assert {each.name for each in b.sync.status().computers} == {"A", "B"}


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b'{"v":1}',
        compact({"v": 1, "at": "2026-01-01T00:00:00+00:00", "seen": {}, "ranges": [[ROBOT, 0, 0, "", ""]]}) + b"\n{}",
        compact({"v": 1, "at": "soon", "seen": {}, "ranges": []}),
        compact({"v": 1, "at": "2026-01-01T00:00:00+00:00", "seen": [], "ranges": []}),
        b"",
    ],
)
def test_a_batch_that_makes_no_sense_is_named_and_left_aside(shared: Shared, body: bytes) -> None:
    a, b = shared.pair()
    settle(a, b)
    label = batch_label(id_of(a), 1, 1, "0" * 32)
    name = shared.put(label, sealed_by(a, label, body))
    assert_left_aside(shared, b, name, Trouble.FOREIGN)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[1,2]",
        compact(["ffffffffffffffff0000000000", "x", "x", "x", "x", None, []]),
        compact(["no stamp", "x", "x", "x", "x", None, []]),
        compact(
            ["0" * 26, "x", "x", "x", "x", None, [["devices", "d1", None, 1 << 70, None, '{"id":"d1","model":"x"}']]]
        ),
        compact(["0" * 26, "x", "x", "x", "x", None, [["devices", "d1", None, 1, None, "text"]]]),
        compact(
            ["0" * 26, "x", "x", "x", "x", None, [["devices", "d1", None, 1, None, '{"id":"d1","model":"\\ud800"}']]]
        ),
        b'["00000000000000000000000000","\\ud800","x","x","x",null,[]]',
        compact(["0" * 26, "x", "x", "x", "x", None, [["attachments", "f1", None, 1, None, "[]"]]]),
    ],
)
def test_an_entry_that_makes_no_sense_is_named_and_left_aside(shared: Shared, line: bytes) -> None:
    a, b = shared.pair()
    settle(a, b)
    made = bundle(id_of(a), line, keys=keys_of(a))
    name = lay(shared, made, lambda label, body: sealed_by(a, label, body))
    assert_left_aside(shared, b, name, Trouble.FOREIGN)


def test_names_that_look_like_objects_and_are_none_do_no_harm(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    proof = "0" * 32
    for name in (
        f"q-x-{proof}.hp", f"q-{ROBOT}-{proof}.hp", f"s-x-{proof}.hp", f"p-x-{proof}.hp", f"c-x-{proof}.hp",
        f"k-x-{proof}.hp", f"k-999999-999999-{proof}.hp", f"z-new-kind-{proof}.hp", "README.txt", "b-.hp", ".hp",
    ):  # fmt: skip
        shared.server.objects["l", name] = b"anything"
    a.add(make.device("d1"))
    settle(a, b)
    agree(a, b)
    for _ in range(3):
        a.round()
    assert a.round().requests <= 2


def test_a_batch_of_a_newer_format_is_refused_without_harm_and_all_else_goes_on(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("newer"))
    with monkeypatch.context() as patch:
        patch.setattr(batch, "VERSION", 2)
        a.round()
    c = shared.computer("C")
    c.add(make.device("of-c"))
    c.round()
    report = b.round()
    assert (report.complete, Trouble.NEWER in troubles(report)) == (True, True)
    assert set(nicknames(b)) == {"of-c"}
    b.add(make.device("of-b"))
    settle(b, c)
    assert set(nicknames(c)) == {"of-b", "of-c"}
    with monkeypatch.context() as patch:  # the program is brought up to date
        patch.setattr(batch, "VERSION", 2)
        patch.setattr("homepoint.sync.session.VERSION", 2)
        settle(b, c)
    assert set(nicknames(b)) == set(nicknames(c)) == {"newer", "of-b", "of-c"}


def test_an_object_of_a_newer_magic_is_refused_without_harm(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.add(make.device("newer"))
    with monkeypatch.context() as patch:
        patch.setattr(cipher, "MAGIC", b"HPO2")
        a.round()
    report = b.round()
    assert (report.complete, Trouble.NEWER in troubles(report)) == (True, True)
    assert nicknames(b) == {}


def test_a_key_object_of_a_newer_format_stops_the_round_and_harms_nothing(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    settle(a, b)
    with monkeypatch.context() as patch:
        patch.setattr("homepoint.sync.keys.VERSION", 2)
        patch.setattr(batch, "VERSION", 2)
        a.sync.change_passphrase("another four words")
    keys.read.cache_clear()  # what this process read as its own newer self
    objects = shared.kept()
    b.add(make.device("d2"))
    report = b.round()
    assert (report.complete, troubles(report), report.sent) == (False, {Trouble.NEWER}, 0)
    assert shared.server.objects == objects
    newcomer = shared.computer("C", joins=False)
    with pytest.raises(Exception, match="newer"):
        newcomer.join("another four words")


def test_a_key_of_another_library_stops_the_round(shared: Shared) -> None:
    a = shared.computer("A")
    a.round()
    mine = shared.kept()
    shared.server.objects.clear()
    other = Shared()
    with other:
        other.server = shared.server
        other.computer("X")
    theirs = shared.kept()
    for _ in range(3):
        report = a.round()
        assert (report.complete, Trouble.FOREIGN in troubles(report), report.sent) == (False, True, 0)
        assert shared.server.objects == theirs
    shared.server.objects = theirs | mine
    report = a.round()
    assert (report.complete, Trouble.FOREIGN in troubles(report)) == (True, True)


def test_an_old_key_under_a_greater_number_hides_no_newer_one(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    old = shared.server.objects["l", shared.only("k")]
    shared.put(keys.label_of_key(7, 7), old)
    a.sync.change_passphrase("another four words")
    shared.put(keys.label_of_key(7, 7), old)
    settle(b, a)
    c = shared.computer("C", joins=False)
    c.join("another four words")


@pytest.mark.parametrize("slot", [{"by": "computer"}, {"by": "passphrase", "salt": "!", "locked": "!"}, {"by": "new"}])
def test_a_malformed_slot_of_a_key_object_opens_nothing_and_breaks_nothing(
    shared: Shared, slot: dict[str, str]
) -> None:
    a = shared.computer("A")
    a.round()
    found = keys.read(shared.server.objects["l", shared.only("k")])
    me = a.sync._me(keys_of(a))
    content = keys.written(found.library, keys_of(a), 1, (slot, *found.slots), {}, me)
    shared.put(keys.label_of_key(0, 1), content)
    assert a.round().complete
    shared.computer("B").round()


def test_a_file_of_any_other_kind_can_lie_beside(shared: Shared) -> None:
    a, b = shared.pair()
    shared.server.objects["l", ".stfolder"] = b""
    shared.server.objects["l", "b-1.hp (conflicted copy)"] = b"x"
    a.add(make.device("d1"))
    settle(a, b)
    agree(a, b)


def test_the_label_of_an_object_is_bound_to_it(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    a.round()
    name = shared.only("b")
    content = shared.server.objects["l", name]
    body, writer = cipher.unseal(content, label_of(name), keys_of(a))
    assert json.loads(body.split(b"\n")[0])["v"] == 1
    assert writer == id_of(a)
    with pytest.raises(cipher.CannotOpen):
        cipher.unseal(content, f"{label_of(name)}0", keys_of(a))
