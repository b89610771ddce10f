"""A library on a fresh file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.storage.library import SqliteLibrary
from tests import builders as make


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SqliteLibrary]:
    opened = make.library_at(tmp_path / "library.sqlite")
    yield opened
    opened.close()
