"""Activation codes on the command line: an import keeps them with the secrets, and the doctor moves old ones there."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from homepoint.domain.facts import Plan
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.cli.run import Run
from tests.intake.owner_files import written
from tests.system.keyring_in_memory import KeyringInMemory, keyring_in_use
from tests.system.secret_search import find_secrets

CODE = "ABCD-1234-5678"


@pytest.fixture
def store() -> Iterator[KeyringInMemory]:
    with keyring_in_use() as made:
        yield made


def owner_file(folder: Path, **plan: Any) -> Path:
    """Write an owner file of one plan with a code."""
    device = {"id": "d1", "model": "DJI Mini 4 Pro", "serial": "1581F6Z9C24AU0034SRD"}
    plans = [{"id": "p1", "device": "d1", "product": "care-refresh-1y", "activation_code": CODE, **plan}]
    head = {"format": "homepoint-owner-file", "version": 1, "time_zone": "UTC"}
    return written(folder / "owner.json", {**head, "devices": [device], "plans": plans})


def fleet_file(folder: Path) -> Path:
    """Write the same as a fleet table."""
    head = "model,serial,plan,plan_activation_code\n"
    return written(folder / "fleet.csv", f"{head}DJI Mini 4 Pro,1581F6Z9C24AU0034SRD,1-year,{CODE}\n".encode())


def hint_in(data: Path) -> str | None:
    """Return what the records hold of the code."""
    library: SqliteLibrary = make.library_at(data / "homepoint.sqlite")
    [plan] = library.all(Plan)
    library.close()
    return plan.activation_code_hint


@pytest.mark.parametrize("make_file", [owner_file, fleet_file])
def test_the_code_of_a_file_goes_to_the_keyring_and_its_end_to_the_records(
    run: Run, tmp_path: Path, store: KeyringInMemory, make_file: Any
) -> None:
    data = tmp_path / "data"
    done = run("import", make_file(tmp_path), "--data", data)
    assert (done.code, done.err) == (0, "")
    assert list(store.kept.values()) == [CODE]
    assert hint_in(data) == "5678"
    run("export", data / "out.json", "--data", data)
    run("export", data / "out.csv", "--data", data)
    [plan] = json.loads((data / "out.json").read_text("utf-8"))["plans"]
    assert (plan["activation_code"], plan["activation_code_hint"]) == (None, "5678")
    assert not find_secrets(data, {"code": CODE})


@pytest.mark.parametrize("make_file", [owner_file, fleet_file])
def test_without_a_keyring_the_rest_is_imported_and_the_code_is_said_to_be_lost(
    run: Run, tmp_path: Path, make_file: Any
) -> None:
    data = tmp_path / "data"
    done = run("import", make_file(tmp_path), "--data", data)
    assert done.code == 0
    assert "1 activation code of the file was not kept: Its store keyring.backends.null" in done.err
    assert "the encrypted file in Settings" in done.err
    assert CODE not in done.out + done.err
    assert hint_in(data) is None
    assert not find_secrets(data, {"code": CODE})


def test_importing_again_once_the_keyring_is_open_mends_it(run: Run, tmp_path: Path, store: KeyringInMemory) -> None:
    data = tmp_path / "data"
    store.is_locked = True
    assert "locked" in run("import", owner_file(tmp_path), "--data", data).err
    assert hint_in(data) is None
    store.is_locked = False
    assert run("import", owner_file(tmp_path), "--data", data).err == ""
    assert (hint_in(data), list(store.kept.values())) == ("5678", [CODE])


def test_a_file_that_is_refused_leaves_no_code_behind(run: Run, tmp_path: Path, store: KeyringInMemory) -> None:
    data = tmp_path / "data"
    data.mkdir()
    library = make.library_at(data / "homepoint.sqlite")
    library.write(make.adding(make.device("other", serial="1581F6Z9C24AU0034SRD")), make.NOW)
    library.close()
    assert run("import", owner_file(tmp_path), "--data", data).code == 2
    assert not store.kept


def test_an_assessment_asks_no_keyring(run: Run, tmp_path: Path, store: KeyringInMemory) -> None:
    store.is_locked = True
    done = run("assess", owner_file(tmp_path), "--at", "2026-05-04T12:00:00Z")
    assert (done.code, done.err) == (0, "")
    assert CODE not in done.out
    assert "5678" not in done.out


def test_the_doctor_says_that_old_codes_wait_and_moves_them_when_it_can(
    run: Run, tmp_path: Path, store: KeyringInMemory
) -> None:
    run("import", owner_file(tmp_path, activation_code=None), "--data", tmp_path / "data")
    file = tmp_path / "data" / "homepoint.sqlite"
    with closing(sqlite3.connect(file)) as records, records:
        records.execute("UPDATE plans SET activation_code_hint = '5678'")
        records.execute("INSERT INTO codes_to_move VALUES ('p1', ?)", (CODE,))
        records.execute("INSERT INTO library VALUES ('codes-in-file', '1')")
    store.is_locked = True
    waits = run("doctor", "--data", file.parent)
    assert waits.code == 1
    assert "!!  activation codes: 1 activation code still in the library's file" in waits.out
    assert "Unlock it" in waits.out
    store.is_locked = False
    moved = run("doctor", "--data", file.parent)
    assert (moved.code, list(store.kept.values())) == (0, [CODE])
    assert "1 activation code moved from the library's file to the passwords" in moved.out
    assert not find_secrets(file.parent, {"code": CODE})
    assert "none in the library's file" in run("doctor", "--data", file.parent).out
