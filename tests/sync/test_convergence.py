"""Whatever happens to computers that share a library: in the end everyone has the latest of everything."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders as make
from tests.sync.histories import MOST_COMPUTERS, MOST_STEPS, small_limits
from tests.sync.history_steps import RATES, WEIGHTED, Plan, run_history
from tests.sync.replicas import IN_MEMORY

LOTS, IN_A_LOT = 10, 20
"""So many histories in the default run, in lots that run side by side; scripts/sync_histories.py runs thousands."""

STEPS = st.tuples(st.sampled_from(WEIGHTED), st.integers(0, MOST_COMPUTERS - 1), st.integers(0, 1 << 16))
PLANS = st.builds(
    Plan,
    rate=st.sampled_from(RATES),
    steps=st.integers(3, MOST_STEPS).flatmap(lambda size: st.lists(STEPS, min_size=size, max_size=size)).map(tuple),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "library.sqlite"
    make.library_at(path).close()
    return path


@pytest.mark.parametrize("lot", range(LOTS))
@settings(max_examples=IN_A_LOT)
@given(plan=PLANS)
def test_in_the_end_everyone_has_the_latest_of_everything(template: Path, lot: int, plan: Plan) -> None:
    folder = Path(tempfile.mkdtemp(prefix="homepoint-history-", dir=IN_MEMORY))
    try:
        with small_limits():
            run_history(folder, template, plan)
    finally:
        shutil.rmtree(folder)
