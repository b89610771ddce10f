"""Encryption is turned on and off without loss: nothing readable stays, nothing is half done, nobody is in the way."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Attachment
from homepoint.storage.connecting import connect, is_encrypted
from homepoint.storage.converting import SqliteConverting
from homepoint.storage.library import SqliteLibrary
from homepoint.system import locking
from homepoint.system.attachments import Kept
from homepoint.system.attachments_sealed import SealedEvidenceStore, evidence_store
from homepoint.system.lock_file import LockFile, NewLock, new_lock
from homepoint.system.locking import finish_evidence, is_locked, recover_unfinished, turn_off, turn_on
from homepoint.system.notes_file import NotesFile
from homepoint.system.paths import LOCK_JOURNAL, LOCK_NAME, library_file
from tests import builders as make
from tests.system.secret_search import find_secrets
from tests.system.test_lock_file import CHEAP, PASSPHRASE

FILES = SqliteConverting(patience_s=0.05)
SECRETS = {
    "serial": "1581F6Z9C24AU0034SRD",
    "name": "Kestrel of the north",
    "account": "ada@example.org",
    "evidence": "what the owner saw that day",
    "note": "Kestrel of the south",
}


@pytest.fixture
def lock() -> NewLock:
    return new_lock(PASSPHRASE, CHEAP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with facts, a file of evidence, notes and the backup of a migration."""
    library = make.library_at(library_file(tmp_path))
    proof = tmp_path.parent / "proof.txt"
    proof.write_text(SECRETS["evidence"] * 100)
    kept = evidence_store(tmp_path, None).take_in(proof)
    library.write(
        make.adding(
            make.device(serial=SECRETS["serial"], nickname=SECRETS["name"]),
            make.account(label=SECRETS["account"]),
            make.attachment(sha256=kept.sha256, size=kept.size),
        ),
        make.NOW,
    )
    library.close()
    (tmp_path / "homepoint.version-1.backup").write_bytes(library_file(tmp_path).read_bytes())
    NotesFile(tmp_path / "calendar.json", None).write(SECRETS["note"].encode())
    return tmp_path


def opened(folder: Path, key: bytes | None = None) -> SqliteLibrary:
    return make.library_at(library_file(folder), key=key)


def facts(folder: Path, key: bytes | None = None) -> object:
    with closing(opened(folder, key)) as library:
        return library.snapshot(), library.history()


def evidence_is_whole(folder: Path, key: bytes | None = None) -> bool:
    with closing(opened(folder, key)) as library:
        kept = [each.sha256 for each in library.all(Attachment) if each.sha256]
    return bool(kept) and all(evidence_store(folder, key).check(each) is Kept.WHOLE for each in kept)


def _turn_off(folder: Path, key: bytes) -> list[str]:
    with closing(opened(folder, key)) as library:
        kept = [each.sha256 for each in library.all(Attachment) if each.sha256]
    return turn_off(folder, FILES, key, kept)


def test_nothing_of_the_records_can_be_read_off_the_disk_afterwards(folder: Path, lock: NewLock) -> None:
    before = facts(folder)
    assert len({each.secret for each in find_secrets(folder, SECRETS)}) == len(SECRETS)
    turn_on(folder, FILES, lock)
    finish_evidence(folder, FILES, lock.key)
    assert find_secrets(folder, SECRETS | {"passphrase": PASSPHRASE, "key": lock.key.hex()}) == ()
    assert facts(folder, lock.key) == before
    assert evidence_is_whole(folder, lock.key)
    assert NotesFile(folder / "calendar.json", lock.key).read().decode() == SECRETS["note"]
    with closing(opened(folder, lock.key)) as library:  # and nothing comes back by working on
        library.write(make.adding(make.device("d2", nickname=SECRETS["name"])), make.NOW)
        evidence_store(folder, lock.key).take_in(folder.parent / "proof.txt")
        assert find_secrets(folder, SECRETS) == ()
    assert find_secrets(folder, SECRETS) == ()


