"""The lock opens for passphrase and recovery code, for nothing else, and changes whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.domain.recovery_code import RANDOM_BYTES, code_of, read_code
from homepoint.system import lock_file
from homepoint.system.lock_file import DamagedLockError, LockFile, NewLock, WrongSecretError, new_lock
from homepoint.system.secrets_seal import Cost

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
"""Tests guess no passphrases."""
PASSPHRASE = "four words and a comma"


@pytest.fixture
def lock() -> NewLock:
    return new_lock(PASSPHRASE, CHEAP)


@pytest.fixture
def file(tmp_path: Path, lock: NewLock) -> LockFile:
    made = LockFile(tmp_path, CHEAP)
    made.put(lock)
    return made


def test_passphrase_and_recovery_code_open_it(file: LockFile, lock: NewLock) -> None:
    assert file.key_by(PASSPHRASE) == file.key_by(lock.code) == lock.key
    assert file.key_by(lock.code.lower().replace("-", "")) == lock.key


@pytest.mark.parametrize("wrong", ["", "four words and a coma", "FOUR WORDS AND A COMMA"])
def test_anything_else_does_not(file: LockFile, wrong: str) -> None:
    with pytest.raises(WrongSecretError):
        file.key_by(wrong)
    with pytest.raises(WrongSecretError):
        file.key_by(lock_file.new_code())


def test_one_spelling_of_a_letter_opens_what_another_locked(tmp_path: Path) -> None:
    made = LockFile(tmp_path, CHEAP)
    lock = new_lock("schöne Grüße", CHEAP)
    made.put(lock)
    assert made.key_by("scho\u0308ne Gru\u0308ße") == lock.key


def test_another_passphrase_leaves_key_and_code_as_they_are(file: LockFile, lock: NewLock) -> None:
    before = file.id
    file.change_passphrase(PASSPHRASE, "another one entirely")
    assert file.key_by("another one entirely") == file.key_by(lock.code) == lock.key
    assert file.id == before
    with pytest.raises(WrongSecretError):
        file.key_by(PASSPHRASE)


def test_another_code_ends_the_one_before(file: LockFile, lock: NewLock) -> None:
    code = lock_file.new_code()
    file.change_code(PASSPHRASE, code)
    assert file.key_by(code) == file.key_by(PASSPHRASE) == lock.key
    with pytest.raises(WrongSecretError):
        file.key_by(lock.code)


def test_nothing_changes_without_the_secret_or_with_a_short_passphrase(file: LockFile) -> None:
    before = file.path.read_bytes()
    with pytest.raises(WrongSecretError):
        file.change_passphrase("not the passphrase", "another one entirely")
    with pytest.raises(WrongSecretError):
        file.change_code("not the passphrase", lock_file.new_code())
    with pytest.raises(HomepointError, match="too short"):
        file.change_passphrase(PASSPHRASE, "short")
    assert file.path.read_bytes() == before


def test_every_flipped_byte_is_told_as_damage_and_not_as_a_wrong_passphrase(file: LockFile) -> None:
    whole = file.path.read_bytes()
    for place in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[place] ^= 1
        file.path.write_bytes(broken)
        with pytest.raises(DamagedLockError):
            file.key_by(PASSPHRASE)
    file.path.write_bytes(whole[:-40])
    with pytest.raises(DamagedLockError):
        file.key_by(PASSPHRASE)


def test_a_file_that_is_gone_is_named(file: LockFile) -> None:
    file.path.unlink()
    with pytest.raises(HomepointError, match=r"homepoint\.keys cannot be read"):
        file.key_by(PASSPHRASE)


def test_neither_key_nor_code_stands_in_the_file_or_in_a_trace(file: LockFile, lock: NewLock) -> None:
    content = file.path.read_text()
    for secret in (PASSPHRASE, lock.code, lock.code.replace("-", ""), lock.key.hex()):
        assert secret not in content
        assert secret not in repr(lock)


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES), st.integers(0, 27), st.sampled_from("0123456789ABCDEF"))
def test_a_code_is_read_as_written_and_one_wrong_digit_is_nearly_always_noticed(
    random: bytes, place: int, digit: str
) -> None:
    code = code_of(random)
    digits = code.replace("-", "")
    assert read_code(code) == digits[:26]
    assert len(code) == 34
    if place >= 26 and digits[place] != digit:  # the check digits themselves
        assert read_code(digits[:place] + digit + digits[place + 1 :]) is None
