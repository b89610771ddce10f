"""The conformance cases hold, where they are at hand."""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import Run
from tests.intake.owner_files import written

SHARED = Path(__file__).resolve().parents[3] / "shared"
CASES = sorted((SHARED / "cases").glob("*.json"))

pytestmark = pytest.mark.skipif(not CASES, reason="the conformance cases are not at hand")


def _checker() -> Any:
    spec = spec_from_file_location("check_cases", SHARED / "tools" / "check_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    was, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the folder is not ours
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = was
    return module


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_case_holds(run: Run, tmp_path: Path, case: Path) -> None:
    told = json.loads(case.read_text("utf-8"))
    wanted = told["expect"]
    done = run("assess", written(tmp_path / "owner.json", told["owner"]), "--at", told["at"])
    assert done.code == 0, done.err
    answer, checker = json.loads(done.out), _checker()
    wrong = {path: value for path, value in wanted.items() if not checker.holds(checker.at_path(answer, path), value)}
    assert not wrong, {path: checker.at_path(answer, path) for path in wrong}
