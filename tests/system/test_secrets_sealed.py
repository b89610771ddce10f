"""The encrypted file: it gives back what it was given, notices every flipped byte, and survives a kill at any step."""

import hashlib
import json
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.system import secrets_sealed
from homepoint.system.secrets_seal import (
    Cost,
    DamagedSealError,
    NewerSealError,
    WrongPassphraseError,
    seal,
    unseal,
)
from homepoint.system.secrets_sealed import SealedSecrets

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
"""So that a test can make a thousand files."""
WORDS = "vier W\N{LATIN SMALL LETTER O WITH DIAERESIS}rter sind gut"
TEXTS = st.text(max_size=40)
PHRASES = st.text(min_size=8, max_size=20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secrets.sealed"


@pytest.fixture
def sealed(file: Path) -> SealedSecrets:
    made = SealedSecrets(file, cost=CHEAP)
    made.make(WORDS)
    return made


@given(secrets=st.dictionaries(TEXTS, TEXTS, max_size=5), phrase=PHRASES)
def test_what_is_sealed_comes_back_by_its_passphrase(secrets: dict[str, str], phrase: str) -> None:
    assert unseal(seal(secrets, phrase, CHEAP), phrase) == (secrets, CHEAP)


@given(phrase=PHRASES, other=PHRASES)
def test_no_other_passphrase_opens_it(phrase: str, other: str) -> None:
    file = seal({"a": "b"}, phrase, CHEAP)
    if unicodedata.normalize("NFC", phrase) == unicodedata.normalize("NFC", other):
        assert unseal(file, other)[0] == {"a": "b"}
    else:
        with pytest.raises(WrongPassphraseError):
            unseal(file, other)


@given(data=st.data())
def test_every_flipped_bit_is_noticed_and_said_to_be_damage(data: st.DataObject) -> None:
    file = bytearray(seal({"sync/1/key": "K" * 40}, WORDS, CHEAP))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedSealError):
        unseal(bytes(file), WORDS)


@given(data=st.data())
def test_every_flipped_bit_is_noticed_even_when_the_checksum_is_made_to_fit(data: st.DataObject) -> None:
    """Damage is found by a checksum that anyone can compute; a forger is found by the cipher."""
    body = bytearray(seal({"sync/1/key": "K" * 40}, WORDS, CHEAP)[:-32])
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((DamagedSealError, WrongPassphraseError, NewerSealError)):
        unseal(bytes(body) + hashlib.sha256(body).digest(), WORDS)


@given(length=st.integers(0, 700))
def test_a_file_cut_short_is_damaged(length: int) -> None:
    file = seal({"a": "b"}, WORDS, CHEAP)
    with pytest.raises(DamagedSealError):
        unseal(file[: min(length, len(file) - 1)], WORDS)


def _forged(**values: object) -> bytes:
    line, _, rest = seal({"a": "b"}, WORDS, CHEAP)[:-32].partition(b"\n")
    body = json.dumps({**json.loads(line), **values}).encode() + b"\n" + rest
    return body + hashlib.sha256(body).digest()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"version": 2}, NewerSealError),
        ({"version": 0}, DamagedSealError),
        ({"version": "1"}, DamagedSealError),
        ({"format": "other"}, DamagedSealError),
        ({"memory_kib": 2**31}, DamagedSealError),
        ({"passes": 0}, DamagedSealError),
        ({"lanes": 10**6}, DamagedSealError),
        ({"lanes": True}, DamagedSealError),
        ({"memory_kib": 64.5}, DamagedSealError),
        ({"salt": "00"}, DamagedSealError),
        ({"salt": 7}, DamagedSealError),
        ({"passes": 2}, WrongPassphraseError),
    ],
)
def test_a_newer_version_and_senseless_or_forged_costs_are_told_apart(
    values: dict[str, object], error: type[HomepointError]
) -> None:
    with pytest.raises(error) as told:
        unseal(_forged(**values), WORDS)
    assert told.value.advice


def test_the_usual_cost_is_64_mib_three_times_on_four_lanes() -> None:
    header = json.loads(seal({}, WORDS, Cost()).partition(b"\n")[0])
    assert (header["memory_kib"], header["passes"], header["lanes"]) == (64 * 1024, 3, 4)


