"""A process that writes without pause and is killed at any moment; it says each act before and after it.

    ready               it begins
    trying ID           a device of this id is about to be written
    committed ID        it was written, as far as the library said
    backing-up          a backup is about to be written
    restoring NAME      this backup is about to take the library's place
    restored NAME       it did, as far as was said
    migrating           a copy of the library is about to be brought to another version
    refused WORDS       a HomepointError: the world was in the way, and the worker goes on
    fault WORDS         anything else: that may not happen

How to add a case: a function that acts once, and a line in `CASES`; what has to hold after a kill stands in
`storage_kills.py`.
"""

import os
import shutil
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

from homepoint.application.problems import HomepointError
from homepoint.storage.copying import SqliteFiles
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.migrate import Schema, bring_up_to_date
from homepoint.storage.migrations import STEPS
from homepoint.system.backup_file import SUFFIX, Source
from homepoint.system.backups import FOLDER_NAME, back_up_automatically, origin_of
from homepoint.system.paths import library_file
from homepoint.system.restoring import recover_unfinished, restore
from tests import builders as make

ORIGIN_COMPUTER = "desk"


def say(word: str, *rest: str) -> None:
    """Write a line out at once."""
    os.write(1, (" ".join((word, *rest)) + "\n").encode())


def quiet(_done: int, _total: int, _words: str) -> None:
    """Report nothing."""


class Worker:
    """Acts on one data folder, as a seed tells."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.source = Source(
            folder=folder, files=SqliteFiles(), homepoint="test", origin=origin_of(ORIGIN_COMPUTER, folder)
        )
        self._opened: SqliteLibrary | None = None

    @property
    def library(self) -> SqliteLibrary:
        """The library, opened when first asked for."""
        if self._opened is None:
            self._opened = make.library_at(library_file(self.folder))
        return self._opened

    def close(self) -> None:
        """Let go of the library."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def write(self) -> None:
        """Write one device and say so."""
        id = f"w{self.random.getrandbits(64):x}"
        say("trying", id)
        self.library.write(make.adding(make.device(id, nickname=id * self.random.randint(1, 40))), make.NOW)
        say("committed", id)


def command(worker: Worker) -> None:
    """Write facts one after the other."""
    worker.write()


def backup(worker: Worker) -> None:
    """Write a fact, then back everything up on another day, which lets older backups go."""
    worker.write()
    now = make.NOW + timedelta(hours=worker.random.randint(0, 24 * 400))
    folder = worker.folder / FOLDER_NAME
    say("backing-up")
    back_up_automatically(worker.source, folder, now=now, zone=make.BERLIN, progress=quiet, room_left=0)


def restoring(worker: Worker) -> None:
    """Write a fact, then let one of two backups take the library's place."""
    worker.write()
    worker.close()
    name = worker.random.choice(("one", "two"))
    say("restoring", name)
    _restore(worker, name)
    say("restored", name)


def damaged(worker: Worker) -> None:
    """Spoil the library, then let one of two backups take its place: the way that needs a journal."""
    name = worker.random.choice(("one", "two"))
    worker.write()
    worker.close()
    say("restoring", name)
    spoiled = bytearray(library_file(worker.folder).read_bytes())
    spoiled[:100] = worker.random.randbytes(100)
    spare = worker.folder / "spoiled"
    spare.write_bytes(spoiled)
    spare.replace(library_file(worker.folder))
    _restore(worker, name)
    say("restored", name)
    for each in worker.folder.glob("*.damaged-*"):
        each.unlink()


def _restore(worker: Worker, name: str) -> None:
    path = worker.folder / f"{name}{SUFFIX}"
    restore(worker.source, path, worker.folder / FOLDER_NAME, now=make.NOW, progress=quiet)


def migration(worker: Worker) -> None:
    """Bring a library of today to a version that does not exist yet, in two steps, one by Alembic."""
    file = library_file(worker.folder)
    worker.write()
    worker.close()
    say("migrating")
    aged = worker.folder / "aged.sqlite"
    for end in ("", "-wal", "-shm"):
        aged.with_name(aged.name + end).unlink(missing_ok=True)
    shutil.copyfile(file, aged)
    bring_up_to_date(aged, [*STEPS, _plain_step, _step_of_alembic])


def _plain_step(schema: Schema) -> None:
    schema.run("CREATE TABLE newer AS SELECT * FROM devices")
    schema.run("UPDATE devices SET nickname = 'newer ' || nickname")


def _step_of_alembic(schema: Schema) -> None:
    import sqlalchemy

    schema.operations.add_column("devices", sqlalchemy.Column("colour", sqlalchemy.Text))


CASES: Mapping[str, Callable[[Worker], None]] = {
    "command": command,
    "backup": backup,
    "restore": restoring,
    "restore-damaged": damaged,
    "migration": migration,
}


def main() -> None:
    """Act until killed."""
    parser = ArgumentParser()
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    worker = Worker(given.folder, given.seed)
    worker.library.warm_up()
    say("ready")
    while True:
        try:
            recover_unfinished(given.folder)
            CASES[given.case](worker)
        except HomepointError as told:
            say("refused", str(told).replace("\n", " "))
            worker.close()
        except Exception:
            say("fault", traceback.format_exc().replace("\n", " | "))
            sys.exit(1)


if __name__ == "__main__":
    main()
