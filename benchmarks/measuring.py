"""How the benchmarks of synchronising measure, and print what they measured beside its limits."""

import gc
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Verdicts:
    """Prints what was measured beside its limit, and remembers whether all held."""

    missed: list[str] = field(default_factory=list)

    def line(self, what: str, figures: str, measured: float | None = None, limit: float | None = None) -> None:
        """Print one line."""
        if measured is None or limit is None:
            print(f"  {what:<44}{figures}")
            return
        holds = measured <= limit
        print(f"  {what:<44}{figures:<52}{measured:>7.2f}  limit {limit:g}{'' if holds else '  MISSED'}", flush=True)
        if not holds:
            self.missed.append(what)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work took; what earlier ones left behind is cleared away first."""
    return seconds_and_computing(work)[0]


def seconds_and_computing(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long a piece of work took, and how much of it this process computed."""
    gc.collect()
    begun, computing = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - computing


def in_fresh_process(work: Callable[..., T], *arguments: object) -> T:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def most_memory() -> float:
    """Return the most memory that this process ever had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000
