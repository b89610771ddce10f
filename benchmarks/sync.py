"""What does synchronising cost: first download, rounds with nothing and with one change, and memory?

`python benchmarks/sync.py [--changes 100000] [--server apache|wsgidav|both] [--runs N]`, on real servers on this
computer. Prints ratios against plain work of the same run, with their limits; ends with 1 where one is exceeded.
"""

import argparse
import gc
import multiprocessing
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import requests
from requests.auth import HTTPBasicAuth
from sharing import FIELDS, PASSPHRASE, Computer, Place, Traffic, devices, place, servers, settle

from homepoint.storage.replication import CACHE_KIB
from homepoint.sync.cipher import LibraryKeys, unseal
from homepoint.sync.names import kind_of, label_of

T = TypeVar("T")

SIZES = (1_000, 10_000, 100_000)
"""Changes in the libraries of which rounds are compared."""
MEMORY_SIZES = (10_000, 100_000, 300_000)
ROUNDS = 40
FIRST_LIMIT, GROWTH_LIMIT, MEMORY_LIMIT = 2.0, 1.2, 1.2
NOTHING_LIMIT, CHANGE_LIMIT = 2, 3


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


# The plain work to compare with.


def plain_rows(changes: int) -> list[tuple[str, str, str, str, str]]:
    """Return as many rows as there are changes: kind, id, field, value, clock."""
    rows: list[tuple[str, str, str, str, str]] = []
    for number, device in enumerate(devices(changes // len(FIELDS))):
        clock = f"{number:016x}{number * 7919 % 2**40:010x}"
        rows += [("devices", device.id, name, str(getattr(device, name)), clock) for name in FIELDS]
    return rows


def fetch_and_insert(
    where: Place, names: Sequence[str], keys: LibraryKeys, rows: Sequence[tuple[str, ...]], file: Path
) -> None:
    """Fetch objects with requests, open them with the same cipher, and insert ready rows in one transaction."""
    session = requests.Session()
    session.trust_env = False
    session.auth = HTTPBasicAuth(where.location.user.encode(), where.password.encode())
    for name in names:
        answer = session.get(f"{where.location.address}homepoint-sync/v1/l/{name}", timeout=60)
        answer.raise_for_status()
        if kind_of(name) != "k":
            unseal(answer.content, label_of(name), keys)
    session.close()
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(
        "CREATE TABLE changes (kind TEXT, id TEXT, field TEXT, value TEXT, clock TEXT, PRIMARY KEY (kind, id, field))"
    )
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.close()


# First upload and first download.


@dataclass(slots=True)
class First:
    """How long first downloads took, and the plain work on the same objects; what the last one read."""

    took: list[tuple[float, float]] = field(default_factory=list)
    plain: list[tuple[float, float]] = field(default_factory=list)
    requests: int = 0
    traffic: Traffic = field(default_factory=Traffic)


def first_downloads(folder: Path, where: Place, first: Computer, changes: int, runs: int) -> First:
    """Let new computers read all that is there, each in turn with the plain work on the same objects."""
    rows, found = plain_rows(changes), First()
    names = set(where.objects)
    for run in range(runs):
        computer = Computer(folder / f"reader-{run}", "Reader")
        computer.sync.join(where.location, where.password, PASSPHRASE)
        found.took.append(seconds_and_computing(lambda: found_round(computer, changes, found)))  # noqa: B023  # called at once
        computer.close()
        shutil.rmtree(folder / f"reader-{run}")
        where.remove_all_but(names)
        keys = first.sync._keys()  # the plain work needs the key, and is not to spend time on finding it
        read = list(found.traffic.read)
        found.plain.append(
            seconds_and_computing(lambda: fetch_and_insert(where, read, keys, rows, folder / "plain.sqlite"))  # noqa: B023  # called at once
        )
    return found


def found_round(computer: Computer, changes: int, found: First) -> None:
    """Carry out a first round, and check that everything came."""
    report = computer.round()
    assert report.received * len(FIELDS) == changes, report
    found.requests, found.traffic = report.requests, computer.traffic


def first_figures(server: str, changes: int, runs: int, verdicts: Verdicts) -> None:
    """Print what first upload and first downloads cost."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, running = Path(temporary), servers()
        try:
            where = place(running, server, "library")
            first = Computer(folder / "first", "First")
            first.fill(changes // len(FIELDS))
            first.sync.set_up(where.location, where.password, PASSPHRASE)
            reports = []
            took = seconds(lambda: reports.append(first.round()))
            written = first.traffic.written / 1e6
            verdicts.line("first upload", f"{took:.2f} s  {reports[0].requests} requests  {written:.2f} MB")
            tell_first("first download by log", first_downloads(folder, where, first, changes, runs), verdicts)
            settle(first)
            if any(kind_of(name) == "s" for name in where.objects):
                found = first_downloads(folder, where, first, changes, runs)
                tell_first("first download by summary", found, verdicts)
            first.close()
        finally:
            running.close()


def tell_first(what: str, found: First, verdicts: Verdicts) -> None:
    """Print one way of first download: the best of all runs, as other programs only ever make one slower."""
    took, plain = min(found.took)[0], min(found.plain)[0]
    carried = f"{found.requests} requests  {found.traffic.bytes_read / 1e6:.2f} MB"
    verdicts.line(what, f"{took:.2f} s  {carried}  plain {plain:.2f} s", took / plain, FIRST_LIMIT)
    took, plain = (min(computed for _, computed in each) for each in (found.took, found.plain))
    verdicts.line("  of which computing", f"{took:.2f} s  plain {plain:.2f} s  {took / plain:.2f}")


# Rounds with nothing and with one change.


@dataclass(slots=True)
class Pair:
    """Two computers that share a library of a size, and what their rounds took in seconds and requests."""

    changes: int
    writer: Computer
    reader: Computer
    ids: list[str]
    nothing: list[tuple[float, int]] = field(default_factory=list)
    sending: list[tuple[float, int]] = field(default_factory=list)
    receiving: list[tuple[float, int]] = field(default_factory=list)
    writing: list[float] = field(default_factory=list)


def make_pair(folder: Path, where: Place, changes: int) -> Pair:
    """Return two computers that have synchronised everything and tidied up."""
    writer, reader = Computer(folder / f"w{changes}", "First"), Computer(folder / f"r{changes}", "Second")
    writer.fill(changes // len(FIELDS))
    writer.sync.set_up(where.location, where.password, PASSPHRASE)
    writer.round()
    reader.sync.join(where.location, where.password, PASSPHRASE)
    settle(writer, reader)
    return Pair(changes, writer, reader, [device.id for device in devices(changes // len(FIELDS))])


def timed_round(computer: Computer, into: list[tuple[float, int]]) -> None:
    """Carry out a round and note what it took."""
    counted = []
    took = seconds(lambda: counted.append(computer.round().requests))
    into.append((took, counted[0]))


def measure_rounds(pair: Pair, number: int) -> None:
    """Carry out one of each kind of round."""
    timed_round(pair.writer, pair.nothing)
    id = pair.ids[number * 7 % len(pair.ids)]
    pair.writing.append(seconds(lambda: pair.writer.rename(id, f"Renamed {number}")))
    timed_round(pair.writer, pair.sending)
    timed_round(pair.reader, pair.receiving)
    settle(pair.writer, pair.reader)  # so that each round is measured on its own, without what others left to tidy


def round_figures(server: str, sizes: Sequence[int], verdicts: Verdicts) -> None:
    """Print what rounds cost in libraries of several sizes, measured in turn."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, running = Path(temporary), servers()
        try:
            pairs = [make_pair(folder, place(running, server, f"of-{size}"), size) for size in sizes]
            for number in range(ROUNDS):
                for pair in pairs:
                    measure_rounds(pair, number)
            tell_rounds("round with nothing new", [pair.nothing for pair in pairs], sizes, NOTHING_LIMIT, verdicts)
            tell_rounds("round that sends one change", [pair.sending for pair in pairs], sizes, CHANGE_LIMIT, verdicts)
            tell_rounds("round that gets one change", [pair.receiving for pair in pairs], sizes, CHANGE_LIMIT, verdicts)
            medians = [statistics.median(pair.writing) * 1000 for pair in pairs]
            told = " / ".join(f"{median:.1f}" for median in medians)
            verdicts.line("writing one edit, with its stamps", f"{told} ms", medians[-1] / medians[0], GROWTH_LIMIT)
            for pair in pairs:
                pair.writer.close()
                pair.reader.close()
        finally:
            running.close()


def tell_rounds(
    what: str, found: list[list[tuple[float, int]]], sizes: Sequence[int], most: int, verdicts: Verdicts
) -> None:
    """Print one kind of round: medians for each size, their ratio, and the most requests of any."""
    medians = [statistics.median(took for took, _ in each) * 1000 for each in found]
    told = " / ".join(f"{median:.1f}" for median in medians)
    verdicts.line(
        what, f"{told} ms at {' / '.join(f'{size:,}' for size in sizes)}", medians[-1] / medians[0], GROWTH_LIMIT
    )
    counts = [count for each in found for _, count in each]
    verdicts.line("  most requests of any", f"median {statistics.median(counts):g}", max(counts), most)


def many_changes(server: str, rounds: int, verdicts: Verdicts) -> None:
    """Print how many requests rounds with a change each take in a row: none has time to tidy up."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, running = Path(temporary), servers()
        try:
            pair = make_pair(folder, place(running, server, "busy"), SIZES[0])
            counts = []
            for number in range(rounds):
                pair.writer.rename(pair.ids[number % len(pair.ids)], f"Busy {number}")
                counts.append(pair.writer.round().requests)
            pair.writer.close()
            pair.reader.close()
        finally:
            running.close()
    verdicts.line(
        f"{rounds} rounds in a row with a change each",
        f"{statistics.median(counts):g} requests in the median, {statistics.mean(counts):.1f} on average, "
        f"at most {max(counts)}",
    )


# Memory.


def peak_memory(server: str, changes: int) -> tuple[float, float]:
    """Return the most memory (MB) this process had before and after a first download by log."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, running = Path(temporary), servers()
        try:
            where = place(running, server, "library")
            in_fresh_process(upload, folder, where, changes)
            reader = Computer(folder / "reader", "Reader")
            reader.sync.join(where.location, where.password, PASSPHRASE)
            before = most_memory()
            report = reader.round()
            assert report.received * len(FIELDS) == changes, report
            reader.close()
            return before, most_memory()
        finally:
            running.close()


def upload(folder: Path, where: Place, changes: int) -> None:
    """Fill the storage."""
    first = Computer(folder / "first", "First")
    first.fill(changes // len(FIELDS))
    first.sync.set_up(where.location, where.password, PASSPHRASE)
    first.round()
    first.close()


def most_memory() -> float:
    """Return the most memory that this process ever had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000


def memory_figures(server: str, sizes: Sequence[int], verdicts: Verdicts) -> None:
    """Print the most memory that first downloads of several sizes take."""
    found = [in_fresh_process(peak_memory, server, size) for size in sizes]
    told = " / ".join(f"{after:.0f}" for _, after in found)
    verdicts.line(
        "most memory of a first download",
        f"{told} MB at {' / '.join(f'{size:,}' for size in sizes)} (before it {found[0][0]:.0f})",
        found[-1][1] / found[0][1],
        MEMORY_LIMIT,
    )


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=100_000, help="of a first download (default 100,000)")
    parser.add_argument("--server", choices=("apache", "wsgidav", "both"), default="both")
    parser.add_argument("--runs", type=int, default=5, help="how many first downloads of each kind (default 5)")
    chosen = parser.parse_args()
    each = len(FIELDS)
    print(
        f"A change is (kind, id, field, value, clock). {chosen.changes:,} changes: {chosen.changes // each:,} devices,"
    )
    print(f"each added by an edit of its own with {each} fields known and random parts in most of them.")
    print(f"Times of first downloads are the best of {chosen.runs}, those of rounds medians of {ROUNDS}.")
    print("plain: the same objects fetched by requests and opened by the same cipher, then as many ready rows")
    print("(kind, id, field, value, clock) inserted into one SQLite table in one transaction.")
    verdicts = Verdicts()
    for server in ("apache", "wsgidav") if chosen.server == "both" else (chosen.server,):
        print(f"{server}:")
        in_fresh = in_fresh_process(measured, server, chosen.changes, chosen.runs)
        verdicts.missed += in_fresh
    return 1 if verdicts.missed else 0


def measured(server: str, changes: int, runs: int) -> list[str]:
    """Measure everything on one server, and return which limits were missed."""
    verdicts = Verdicts()
    first_figures(server, changes // len(FIELDS) * len(FIELDS), runs, verdicts)
    round_figures(server, SIZES, verdicts)
    many_changes(server, 200, verdicts)
    memory_figures(server, MEMORY_SIZES, verdicts)
    return verdicts.missed


if __name__ == "__main__":
    sys.exit(main())
