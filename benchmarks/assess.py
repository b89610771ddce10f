"""How many devices are assessed a second, and does the cost of one change grow with the library?

Prints ratios against the smallest library of the same run.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from fleet import NOW, make_library

from homepoint.application.devices import CorrectDevice
from homepoint.application.workspace import Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Device
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.terms import Terms
from homepoint.storage.library import SqliteLibrary

SIZES = (100, 1_000, 10_000)
CHANGES = 40


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work took."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def one_change(library: SqliteLibrary, terms: Terms, count: int) -> float:
    """Return the median time of one command: written, recorded, its device assessed and kept."""
    workspace = Workspace(library, terms, lambda: NOW)

    def rename(number: int) -> None:
        device = library.get(Device, f"d{number * 7 % count}")
        assert device is not None
        workspace.do(CorrectDevice(device=replace(device, nickname=f"Renamed {number}")))

    rename(0)
    return statistics.median(milliseconds(partial(rename, number)) for number in range(1, CHANGES + 1))


def main() -> None:
    """Print the figures."""
    terms = load_terms()
    first: float | None = None
    print(f"{'devices':>8} {'assessed/s':>11} {'all of it, s':>13} {'one change, ms':>15} {'against the smallest':>21}")
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            library = make_library(Path(folder), count)
            snapshot = library.snapshot()
            took = milliseconds(lambda: [evaluate(facts, terms, NOW) for facts in snapshot.by_device()])  # noqa: B023  # called at once
            change = one_change(library, terms, count)
            library.close()
        first = first or change
        print(f"{count:>8} {count / took * 1000:>11.0f} {took / 1000:>13.2f} {change:>15.2f} {change / first:>20.2f}x")


if __name__ == "__main__":
    main()
