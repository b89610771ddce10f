"""Killed at random moments of commands, backups, restores and migrations: nothing committed is lost."""

from pathlib import Path
from random import SystemRandom

import pytest

from tests.storage.storage_kills import Storage
from tests.storage.storage_worker import CASES

pytestmark = pytest.mark.slow


def test_no_committed_fact_is_lost_by_a_kill_at_any_moment(tmp_path: Path) -> None:
    seed = SystemRandom().getrandbits(32)
    storage = Storage(tmp_path, seed)
    for case in [*CASES, "backup", "restore", "restore", "restore-damaged", "restore-damaged"]:
        storage.kill(case)
    assert storage.found.faults == [], f"{storage.found.told()}; again: scripts/kill_storage.py --seed {seed}"
    assert storage.found.committed > 0
    assert storage.found.compared > 0
