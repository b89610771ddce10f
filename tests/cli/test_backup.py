"""`homepoint backup`, `restore` and `verify` as an owner types them."""

from pathlib import Path

import pytest

from homepoint.domain.values import DeviceId
from homepoint.system.paths import library_file
from tests import builders as make
from tests.cli.run import Run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one device."""
    folder = tmp_path / "data"
    folder.mkdir()
    library = make.library_at(library_file(folder))
    library.write(make.adding(make.device("d1", nickname="Kestrel")), make.NOW)
    library.close()
    return folder


def _add(data: Path, id: str, name: str) -> None:
    library = make.library_at(library_file(data))
    library.write(make.adding(make.device(id, nickname=name)), make.NOW)
    library.close()


def _devices(data: Path) -> list[DeviceId]:
    library = make.library_at(library_file(data))
    found = [each.id for each in library.snapshot().devices]
    library.close()
    return found


def test_a_backup_is_written_verified_and_restored(run: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.homepoint-backup"
    done = run("backup", file, "--data", data)
    assert (done.code, "1 device" in done.out) == (0, True), done.err
    assert "Intact" in run("verify", file).out
    _add(data, "d2", "Merlin")
    unasked = run("restore", file, "--data", data)
    assert (unasked.code, "Goes: Merlin" in unasked.out, _devices(data)) == (2, True, ["d1", "d2"])
    done = run("restore", file, "--data", data, "--yes")
    assert (done.code, _devices(data)) == (0, ["d1"]), done.err
    [safety] = (data / "backups").iterdir()
    assert str(safety) in done.out


def test_a_backup_with_a_wrong_byte_is_told_by_verify(run: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.homepoint-backup"
    run("backup", file, "--data", data)
    content = bytearray(file.read_bytes())
    content[500] ^= 1
    file.write_bytes(content)
    found = run("verify", file)
    assert (found.code, "damaged" in found.err) == (1, True)


def test_there_is_nothing_to_back_up_where_nothing_was_recorded(run: Run, tmp_path: Path) -> None:
    found = run("backup", tmp_path / "x", "--data", tmp_path / "none")
    assert (found.code, "no records" in found.err, (tmp_path / "none").exists()) == (1, True, False)


def test_what_is_neither_a_backup_nor_a_dossier_is_said_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"neither")
    found = run("verify", tmp_path / "x")
    assert (found.code, "neither a backup nor a dossier" in found.err) == (2, True)
