"""What does synchronising cost: first download, rounds with nothing and with one change, and memory?

`python benchmarks/sync.py [--changes 100000] [--server apache|wsgidav|both] [--runs N]`, on real servers on this
computer. Prints ratios against plain work of the same run, with their limits; ends with 1 where one is exceeded.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from measuring import Verdicts, in_fresh_process, most_memory, seconds, seconds_and_computing
from plain import fetch_and_insert, plain_rows
from sharing import FIELDS, PASSPHRASE, Computer, Place, Traffic, devices, place, servers, settle

from homepoint.sync.names import kind_of

SIZES = (1_000, 10_000, 100_000)
"""Changes in the libraries of which rounds are compared."""
MEMORY_SIZES = (10_000, 100_000, 300_000)
ROUNDS = 40
FIRST_LIMIT, GROWTH_LIMIT, MEMORY_LIMIT = 2.0, 1.2, 1.2
NOTHING_LIMIT, CHANGE_LIMIT = 2, 3


# First upload and first download.


@dataclass(slots=True)
class First:
    """How long first downloads took, and the plain work on the same objects; what the last one read."""

    took: list[tuple[float, float]] = field(default_factory=list)
    plain: list[tuple[float, float]] = field(default_factory=list)
    reading: list[tuple[float, float]] = field(default_factory=list)
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
        for into, ready in ((found.plain, rows), (found.reading, None)):
            work = partial(fetch_and_insert, where, read, keys, ready, folder / "plain.sqlite")
            into.append(seconds_and_computing(work))
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
    took, plain, reading = (min(waited for waited, _ in each) for each in (found.took, found.plain, found.reading))
    carried = f"{found.requests} requests  {found.traffic.bytes_read / 1e6:.2f} MB"
    verdicts.line(what, f"{took:.2f} s  {carried}  plain {plain:.2f} s", took / plain, FIRST_LIMIT)
    verdicts.line("  against rows read out of the objects", f"{reading:.2f} s  ratio {took / reading:.2f}")
    took, plain, reading = (min(computed for _, computed in each) for each in (found.took, found.plain, found.reading))
    told = f"{took:.2f} s  plain {plain:.2f} s  ratio {took / plain:.2f}; rows read out {took / reading:.2f}"
    verdicts.line("  of which computing", told)


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


def memory_figures(server: str, sizes: Sequence[int], verdicts: Verdicts) -> None:
    """Print the most memory that first downloads of several sizes take: it grows with objects until those are full."""
    found = [in_fresh_process(peak_memory, server, size) for size in sizes]
    told = " / ".join(f"{after:.0f}" for _, after in found)
    verdicts.line(
        "most memory of a first download",
        f"{told} MB at {' / '.join(f'{size:,}' for size in sizes)} (before it {found[0][0]:.0f})",
        found[-1][1] / found[-2][1],  # of the two that have objects of full size
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
    print("plain: the same objects fetched by requests and opened by the same cipher, then as many rows that lie ready")
    print("(kind, id, field, value, clock) inserted into one SQLite table in one transaction; below it the same, where")
    print("the rows are read out of the objects, as whoever wants to have them must.")
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
