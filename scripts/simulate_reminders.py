"""Let years pass over reminders by a fake clock: programs open and closed at random, killed between two steps, dates
changing, two computers that meet now and then; every reminder must be told exactly once.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.application.reminder_world import World, told


def main() -> int:
    """Simulate one computer, then two, print what came of it, and return 1 if a reminder was lost or told twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SystemRandom().getrandbits(32), help="what to choose by")
    given = parser.parse_args()
    faults = 0
    for computers in (1, 2):
        print(f"seed {given.seed}, {given.days} days, {computers} computer{'s'[: computers - 1]}", flush=True)
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="homepoint-reminders-") as folder:
            world = World(Path(folder), given.seed, computers)
            said = "every reminder exactly once" + (
                " on each computer, and on both only where neither could know" if computers > 1 else ""
            )
            try:
                world.run(given.days)
            except AssertionError as fault:
                faults += 1
                said = f"FAULT: {fault}"
        print(told(world.tally))
        print(f"  {said}, {time.monotonic() - began:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
