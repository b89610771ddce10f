"""The keyring seen from inside: which stores are trusted, what each failure says, and that nothing waits for ever."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import InitError, KeyringLocked, PasswordSetError

from homepoint.application.problems import HomepointError
from homepoint.system.secrets import (
    SEALED_NAME,
    KeptIn,
    LastingSecrets,
    MemorySecrets,
    OwnersSecrets,
    keyring_state,
    secrets_for,
)
from homepoint.system.secrets_keyring import KeyringSecrets
from homepoint.system.secrets_seal import Cost
from homepoint.system.secrets_sealed import SealedSecrets
from homepoint.system.secrets_waiting import NoAnswerError, PatientAsking


class _Store(KeyringBackend):
    """Keeps secrets in memory; with a `fault` it raises that instead."""

    priority = 5

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.kept: dict[tuple[str, str], str] = {}
        self._fault = fault

    def set_password(self, service: str, username: str, password: str) -> None:
        if self._fault:
            raise self._fault
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class _PlaintextStore(_Store):
    """Keeps secrets where anyone can read them."""


class _LowStore(_Store):
    priority = 0.5  # type: ignore[assignment]  # the base class computes it


class _ForgetfulStore(_Store):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class _StubbornStore(_Store):
    """Forgets nothing."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class _BlockedStore(_Store):
    """Blocks as a keyring does while it asks for its password in another window."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        assert self.answered.wait(60)
        return super().get_password(service, username)


class _Chain(_Store):
    priority = 10

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(backends)


class PromptDismissedException(Exception):  # noqa: N818  # its name is what secretstorage calls it
    """As secretstorage raises it."""


def _none() -> KeyringBackend:
    return NoKeyring()  # type: ignore[no-untyped-call]  # keyring leaves it untyped


def _null() -> KeyringBackend:
    return NullKeyring()  # type: ignore[no-untyped-call]  # as above


def _cheap(folder: Path, store: KeyringBackend) -> OwnersSecrets:
    """As `secrets_for`, with a sealed file that costs no time to open."""
    cost = Cost(memory_kib=8, passes=1, lanes=1)
    return OwnersSecrets(KeyringSecrets(store), SealedSecrets(folder / SEALED_NAME, cost=cost))


@pytest.fixture
def blocked() -> Iterator[_BlockedStore]:
    """A store that answers only when the test is over, so that no thread outlives it."""
    made = _BlockedStore()
    yield made
    made.answered.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(10)


def test_a_keyring_that_gives_back_what_it_was_given_is_usable_and_left_as_it_was() -> None:
    store = _Store()
    assert keyring_state(store).is_usable
    assert store.kept == {}


@pytest.mark.parametrize(
    ("store", "problem", "advice"),
    [
        (_none(), "This session has no keyring.", "Start a keyring"),
        (_null(), "does not protect secrets", "Start a keyring"),
        (_Store(InitError("Prompt dismissed")), "nobody could unlock it", "Unlock it"),
        (_Store(KeyringLocked("dismissed")), "unlocking was refused", "Unlock it"),
        (_Store(PromptDismissedException("dismissed")), "unlocking was refused", "Unlock it"),
        (_Store(PasswordSetError("hunter2 refused")), "The keyring refused (PasswordSetError).", "Unlock it"),
        (_Store(OSError("hunter2 refused")), "The keyring refused (OSError).", "Unlock it"),
        (_ForgetfulStore(), "does not give back", "Unlock it"),
        (_StubbornStore(), "still holds", "Remove"),
        (_LowStore(), "_LowStore does not protect secrets", "Start a keyring"),
        (_PlaintextStore(), "_PlaintextStore does not protect secrets", "Start a keyring"),
        (_Chain(_PlaintextStore(), _LowStore()), "_PlaintextStore does not protect", "Start a keyring"),
    ],
    ids=["none", "null", "locked", "refused", "dismissed", "set", "os", "lies", "keeps", "low", "plain", "chain"],
)
def test_a_keyring_that_fails_is_named_with_what_to_do(store: KeyringBackend, problem: str, advice: str) -> None:
    state = keyring_state(store)
    assert not state.is_usable
    assert problem in state.problem
    assert state.advice.startswith(advice)
    assert "hunter2" not in state.problem + state.advice, "a store's own words may quote what it was given"


def test_of_a_chain_only_the_part_that_protects_is_ever_asked() -> None:
    strong, low, plain = _Store(), _LowStore(), _PlaintextStore()
    low.kept["Homepoint", "old"] = "readable by anyone"
    secrets = KeyringSecrets(_Chain(plain, low, strong))
    secrets.set("a", "b")
    assert strong.kept == {("Homepoint", "a"): "b"}
    assert plain.kept == {}
    assert secrets.get("old") is None


def _reads(secrets: KeyringSecrets) -> None:
    secrets.get("a")


def _writes(secrets: KeyringSecrets) -> None:
    secrets.set("a", "b")


def _forgets(secrets: KeyringSecrets) -> None:
    secrets.delete("a")


@pytest.mark.parametrize("act", [_reads, _writes, _forgets])
def test_a_keyring_that_blocks_is_given_up_in_time(
    blocked: _BlockedStore, act: Callable[[KeyringSecrets], None]
) -> None:
    with pytest.raises(HomepointError, match="has not answered") as told:
        act(KeyringSecrets(blocked, patience_s=0.05))
    assert "another window" in told.value.advice


def test_while_a_keyring_blocks_no_second_question_is_put_to_it(blocked: _BlockedStore) -> None:
    secrets = KeyringSecrets(blocked, patience_s=0.05)
    for _ in range(3):
        with pytest.raises(HomepointError, match="has not answered"):
            secrets.get("a")
    assert len([each for each in threading.enumerate() if each.name == "keyring"]) == 1


def test_a_keyring_that_was_answered_late_is_used_at_the_next_try() -> None:
    store = _BlockedStore()
    secrets = KeyringSecrets(store, patience_s=0.05)
    with pytest.raises(HomepointError, match="has not answered"):
        secrets.set("a", "b")
    store.answered.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(10)
    assert secrets.get("a") == "b"


def test_what_a_question_raises_reaches_whoever_asked_even_a_timeout_of_its_own() -> None:
    def fails() -> None:
        raise TimeoutError("mine")

    asking = PatientAsking(5)
    with pytest.raises(TimeoutError, match="mine"):
        asking.ask(fails)
    assert asking.ask(lambda: 7) == 7
    assert not issubclass(NoAnswerError, TimeoutError)


def test_memory_keeps_a_secret_for_this_run_only() -> None:
    secrets = MemorySecrets()
    secrets.set("a", "b")
    assert secrets.get("a") == "b"
    secrets.delete("a")
    secrets.delete("a")
    assert secrets.get("a") is None
    assert MemorySecrets().get("a") is None


def test_with_a_keyring_that_is_where_secrets_go_and_no_file_is_made(tmp_path: Path) -> None:
    store = _Store()
    secrets = secrets_for(tmp_path, store)
    secrets.set("sync/1/key", "K")
    assert store.kept == {("Homepoint", "sync/1/key"): "K"}
    assert secrets.place().kept_in is KeptIn.KEYRING
    assert secrets.place().sentence.startswith("kept in the system's keyring (")
    with pytest.raises(HomepointError, match="has a keyring"):
        secrets.keep_in_sealed_file("four words are good")
    assert list(tmp_path.iterdir()) == []


def test_without_a_keyring_secrets_are_asked_for_until_the_owner_chooses_a_file(tmp_path: Path) -> None:
    secrets = secrets_for(tmp_path, _none())
    secrets.set("a", "kept in memory")
    assert secrets.place().sentence == "asked for at each start"
    assert secrets.place().why_no_keyring == "This session has no keyring."
    assert list(tmp_path.iterdir()) == [], "no file without the owner's word"

    secrets.keep_in_sealed_file("four words are good")
    assert secrets.place().sentence == "in an encrypted file in the data folder"
    assert secrets.get("a") == "kept in memory"

    later = secrets_for(tmp_path, _none())
    assert later.place().kept_in is KeptIn.SEALED_FILE
    with pytest.raises(HomepointError, match="locked"):
        later.get("a")
    later.sealed.open("four words are good")
    assert later.get("a") == "kept in memory"

    later.ask_at_each_start()
    assert later.place().kept_in is KeptIn.MEMORY
    assert later.get("a") == "kept in memory", "for this run"
    assert list(tmp_path.iterdir()) == []
    assert secrets_for(tmp_path, _none()).get("a") is None


def test_a_file_made_without_a_keyring_moves_into_one_that_comes_later(tmp_path: Path) -> None:
    before = _cheap(tmp_path, _none())
    before.keep_in_sealed_file("four words are good")
    before.set("old", "1")
    before.set("both", "from the file")
    store = _Store()
    store.kept["Homepoint", "both"] = "from the keyring"
    secrets = _cheap(tmp_path, store)
    with pytest.raises(HomepointError, match="does not open"):
        secrets.move_into_keyring("not these words")
    assert secrets.sealed.exists
    secrets.move_into_keyring("four words are good")
    assert store.kept == {("Homepoint", "old"): "1", ("Homepoint", "both"): "from the keyring"}
    assert list(tmp_path.iterdir()) == []


def test_without_a_keyring_there_is_nothing_to_move_into(tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="no keyring to move"):
        secrets_for(tmp_path, _none()).move_into_keyring("four words are good")


def test_a_keyring_that_blocks_is_asked_again_and_memory_is_not_used_instead(
    blocked: _BlockedStore, tmp_path: Path
) -> None:
    secrets = secrets_for(tmp_path, blocked, patience_s=0.05)
    for _ in range(2):
        with pytest.raises(HomepointError, match="has not answered"):
            secrets.set("a", "b")
    assert blocked.kept == {("Homepoint", "a"): "b"}, "the store took it before it blocked"


def test_what_passed_through_is_known_for_the_log_to_hide(tmp_path: Path) -> None:
    store = _Store()
    store.kept["Homepoint", "kept"] = "from before"
    secrets = secrets_for(tmp_path, store)
    secrets.set("new", "of today")
    secrets.get("kept")
    secrets.get("missing")
    assert secrets.seen() == {"from before", "of today"}


def test_what_must_outlast_this_run_is_refused_where_only_memory_is_left(tmp_path: Path) -> None:
    secrets = _cheap(tmp_path, _none())
    lasting = LastingSecrets(secrets)
    with pytest.raises(HomepointError, match="no keyring") as refused:
        lasting.set("plan/x/p1/activation-code", "code")
    assert "encrypted file" in refused.value.advice
    assert lasting.get("plan/x/p1/activation-code") is None
    lasting.delete("plan/x/p1/activation-code")
    secrets.keep_in_sealed_file("four words are good")
    lasting.set("plan/x/p1/activation-code", "code")
    assert lasting.get("plan/x/p1/activation-code") == "code"
    assert "code" in secrets.seen()


def test_what_must_outlast_this_run_goes_to_the_keyring(tmp_path: Path) -> None:
    store = _Store()
    LastingSecrets(secrets_for(tmp_path, store)).set("a", "code")
    assert store.kept == {("Homepoint", "a"): "code"}
