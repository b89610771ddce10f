"""What the keeper of the objects sees: nothing of what they hold, and no bit of them changes unnoticed."""

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from homepoint.sync import batch, cipher, keys
from homepoint.sync.batch import bundle_of, entries_of
from homepoint.sync.cipher import CannotOpen, LibraryKeys, ReplicaKeys, padded, unseal, unseal_evidence
from homepoint.sync.names import is_proved, kind_of, label_of
from tests import builders as make
from tests.sync.replicas import PASSPHRASE, settle
from tests.sync.shared import Shared, id_of, keys_of, troubles

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


def secrets_of(plain: Any) -> set[str]:
    """Return every text in plain values that could tell something: those of four characters and more."""
    if isinstance(plain, dict):
        return {each for value in plain.values() for each in secrets_of(value)}
    if isinstance(plain, list):
        return {each for value in plain for each in secrets_of(value)}
    return {plain} if isinstance(plain, str) and len(plain) >= 4 else set()


def readable(content: bytes) -> Iterator[bytes]:
    """Return the bytes of an object, and whatever unpacks from any place in it."""
    yield content
    for begin in range(len(content)):
        for bits in (15, -15, 31):
            try:
                found = zlib.decompressobj(bits).decompress(content[begin:], 1 << 16)
            except zlib.error:
                continue
            if len(found) > 16:
                yield found
    for piece in content.replace(b'"', b"\n").split(b"\n"):
        try:
            yield base64.b64decode(piece, validate=True)
        except ValueError:
            continue


def full(shared: Shared) -> set[str]:
    """Fill a library with everything that could leak, send it, and return the texts that may be seen nowhere."""
    a, b = shared.computer("Workshop-Laptop"), shared.computer("Attic-Desktop")
    content = b"JFIF the photo itself, in plain bytes"
    (shared.folder / "crash-on-roof.jpg").write_bytes(content)
    stored = a.evidence.take_in(shared.folder / "crash-on-roof.jpg")
    a.add(*make.one_of_each())
    a.add(make.attachment("f2", name="crash-on-roof.jpg", sha256=stored.sha256, size=stored.size))
    a.library.set_marks("reminders", {"a very private reminder": '"2026-05-04"'}, a.now)
    b.add(make.account("a9", label="private label", email="owner@example.org"))
    settle(a, b)
    a.sync.invitation("123456")
    told = {each for fact in a.facts() for each in secrets_of(fact)}
    said = {"Workshop-Laptop", "workshop-laptop", "Attic-Desktop", "a very private reminder", PASSPHRASE, shared.code}
    return told | said | {stored.sha256, content.decode()} | set(a.titles())


def test_no_object_and_no_name_shows_anything_of_what_it_holds(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(b"in clear text" in each for each in readable(b"..." + zlib.compress(b"this is in clear text") + b"..."))
    secrets = full(shared)
    monkeypatch.setattr("homepoint.sync.tidy.SUMMED_UP_AFTER", 1)
    for computer in shared.computers:
        computer.move(days=1)
        settle(computer)
    shared.computers[0].sync.remove("Attic-Desktop", "another four words and more")
    assert {kind_of(name) for name in shared.server.names()} >= {"k", "c", "s", "p"}
    assert {"1581f6z9c24au0034srd", "x@example.org", "owner@example.org", "crash-on-roof.jpg"} <= {
        each.strip() for each in secrets
    }
    for (_, name), content in shared.server.objects.items():
        for piece in (name.encode(), *readable(content)):
            for secret in secrets:
                for form in (secret, json.dumps(secret)[1:-1]):
                    assert form.encode() not in piece, (name, secret)
                    assert form.encode("utf-16-le") not in piece, (name, secret)


def test_equal_facts_give_unequal_objects(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device())
    me = a.sync._me(keys_of(a))
    sealed = [cipher.seal(b"the same", "b-x", keys_of(a), me) for _ in range(2)]
    assert sealed[0][12:] != sealed[1][12:]
    assert len({each[44:60] for each in sealed}) == 2


def test_sizes_say_little() -> None:
    assert padded(1) == padded(512) == 512
    for size in (513, 1_000, 10_000, 123_456, 4 << 20):
        assert size <= padded(size) <= size * 1.12 + 1
    assert len({padded(size) for size in range(10_000, 20_000)}) < 40


def test_one_bit_flipped_at_any_byte_of_any_object_is_noticed(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homepoint.sync.tidy.SUMMED_UP_AFTER", 0)
    a = shared.computer("A")
    a.add(make.device())
    a.move(days=1)
    for _ in range(4):
        a.round()
    kinds = set()
    for name in shared.server.names():
        content = shared.server.objects["l", name]
        kinds.add(kind_of(name))
        for place in range(len(content)):
            flipped = content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]
            assert not is_proved(name, flipped)
            if kind_of(name) == "k":
                with pytest.raises(CannotOpen):
                    keys.keys_of(keys.read(flipped), keys_of(a).newest)
            else:
                with pytest.raises(CannotOpen):
                    unseal(flipped, label_of(name), keys_of(a))
    assert kinds == {"b", "c", "k", "p", "s"}


@pytest.mark.parametrize("kind", ["b", "c", "k", "s", "p"])
def test_a_flipped_bit_is_named_by_a_check(shared: Shared, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homepoint.sync.tidy.SUMMED_UP_AFTER", 0)
    a = shared.computer("A")
    a.add(make.device())
    a.move(days=1)
    for _ in range(4):
        a.round()
    b = shared.computer("B")
    [name] = shared.server.names(kind=kind)
    content = shared.server.objects["l", name]
    shared.server.objects["l", name] = content[:99] + bytes([content[99] ^ 4]) + content[100:]
    report = b.sync.verify()
    assert [each.about for each in report.findings if each.trouble == "damaged"] == [name]


# Objects written once and opened for ever.


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / name).read_text())
    return found


