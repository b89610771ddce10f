"""Fleet tables on the command line: in, out, and what a bad one leaves behind."""

from pathlib import Path

import pytest

from homepoint.system.paths import library_file
from tests.cli.run import Run

ROWS = "model;serial;nickname;plan;hue\nDJI Mini 4 Pro;1581F6Z9C24AU0034SRD;Kestrel;1-Year;red\nDJI Air 3;;Möwe;;\n"


def test_a_fleet_goes_in_and_out_and_in_again_with_nothing_to_do(run: Run, tmp_path: Path) -> None:
    table, out = tmp_path / "fleet.csv", tmp_path / "out.CSV"
    table.write_text(ROWS, encoding="cp1252")
    done = run("import", table, "--data", tmp_path)
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["Fleet table imported.", "  Added    2 devices: Kestrel, Möwe"]
    assert "hue" in done.err
    done = run("export", out, "--data", tmp_path)
    assert (done.code, done.out.startswith("2 devices and 1 plan written")) == (0, True)
    assert run("import", out, "--data", tmp_path).out.startswith("Nothing to do")


def test_a_fault_is_told_with_its_row_and_nothing_comes_into_being(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "fleet.csv"
    table.write_text("model,purchased_on\nMini,soon\n,\nAir,2025-02-30\n")
    done = run("import", table, "--data", tmp_path / "new")
    assert done.code == 2
    assert [line.split(":")[0] for line in done.err.splitlines()[:2]] == ["row 2, purchased_on", "row 4, purchased_on"]
    assert not library_file(tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["", "hue,size\n1,2\n", "just words\n"])
def test_another_table_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text(text)
    done = run("import", table, "--data", tmp_path)
    assert done.code == 2
    assert "is no fleet table" in done.err
