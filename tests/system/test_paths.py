"""The data folder is made where it is named, or where this system expects it."""

from pathlib import Path

import pytest

from homepoint.application.problems import HomepointError
from homepoint.system.paths import data_folder, library_file


def test_a_named_folder_is_made(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert folder == tmp_path / "a" / "b"
    assert library_file(folder) == folder / "homepoint.sqlite"


def test_the_home_sign_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder(Path("~/records")) == tmp_path / "records"


def test_without_a_name_it_is_this_systems_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder(None) == tmp_path / "homepoint"


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(HomepointError, match="taken") as told:
        data_folder(tmp_path / "taken")
    assert "--data" in told.value.advice
