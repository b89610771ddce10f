"""The tests of synchronising can fail: every planted bug is caught by the test that is there for it."""

import inspect

import pytest
from hypothesis import HealthCheck, Phase, settings

from homepoint.sync import evidence
from tests.sync import mutants
from tests.sync.mutants import MUTANTS, Mutant, planted
from tests.sync.shared import Shared


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_planted_bug_is_caught(mutant: Mutant) -> None:
    mutants.test_of(mutant)  # with all that it imports, which the bug must reach as well
    with planted(mutant), pytest.raises((AssertionError, pytest.fail.Exception)):
        _run(mutant)


def test_there_are_bugs_of_every_kind() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 10


def _run(mutant: Mutant) -> None:
    test, values = mutants.test_of(mutant), dict(mutant.values)
    if hasattr(test, "hypothesis"):
        quick = settings(
            max_examples=40,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        quick(test)()
        return
    with Shared() as shared, pytest.MonkeyPatch.context() as patch:
        if test.__module__ == mutants.EVIDENCE:
            patch.setattr(evidence, "EVIDENCE_PART", 100)
        given = {"shared": shared, "monkeypatch": patch, **values}
        test(**{name: given[name] for name in inspect.signature(test).parameters})
