"""Kills a writing process at random moments, or lets its disk fail, and reads afterwards what is there."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Timer

from homepoint.application.backups import BackupKind
from homepoint.application.problems import HomepointError
from homepoint.storage.copying import SqliteFiles
from homepoint.storage.migrations import STEPS
from homepoint.system.attachments import FOLDER_NAME as EVIDENCE
from homepoint.system.attachments import EvidenceStore, Kept
from homepoint.system.backup_file import SUFFIX, Source, unpack_library, verify_backup, write_backup
from homepoint.system.backups import FOLDER_NAME, backups_in, origin_of
from homepoint.system.paths import library_file
from homepoint.system.restoring import recover_unfinished
from tests import builders as make
from tests.storage.storage_worker import CASES, ORIGIN_COMPUTER, quiet

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LIFE_S = 2.0
LONGEST_START_S = 60.0
DEVICES, FILES, FILE_SIZE = 150, 4, 2_000_000
LONGEST_DELAY_S = 0.25
MOST_ACTS = 4
AIMED = 0.6
"""How often the kill is aimed at an act that has just begun, rather than at any moment."""

ACTS = ("backing-up", "restoring", "migrating", "trying")
FAULTS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}


@dataclass(slots=True)
class Expected:
    """What must be in a library: everything committed, and what was being written may be or not."""

    committed: set[str] = field(default_factory=set)
    trying: set[str] = field(default_factory=set)
    restoring: str = ""

    def is_met_by(self, found: set[str]) -> bool:
        """Say whether what is there is one of the states that may be."""
        return self.committed <= found <= self.committed | self.trying


@dataclass(slots=True)
class Kills:
    """What the kills so far came to."""

    by_case: Counter[str] = field(default_factory=Counter)
    committed: int = 0
    compared: int = 0
    backups_verified: int = 0
    under_way: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return all of it in one line."""
        cases = ", ".join(f"{case} {count}" for case, count in sorted(self.by_case.items()))
        return (
            f"{self.by_case.total()} kills ({cases}; {self.under_way} with an act under way), {self.committed} facts "
            f"committed, {self.compared} facts looked for afterwards, {self.backups_verified} backups verified, "
            f"{self.refused} times a full or broken disk was told, {len(self.faults)} faults"
        )


