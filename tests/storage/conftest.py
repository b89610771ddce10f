"""A library on a fresh file, plain and encrypted: both keep the same promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.storage.library import SqliteLibrary
from tests import builders as make


@pytest.fixture(params=[None, bytes(range(32))], ids=["plain", "encrypted"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    found: bytes | None = request.param
    return found


@pytest.fixture
def library(tmp_path: Path, key: bytes | None) -> Iterator[SqliteLibrary]:
    opened = make.library_at(tmp_path / "library.sqlite", key=key)
    yield opened
    opened.close()