def test_objects_of_the_first_format_are_opened_by_this_program() -> None:
    kept = golden("format-1.json")
    library = LibraryKeys(tuple(base64.b64decode(each) for each in kept["keys"]))
    me = ReplicaKeys.of(library, base64.b64decode(kept["salt"]))
    assert me.replica == kept["replica"]
    for name, text in kept["objects"].items():
        content = base64.b64decode(text)
        assert is_proved(name, content)
        if kind_of(name) == "k":
            found = keys.read(content)
            assert keys.keys_of(found, library.newest).epochs == library.epochs
            assert keys.key_by_secret(found, kept["passphrase"]) == library.newest
            assert keys.key_by_secret(found, kept["code"]) == library.newest
            assert keys.key_for_computer(found, me) == library.newest
            continue
        body, writer = unseal(content, label_of(name), library)
        assert writer == me.replica
        if kind_of(name) == "b":
            bundle = bundle_of(body)
            assert [batch.line_of(entry).decode() for entry in entries_of(bundle.lines)] == kept["lines"]
            assert _chained(bundle.lines, library) == bundle.ranges[0].after
    part = base64.b64decode(kept["evidence"]["content"])
    assert cipher.evidence_name(kept["evidence"]["sha256"], 0, library.newest) == kept["evidence"]["name"]
    assert unseal_evidence(part, 0, kept["evidence"]["sha256"], library) == (b"a photo", 1)


def _chained(lines: Sequence[bytes], library: LibraryKeys) -> str:
    """Return the chain value after a log's first lines."""
    return reduce(lambda value, line: cipher.chained(value, line, library.chain_key), lines, "")


def test_what_this_program_writes_is_what_the_format_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the format changed: then a version, a new golden file, and a reader of the old one are due."""
    kept = golden("format-1.json")
    assert (cipher.MAGIC, cipher.EVIDENCE_MAGIC, batch.VERSION, keys.VERSION) == (b"HPO1", b"HPA1", 1, 1)
    library = LibraryKeys(tuple(base64.b64decode(each) for each in kept["keys"]))
    me = ReplicaKeys.of(library, base64.b64decode(kept["salt"]))
    monkeypatch.setattr("os.urandom", lambda size: bytes(size))
    [name] = [name for name in kept["objects"] if kind_of(name) == "b"]
    [line, *_] = kept["lines"]
    entry = batch.entry_of(line.encode())
    span = batch.Range(replica=me.replica, first=1, last=1, before="", after=_chained([line.encode()], library))
    bundle = batch.Bundle(
        written_at="2026-05-04T10:00:00+00:00", seen={me.replica: 1}, ranges=(span,), lines=(batch.line_of(entry),)
    )
    content = cipher.seal(batch.body_of(bundle), label_of(name), library, me)
    body, _ = unseal(base64.b64decode(kept["objects"][name]), label_of(name), library)
    assert batch.body_of(bundle) == body
    assert unseal(content, label_of(name), library)[0] == body
    part = cipher.seal_evidence(b"a photo", 0, 1, kept["evidence"]["sha256"], library)
    assert base64.b64encode(part).decode() == kept["evidence"]["content"]


def test_the_names_of_logs_follow_from_keys_and_from_nothing_else(shared: Shared) -> None:
    a = shared.computer("A")
    assert id_of(a) == a.sync._me(keys_of(a)).replica
    assert troubles(a.round()) == set()
