"""Kills a process that turns encryption on and off at random moments, and reads afterwards what is there."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Timer

from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Attachment
from homepoint.system.attachments import Kept
from homepoint.system.attachments_sealed import evidence_store
from homepoint.system.paths import LOCK_JOURNAL, library_file
from tests import builders as make
from tests.system.locking_worker import unlocked
from tests.system.secret_search import find_secrets

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LIFE_S = 1.5
LONGEST_START_S = 60.0


class Locking:
    """One data folder, killed again and again; told by a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Make a plain library."""
        self.random = Random(seed)
        self.folder = folder / "data"
        self.folder.mkdir(parents=True)
        make.library_at(library_file(self.folder)).close()
        self.faults: list[str] = []
        self.done: Counter[str] = Counter()
        self.kills = self.interrupted = self.files_read = 0
        self.committed: set[str] = set()
        self._trying: set[str] = set()
        self._number = self._other = 0

    def told(self) -> str:
        """Return what the kills came to, in one line."""
        acts = ", ".join(f"{word} {count}" for word, count in sorted(self.done.items()))
        return (
            f"{self.kills} kills, {self.interrupted} with a conversion under way; carried out in between: {acts}; "
            f"{len(self.committed)} facts committed, {self.files_read} files of evidence read, "
            f"{len(self.faults)} faults"
        )

    def kill(self) -> None:
        """Let it work, kill it at some moment, and look at what is there."""
        self._run()
        self.kills += 1
        self.interrupted += (self.folder / LOCK_JOURNAL).exists()
        try:
            self._look()
        except HomepointError as fault:
            self.faults.append(str(fault))

    def _run(self) -> None:
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "PYTHONDONTWRITEBYTECODE": "1"}
        given = ["--folder", str(self.folder), "--seed", str(self.random.getrandbits(32))]
        given += ["--number", str(self._number), "--other", str(self._other)]
        life = self.random.uniform(0, LONGEST_LIFE_S)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.system.locking_worker", *given],
                env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8",
            )  # fmt: skip
            watch = Timer(LONGEST_START_S, process.kill)
            watch.start()
            assert process.stdout is not None
            with process.stdout as lines:
                for line in lines:
                    self._hear(line)
                    if line == "ready\n":
                        watch.cancel()
                        watch = Timer(life, process.kill)
                        watch.start()
            watch.cancel()
            process.kill()
            if process.wait() >= 0:
                said.seek(0)
                self.faults.append(f"it ended by itself: {said.read()}")

    def _hear(self, line: str) -> None:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "trying":
            self._trying.add(rest)
        elif word == "committed":
            self.committed.add(rest)
        elif word == "passphrase":
            self._other = int(rest)
        elif word == "changed":
            self._number = self._other = int(rest)
        elif word == "did":
            self.done[rest] += 1
        elif word in ("refused", "fault"):
            self.faults.append(line)

    def _look(self) -> None:
        key = unlocked(self.folder, (self._number, self._other))
        with closing(make.library_at(library_file(self.folder), key=key)) as library:
            found = {each.id for each in library.snapshot().devices}
            named = [each.sha256 for each in library.all(Attachment) if each.sha256]
            if library.damage():
                self.faults.append("the library is damaged")
        if not self.committed <= found <= self.committed | self._trying:
            self.faults.append(f"{len(self.committed - found)} of {len(self.committed)} facts are lost")
        store = evidence_store(self.folder, key)
        for sha256 in named:
            self.files_read += 1
            if store.check(sha256) is not Kept.WHOLE:
                self.faults.append(f"evidence {sha256} is {store.check(sha256)}")
        if key is not None and self.committed:
            some = self.random.sample(sorted(self.committed), min(3, len(self.committed)))
            if left := find_secrets(self.folder, {each: each for each in some}):
                self.faults.append(f"readable although encrypted: {left}")