def test_turned_off_everything_is_as_it_was_and_no_key_is_left(folder: Path, lock: NewLock) -> None:
    turn_on(folder, FILES, lock)
    finish_evidence(folder, FILES, lock.key)
    with closing(opened(folder, lock.key)) as library:
        library.write(make.adding(make.device("d2")), make.NOW)
    before = facts(folder, lock.key)
    assert _turn_off(folder, lock.key) == []
    assert facts(folder) == before
    assert evidence_is_whole(folder)
    assert NotesFile(folder / "calendar.json", None).read().decode() == SECRETS["note"]
    assert not (folder / LOCK_NAME).exists()
    assert not (folder / LOCK_JOURNAL).exists()


def test_the_name_of_a_sealed_file_tells_nothing_of_it(folder: Path, lock: NewLock) -> None:
    [plain] = [each.name for each in (folder / "evidence").glob("??/*")]
    turn_on(folder, FILES, lock)
    finish_evidence(folder, FILES, lock.key)
    [sealed] = [each.name for each in (folder / "evidence").glob("??/*")]
    assert sealed != plain
    assert len(sealed) == 64


def test_a_program_that_has_the_library_open_is_named_and_nothing_is_changed(folder: Path, lock: NewLock) -> None:
    with closing(opened(folder)) as library:
        with pytest.raises(HomepointError, match="Another program is using"):
            turn_on(folder, FILES, lock)
        library.write(make.adding(make.device("d2")), make.NOW)
    assert not (folder / LOCK_NAME).exists()
    assert sorted(each.name for each in folder.glob("homepoint.*")) == [
        "homepoint.sqlite",
        "homepoint.version-1.backup",
    ]
    assert evidence_is_whole(folder)


