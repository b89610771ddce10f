"""How much slower is an encrypted library than a plain one? Opening, reading, writing, and files of evidence.

`python benchmarks/at_rest.py [--devices N] [--runs N]` prints medians in milliseconds and their ratio.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from fleet import NOW, make_library

from homepoint.application.changes import Change, Edit
from homepoint.application.ports import DeviceQuery
from homepoint.domain.facts import Device
from homepoint.domain.values import DeviceId
from homepoint.storage.converting import SqliteConverting
from homepoint.storage.library import SqliteLibrary
from homepoint.system.attachments_sealed import evidence_store
from homepoint.system.lock_file import new_lock
from homepoint.system.locking import turn_on
from homepoint.system.paths import library_file

EVIDENCE = 64 << 20


def opened(folder: Path, key: bytes | None) -> SqliteLibrary:
    """Open the library of a folder."""
    return SqliteLibrary(library_file(folder), zone=ZoneInfo("UTC"), person="", computer="", key=key)


def acts(folder: Path, library: SqliteLibrary, proof: Path) -> dict[str, Callable[[], object]]:
    """Return what is measured on an open library, by name."""
    store = evidence_store(folder, library.key)
    kept = store.take_in(proof)
    library.warm_up()

    def rename() -> None:
        device = library.get(Device, DeviceId("d1"))
        assert device is not None
        changed = replace(device, nickname=f"Unit {time.perf_counter_ns()}")
        library.write(Edit(title="Renamed", changes=(Change(before=device, after=changed),)), NOW)

    def read() -> None:
        with store.open(kept.sha256) as stream:
            while stream.read(1 << 20):
                pass

    return {
        "open the library": lambda: opened(folder, library.key).close(),
        "read everything": library.snapshot,
        "search and list 200 devices": lambda: library.rows(DeviceQuery(words="unit 7")),
        "write one edit": rename,
        f"read {EVIDENCE >> 20} MB of evidence": read,
    }


def medians(these: tuple[Callable[[], object], ...], runs: int) -> list[float]:
    """Return the median time of each in milliseconds; they take turns, and the first run of each does not count."""
    times: list[list[float]] = [[] for _ in these]
    for _ in range(runs + 1):
        for act, kept in zip(these, times, strict=True):
            begun = time.perf_counter()
            act()
            kept.append((time.perf_counter() - begun) * 1e3)
    return [statistics.median(each[1:]) for each in times]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1_000, help="how many (default %(default)s)")
    parser.add_argument("--runs", type=int, default=7, help="of each (default %(default)s)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        proof = Path(place, "proof.bin")
        proof.write_bytes(os.urandom(EVIDENCE))
        plain, encrypted = Path(place, "plain"), Path(place, "encrypted")
        plain.mkdir()
        make_library(plain, chosen.devices).close()
        shutil.copytree(plain, encrypted)
        lock = new_lock("four words and a comma")
        begun = time.perf_counter()
        turn_on(encrypted, SqliteConverting(), lock)
        took, size = time.perf_counter() - begun, library_file(encrypted).stat().st_size
        print(f"{chosen.devices:,} devices, {size / 1e6:.1f} MB; medians of {chosen.runs} in ms")
        print(f"{'':<30}{'plain':>9}{'encrypted':>11}{'ratio':>8}")
        with closing(opened(plain, None)) as one, closing(opened(encrypted, lock.key)) as other:
            both = acts(plain, one, proof), acts(encrypted, other, proof)
            for name in both[0]:
                first, second = medians((both[0][name], both[1][name]), chosen.runs)
                print(f"{name:<30}{first:>9.1f}{second:>11.1f}{second / first:>7.2f}x")
    print(f"encrypting the library took {took:.2f} s")


if __name__ == "__main__":
    main()
