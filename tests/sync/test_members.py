"""Who shares the library: joining, invitations, passphrases, and computers that are removed."""

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

from homepoint.application.problems import HomepointError
from homepoint.application.replication import Trouble
from homepoint.domain.recovery_code import _check, read_code
from homepoint.sync import keyfile
from homepoint.sync.batch import line_of
from homepoint.sync.cipher import CannotOpen, LibraryKeys, ReplicaKeys, seal, unseal
from homepoint.sync.keys import new_code
from homepoint.sync.names import label_of
from homepoint.sync.remote import RemoteError
from tests import builders as make
from tests.storage.test_replication import entry
from tests.sync.replicas import PASSPHRASE, PLACE, Replica, settle
from tests.sync.shared import Shared, agree, id_of, keys_of, nicknames, sealed_by, troubles
from tests.sync.test_strangers import bundle, lay

NEW = "another four words and more"


@pytest.fixture
def shared() -> Iterator[Shared]:
    with Shared() as opened:
        yield opened


# Joining.


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_the_recovery_code_opens_the_library_however_it_is_typed(shared: Shared, typed: object) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    a.round()
    b = shared.computer("B", joins=False)
    b.join(typed(shared.code))  # type: ignore[operator]  # a function of text
    settle(b)
    agree(a, b)


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    code = "0" * 26
    whole = code + _check(code)
    assert read_code(whole.replace("0", "O")) == read_code(whole) == code
    assert read_code(whole.replace("1", "l").replace("0", "o")) == code


def test_a_slip_in_a_recovery_code_is_noticed_before_anything_is_tried() -> None:
    code = new_code()
    assert read_code(code) is not None
    digits = code.replace("-", "")
    slips = 0
    for place in range(len(digits)):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            slipped = digits[:place] + other + digits[place + 1 :]
            slips += other != digits[place] and read_code(slipped) is not None
    assert slips <= 3, "one slip in about a thousand may pass the check digits"
    assert read_code(digits[:-1]) is None
    assert read_code("four words and a comma") is None


@pytest.mark.parametrize(
    "secret",
    ["four words and a coma", "0000-0000", new_code(), ""],
    ids=["a slip", "too short", "another library's code", "nothing"],
)
def test_a_wrong_secret_is_told_and_leaves_nothing(shared: Shared, secret: str) -> None:
    shared.computer("A").round()
    b = shared.computer("B", joins=False)
    objects = shared.kept()
    with pytest.raises(HomepointError, match="does not open the library"):
        b.join(secret)
    assert not b.sync.status().is_set_up
    assert shared.server.objects == objects


def test_an_invitation_and_its_pin_let_a_computer_in(shared: Shared) -> None:
    a = shared.computer("A")
    a.add(make.device("d1"))
    a.round()
    line = a.sync.invitation("123456")
    b = shared.computer("B", joins=False)
    with pytest.raises(HomepointError, match="PIN does not fit"):
        b.sync.accept(line, "123457", "password")
    with pytest.raises(HomepointError, match="no invitation"):
        b.sync.accept(line[:-30] + ".", "123456", "password")
    b.sync.accept(line, "123456", "password")
    settle(b)
    agree(a, b)
    assert PLACE.address not in a.sync.invitation("123456"), "the address is not read by chance"