class Storage:
    """One data folder for each case, killed again and again; told by a seed."""

    def __init__(self, folder: Path, seed: int, shim: Path | None = None) -> None:
        """Make the folders. `shim` is the library that lets writes fail; None: only kills."""
        self.random, self.shim = Random(seed), shim
        self.found = Kills()
        self._files = SqliteFiles()
        self._folders = {case: folder / case for case in CASES}
        self._expected: dict[str, Expected] = {}
        self._sets: dict[str, set[str]] = {}
        self._home = folder / "home"
        self._home.mkdir(parents=True)
        for case, place in self._folders.items():
            place.mkdir()
            make.library_at(library_file(place)).close()
            self._expected[case] = Expected()
        self._make_backups(folder / "made")

    def kill(self, case: str | None = None) -> None:
        """Start a case, kill it at some moment, and look at what is there."""
        case = case or self.random.choice(list(CASES))
        self._run(case)
        self.found.by_case[case] += 1
        try:
            self._look(case)
        except Exception as fault:
            self._fault(case, f"{type(fault).__name__}: {fault}")

    def _make_backups(self, folder: Path) -> None:
        """Make the two backups that are restored: each with devices and evidence of its own."""
        for name in ("one", "two"):
            data = folder / name
            data.mkdir(parents=True)
            store = EvidenceStore(data / EVIDENCE)
            library = make.library_at(library_file(data))
            devices = [make.device(f"{name}{number}", nickname="n" * 200) for number in range(DEVICES)]
            files = []
            for number in range(FILES):
                file = folder / f"{name}-{number}.bin"
                file.write_bytes(self.random.randbytes(FILE_SIZE))
                kept = store.take_in(file)
                files.append(make.attachment(f"{name}-{number}", sha256=kept.sha256, size=kept.size))
            library.write(make.adding(*devices, *files), make.NOW)
            library.close()
            self._sets[name] = {each.id for each in devices}
            source = Source(
                folder=data, files=self._files, homepoint="test", origin=origin_of(ORIGIN_COMPUTER, data)
            )  # fmt: skip
            path = folder / f"{name}{SUFFIX}"
            write_backup(source, path, kind=BackupKind.BY_OWNER, made_at=make.NOW, progress=quiet)
            for case in ("restore", "restore-damaged"):
                shutil.copyfile(path, self._folders[case] / path.name)
        for number in range(FILES):  # the case "backup" has evidence too
            EvidenceStore(self._folders["backup"] / EVIDENCE).take_in(folder / f"one-{number}.bin")

    def _run(self, case: str) -> None:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self._home), "TMPDIR": str(self._home), "TZ": "Europe/Berlin",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        if self.shim is not None:
            environment |= {
                "LD_PRELOAD": str(self.shim),
                "HOMEPOINT_FAIL_UNDER": str(self._folders[case]),
                "HOMEPOINT_FAIL_AFTER": str(self.random.randint(0, 400)),
                "HOMEPOINT_FAIL_FOR": str(self.random.choice((1, 5, 10_000_000))),
                "HOMEPOINT_FAIL_WITH": str(self.random.choice(list(FAULTS.values()))),
            }
        given = [case, "--folder", str(self._folders[case]), "--seed", str(self.random.getrandbits(32))]
        acts = self.random.randint(1, MOST_ACTS) if self.random.random() < AIMED else 0
        act = self.random.choice(ACTS)
        life = self.random.uniform(0, LONGEST_DELAY_S if acts else LONGEST_LIFE_S)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.storage.storage_worker", *given],
                env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8",
            )  # fmt: skip
            watch = Timer(LONGEST_START_S, process.kill)
            watch.start()
            assert process.stdout is not None
            with process.stdout as lines:
                for line in lines:
                    self._hear(case, line)
                    if line == "ready\n":
                        watch.cancel()
                        watch = Timer(LONGEST_LIFE_S if acts else life, process.kill)
                        watch.start()
                    if acts and line.startswith(act):
                        acts -= 1
                        if not acts:  # inside this very act
                            aimed = Timer(life, process.kill)
                            aimed.start()
            watch.cancel()
            process.kill()
            code = process.wait()
            said.seek(0)
            if code >= 0 and self.shim is None:
                self._fault(case, f"it ended by itself: {said.read()}")

    def _hear(self, case: str, line: str) -> None:
        word, _, rest = line.rstrip("\n").partition(" ")
        if not line.endswith("\n"):
            return
        expected = self._expected[case]
        if word == "trying":
            expected.trying = {rest}
        elif word == "committed":
            expected.committed.add(rest)
            self.found.committed += 1
        elif word == "restoring":
            expected.restoring = rest
        elif word == "restored":
            self._expected[case] = Expected(committed=set(self._sets[rest]))
        elif word == "refused":
            self.found.refused += 1
            if self.shim is None:
                self._fault(case, line)
        elif word == "fault":
            self._fault(case, line)

    # Looking at what is there.

    def _look(self, case: str) -> None:
        folder = self._folders[case]
        recover_unfinished(folder)
        expected = self._expected[case]
        self.found.under_way += bool(expected.restoring or expected.trying - expected.committed)
        if self._is_damaged_as_it_was(case, expected):
            return
        ids = self._ids(library_file(folder), case)
        if not expected.is_met_by(ids):
            if not expected.restoring or ids != self._sets[expected.restoring]:
                lost = len(expected.committed - ids)
                self._fault(
                    case, f"{lost} of {len(expected.committed)} facts lost, {len(ids)} there, {expected.restoring}"
                )
            elif case == "restore":
                self._look_for_safety_copy(case, expected)
            self._look_at_evidence(folder, case)
        self.found.compared += len(expected.committed)
        self._expected[case] = Expected(committed=ids)
        self._look_at_backups(folder, case)
        if case == "migration":
            self._look_at_aged(folder, ids)

    def _ids(self, library: Path, case: str) -> set[str]:
        found = self._files.check(library)
        if found.problems:
            self._fault(case, f"integrity_check says {found.problems}")
        return set(self._files.contents(library).devices)

    def _is_damaged_as_it_was(self, case: str, expected: Expected) -> bool:
        """Say whether a library that was spoiled on purpose is still so: then it is mended for the next kill."""
        if case != "restore-damaged" or not expected.restoring:
            return False
        folder = self._folders[case]
        if not self._files.check(library_file(folder)).problems:
            return False
        for each in folder.glob("homepoint.*"):
            each.unlink()
        unpack_library(folder / f"one{SUFFIX}", library_file(folder))
        self._expected[case] = Expected(committed=set(self._sets["one"]))
        return True

    def _look_for_safety_copy(self, case: str, expected: Expected) -> None:
        """What was exchanged away is whole in a safety copy."""
        for each in sorted((self._folders[case] / FOLDER_NAME).glob(f"*{SUFFIX}"), key=lambda one: one.stat().st_mtime):
            with tempfile.TemporaryDirectory() as place:
                unpack_library(each, Path(place, "library"))
                if expected.committed <= set(self._files.contents(Path(place, "library")).devices):
                    return
        self._fault(case, "what was here is in no safety copy")

    def _look_at_evidence(self, folder: Path, case: str) -> None:
        store = EvidenceStore(folder / EVIDENCE)
        for sha256 in self._files.contents(library_file(folder)).evidence:
            if store.check(sha256) is not Kept.WHOLE:
                self._fault(case, f"evidence {sha256} is {store.check(sha256)}")

    def _look_at_backups(self, folder: Path, case: str) -> None:
        for each in backups_in(folder / FOLDER_NAME):
            try:
                verify_backup(each.path, self._files, quiet)
                self.found.backups_verified += 1
            except HomepointError as fault:
                self._fault(case, str(fault))
            if each.kind is BackupKind.BEFORE_RESTORE:
                each.path.unlink()  # one for each restore: the next look need not read them again

    def _look_at_aged(self, folder: Path, ids: set[str]) -> None:
        aged = folder / "aged.sqlite"
        if not aged.exists() or aged.stat().st_size == 0:
            return
        found = self._files.check(aged)
        if found.problems and "malformed" in found.problems[0]:
            return  # killed while the test itself was copying it
        if found.problems or found.schema not in (len(STEPS), len(STEPS) + 2):
            self._fault("migration", f"version {found.schema}, {found.problems}")
        names = self._files.contents(aged).devices
        newer = [id for id, name in names.items() if name.startswith("newer ")]
        if len(newer) not in (0, len(names)) or bool(newer) != (found.schema > len(STEPS)) * bool(names):
            self._fault("migration", f"{len(newer)} of {len(names)} facts migrated in version {found.schema}")

    def _fault(self, case: str, words: str) -> None:
        self.found.faults.append(f"{case}: {words}")


def built_shim(folder: Path) -> Path | None:
    """Build what lets writes fail; None where there is no C compiler, or no system that can load it so."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    shim = folder / "fail_writes.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(ROOT / "scripts" / "fail_writes.c"), "-ldl"]
    return shim if subprocess.run(command, check=False, capture_output=True).returncode == 0 else None
