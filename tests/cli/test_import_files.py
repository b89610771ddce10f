"""Files of any kind on the command line: shown first, written after a yes, one report a file."""

import os
from pathlib import Path

import pytest

from homepoint.domain.facts import Attachment, Device
from homepoint.storage.library import SqliteLibrary
from homepoint.system.paths import library_file
from tests.builders import BERLIN
from tests.cli.run import Run
from tests.intake.flight_record_builder import Recipe, flight_record, track
from tests.intake.owner_files import written


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """Return a folder of a flight record, an unreadable file and an owner file."""
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "flight.txt").write_bytes(flight_record(Recipe(moments=track())))
    (folder / "zeros.txt").write_bytes(bytes(500))
    return folder


def _library(folder: Path) -> SqliteLibrary:
    return SqliteLibrary(library_file(folder), zone=BERLIN, person="Ada", computer="desk")


def test_without_a_terminal_and_without_yes_it_only_shows_and_exits_with_2(
    run: Run, pile: Path, tmp_path: Path
) -> None:
    done = run("import", pile, "--data", tmp_path / "data")
    assert done.code == 2
    assert "1 new flight; 1 aircraft, 1 of them new; 1 file not read." in done.out
    assert "[x] Register this device" in done.out
    assert "zeros.txt" in done.out
    assert "--yes" in done.err
    assert not (tmp_path / "data").exists()


def test_with_yes_it_writes_what_is_proposed_and_keeps_the_bytes(run: Run, pile: Path, tmp_path: Path) -> None:
    done = run("import", pile / "flight.txt", "--yes", "--data", tmp_path / "data")
    assert (done.code, done.err) == (0, "")
    assert "among them 1 flight record kept" in done.out
    library = _library(tmp_path / "data")
    [device] = library.all(Device)
    [file] = library.about(Attachment, device.id)
    library.close()
    assert file.sha256 is not None
    copy = tmp_path / "data" / "evidence" / file.sha256[:2] / file.sha256
    assert copy.read_bytes() == (pile / "flight.txt").read_bytes()


def test_a_second_time_nothing_is_left_to_do(run: Run, pile: Path, tmp_path: Path) -> None:
    run("import", pile / "flight.txt", "--yes", "--data", tmp_path / "data")
    done = run("import", pile / "flight.txt", "--yes", "--data", tmp_path / "data")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing to do.")
    assert "kept already" in done.out


def test_one_unreadable_file_is_told_by_the_exit_code_and_stops_none_of_the_others(
    run: Run, pile: Path, tmp_path: Path
) -> None:
    done = run("import", pile, "--yes", "--data", tmp_path / "data")
    assert done.code == 2
    library = _library(tmp_path / "data")
    assert len(library.all(Device)) == 1
    library.close()


def test_owner_files_and_tables_in_a_pile_are_taken_in_by_their_own_rules(run: Run, pile: Path, tmp_path: Path) -> None:
    (pile / "zeros.txt").unlink()
    device = {"id": "d7", "model": "Osmo Pocket 3", "category": "handheld"}
    owner = {"format": "homepoint-owner-file", "version": 1, "time_zone": "Europe/Berlin", "devices": [device]}
    written(pile / "all.json", owner)
    (pile / "fleet.csv").write_text("model,nickname\nDJI Air 3,Gannet\n")
    done = run("import", pile, "--yes", "--data", tmp_path / "data")
    assert (done.code, done.err) == (0, "")
    library = _library(tmp_path / "data")
    assert {each.model for each in library.all(Device)} == {"Osmo Pocket 3", "DJI Air 3", "DJI Mavic 2 Zoom"}
    library.close()


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
def test_a_file_whose_name_is_no_text_is_shown_and_kept_all_the_same(run: Run, pile: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(str(pile)) + b"/odd\xff\n.txt")
    Path(odd).write_bytes((pile / "flight.txt").read_bytes())
    done = run("import", odd, "--yes", "--data", tmp_path / "data")
    assert done.code == 0
    assert "odd\ufffd\ufffd.txt" in done.out