WAITING = """
import sqlite3, sys
library = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
library.execute("SELECT count(*) FROM devices").fetchone()
print("open", flush=True)
sys.stdin.readline()
try:
    library.execute("BEGIN IMMEDIATE")
    library.execute("UPDATE devices SET nickname = 'lost'")
    library.execute("COMMIT")
    print("written", flush=True)
except sqlite3.Error as fault:
    print("refused", fault, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open cannot be renamed at all")
def test_who_waits_for_the_library_while_it_is_exchanged_cannot_write_into_the_old_one(
    folder: Path, lock: NewLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[subprocess.Popen[str]] = []
    plain = locking._exchange

    def exchange(of: Path) -> None:
        program = subprocess.Popen(
            [sys.executable, "-c", WAITING, str(library_file(of))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "open\n"
        program.stdin.write("go\n")
        program.stdin.flush()
        waiting.append(program)
        plain(of)

    monkeypatch.setattr(locking, "_exchange", exchange)
    turn_on(folder, FILES, lock)
    said, _ = waiting[0].communicate(timeout=60)
    assert said.startswith("refused")
    with closing(opened(folder, lock.key)) as library:
        assert [each.nickname for each in library.snapshot().devices] == [SECRETS["name"]]


class Killed(BaseException):
    """Stands for the end of the process: nothing that follows is carried out."""


def _dying(real: Callable[..., object], when: int, counted: list[int], *, after: bool) -> Callable[..., object]:
    def step(*given: object, **named: object) -> object:
        counted[0] += 1
        if counted[0] == when and not after:
            raise Killed
        result = real(*given, **named)
        if counted[0] == when:
            raise Killed
        return result

    return step


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("turning", ["on", "off"])
def test_killed_at_every_step_in_turn_it_is_finished_or_taken_back_by_the_next_start(
    folder: Path, lock: NewLock, monkeypatch: pytest.MonkeyPatch, turning: str, after: bool
) -> None:
    if turning == "off":
        turn_on(folder, FILES, lock)
        finish_evidence(folder, FILES, lock.key)
    key: bytes | None = lock.key if turning == "off" else None
    before = facts(folder, key)
    for when in range(1, 100):
        counted = [0]
        with monkeypatch.context() as patched:
            for name in ("write_whole", "erase", "_sync_folder"):
                patched.setattr(locking, name, _dying(getattr(locking, name), when, counted, after=after))
            patched.setattr(Path, "rename", _dying(Path.rename, when, counted, after=after))
            patched.setattr(Path, "unlink", _dying(Path.unlink, when, counted, after=after))
            # A kill runs no `finally`: what stands there is dead as soon as the step was.
            patched.setattr(locking, "_recover", _alive(locking._recover, when, counted))
            try:
                if turning == "on":
                    turn_on(folder, FILES, lock)
                    finish_evidence(folder, FILES, lock.key)
                else:
                    _turn_off(folder, lock.key)
            except (Killed, HomepointError):
                pass
        recover_unfinished(folder, FILES)
        key = lock.key if is_locked(folder, FILES) else None
        if key is not None:
            assert LockFile(folder).key_by(PASSPHRASE) == lock.key
            finish_evidence(folder, FILES, key)
            assert find_secrets(folder, SECRETS) == ()
        assert not (folder / LOCK_JOURNAL).exists()
        assert not [each.name for each in folder.iterdir() if each.name in ("homepoint.new", "homepoint.old")]
        assert facts(folder, key) == before
        assert evidence_is_whole(folder, key)
        if counted[0] < when:
            break
        if turning == "on" and key is not None:
            _turn_off(folder, lock.key)
        elif turning == "off" and key is None:
            turn_on(folder, FILES, lock)
            finish_evidence(folder, FILES, lock.key)
    assert when > 5
    assert is_encrypted(library_file(folder)) == (turning == "on")


def _alive(real: Callable[..., object], when: int, counted: list[int]) -> Callable[..., object]:
    def step(*given: object) -> object:
        if counted[0] >= when:
            raise Killed
        return real(*given)

    return step


def test_two_programs_do_not_convert_one_library_at_once(folder: Path, lock: NewLock) -> None:
    with FILES.alone(folder / ".homepoint.turn"), pytest.raises(HomepointError, match="Another Homepoint"):
        turn_on(folder, FILES, lock)
    assert not is_locked(folder, FILES)


def test_plain_and_sealed_evidence_lie_side_by_side_while_it_is_converted(folder: Path, lock: NewLock) -> None:
    store = evidence_store(folder, lock.key)
    assert isinstance(store, SealedEvidenceStore)
    more = folder.parent / "more.txt"
    more.write_text("another file")
    sealed = store.take_in(more)
    assert evidence_store(folder, None).check(sealed.sha256) is Kept.MISSING
    assert store.check(sealed.sha256) is Kept.WHOLE
    [plain] = [each.name for each in (folder / "evidence").glob("??/*") if store.check(each.name) is Kept.WHOLE]
    with store.open(plain) as stream:
        assert stream.read().decode().startswith(SECRETS["evidence"])
    assert store.seal_rest() == 1
    assert store.check(plain) is Kept.WHOLE
    store.remove(plain)
    assert store.check(plain) is Kept.MISSING


def test_an_altered_sealed_file_is_told_and_does_not_stop_decrypting(folder: Path, lock: NewLock) -> None:
    turn_on(folder, FILES, lock)
    finish_evidence(folder, FILES, lock.key)
    [sealed] = (folder / "evidence").glob("??/*")
    content = bytearray(sealed.read_bytes())
    content[-1] ^= 1
    sealed.write_bytes(content)
    with closing(opened(folder, lock.key)) as library:
        [kept] = [each.sha256 for each in library.all(Attachment) if each.sha256]
    assert evidence_store(folder, lock.key).check(kept) is Kept.ALTERED
    assert _turn_off(folder, lock.key) == [sealed.name]
    assert evidence_store(folder, None).check(kept) is Kept.MISSING


def test_a_wrong_key_opens_nothing_and_changes_nothing(folder: Path, lock: NewLock) -> None:
    turn_on(folder, FILES, lock)
    before = library_file(folder).read_bytes()
    with pytest.raises(HomepointError, match="not a Homepoint library"):
        opened(folder, bytes(32))
    with pytest.raises(HomepointError, match="not a Homepoint library"):
        opened(folder)
    with pytest.raises(ValueError, match="no key"):
        connect(library_file(folder), b"short")
    assert library_file(folder).read_bytes() == before