def test_an_invitation_from_before_a_change_of_the_key_is_told_to_be_old(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    line = a.sync.invitation("123456")
    a.sync.remove("B", NEW)
    c = shared.computer("C", joins=False)
    with pytest.raises(HomepointError, match="no longer valid"):
        c.sync.accept(line, "123456", "password")


def test_a_place_with_a_library_is_not_set_up_again(shared: Shared) -> None:
    shared.computer("A")
    b = shared.computer("B", joins=False)
    objects = shared.kept()
    with pytest.raises(HomepointError, match="already"):
        b.set_up()
    assert shared.server.objects == objects


def test_leaving_and_joining_again_keeps_everything(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    settle(a, b)
    b.sync.leave()
    b.add(make.device("d3"))
    assert not b.sync.status().is_set_up
    b.join()
    settle(b, a)
    agree(a, b)
    assert set(nicknames(a)) == {"d1", "d2", "d3"}


def test_leaving_for_another_place_sends_everything_there(shared: Shared) -> None:
    a, b = shared.pair()
    a.add(make.device("d1"))
    b.add(make.device("d2"))
    settle(a, b)
    a.sync.leave()
    shared.server.objects.clear()
    a.set_up()
    settle(a)
    c = shared.computer("C")
    settle(c)
    agree(a, c)


# Passphrases.


def test_after_a_change_of_the_passphrase_the_old_one_opens_nothing_and_nobody_else_types_anything(
    shared: Shared,
) -> None:
    a, b = shared.pair()
    settle(a, b)
    a.sync.change_passphrase(NEW)
    b.add(make.device("d1"))
    settle(a, b)
    agree(a, b)
    c = shared.computer("C", joins=False)
    with pytest.raises(HomepointError, match="does not open"):
        c.join(PASSPHRASE)
    c.join(NEW)
    d = shared.computer("D", joins=False)
    d.join(shared.code)  # the recovery code stays


def test_an_old_key_object_that_shows_up_again_is_removed(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    old = shared.only("k")
    content = shared.server.objects["l", old]
    a.sync.change_passphrase(NEW)
    shared.server.objects["l", old] = content
    settle(b, a)
    settle(b, a)
    assert old not in shared.server.names()


def test_of_two_changes_of_the_passphrase_at_once_one_counts_and_rounds_stay_cheap(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    before = shared.kept()
    a.sync.change_passphrase(NEW)
    of_a = shared.kept()
    shared.server.objects = before
    b.sync.change_passphrase("yet another four words")
    shared.server.objects = {**of_a, **shared.server.objects}
    settle(a, b)
    settle(a, b)
    assert len(shared.server.names(kind="k")) == 1
    assert [a.round().requests, b.round().requests] == [1, 1]
    c = shared.computer("C", joins=False)
    c.join(shared.code)


def test_a_short_passphrase_is_refused(shared: Shared) -> None:
    a = shared.computer("A", joins=False)
    with pytest.raises(HomepointError, match="shorter"):
        a.sync.set_up(PLACE, "password", "short")
    assert shared.server.objects == {}


def test_without_its_key_a_computer_stops_and_goes_on_with_the_passphrase(shared: Shared) -> None:
    a, b = shared.pair()
    settle(a, b)
    b.secrets.clear()
    b.add(make.device("d1"))
    report = b.round()
    assert (report.complete, troubles(report), report.waiting) == (False, {Trouble.LOCKED}, 1)
    with pytest.raises(HomepointError, match="does not open"):
        b.sync.unlock("not the passphrase", "password")
    b.sync.unlock(PASSPHRASE, "password")
    settle(b, a)
    agree(a, b)


# Removing a computer.


def three(shared: Shared) -> tuple[Replica, Replica, Replica]:
    a, b = shared.pair()
    c = shared.computer("C")
    for computer in (a, b, c):
        computer.add(make.device(f"of-{computer.name}"))
    settle(a, b, c)
    return a, b, c


def test_a_removed_computer_says_so_and_can_neither_read_nor_write_any_more(shared: Shared) -> None:
    a, b, c = three(shared)
    old = keys_of(c)
    a.sync.remove("C", NEW)
    a.add(make.device("secret"))
    settle(a, b)
    objects = shared.kept()
    c.add(make.device("unwelcome"))
    report = c.round()
    assert (report.complete, troubles(report), report.sent, report.received) == (False, {Trouble.REMOVED}, 0, 0)
    assert shared.server.objects == objects
    assert "secret" not in nicknames(c)
    for (folder, name), content in objects.items():
        if folder == "l" and not name.startswith("k-"):
            with pytest.raises(CannotOpen):
                unseal(content, label_of(name), old)
    settle(a, b)
    assert "unwelcome" not in nicknames(a) | nicknames(b)


def test_the_key_is_another_one_and_nothing_sealed_with_the_old_one_stays(shared: Shared) -> None:
    a, b, _ = three(shared)
    source = shared.folder / "photo.jpg"
    source.write_bytes(b"a photo")
    stored = b.evidence.take_in(source)
    b.add(make.attachment(sha256=stored.sha256))
    settle(b, a)
    before = shared.kept()
    a.sync.remove("C", NEW)
    assert len(keys_of(a).epochs) == 2
    assert not before.keys() & shared.server.objects.keys()
    newcomer = shared.computer("D", joins=False)
    newcomer.join(NEW)
    settle(a, b, newcomer)
    agree(a, b, newcomer)
    assert newcomer.evidence.path(stored.sha256).read_bytes() == b"a photo"


def test_the_others_go_on_without_typing_anything(shared: Shared) -> None:
    a, b, c = three(shared)
    d = shared.computer("D")
    settle(a, b, c, d)
    b.add(make.device("unsent"))
    code = a.sync.remove("C", NEW)
    settle(b, d, a)
    agree(a, b, d)
    assert {each.name for each in b.sync.status().computers} == {"A", "B", "D"}
    newcomer = shared.computer("E", joins=False)
    with pytest.raises(HomepointError, match="does not open"):
        newcomer.join(PASSPHRASE)
    with pytest.raises(HomepointError, match="does not open"):
        newcomer.join(shared.code)
    newcomer.join(code)
    settle(newcomer)
    agree(a, newcomer)


def test_a_removed_computer_that_is_welcome_again_joins_with_all_it_wrote_meanwhile(shared: Shared) -> None:
    a, b, c = three(shared)
    a.sync.remove("C", NEW)
    c.add(make.device("meanwhile"))
    c.round()
    c.sync.leave()
    c.join(NEW)
    settle(c, a, b)
    agree(a, b, c)
    assert "meanwhile" in nicknames(b)


def test_a_removed_computer_that_is_given_the_new_passphrase_goes_on_under_another_name(shared: Shared) -> None:
    a, b, c = three(shared)
    old = id_of(c)
    a.sync.remove("C", NEW)
    c.add(make.device("meanwhile"))
    c.round()
    c.sync.unlock(NEW)
    settle(c, a, b)
    assert id_of(c) != old
    agree(a, b, c)
    assert "meanwhile" in nicknames(b)


def test_what_a_removed_computer_sent_at_the_last_moment_to_one_other_reaches_all(shared: Shared) -> None:
    a, b, c = three(shared)
    c.add(make.device("last words"))
    before = shared.kept()
    c.round()
    b.round()
    after = shared.kept()
    shared.server.objects = before  # the one who removes it does not see them
    a.sync.remove("C", NEW)
    shared.server.objects = {**{name: after[name] for name in after if name not in before}, **shared.server.objects}
    settle(a, b)
    settle(a, b)
    agree(a, b)
    assert "last words" in nicknames(a)


def test_batches_that_nobody_has_read_survive_a_change_of_the_key(shared: Shared) -> None:
    a, b, _ = three(shared)
    b.add(make.device("unread"))
    hidden = shared.kept()
    b.round()
    batches = {name: content for name, content in shared.server.objects.items() if name not in hidden}
    begin = keyfile.begin_change

    def arrives_now(session: object, old_key: bytes) -> None:
        shared.server.objects |= batches
        session.listing |= {name: len(content) for (_, name), content in batches.items()}  # type: ignore[attr-defined]  # a Session
        begin(session, old_key)  # type: ignore[arg-type]  # a Session

    for name in batches:
        del shared.server.objects[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("homepoint.sync.synchroniser.begin_change", arrives_now)
        a.sync.remove("C", NEW)
    assert batches.keys() <= shared.server.objects.keys()
    newcomer = shared.computer("D", joins=False)
    newcomer.join(NEW)
    newcomer.round()
    assert "unread" in nicknames(newcomer)


@pytest.mark.parametrize("at", range(1, 16))
def test_removing_a_computer_can_break_off_at_any_request_and_goes_on(shared: Shared, at: int) -> None:
    a, b, c = three(shared)
    count = 0

    def fail(verb: str, folder: str, name: str) -> None:
        nonlocal count
        count += 1
        if count == at:
            raise RemoteError(Trouble.OFFLINE, "no answer")

    shared.server.before = fail
    with suppress(HomepointError):
        a.sync.remove("C", NEW)
    shared.server.before = lambda verb, folder, name: None
    if "C" in {each.name for each in a.sync.status().computers}:
        a.sync.remove("C", NEW)
    settle(a, b)
    settle(a, b)
    agree(a, b)
    assert Trouble.REMOVED in troubles(c.round())
    newest = LibraryKeys((keys_of(a).newest,))
    for name in shared.server.names():
        if not name.startswith("k-"):
            unseal(shared.server.objects["l", name], label_of(name), newest)


def test_a_removed_computer_cannot_come_back_under_a_new_name_with_the_old_key(shared: Shared) -> None:
    a, b, c = three(shared)
    old = keys_of(c)
    a.sync.remove("C", NEW)
    settle(a, b)
    disguised = ReplicaKeys.of(old, os.urandom(32))
    made = bundle(disguised.replica, line_of(entry(1, (None, make.device("forged")))), keys=old)
    name = lay(shared, made, lambda label, body: seal(body, label, old, disguised))
    report = b.round()
    assert [each.about for each in report.findings if each.trouble is Trouble.FOREIGN] == [name]
    assert "forged" not in nicknames(b)


def test_two_computers_that_change_the_key_at_once_come_together_again(shared: Shared) -> None:
    a, b, c = three(shared)
    d = shared.computer("D")
    settle(a, b, c, d)
    before = shared.kept()
    a.sync.remove("C", NEW)
    of_a = shared.kept()
    shared.server.objects = before
    b.sync.remove("C", "yet another four words")
    shared.server.objects = {**of_a, **shared.server.objects}
    a.add(make.device("of-a later"))
    b.add(make.device("of-b later"))
    settle(a, b, d)
    settle(d, b, a)
    agree(a, b, d)
    assert keys_of(a).newest == keys_of(b).newest == keys_of(d).newest
    for name in shared.server.names():
        if not name.startswith("k-"):
            unseal(shared.server.objects["l", name], label_of(name), keys_of(a))


def test_a_computer_is_told_apart_by_its_id_where_two_have_one_name(shared: Shared) -> None:
    a = shared.computer("A")
    b = shared.computer("B")
    twin = shared.computer("T")
    twin.sync._computer = "B"
    settle(a, b, twin)
    with pytest.raises(HomepointError, match="More than one computer"):
        a.sync.remove("B", NEW)
    with pytest.raises(HomepointError, match="No other computer"):
        a.sync.remove("X", NEW)
    a.sync.remove(id_of(twin), NEW)
    settle(a, b)
    assert Trouble.REMOVED in troubles(twin.round())


def test_a_card_that_is_seen_half_way_is_read_when_it_is_whole(shared: Shared) -> None:
    a, b = shared.pair()
    b.round()
    [name] = shared.server.names(kind=f"c-{id_of(b)}")
    content = shared.server.objects["l", name]
    shared.server.objects["l", name] = content[:50]
    a.round()
    assert "B" not in {each.name for each in a.sync.status().computers}
    shared.server.objects["l", name] = content
    a.round()
    assert "B" in {each.name for each in a.sync.status().computers}


def test_a_member_s_malformed_card_does_not_hinder_a_removal(shared: Shared) -> None:
    a, b, _ = three(shared)
    card = b'{"v":1,"name":"B","person":"b","receiver":"!","at":"2030-01-01T00:00:00+00:00"}'
    shared.put(f"c-{id_of(b)}", sealed_by(b, f"c-{id_of(b)}", card))
    a.sync.remove("C", NEW)
    settle(a, b)
    agree(a, b)
