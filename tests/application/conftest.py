"""A library on a fresh file, and a workspace on it with the real rules and terms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.application.workspace import Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.terms import Terms
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.doubles import SetClock


@pytest.fixture(scope="session")
def terms() -> Terms:
    return load_terms()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SqliteLibrary]:
    opened = make.library_at(tmp_path / "library.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def workspace(library: SqliteLibrary, terms: Terms, clock: SetClock) -> Workspace:
    return Workspace(library, terms, clock)
