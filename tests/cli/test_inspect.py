"""`homepoint inspect`: reads and tells, and writes nothing."""

import json
from pathlib import Path

import pytest

from tests.cli.run import Run
from tests.intake.flight_record_builder import Recipe, flight_record, track


@pytest.fixture
def flight(tmp_path: Path) -> Path:
    file = tmp_path / "any name.bin"
    file.write_bytes(flight_record(Recipe(moments=track(60, lost=(50, 51)))))
    return file


def test_one_file_is_told_in_aligned_words(run: Run, flight: Path) -> None:
    done = run("inspect", flight)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "any name.bin: flight record"
    assert "  aircraft serial    0M6TEST0010001" in lines
    assert "  last seen          2023-11-14 22:13:25 UTC" in lines
    assert "  signal lost        once: from 22:13:25 UTC until 22:13:25" in lines


def test_json_is_an_object_for_one_file_and_a_list_for_several(run: Run, flight: Path) -> None:
    one = json.loads(run("inspect", "--json", flight).out)
    assert (one["file"], one["aircraft_sn"], one["rc_loss_events"]) == ("any name.bin", "0M6TEST0010001", 1)
    assert json.loads(run("inspect", "--json", flight, flight).out) == [one, one]


def test_a_file_that_cannot_be_read_gives_two_and_the_others_are_still_told(
    run: Run, flight: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    done = run("inspect", empty, flight, tmp_path / "absent.txt", tmp_path)
    assert done.code == 2
    assert "0M6TEST0010001" in done.out
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["empty.txt", "absent.txt", tmp_path.name]
    told = json.loads(run("inspect", "--json", empty, flight).out)
    assert told[0] == {
        "file": "empty.txt",
        "problem": "This file is empty.",
        "advice": "Copy it again from the phone or controller, if it is still there.",
    }
    assert told[1]["aircraft_sn"] == "0M6TEST0010001"


def test_inspecting_leaves_everything_as_it_was(run: Run, flight: Path) -> None:
    before = flight.stat()
    data = flight.parent / "records"
    assert run("inspect", flight, "--data", data).code == 0
    assert not data.exists()
    assert flight.stat().st_mtime_ns == before.st_mtime_ns
    assert [file.name for file in flight.parent.iterdir()] == [flight.name]


def test_a_name_with_a_line_break_stays_on_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "two\nlines.txt"
    file.write_bytes(flight_record())
    assert run("inspect", file).out.splitlines()[0] == "two\\u000alines.txt: flight record"
