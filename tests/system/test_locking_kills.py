"""Killed at random moments of turning encryption on and off: no committed fact is lost, and nothing stays readable."""

from pathlib import Path
from random import SystemRandom

import pytest

from tests.system.locking_kills import Locking


@pytest.mark.slow
def test_no_committed_fact_is_lost_by_a_kill_while_encryption_is_turned_on_or_off(tmp_path: Path) -> None:
    seed = SystemRandom().getrandbits(32)
    locking = Locking(tmp_path, seed)
    for _ in range(4):
        locking.kill()
    assert locking.faults == [], f"{locking.told()}; again: scripts/kill_locking.py --seed {seed}"
    assert locking.committed
