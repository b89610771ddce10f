"""The catalogue that comes with Homepoint, and the collected facts where they lie beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from homepoint.catalogue import load_terms
from homepoint.domain.terms import Terms

FACTS = Path(__file__).resolve().parents[3] / "shared" / "terms"


@pytest.fixture(scope="session")
def terms() -> Terms:
    return load_terms()


def _facts(name: str) -> Any:
    path = FACTS / name
    if not path.exists():
        pytest.skip("the collected facts are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def statements() -> Any:
    return _facts("statements.json")


@pytest.fixture(scope="session")
def facts() -> Any:
    return _facts("catalogue-facts.json")


@pytest.fixture(scope="session")
def serials() -> Any:
    return _facts("serial-prefixes.json")
