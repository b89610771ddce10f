"""What can be read of a damaged library is saved, the rest is named, and the damaged file stays as it was."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from homepoint.application.backups import SalvageReport
from homepoint.storage.copying import check_library
from homepoint.storage.salvage import salvage
from tests import builders as make

PAGE = 4096
DEVICES = 400


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A sound library of some size in one file, to be spoiled."""
    path = tmp_path / "library.sqlite"
    library = make.library_at(path)
    library.write(make.adding(*make.one_of_each()), make.NOW)
    for number in range(0, DEVICES, 20):
        devices = [make.device(f"x{each}", nickname=f"Name {each} " * 8) for each in range(number, number + 20)]
        library.write(make.adding(*devices), make.NOW)
    library.close()
    return path


def _saved(damaged: Path) -> SalvageReport:
    before = damaged.read_bytes()
    place = damaged.parent / "place"
    place.mkdir()
    target = damaged.parent / "saved.sqlite"
    report = salvage(damaged, target, place, lambda _done, _total, _words: None)
    assert damaged.read_bytes() == before
    assert check_library(target).problems == ()
    return report


def _spoil(path: Path, *pages: int, seed: int = 1) -> None:
    content, random = bytearray(path.read_bytes()), Random(seed)
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = random.randbytes(PAGE)
    path.write_bytes(content)


def test_all_of_a_sound_library_is_saved_with_its_history(damaged: Path) -> None:
    report = _saved(damaged)
    assert (report.missing, report.unreadable, report.edits) == (0, (), 1 + DEVICES // 20)
    before, after = make.library_at(damaged), make.library_at(damaged.parent / "saved.sqlite")
    assert after.snapshot() == before.snapshot()
    before.close()
    after.close()


@pytest.mark.parametrize("seed", range(4))
def test_around_spoiled_pages_everything_else_is_saved_and_the_rest_comes_from_the_history(
    damaged: Path, seed: int
) -> None:
    pages = damaged.stat().st_size // PAGE
    _spoil(damaged, *Random(seed).sample(range(30, pages), 4), seed=seed)
    report = _saved(damaged)
    assert report.kinds["devices"].read + report.kinds["devices"].from_history > 0.9 * DEVICES
    assert report.unreadable or report.saved == DEVICES + len(make.one_of_each())


def test_a_lost_header_costs_nothing(damaged: Path) -> None:
    content = bytearray(damaged.read_bytes())
    content[:100] = bytes(100)
    damaged.write_bytes(content)
    assert _saved(damaged).kinds["devices"].read == DEVICES + 1


@pytest.mark.parametrize(
    "ruin", [lambda old: b"", lambda old: b"a shopping list" * 999, lambda old: old[: len(old) // 2]], ids=range(3)
)
def test_whatever_the_file_is_a_sound_library_comes_out(damaged: Path, ruin: Callable[[bytes], bytes]) -> None:
    damaged.write_bytes(ruin(damaged.read_bytes()))
    report = _saved(damaged)
    assert report.unreadable or report.missing or report.saved


def test_what_is_missing_is_counted_where_the_index_still_knows_it(damaged: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(damaged)) as library:
        library.execute("DELETE FROM history_changes")
        library.execute("UPDATE devices SET status = 'no such status' WHERE id = 'x7'")
        library.commit()
    report = _saved(damaged)
    assert (report.missing, report.kinds["devices"].missing) == (1, 1)
