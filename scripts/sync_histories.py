"""Runs many random histories of synchronising computers, and says what happened in them and whether all came well.

`scripts/sync_histories.py --count 10000 --seed 1 --processes 2`; `--replay SEED` runs one history alone and tells it.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sync.history_steps import Plan

_ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(_ROOT), str(_ROOT / "src")]


def main() -> int:
    """Run as the arguments say; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep-going", action="store_true", help="do not stop at the first failure")
    parser.add_argument("--shrink", action="store_true", help="with --replay: leave out what the failure does not need")
    parser.add_argument("--replay", type=int, help="the seed of one history")
    chosen = parser.parse_args()
    if chosen.replay is not None:
        failure = shortest(chosen.replay) if chosen.shrink else run(chosen.replay)[1]
        print(failure or f"History {chosen.replay}: well.")
        return 1 if failure else 0
    return _run_many(chosen.count, chosen.seed, chosen.processes, chosen.keep_going)


def run(seed: int) -> tuple[dict[str, int], str]:
    """Run one history; return what happened in it, and what is wrong ("": nothing)."""
    from tests.sync.history_steps import plan_of

    return _run_plan(plan_of(random.Random(seed)))


def _run_plan(plan: "Plan") -> tuple[dict[str, int], str]:
    from tests.sync.histories import small_limits
    from tests.sync.history_steps import run_history
    from tests.sync.replicas import IN_MEMORY

    folder = Path(tempfile.mkdtemp(prefix="homepoint-history-", dir=IN_MEMORY))
    try:
        with small_limits():
            return run_history(folder, _template(), plan), ""
    except Exception as failure:
        return {}, f"{failure}\n{''.join(traceback.format_exception(failure.__cause__ or failure)[-4:])}"
    finally:
        shutil.rmtree(folder)


def shortest(seed: int) -> str:
    """Leave out steps of a history that fails as long as it fails, and return what is wrong with the rest."""
    from dataclasses import replace

    from tests.sync.history_steps import plan_of

    plan = plan_of(random.Random(seed))
    failure, size = _run_plan(plan)[1], len(plan.steps)
    while failure and size:
        for begin in range(len(plan.steps) - size, -1, -size):
            shorter = replace(plan, steps=plan.steps[:begin] + plan.steps[begin + size :])
            if told := _run_plan(shorter)[1]:
                plan, failure = shorter, told
        size //= 2
    return failure


def _template(made: list[Path] = []) -> Path:  # noqa: B006  # made once in each process
    from homepoint.storage.library import SqliteLibrary
    from tests import builders as make

    if not made:
        path = Path(tempfile.mkdtemp(prefix="homepoint-template-")) / "library.sqlite"
        SqliteLibrary(path, zone=make.BERLIN, person="x", computer="x").close()
        made.append(path)
    return made[0]


def _run_many(count: int, seed: int, processes: int, keep_going: bool) -> int:
    began, happened, failed, done = time.monotonic(), Counter[str](), list[int](), 0
    with ProcessPoolExecutor(processes) as pool:
        seeds = range(seed * 1_000_000, seed * 1_000_000 + count)
        for number, (counts, failure) in zip(seeds, pool.map(run, seeds, chunksize=5), strict=True):
            done += 1
            happened.update(counts)
            if failure:
                failed.append(number)
                print(f"\nHistory {number}: {failure}\nReplay: {sys.argv[0]} --replay {number}", flush=True)
                if not keep_going:
                    pool.shutdown(cancel_futures=True)
                    break
            if done % 500 == 0:
                print(f"{done} histories, {time.monotonic() - began:.0f} s", flush=True)
    for name, times in sorted(happened.items()):
        print(f"{times:>9,}  {name}")
    verdict = f"failed: {', '.join(map(str, failed))}" if failed else "all well"
    print(f"{done:,} histories with seed {seed} in {time.monotonic() - began:.0f} s: {verdict}.")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    sys.exit(main())
