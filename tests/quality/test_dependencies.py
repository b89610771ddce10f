"""Every direct dependency is described in docs/dependencies.md, and every lock holds it."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def _run() -> set[str]:
    return {_name(requirement) for requirement in _project()["project"]["dependencies"]}


def _dev() -> set[str]:
    groups = _project()["dependency-groups"].values()
    return {_name(entry) for group in groups for entry in group if isinstance(entry, str)}


def _described() -> set[str]:
    """Return the names in the first column of the tables of docs/dependencies.md."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return {_name(row) for row in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)}


def _locked(lock: str) -> set[str]:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {_name(row) for row in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def test_every_direct_dependency_is_described() -> None:
    assert _run() | _dev() == _described()


def test_every_direct_dependency_is_locked() -> None:
    assert _run() <= _locked("run.txt")
    assert _run() | _dev() <= _locked("dev.txt")


def test_what_is_tested_is_what_runs() -> None:
    """The development lock pins the very releases of the lock for running."""
    pins = re.compile(r"^([A-Za-z0-9._-]+==\S+)", re.MULTILINE)
    run = set(pins.findall((ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")))
    dev = set(pins.findall((ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")))
    assert run <= dev
