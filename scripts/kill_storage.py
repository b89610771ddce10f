"""Kill commands, backups, restores and migrations again and again, and let their disk fail: nothing committed is lost.

What is written is told by a seed. The moment of a kill is the machine's own as well, so a seed met again comes close.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.storage.storage_kills import Storage, built_shim
from tests.storage.storage_worker import CASES


def main() -> int:
    """Kill as often as asked, print what came of it, and return 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how often (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SystemRandom().getrandbits(32), help="what to choose by")
    parser.add_argument("--case", choices=CASES, help="only this (default: all of them in turn)")
    parser.add_argument("--failing-disk", action="store_true", help="let writes fail with ENOSPC and EIO as well")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.kills} kills{' on a failing disk' * given.failing_disk}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="homepoint-kills-") as folder:
        shim = built_shim(Path(folder)) if given.failing_disk else None
        if given.failing_disk and shim is None:
            print("A failing disk needs Linux and a C compiler.")
            return 2
        storage = Storage(Path(folder, "storage"), given.seed, shim)
        for number in range(1, given.kills + 1):
            before = len(storage.found.faults)
            storage.kill(given.case)
            for fault in storage.found.faults[before:]:
                print(f"  kill {number}: {fault}", flush=True)
            if number % 50 == 0:
                print(f"  {storage.found.told()}", flush=True)
    print(f"{storage.found.told()}, in {time.monotonic() - began:.0f} s")
    return 1 if storage.found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
