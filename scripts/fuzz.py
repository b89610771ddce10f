"""Hand changed, cut and spliced files to every reader: none may crash, hang, eat memory or tell what cannot be.

Every input is told by its number, so a failure can be met again: `make fuzz ARGS="--only 1234"`.
"""

import argparse
import faulthandler
import multiprocessing
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from homepoint.application.problems import HomepointError
from homepoint.intake.readers import read_bytes, readers
from homepoint.intake.reading import FileKind, Reader
from homepoint.intake.recognise import recognise
from tests.intake.flight_record_builder import PICTURE, Moment, Recipe, flight_record, track
from tests.intake.unbelievable import unbelievable

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"
FAILED = ROOT / "build" / "fuzz"

MOST_SECONDS = 2.0
MOST_BYTES = 300 * 1024 * 1024
LARGEST_INPUT = 4 * 1024 * 1024
SHARE_OF_REAL_RECORDS, SHARE_OF_WHOLE_FILES = 0.03, 0.01
_LENGTHS = (500, 2_000, 2_000, 2_000, 4_000, 4_000, 8_000, 16_000, 64_000)
_VALUES = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\0\0\0\xf8\x7f",
)


class TooLongError(BaseException):
    """An input took more than its time; not an Exception, so that no reader swallows it."""


@dataclass(slots=True)
class Tally:
    """What one worker met."""

    inputs: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    slowest: int = 0
    peak_bytes: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)


class Seeds:
    """The files that are changed: made ones of every version, and real ones where they lie beside the checkout."""

    def __init__(self) -> None:
        self.made = [made for version in range(1, 15) for made in _made(version)]
        self.real: dict[FileKind, list[bytes]] = {kind: [] for kind in readers}
        for file in sorted(SAMPLES.rglob("*")) if SAMPLES.is_dir() else ():
            if file.is_file() and (kind := recognise(data := file.read_bytes())) in self.real:
                self.real[kind].append(data[:LARGEST_INPUT])

    def choose(self, random: Random, kind: FileKind) -> bytes:
        """Return a file of a kind; flight records are mostly small made ones, others the beginning of real ones."""
        real = self.real[kind]
        if kind is FileKind.FLIGHT_RECORD and (not real or random.random() > SHARE_OF_REAL_RECORDS):
            return random.choice(self.made)
        if not real:
            return random.randbytes(random.randrange(4096))
        chosen = random.choice(real)
        return chosen if random.random() < SHARE_OF_WHOLE_FILES else chosen[: random.choice(_LENGTHS)]


def _made(version: int) -> list[bytes]:
    full = Recipe(
        version=version,
        moments=(*track(12, lost=(5, 6)), Moment(message=(10, "Weak signal"))),
        components=[(2, "0M6TEST0010001"), (3, "0VETEST0010003")],
        pictures=(PICTURE,),
    )
    return [flight_record(full), flight_record(Recipe(version=version, is_closed=False, moments=track(3)))]


def changed(random: Random, seeds: Seeds, kind: FileKind) -> bytes:
    """Return a damaged file of a kind."""
    data = bytearray(seeds.choose(random, kind))
    for _ in range(random.choice((1, 1, 2, 4, 8, 32))):
        at = random.randrange(len(data) + 1)
        until = min(len(data), at + random.choice((1, 4, 16, 400)))
        match random.randrange(7):
            case 0:
                data[at:until] = random.randbytes(until - at)
            case 1:
                value = random.choice(_VALUES)
                data[at : at + len(value)] = value
            case 2:
                del data[at:until]
            case 3:
                data[at:at] = data[at:until] * random.choice((1, 2, 50))
            case 4:
                del data[at:]
            case 5:
                data[at:] = seeds.choose(random, kind)[at:]
            case _ if at < len(data):
                data[at] ^= 1 << random.randrange(8)
    return bytes(data[:LARGEST_INPUT])


def outcome(data: bytes, kind: FileKind) -> tuple[str, list[str]]:
    """Return how reading went in a word, and what was wrong; the reader is asked even if the file looks otherwise."""
    word, wrong = _asked(readers[kind], data)
    return word, wrong + (_asked(read_bytes, data)[1] if recognise(data) is not kind else [])


