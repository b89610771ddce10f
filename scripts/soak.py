"""Kill an owner at work on the report again and again: no answer that the screen showed as kept may be lost.

What is answered is told by a seed. The moment of a kill is the machine's own as well, so a seed met again comes close.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.journeys.wizard_kills import Owner


def main() -> int:
    """Kill as often as asked, print what came of it, and return 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="how often (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SystemRandom().getrandbits(32), help="what to choose by")
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.kills} kills of the report", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="homepoint-soak-") as folder:
        owner = Owner(Path(folder, "owner"), given.seed)
        for number in range(1, given.kills + 1):
            before = len(owner.found.faults)
            owner.live_and_die()
            for fault in owner.found.faults[before:]:
                print(f"  start {number}: {fault}", flush=True)
            if number % 10 == 0:
                print(f"  {owner.found.told()}", flush=True)
        before = len(owner.found.faults)
        owner.look_once_more()
        for fault in owner.found.faults[before:]:
            print(f"  last start: {fault}")
    print(f"{owner.found.told()}, in {time.monotonic() - began:.0f} s")
    return 1 if owner.found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
