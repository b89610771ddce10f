"""Kill a process that turns encryption on and off again and again: nothing committed is lost, nothing stays readable.

What is written is told by a seed. The moment of a kill is the machine's own as well, so a seed met again comes close.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.system.locking_kills import Locking


def main() -> int:
    """Kill as often as asked, print what came of it, and return 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SystemRandom().getrandbits(32), help="what to choose by")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.kills} kills", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="homepoint-kills-") as folder:
        locking = Locking(Path(folder), given.seed)
        for number in range(1, given.kills + 1):
            before = len(locking.faults)
            locking.kill()
            for fault in locking.faults[before:]:
                print(f"  kill {number}: {fault}", flush=True)
            if number % 25 == 0:
                print(f"  {locking.told()}", flush=True)
    print(f"{locking.told()}, in {time.monotonic() - began:.0f} s")
    return 1 if locking.faults else 0


if __name__ == "__main__":
    sys.exit(main())