def _asked(read: Reader, data: bytes) -> tuple[str, list[str]]:
    try:
        return "read", unbelievable(read(data))
    except HomepointError as refused:
        return "refused", [] if refused.title and refused.advice else ["a refusal without advice"]


def work(seed: int, numbers: Sequence[int], answers: "multiprocessing.Queue[Tally]") -> None:
    """Try these inputs within the limits of time and memory, and hand in the tally."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGPROF, _stop)
    tally, seeds, kinds = Tally(), Seeds(), list(readers)
    for number in numbers:
        random = Random(f"{seed}:{number}")
        kind = kinds[number % len(kinds)]
        data = changed(random, seeds, kind)
        faulthandler.dump_traceback_later(60, exit=True)  # for a hang in C, which no signal ends
        begun = time.process_time()
        try:
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            word, wrong = outcome(data, kind)
        except TooLongError:
            word, wrong = "hung", [f"more than {MOST_SECONDS} s"]
        except MemoryError:
            word, wrong = "too much memory", [f"more than {MOST_BYTES >> 20} MB"]
        except Exception as crash:
            word, wrong = "crashed", [f"{type(crash).__name__}: {crash}"]
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - begun
        if took > tally.slowest_s:
            tally.slowest_s, tally.slowest = took, number
        tally.inputs[kind] += 1
        tally.outcomes[word] += 1
        if wrong:
            tally.failures.append((number, "; ".join(wrong)[:500]))
            FAILED.mkdir(parents=True, exist_ok=True)
            (FAILED / f"{number}.bin").write_bytes(data)
    faulthandler.cancel_dump_traceback_later()
    tally.peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answers.put(tally)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError


def main() -> int:
    """Print what was met; 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000, help="how many inputs (default: 100000)")
    options.add_argument("--seed", type=int, default=1, help="another one makes other inputs")
    options.add_argument("--only", type=int, help="try this input alone")
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    numbers = [given.only] if given.only is not None else range(given.count)
    answers: multiprocessing.Queue[Tally] = multiprocessing.Queue()
    begun = time.perf_counter()
    workers = [
        multiprocessing.Process(target=work, args=(given.seed, numbers[start :: given.workers], answers))
        for start in range(min(given.workers, len(numbers)))
    ]
    for worker in workers:
        worker.start()
    tallies = _gathered(workers, answers)
    return _told(tallies, time.perf_counter() - begun, died=len(workers) - len(tallies))


def _gathered(workers: Sequence[multiprocessing.Process], answers: "multiprocessing.Queue[Tally]") -> list[Tally]:
    """Wait for all workers; one that died hands in nothing."""
    tallies: list[Tally] = []
    while len(tallies) < len(workers):
        if not answers.empty():
            tallies.append(answers.get())
        elif all(worker.exitcode is not None for worker in workers) and answers.empty():
            break
        time.sleep(0.1)
    return tallies


def _told(tallies: Sequence[Tally], took_s: float, *, died: int) -> int:
    inputs, outcomes = Counter[str](), Counter[str]()
    for tally in tallies:
        inputs += tally.inputs
        outcomes += tally.outcomes
    slowest = max(tallies, key=lambda tally: tally.slowest_s, default=Tally())
    print(f"{sum(inputs.values()):,} inputs in {took_s:.0f} s: {_counts(inputs)}")
    print(f"outcomes: {_counts(outcomes)}")
    print(f"slowest: {slowest.slowest_s:.2f} s of processor time (input {slowest.slowest}), limit {MOST_SECONDS} s")
    peak = max((tally.peak_bytes for tally in tallies), default=0)
    print(f"most memory of a worker: {peak >> 20} MB, limit {MOST_BYTES >> 20} MB")
    failures = [failure for tally in tallies for failure in tally.failures]
    for number, what in sorted(failures)[:20]:
        print(f"input {number}: {what}")
    print(f"{len(failures)} wrong, {died} workers died")
    return 1 if failures or died or not tallies else 0


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in counter.most_common())


if __name__ == "__main__":
    sys.exit(main())
