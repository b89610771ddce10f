"""Several hundred broken owner files: each is refused with its place and mend, and changes nothing."""

from hashlib import sha256
from pathlib import Path

import pytest

from homepoint.system.paths import library_file
from tests.builders import BERLIN, NOW, adding, one_of_each
from tests.cli.run import Run
from tests.intake.broken_files import Broken, broken_files
from tests.intake.owner_files import written

ALL = list(broken_files())
MENDS = (
    "Add", "Choose", "Copy", "Correct", "Fill", "Give", "Keep", "Mend", "Name", "Save", "Shorten", "Take", "Update",
    "Write", "write null",
)  # fmt: skip


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real library with a fact of every kind."""
    from homepoint.storage.library import SqliteLibrary

    folder = tmp_path_factory.mktemp("records")
    library = SqliteLibrary(library_file(folder), zone=BERLIN, person="Ada", computer="desk")
    library.write(adding(*one_of_each()), NOW)
    library.close()
    return folder


def _prints(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_there_are_more_than_two_hundred_of_them_and_no_two_alike() -> None:
    assert len({broken.data for broken in ALL}) == len(ALL) > 500


@pytest.mark.parametrize("command", ["assess", "import"])
@pytest.mark.parametrize("part", range(20))
def test_a_broken_file_is_refused_with_its_place_and_mend_and_changes_nothing(
    run: Run, records: Path, tmp_path: Path, command: str, part: int
) -> None:
    before = _prints(records)
    for broken in ALL[part::20]:
        done = run(command, written(tmp_path / "broken.json", broken.data), "--data", records)
        assert done.code == 2, (broken.name, done)
        assert done.out == "", broken.name
        _check_words(broken, done.err)
    assert _prints(records) == before


def _check_words(broken: Broken, said: str) -> None:
    lines = said.splitlines()
    assert lines, broken.name
    assert any(broken.place in line for line in lines), (broken.name, broken.place, said[:500])
    for line in lines:
        assert line.startswith(("/", "(whole file): ")), (broken.name, line[:500])
        assert any(mend in line for mend in MENDS), (broken.name, line[:500])
        assert "Traceback" not in line
