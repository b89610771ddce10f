"""Killed at any moment of the report: what the screen showed as kept is there at the next start."""

from pathlib import Path
from random import SystemRandom

import pytest

from tests.journeys.wizard_kills import Owner

pytestmark = pytest.mark.slow

KILLS = 6


def test_every_answer_shown_as_kept_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    seed = SystemRandom().getrandbits(32)
    owner = Owner(tmp_path / "owner", seed)
    for _ in range(KILLS):
        owner.live_and_die()
    owner.look_once_more()
    assert owner.found.faults == [], f"{owner.found.told()}; again: make soak ARGS='--seed {seed} --kills {KILLS}'"
    assert owner.found.compared > 0
