"""The commands, end to end on real files: what they print, what they leave behind, and how they exit."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from homepoint import __version__
from homepoint.application.problems import HomepointError
from homepoint.cli import main
from homepoint.cli.arguments import COMMANDS
from homepoint.system.files import write_whole
from homepoint.system.paths import library_file
from tests.cli.run import Run
from tests.intake.broken_files import whole
from tests.intake.owner_files import written

AT = "2025-03-11T12:00:00Z"
HEAVY = ("PySide6", "sqlalchemy", "alembic", "jsonschema_rs", "keyring", "sqlite3", "platformdirs")


def small(**device: Any) -> Any:
    """Return an owner file with one aircraft that was activated a day before AT."""
    kestrel: dict[str, Any] = {
        "id": "d1",
        "model": "DJI Mini 4 Pro",
        "category": "aircraft",
        "region": "DE",
        "condition": "new",
    }
    kestrel |= {"serial": "1581F6Z9C24AU0034SRD", "nickname": "Kestrel", "channel": "dji-store", "status": "in-use"}
    kestrel |= {"activated_at": "2025-03-10T11:00:00+01:00", "proof_of_purchase": True, **device}
    head = {"format": "homepoint-owner-file", "version": 1, "time_zone": "Europe/Berlin"}
    return {**head, "devices": [kestrel]}


def test_no_command_opens_the_window_on_the_named_folder(run: Run, tmp_path: Path) -> None:
    assert run().opened == (None,)
    assert run("--data", tmp_path).opened == (tmp_path,)


def test_help_lists_every_command_and_the_version_is_told(run: Run) -> None:
    done = run("--help")
    assert done.code == 0
    assert all(f"    {command} " in done.out for command in COMMANDS)
    assert run("--version").out == f"homepoint {__version__}\n"


def _loaded_by(*arguments: str) -> set[str]:
    program = (
        "import sys; from homepoint.cli import main; code = main(sys.argv[1:], lambda data, hidden=False: 0);"
        f" print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    assert _loaded_by("--help") == set()


def test_assessing_a_file_loads_neither_qt_nor_a_database(tmp_path: Path) -> None:
    assert _loaded_by("assess", str(written(tmp_path / "owner.json", small()))) == {"jsonschema_rs"}


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("assess", "--at", "noon"), ("assess", "--at", "2025-07-01T12:00:00"), ("due", "--within", "soon"),
     ("due", "--within", "-3d"), ("import",), ("export",), ("--data",), ("assess", "--at", "9999-12-31T00:00:00Z")],
)  # fmt: skip
def test_a_command_line_that_makes_no_sense_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "usage: homepoint" in done.err


def test_an_assessment_speaks_the_owners_time_zone(run: Run, tmp_path: Path) -> None:
    done = run("assess", written(tmp_path / "owner.json", small()), "--at", AT)
    assert (done.code, done.err) == (0, "")
    tree = json.loads(done.out)
    assert tree["at"] == AT
    assert tree["devices"]["d1"]["purchase"]["until"] == "2025-03-12T11:00:00+01:00"


def test_what_was_imported_is_assessed_like_the_file_it_came_from(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "owner.json", small())
    data = tmp_path / "data"
    assert run("import", file, "--data", data).code == 0
    assert run("assess", "--data", data, "--at", AT).out == run("assess", file, "--at", AT).out
    assert run("--data", data, "assess", "--at", AT).out == run("assess", file, "--at", AT).out


def test_a_second_import_changes_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    file, data = written(tmp_path / "owner.json", whole()), tmp_path / "data"
    first = run("import", file, "--data", data)
    assert first.out.startswith("Owner file imported.")
    assert "  Added    1 device: DJI Mini 4 Pro" in first.out
    before = library_file(data).read_bytes()
    again = run("import", file, "--data", data)
    assert again.code == 0
    assert again.out.startswith("Nothing to do")
    assert library_file(data).read_bytes() == before


def test_an_export_of_an_import_says_what_the_file_said(run: Run, tmp_path: Path) -> None:
    tree = {**whole(), "later": {"list": [1, None, "ü"]}}
    data, out = tmp_path / "data", tmp_path / "out.json"
    run("import", written(tmp_path / "owner.json", tree), "--data", data)
    assert run("export", out, "--data", data).code == 0
    assert json.loads(out.read_text("utf-8")) == tree
    assert run("export", "-", "--data", data).out == out.read_text("utf-8")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_an_import_adds_changes_and_skips_and_null_erases_nothing(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("import", written(tmp_path / "owner.json", small()), "--data", data)
    tree = small(nickname="Falcon", region=None, activated_at=None)
    tree["devices"].append({"id": "d2", "model": "Osmo Pocket 3", "category": "handheld"})
    report = run("import", written(tmp_path / "owner.json", tree), "--data", data).out
    assert "Added    1 device: Osmo Pocket 3" in report
    assert "Changed  1 device: Falcon" in report
    [falcon, _] = json.loads(run("export", "-", "--data", data).out)["devices"]
    assert (falcon["nickname"], falcon["region"]) == ("Falcon", "DE")
    assert falcon["activated_at"] == "2025-03-10T11:00:00+01:00"


def test_a_serial_of_another_device_is_refused_by_name_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("import", written(tmp_path / "owner.json", small()), "--data", data)
    done = run("import", written(tmp_path / "owner.json", small(id="d9", nickname="Magpie")), "--data", data)
    assert (done.code, done.out) == (2, "")
    assert "Magpie" in done.err
    assert "Kestrel" in done.err
    assert len(json.loads(run("export", "-", "--data", data).out)["devices"]) == 1


def test_a_file_that_is_not_there_is_said_and_nothing_comes_into_being(run: Run, tmp_path: Path) -> None:
    done = run("import", tmp_path / "DJIFlightRecord.txt", "--data", tmp_path / "data")
    assert (done.code, done.out) == (1, "")
    assert "could not be read" in done.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [("assess",), ("due",), ("export", "-")])
def test_without_records_the_owner_is_told_and_no_folder_is_made(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(*command, "--data", tmp_path / "mistyped")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("homepoint: There are no records in ")
    assert not (tmp_path / "mistyped").exists()


def test_a_file_that_is_no_library_is_the_world_in_the_way(run: Run, tmp_path: Path) -> None:
    library_file(tmp_path).write_bytes(b"this is no database " * 500)
    done = run("due", "--data", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1


def test_an_export_that_cannot_be_written_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "owner.json"
    file.write_text("as it was", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("homepoint.system.files.os.fsync", full)  # a full disk cannot be had in a test
    with pytest.raises(HomepointError, match="No space left"):
        write_whole(file, b"new")
    assert file.read_text("utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_into_a_folder_that_is_not_there_says_so(run: Run, tmp_path: Path) -> None:
    run("import", written(tmp_path / "owner.json", small()), "--data", tmp_path)
    done = run("export", tmp_path / "none" / "out.json", "--data", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "could not be written" in done.err
    assert run("export", tmp_path, "--data", tmp_path).code == 2


def test_due_lists_what_ends_within_the_span_overdue_first(run: Run, tmp_path: Path) -> None:
    tree = small()
    lapwing = {**tree["devices"][0], "id": "d2", "serial": "1581F6Z9C24AU0034SRE", "nickname": "鳥 Lapwing"}
    tree["devices"].append({**lapwing, "activated_at": "2025-03-09T10:00:00+01:00"})
    run("import", written(tmp_path / "owner.json", tree), "--data", tmp_path)
    done = run("due", "--within", "2d", "--at", AT, "--data", tmp_path)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[1].startswith("Overdue  3 hours ago")
    assert "Lapwing" in lines[1]
    assert "12 Mar 2025, 11:00  Kestrel" in done.out
    plain = json.loads(run("due", "--within", "2d", "--json", "--at", AT, "--data", tmp_path).out)
    assert [each["device"] for each in plain] == ["d2", "d1"]
    assert plain[1]["at"] == "2025-03-12T11:00:00+01:00"
    assert plain[1]["loss"]
    [_, *lines] = run("due", "--within", "1h", "--at", AT, "--data", tmp_path).out.splitlines()
    assert [line.split()[0] for line in lines] == ["Overdue"]
    later = run("due", "--within", "1h", "--at", "2025-06-01T00:00:00Z", "--data", tmp_path)
    assert later.out == "Nothing ends within this span.\n"


def test_the_doctor_counts_what_is_there_and_names_the_keyring(run: Run, tmp_path: Path) -> None:
    run("import", written(tmp_path / "owner.json", whole()), "--data", tmp_path)
    done = run("doctor", "--json", "--data", tmp_path)
    tree = json.loads(done.out)
    checks = {each["check"]: each for each in tree["checks"]}
    assert checks["library"]["is_well"]
    assert checks["library"]["devices"] == 1
    assert checks["library"]["purchase_notices"] == 1
    assert checks["catalogue"]["clauses"] > 100
    assert checks["versions"]["SQLite"]
    assert "does not protect secrets" in checks["keyring"]["says"]  # the tests' own store keeps nothing
    assert "Passwords of Sync and the calendar are then asked for at each start" in checks["keyring"]["advice"]
    assert (done.code, tree["all_well"]) == (0, True)
    assert "keyring: Its store keyring.backends.null.Keyring" in run("doctor", "--data", tmp_path).out


def test_the_doctor_names_the_version_of_every_direct_dependency(run: Run, tmp_path: Path) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [each for each in project["dependencies"] if "sys_platform" not in each or f"'{sys.platform}'" in each]
    names = {re.split("[<>=; ]", each)[0] for each in needed}
    done = json.loads(run("doctor", "--json", "--data", tmp_path).out)
    [versions] = [each for each in done["checks"] if each["check"] == "versions"]
    assert names - versions.keys() == {"PySide6-Essentials"}
    assert versions["Qt_(PySide6)"]


def test_the_doctor_finds_a_damaged_library(run: Run, tmp_path: Path) -> None:
    run("import", written(tmp_path / "owner.json", whole()), "--data", tmp_path)
    file = library_file(tmp_path)
    data = bytearray(file.read_bytes())
    data[8192 : len(data) - 4096] = b"\x55" * (len(data) - 12288)
    file.write_bytes(data)
    done = run("doctor", "--data", tmp_path)
    assert done.code == 1
    assert "!!  library" in done.out


def test_a_fault_of_homepoint_is_one_line_and_its_traceback_is_for_those_who_ask(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(data: Path | None, *, hidden: bool = False) -> int:
        raise RuntimeError("this cannot\nhappen")

    assert main([], broken) == 1
    said = capsys.readouterr().err
    assert said.startswith("homepoint: This is a fault of Homepoint, not of yours: RuntimeError: this cannot happen")
    assert len(said.splitlines()) == 1
    main(["--debug"], broken)
    assert "Traceback" in capsys.readouterr().err
