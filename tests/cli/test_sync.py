"""`homepoint sync …` as an owner without a keyring uses it: secrets come by the standard input."""

import importlib
import io
import json
import re
from functools import partial
from pathlib import Path

import pytest

from homepoint.sync import keys
from homepoint.sync.keys import Cost
from tests.cli.run import Done, Run

PASSPHRASE = "four words and a comma"
NEW = "quite another passphrase"
OWNER_FILE = {
    "format": "homepoint-owner-file",
    "version": 1,
    "time_zone": "Europe/Berlin",
    "devices": [{"id": "d1", "model": "DJI Mini 4 Pro", "serial": "1581F6Z9C24AU0034SRD", "nickname": "Kestrel"}],
}


class Computers:
    """Two data folders and the folder both see."""

    def __init__(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run, self._monkeypatch = run, monkeypatch
        # Nobody guesses these passphrases: one guess may be cheap. (Imported before: its annotations name the cost.)
        importlib.import_module("homepoint.sync.synchroniser")
        monkeypatch.setattr(keys, "Cost", partial(Cost, memory_kib=64, passes=1, lanes=1))
        self.desk, self.laptop, self.shared = folder / "desk", folder / "laptop", folder / "shared"
        self.shared.mkdir()
        owner_file = folder / "owner.json"
        owner_file.write_text(json.dumps(OWNER_FILE), encoding="utf-8")
        run("import", owner_file, "--data", self.desk)

    def sync(self, data: Path, *arguments: object, lines: str = PASSPHRASE) -> Done:
        """Carry out one command with lines on the standard input."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{lines}\n"))
        secret = () if arguments[0] in ("status", "leave") else ("--passphrase-stdin",)
        return self._run("sync", *arguments, *secret, "--data", data)

    def exported(self, data: Path) -> object:
        """Return all facts of a computer."""
        return json.loads(self._run("export", "-", "--data", data).out)


@pytest.fixture
def computers(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computers:
    return Computers(run, tmp_path, monkeypatch)


@pytest.fixture
def shared(computers: Computers) -> Computers:
    """Two computers that share a library already."""
    assert computers.sync(computers.desk, "setup", "--folder", computers.shared).code == 0
    assert computers.sync(computers.laptop, "join", "--folder", computers.shared).code == 0
    return computers


def test_setting_up_prints_the_recovery_code_and_sends_everything(computers: Computers) -> None:
    done = computers.sync(computers.desk, "setup", "--folder", computers.shared)
    assert done.code == 0
    assert re.search(r"^Recovery code: (\w{4}-){6}\w{4}$", done.out, re.MULTILINE)
    assert "0 waiting" in done.out


def test_a_second_computer_joins_and_has_the_same_facts_and_time_zone(shared: Computers) -> None:
    assert shared.exported(shared.laptop) == shared.exported(shared.desk)


def test_the_recovery_code_opens_the_library_too(computers: Computers) -> None:
    done = computers.sync(computers.desk, "setup", "--folder", computers.shared)
    code = re.search(r"(\w{4}-){6}\w{4}", done.out)
    assert code is not None
    joined = computers.sync(computers.laptop, "join", "--folder", computers.shared, lines=code[0].lower())
    assert joined.code == 0
    assert computers.exported(computers.laptop) == computers.exported(computers.desk)


def test_status_tells_where_it_stands_as_words_and_as_json(shared: Computers) -> None:
    said = shared.sync(shared.laptop, "status")
    assert (said.code, said.err) == (0, "")
    assert f"Folder {shared.shared}" in said.out
    plain = json.loads(shared.sync(shared.laptop, "status", "--json").out)
    assert plain["set_up"] is True
    assert plain["waiting"] == 0
    assert [each["is_this"] for each in plain["computers"]] == [True, False]


def test_a_library_that_is_not_shared_says_how_to_begin(computers: Computers) -> None:
    assert "sync setup" in computers.sync(computers.desk, "status").out
    done = computers.sync(computers.desk, "now")
    assert (done.code, done.out) == (1, "")
    assert "not synchronised yet" in done.err


def test_a_wrong_passphrase_is_refused_and_nothing_happens(shared: Computers) -> None:
    done = shared.sync(shared.desk, "now", lines="another one entirely")
    assert done.code == 1
    assert "does not open the library" in done.err


def test_without_a_keyring_and_without_a_passphrase_the_message_says_how_to_give_one(
    shared: Computers, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    done = run("sync", "now", "--data", shared.desk)
    assert done.code == 1
    assert "--passphrase-stdin" in done.err


def test_an_emptied_storage_stops_until_it_is_to_be_filled_again(shared: Computers) -> None:
    for each in (shared.shared / "homepoint-sync" / "v1" / "l").iterdir():
        each.unlink()
    done = shared.sync(shared.desk, "now")
    assert done.code == 1
    assert "suddenly empty" in done.err
    assert shared.sync(shared.desk, "now", "--refill").code == 0
    assert shared.sync(shared.laptop, "now").code == 0


def test_verify_mends_what_rotted_at_the_storage(shared: Computers) -> None:
    [batch] = (shared.shared / "homepoint-sync" / "v1" / "l").glob("b-*")
    content = bytearray(batch.read_bytes())
    content[-1] ^= 1
    batch.write_bytes(content)
    assert shared.sync(shared.desk, "verify").code == 0
    newcomer = shared.desk.parent / "newcomer"
    assert shared.sync(newcomer, "join", "--folder", shared.shared).code == 0
    assert shared.exported(newcomer) == shared.exported(shared.desk)


def test_a_removed_computer_is_out_and_the_others_need_nothing(shared: Computers) -> None:
    computers = json.loads(shared.sync(shared.desk, "now").out and shared.sync(shared.desk, "status", "--json").out)
    [laptop] = [each["id"] for each in computers["computers"] if not each["is_this"]]
    done = shared.sync(shared.desk, "remove", laptop, lines=f"{PASSPHRASE}\n{NEW}")
    assert done.code == 0
    assert "Recovery code:" in done.out
    out = shared.sync(shared.laptop, "now")
    assert out.code == 1
    assert "removed" in out.err
    assert shared.sync(shared.desk, "now", lines=NEW).code == 0
    assert shared.sync(shared.desk, "now", lines=PASSPHRASE).code == 1


def test_an_unknown_computer_is_not_removed_and_the_known_ones_are_named(shared: Computers) -> None:
    shared.sync(shared.desk, "now")
    done = shared.sync(shared.desk, "remove", "Nobody", lines=f"{PASSPHRASE}\n{NEW}")
    assert done.code == 1
    assert "No other computer is called Nobody" in done.err


def test_leaving_keeps_the_records_and_lets_another_storage_be_chosen(shared: Computers, tmp_path: Path) -> None:
    before = shared.exported(shared.laptop)
    assert shared.sync(shared.laptop, "leave").code == 0
    assert shared.exported(shared.laptop) == before
    other = tmp_path / "other"
    other.mkdir()
    assert shared.sync(shared.laptop, "setup", "--folder", other).code == 0
    newcomer = tmp_path / "newcomer"
    assert shared.sync(newcomer, "join", "--folder", other).code == 0
    assert shared.exported(newcomer) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("setup",), "one of the arguments"),
        (("join", "--folder", "x", "--webdav", "https://x"), "not allowed with"),
        (("remove",), "COMPUTER"),
        ((), "ACT"),
    ],
)
def test_a_wrong_command_line_says_what_is_missing(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = run("sync", *arguments)
    assert done.code == 2
    assert says in done.err
