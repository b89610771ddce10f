"""Every command on an encrypted library wants its passphrase, says so where nobody can be asked, and then works."""

import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from homepoint.storage.converting import SqliteConverting
from homepoint.system.lock_file import new_lock
from homepoint.system.locking import finish_evidence, turn_on
from homepoint.system.paths import library_file
from tests import builders as make
from tests.cli.run import Run
from tests.system.test_lock_file import CHEAP, PASSPHRASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that is encrypted."""
    with closing(make.library_at(library_file(tmp_path))) as library:
        library.write(make.adding(make.device(nickname="Kestrel")), make.NOW)
    lock = new_lock(PASSPHRASE, CHEAP)
    turn_on(tmp_path, SqliteConverting(), lock)
    finish_evidence(tmp_path, SqliteConverting(), lock.key)
    return tmp_path


COMMANDS = (("assess",), ("export", "-"), ("due",), ("doctor", "--json"), ("sync", "status"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_without_a_passphrase_a_command_says_how_to_give_it(run: Run, folder: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "--data", folder)
    assert done.code == 1
    assert "--unlock-stdin" in done.out + done.err
    assert "Kestrel" not in done.out + done.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_with_the_passphrase_on_the_standard_input_a_command_works(
    run: Run, folder: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\n"))
    done = run(*command, "--unlock-stdin", "--data", folder)
    assert "--unlock-stdin" not in done.err
    assert "does not open" not in done.err
    if command != ("doctor", "--json"):  # which may find something about this computer
        assert done.code == 0, done.err


def test_a_wrong_passphrase_is_told(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("four words and a coma\n"))
    done = run("--unlock-stdin", "export", "-", "--data", folder)
    assert (done.code, done.out) == (1, "")
    assert "does not open" in done.err


def test_a_command_that_opens_the_library_twice_asks_once(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\n"))
    file = tmp_path / "proof.srt"
    file.write_text("1\n00:00:00,000 --> 00:00:00,033\n[latitude: 52.52] [longitude: 13.405]\n")
    done = run("--unlock-stdin", "import", "--yes", file, "--data", folder)
    assert "does not open" not in done.err
    assert "no passphrase" not in done.err


def test_a_plain_library_asks_nobody(run: Run, tmp_path: Path) -> None:
    make.library_at(library_file(tmp_path)).close()
    done = run("due", "--data", tmp_path)
    assert (done.code, done.err) == (0, "")
