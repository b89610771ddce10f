"""Kills an owner at work on the report at random moments, and compares what was confirmed with what is there then."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from threading import Timer
from typing import IO

from homepoint.system.attachments import FOLDER_NAME, EvidenceStore
from tests.journeys import owners

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 60
LONGEST_DELAY_S = 0.5
LONGEST_LIFE_S = 90.0
NEW_REPORT = 0.15
"""How often an owner begins another report after looking at the last one."""


@dataclass(slots=True)
class Answers:
    """What one report must hold: by field the value confirmed last, and those that were tried since."""

    confirmed: dict[str, object] = field(default_factory=dict)
    tried: dict[str, list[object]] = field(default_factory=dict)

    def try_out(self, name: str, value: object) -> None:
        """Note what may be written from now on."""
        self.tried.setdefault(name, []).append(value)

    def confirm(self, name: str, value: object) -> None:
        """Note what the screen showed as kept."""
        self.confirmed[name] = value
        self.tried.pop(name, None)

    @property
    def is_under_way(self) -> bool:
        """Say whether another value than the confirmed one was being entered."""
        return any(value != self.confirmed.get(name) for name, values in self.tried.items() for value in values)

    def lost_in(self, shown: dict[str, object]) -> list[str]:
        """Return what was confirmed and is not shown; what was tried after it may have been written or not."""
        return [
            f"{name}: {value!r} was confirmed, {shown.get(name, 'nothing')!r} is there"
            for name, value in self.confirmed.items()
            if name not in shown or shown[name] not in (value, *self.tried.get(name, ()))
        ]


@dataclass(slots=True)
class Kills:
    """What the kills so far came to."""

    kills: int = 0
    under_way: int = 0
    confirmed: int = 0
    compared: int = 0
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return all of it in one line."""
        return (
            f"{self.kills} kills ({self.under_way} with an answer under way), {self.confirmed} answers confirmed on "
            f"screen, {self.compared} compared at the next start, {len(self.faults)} faults"
        )


class Owner:
    """One owner with one library, who answers, is killed, and looks at the next start what is there; told by a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Begin a library with two aircraft in an empty folder."""
        self.folder, self.random = folder, Random(seed)
        self.found = Kills()
        self._report, self._answers = "", Answers()
        self._home, self._files, self.data = (folder / name for name in ("home", "files", "data"))
        for each in (self._home, self._files):
            each.mkdir(parents=True)
        homes = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
        self._environment = dict.fromkeys(homes, str(self._home)) | {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "TZ": "Europe/Berlin",
        }
        file = folder / "owner.json"
        file.write_text(json.dumps(owners.with_two_aircraft()), encoding="utf-8")
        with self._running("homepoint", "import", str(file), "--data", str(self.data)) as (importing, _lines):
            assert importing.wait(LONGEST_LIFE_S) == 0, self._log.read_text(encoding="utf-8")

    def live_and_die(self) -> None:
        """Start, compare what the screen shows with what was confirmed, answer on, and be killed at some moment."""
        given = ["--data", str(self.data), "--files", str(self._files), "--seed", str(self.random.getrandbits(32))]
        given += ["--resume", self._report, *["--anew"] * (self.random.random() < NEW_REPORT)]
        lines_to_live, delay = self.random.randint(1, MOST_LINES), self.random.uniform(0, LONGEST_DELAY_S)
        with self._running("tests.journeys.wizard_answerer", *given) as (process, lines):
            self._look_back(lines)
            for line in islice(lines, lines_to_live):
                self._hear(line)
            time.sleep(delay)
            has_ended = process.poll() is not None
            process.kill()
            for line in lines:
                self._hear(line)
        if has_ended:
            self.found.faults.append(f"the program ended by itself: {self._log.read_text(encoding='utf-8')}")
        self.found.kills += 1
        self.found.under_way += self._answers.is_under_way
        self._check_file()

    def look_once_more(self) -> None:
        """Start a last time, only to compare."""
        given = ["--data", str(self.data), "--files", str(self._files), "--seed", "0", "--resume", self._report]
        with self._running("tests.journeys.wizard_answerer", *given) as (process, lines):
            self._look_back(lines)
            process.kill()

    def _look_back(self, lines: IO[str]) -> None:
        """Read until the owner begins to answer; from then on what was shown has to stay."""
        shown: dict[str, object] = {}
        for line in lines:
            if line == "ready\n":
                break
            if line.startswith("shown "):
                name, value = _values(line)
                shown[str(name)] = value
            else:
                self._hear(line)
        if self._report:
            self.found.faults += self._answers.lost_in(shown)
            self.found.compared += len(self._answers.confirmed)
        self._answers = Answers(confirmed=shown)

    def _hear(self, line: str) -> None:
        """Heed a line. The kill may have cut the last one: its act was not begun, or its answer not confirmed."""
        if not line.endswith("\n"):
            return
        word, values = line.split()[0], _values(line)
        if word == "trying":
            self._answers.try_out(str(values[0]), values[1])
        elif word == "confirmed":
            self._answers.confirm(str(values[0]), values[1])
            self.found.confirmed += 1
        elif word == "report":
            self._report = str(values[0])
        elif word == "anew":
            self._report, self._answers = "", Answers()
        else:
            self.found.faults.append(line)

    def _check_file(self) -> None:
        """Read the library past the program: it is whole, and so is every file kept as evidence."""
        store = EvidenceStore(self.data / FOLDER_NAME)
        with closing(sqlite3.connect(self.data / "homepoint.sqlite")) as file:
            if (said := file.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                self.found.faults.append(f"integrity_check says {said}")
            kept = file.execute("SELECT name, sha256 FROM attachments").fetchall()
        for name, sha256 in kept:
            path = store.path(sha256)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                self.found.faults.append(f"{name} is in the list of evidence, and its copy is not whole")

    @property
    def _log(self) -> Path:
        return self.folder / "said.log"

    @contextmanager
    def _running(self, module: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
        """Run a module of ours; it never outlives the block, nor its longest time."""
        with self._log.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], env=self._environment, cwd=self.folder,
                stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8",
            )  # fmt: skip
        assert process.stdout is not None
        watch = Timer(LONGEST_LIFE_S, process.kill)
        watch.start()
        try:
            with process.stdout as lines:
                yield process, lines
        finally:
            watch.cancel()
            process.kill()
            process.wait()


def _values(line: str) -> list[object]:
    """Return what follows the word of a line: JSON values, one after the other."""
    decoder, found, at = json.JSONDecoder(), [], len(line.split()[0]) + 1
    while at < len(line):
        value, at = decoder.raw_decode(line, at)
        found.append(value)
        at += 1
    return found
