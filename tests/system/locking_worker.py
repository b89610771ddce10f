"""A process that writes facts and turns encryption on and off without pause, and is killed at any moment.

ready               it begins
trying ID           a device of this id is about to be written
committed ID        it was written, as far as the library said
passphrase N        passphrase number N is about to be set
changed N           it was
did WORDS           an act was carried out
refused WORDS       a HomepointError: nothing is in the way here, so that is a fault
fault WORDS         anything else is one as well
"""

import os
import sys
import traceback
from argparse import ArgumentParser
from pathlib import Path
from random import Random

from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Attachment, Fact
from homepoint.storage.converting import SqliteConverting
from homepoint.system.attachments_sealed import evidence_store
from homepoint.system.lock_file import LockFile, new_lock
from homepoint.system.locking import finish_evidence, is_locked, recover_unfinished, turn_off, turn_on
from homepoint.system.paths import library_file
from homepoint.system.secrets_seal import Cost
from tests import builders as make

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


def passphrase(number: int) -> str:
    """Return one of the passphrases that are used in turn."""
    return f"passphrase number {number}"


def say(word: str, *rest: str) -> None:
    """Write a line out at once."""
    os.write(1, (" ".join((word, *rest)) + "\n").encode())


def unlocked(folder: Path, numbers: tuple[int, ...]) -> bytes | None:
    """Finish what was interrupted, and return the key, opened by one of these passphrases; None where it is plain.

    Raises:
        HomepointError: none of them opens it.
    """
    files = SqliteConverting()
    recover_unfinished(folder, files)
    if not is_locked(folder, files):
        return None
    problem: HomepointError | None = None
    for number in numbers:
        try:
            key = LockFile(folder, CHEAP).key_by(passphrase(number))
            finish_evidence(folder, files, key)
            return key
        except HomepointError as fault:
            problem = fault
    assert problem is not None
    raise problem


class Worker:
    """Acts on one data folder, as a seed tells."""

    def __init__(self, folder: Path, seed: int, number: int, other: int) -> None:
        self.folder, self.random, self.files = folder, Random(seed), SqliteConverting()
        self.number = number
        self.key = unlocked(folder, (number, other))
        if self.key is not None:
            for each in (number, other):
                try:
                    LockFile(folder, CHEAP).key_by(passphrase(each))
                    self.number = each
                except HomepointError:
                    continue

    def act(self) -> None:
        """Write a fact, then turn encryption on or off, or change the passphrase."""
        self.write()
        if self.key is None:
            lock = new_lock(passphrase(self.number), CHEAP)
            turn_on(self.folder, self.files, lock)
            finish_evidence(self.folder, self.files, lock.key)
            self.key = lock.key
            say("did", "on")
        elif self.random.random() < 0.5:
            say("passphrase", str(self.number + 1))
            LockFile(self.folder, CHEAP).change_passphrase(passphrase(self.number), passphrase(self.number + 1))
            self.number += 1
            say("changed", str(self.number))
            say("did", "change")
        else:
            library = make.library_at(library_file(self.folder), key=self.key)
            named = [each.sha256 for each in library.all(Attachment) if each.sha256]
            library.close()
            turn_off(self.folder, self.files, self.key, named)
            self.key = None
            say("did", "off")

    def write(self) -> None:
        """Write one device, and now and then a file of evidence, and say so."""
        id = f"w{self.random.getrandbits(64):x}"
        facts: list[Fact] = [make.device(id, nickname=id * self.random.randint(1, 40))]
        if self.random.random() < 0.3:
            source = self.folder.parent / "proof.bin"
            source.write_bytes(self.random.randbytes(self.random.choice((10, 1 << 20, 3 << 20))))
            kept = evidence_store(self.folder, self.key).take_in(source)
            facts.append(make.attachment(f"a{id}", of=id, sha256=kept.sha256, size=kept.size))
        library = make.library_at(library_file(self.folder), key=self.key)
        say("trying", id)
        library.write(make.adding(*facts), make.NOW)
        say("committed", id)
        library.close()


def main() -> None:
    """Act until killed."""
    parser = ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--number", type=int, required=True, help="the passphrase that was set last")
    parser.add_argument("--other", type=int, required=True, help="the one that may be set already")
    given = parser.parse_args()
    try:
        worker = Worker(given.folder, given.seed, given.number, given.other)
        library = make.library_at(library_file(given.folder), key=worker.key)
        library.warm_up()
        library.close()
        say("ready")
        while True:
            worker.act()
    except HomepointError as told:
        say("refused", str(told).replace("\n", " "))
    except Exception:
        say("fault", traceback.format_exc().replace("\n", " | "))
    sys.exit(1)


if __name__ == "__main__":
    main()