def test_the_cost_rises_at_the_next_write_and_never_falls(file: Path) -> None:
    SealedSecrets(file, cost=CHEAP).make(WORDS, {"a": "1"})
    dearer = SealedSecrets(file, cost=Cost(memory_kib=64, passes=2, lanes=2))
    dearer.open(WORDS)
    dearer.set("a", "2")
    raised = Cost(memory_kib=64, passes=2, lanes=2)
    assert unseal(file.read_bytes(), WORDS) == ({"a": "2"}, raised)
    cheaper = SealedSecrets(file, cost=CHEAP)
    cheaper.open(WORDS)
    cheaper.set("a", "3")
    assert unseal(file.read_bytes(), WORDS) == ({"a": "3"}, raised)


def test_the_same_secrets_never_look_the_same_and_their_length_is_not_told() -> None:
    one, other = seal({"a": "b"}, WORDS, CHEAP), seal({"a": "b" * 40}, WORDS, CHEAP)
    assert one != seal({"a": "b"}, WORDS, CHEAP)
    assert len(one) == len(other)


def test_secrets_are_kept_changed_and_forgotten(file: Path, sealed: SealedSecrets) -> None:
    sealed.set("sync/1/key", "K ✓")
    sealed.set("sync/1/password", "P")
    sealed.set("sync/1/key", "K2")
    sealed.delete("sync/1/password")
    sealed.delete("sync/1/never")
    again = SealedSecrets(file, cost=CHEAP)
    again.open(WORDS)
    assert again.all() == {"sync/1/key": "K2"}
    assert again.get("sync/1/password") is None


def test_only_the_owner_may_read_the_file_and_it_shows_no_secret(file: Path, sealed: SealedSecrets) -> None:
    sealed.set("sync/1/key", "hunter2-hunter2")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"hunter2" not in file.read_bytes()
    assert b"sync" not in file.read_bytes()
    assert list(file.parent.iterdir()) == [file]


def test_accents_may_be_typed_in_either_way(file: Path) -> None:
    SealedSecrets(file, cost=CHEAP).make("caf\N{LATIN SMALL LETTER E WITH ACUTE} am See")
    SealedSecrets(file, cost=CHEAP).open("cafe\N{COMBINING ACUTE ACCENT} am See")


@pytest.mark.parametrize(
    "act",
    [lambda each: each.get("a"), lambda each: each.set("a", "b"), lambda each: each.delete("a")],
    ids=["get", "set", "delete"],
)
def test_a_closed_file_says_that_it_is_locked(sealed: SealedSecrets, act: Callable[[SealedSecrets], object]) -> None:
    sealed.set("a", "1")
    sealed.close()
    assert not sealed.is_open
    with pytest.raises(HomepointError, match="locked") as told:
        act(sealed)
    assert "passphrase" in told.value.advice


def test_the_passphrase_changes_and_the_old_one_opens_nothing(file: Path, sealed: SealedSecrets) -> None:
    sealed.set("a", "1")
    (file.parent / f".{file.name}.left").write_bytes(file.read_bytes())  # as a kill in the middle of a write leaves it
    with pytest.raises(WrongPassphraseError):
        sealed.change_passphrase("not the old one", "another one")
    sealed.change_passphrase(WORDS, "another one")
    sealed.set("b", "2")
    assert list(file.parent.iterdir()) == [file]
    again = SealedSecrets(file, cost=CHEAP)
    with pytest.raises(WrongPassphraseError):
        again.open(WORDS)
    again.open("another one")
    assert again.all() == {"a": "1", "b": "2"}


def test_a_short_passphrase_is_refused_and_changes_nothing(file: Path, sealed: SealedSecrets) -> None:
    before = file.read_bytes()
    with pytest.raises(HomepointError, match="too short"):
        sealed.change_passphrase(WORDS, "1234567")
    with pytest.raises(HomepointError, match="too short"):
        SealedSecrets(file.with_name("other"), cost=CHEAP).make("1234567")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_there_is_never_overwritten_by_making_one(file: Path, sealed: SealedSecrets) -> None:
    sealed.set("a", "1")
    with pytest.raises(HomepointError, match="already"):
        SealedSecrets(file, cost=CHEAP).make("another one")
    assert sealed.get("a") == "1"


def test_a_file_that_is_gone_or_unreadable_is_said(file: Path, sealed: SealedSecrets) -> None:
    file.unlink()
    with pytest.raises(HomepointError, match="gone"):
        sealed.set("a", "1")
    file.mkdir()
    with pytest.raises(HomepointError, match="cannot be read"):
        sealed.get("a")


def test_two_programs_do_not_lose_each_others_secrets(file: Path, sealed: SealedSecrets) -> None:
    other = SealedSecrets(file, cost=CHEAP)
    other.open(WORDS)
    sealed.set("mine", "1")
    other.set("theirs", "2")
    assert sealed.all() == other.all() == {"mine": "1", "theirs": "2"}


def test_a_write_of_another_program_while_one_seals_is_taken_in(
    file: Path, sealed: SealedSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SealedSecrets(file, cost=CHEAP)
    other.open(WORDS)
    between = [lambda: other.set("theirs", "2")]

    def slow(*given: object) -> bytes:
        made = seal(*given)  # type: ignore[arg-type]  # passed through
        if between:
            between.pop()()
        return made

    monkeypatch.setattr(secrets_sealed, "seal", slow)
    sealed.set("mine", "1")
    assert unseal(file.read_bytes(), WORDS)[0] == {"mine": "1", "theirs": "2"}


def test_a_passphrase_changed_elsewhere_locks_and_loses_nothing(file: Path, sealed: SealedSecrets) -> None:
    sealed.set("a", "1")
    SealedSecrets(file, cost=CHEAP).change_passphrase(WORDS, "another one")
    with pytest.raises(HomepointError, match="locked"):
        sealed.set("b", "2")
    assert not sealed.is_open
    assert unseal(file.read_bytes(), "another one")[0] == {"a": "1"}


KILLS = """
import os, sys
from pathlib import Path
from homepoint.system.secrets_seal import Cost, unseal
from homepoint.system.secrets_sealed import SealedSecrets

file, act = Path(sys.argv[1]), sys.argv[2]
cheap = Cost(memory_kib=8, passes=1, lanes=1)
first = SealedSecrets(file, cost=cheap)
first.make("four words are good", {"old": "1", "kept": "2"})
before = file.read_bytes()
watched = ("secrets_sealed.py", "system/files.py", "tempfile.py")

def dies_at(step):
    left = step
    def trace(frame, event, value):
        nonlocal left
        if not frame.f_code.co_filename.endswith(watched):
            return None
        if event == "line":
            if left == 0:
                os.kill(os.getpid(), 9)
            left -= 1
        return trace
    return trace

def done():
    if act == "set":
        first.set("new", "3")
    else:
        first.change_passphrase("four words are good", "another one")

step = found_old = found_new = 0
while True:
    file.write_bytes(before)
    child = os.fork()
    if not child:
        sys.settrace(dies_at(step))
        done()
        sys.settrace(None)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    for phrase in ("four words are good", "another one"):
        try:
            kept = unseal(file.read_bytes(), phrase)[0]
            break
        except Exception as error:
            fault = error
    else:
        raise fault
    assert {"old": "1", "kept": "2"}.items() <= kept.items(), (step, kept)
    is_new = kept.get("new") == "3" or phrase == "another one"
    found_new += is_new
    found_old += not is_new
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0 and is_new
        break
    step += 1
print(step, found_old, found_new)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a forked process")
@pytest.mark.parametrize("act", ["set", "change"])
def test_a_kill_between_any_two_steps_of_a_write_loses_nothing(file: Path, act: str) -> None:
    """A process is killed at every line that runs while it writes; what was kept must be there each time."""
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(file), act], capture_output=True, text=True, timeout=120, check=False,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    steps, old, new = map(int, done.stdout.split())
    assert steps > 50, "it must have been killed at many places"
    assert old > 20
    assert new > 1, "after the file was replaced too"
