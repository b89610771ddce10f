"""Random histories of computers that share a library: everything that can happen to them, step by step.

`history_steps.run_history` carries a plan of one out on real library files, lets the faults end, and checks that
everyone has the latest of everything. Hypothesis draws and shrinks plans; `scripts/sync_histories.py` runs many.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from homepoint.application.changes import Edit
from homepoint.application.problems import HomepointError
from homepoint.application.replication import OWN_LOG, LogChange, LogEntry, RoundReport
from homepoint.domain.facts import FACT_KINDS, Account, Attachment, Device, Fact, Incident, kind_of
from homepoint.sync import evidence, keyfile, receive, round, send, summary, tidy
from tests import builders as make
from tests.sync.faulty_server import Crash, DyingStore, FaultyRemote, FaultyServer
from tests.sync.replicas import BEGIN, PASSPHRASE, Replica, Secrets

SMALL: dict[Any, dict[str, Any]] = {
    tidy: {"FAN_IN": 3, "MANY": 9, "SUMMED_UP_AFTER": 6, "MERGED_ENTRIES": 12},
    send: {"BATCH_ENTRIES": 3, "_AT_ONCE": 2},
    summary: {"PART_BYTES": 2_000, "_AT_ONCE": 2},
    receive: {"AT_ONCE": 2},
    round: {"ASKED_FOR_MISSING": 2},
    evidence: {"EVIDENCE_PART": 24},
    keyfile: {"EVIDENCE_PART": 24, "LARGEST_FILE": 96},
}
"""Limits as small as histories are short, so that every branch is taken."""

_COMPILED: dict[Any, Any] = {}
"""Statements that SQLAlchemy has compiled, for all libraries: otherwise every one compiles them anew."""

MOST_COMPUTERS = 5
MOST_STEPS = 40
MARKS = ("one", "two")


@contextmanager
def small_limits() -> Iterator[None]:
    """Shrink the limits of the code under test."""
    with ExitStack() as stack:
        for module, values in SMALL.items():
            stack.enter_context(mock.patch.multiple(module, **values))
        yield


@dataclass
class Machine:
    """One computer of a history. `lag` is how wrong its clock is; `is_out`: it was removed from the library."""

    replica: Replica
    lag: timedelta
    backups: list[Path] = field(default_factory=list)
    is_out: bool = False

    @property
    def is_sharing(self) -> bool:
        """True when it has joined the library."""
        return self.replica.sync.status().is_set_up

    def history(self) -> dict[str, LogEntry]:
        """Return every edit in its file, by stamp."""
        return history_in(self.replica.folder / "library.sqlite")


class World:
    """A history under way."""

    def __init__(self, folder: Path, template: Path, chance: Random) -> None:
        self.folder, self.template, self.chance = folder, template, chance
        self.now = BEGIN
        self.server = FaultyServer(chance=chance)
        self.machines: list[Machine] = []
        self.written: dict[str, LogEntry] = {}
        self.secrets = [PASSPHRASE]
        self.number = 0
        self.story: list[str] = []
        self.counts = self.server.counts
        first = self.new_machine()
        self.tell(f"{first.replica.name} sets up")
        self.secrets.append(first.replica.set_up())

    def tell(self, what: str) -> None:
        """Note a step, for whoever must understand a failure."""
        self.story.append(what)

    def count(self, what: str) -> None:
        """Count a kind of step."""
        self.counts[what] = self.counts.get(what, 0) + 1

    # Computers.

    def new_machine(self, copy_of: Machine | None = None) -> Machine:
        """Return another computer: with an empty library, or with a copy of another's."""
        self.number += 1
        folder = self.folder / f"m{self.number}"
        folder.mkdir()
        secrets = Secrets()
        if copy_of is None:
            shutil.copy(self.template, folder / "library.sqlite")
        else:
            copy_file(copy_of.replica.folder / "library.sqlite", folder / "library.sqlite")
            if (copy_of.replica.folder / "evidence").exists():
                shutil.copytree(copy_of.replica.folder / "evidence", folder / "evidence")
            secrets.update(copy_of.replica.secrets)
        machine = Machine(self._replica(folder, f"PC{self.number}", secrets), timedelta())
        self.machines.append(machine)
        return machine

    def _replica(self, folder: Path, name: str, secrets: Secrets) -> Replica:
        replica = Replica(
            folder, self.server, name, now=self.now, secrets=secrets, open_remote=lambda *_: FaultyRemote(self.server)
        )
        return share_statements(replica)

    def start_again(self, machine: Machine, library: Path | None = None) -> None:
        """Close and open a computer's program; with `library`, on that file in place of its own."""
        replica = machine.replica
        replica.close()
        if library is not None:
            for suffix in ("-wal", "-shm"):
                (replica.folder / f"library.sqlite{suffix}").unlink(missing_ok=True)
            shutil.copy(library, replica.folder / "library.sqlite")
        machine.replica = self._replica(replica.folder, replica.name, replica.secrets)

    def close(self) -> None:
        """Close all files."""
        for machine in self.machines:
            machine.replica.close()

    def set_clock(self, machine: Machine) -> None:
        """Let time pass a little, or not at all, and tell the computer by its own clock."""
        self.now += timedelta(milliseconds=self.chance.choice((0, 0, 1, 700)))
        machine.replica.now = self.now + machine.lag

    # Synchronising.

    def round(self, machine: Machine, *, refill: bool = False) -> RoundReport | None:
        """Carry out a round; None where the program died in it."""
        self.set_clock(machine)
        store = DyingStore(machine.replica.store)
        if self.server.rate and self.chance.randrange(6) == 0:
            store.fuse, store.dies_after = self.chance.randrange(1, 14), self.chance.randrange(2) == 1
        machine.replica.sync._store = store
        try:
            report = machine.replica.sync.round(refill=refill)
        except Crash:
            self.count("crashes in a round")
            self.tell(f"  {machine.replica.name} died")
            self.start_again(machine)
            return None
        finally:
            machine.replica.sync._store = machine.replica.store
        self.tell(f"  {machine.replica.name}: {'complete' if report.complete else 'not complete'} {told(report)}")
        return report

    def with_secrets(self, machine: Machine, act: Callable[[str], object]) -> bool:
        """Do something that needs a secret with the newest one that opens the library."""

        def try_all() -> None:
            for secret in reversed(self.secrets):
                try:
                    act(secret)
                    return
                except HomepointError as problem:
                    if "does not open" not in problem.title:
                        raise

        return self.in_synchronising(machine, try_all)

    def in_synchronising(self, machine: Machine, act: Callable[[], object]) -> bool:
        """Do something with the storage that may fail or die; say whether it came to its end."""
        self.set_clock(machine)
        try:
            act()
        except HomepointError as problem:
            self.tell(f"  {machine.replica.name}: {problem.title}")
            return False
        except Crash:
            self.count("crashes elsewhere")
            self.tell(f"  {machine.replica.name} died")
            self.start_again(machine)
            return False
        return True

    # Editing.

    def write(self, machine: Machine, edit: Edit, undoes: int | None = None) -> bool:
        """Write an edit; once that returns, nobody may lose it, and its writer sees it."""
        self.set_clock(machine)
        library = machine.replica.library
        try:
            library.write(edit, machine.replica.now, undoes)
        except HomepointError:
            assert undoes is not None, "an edit of what is stored was refused"
            return False
        self._acknowledge(machine)
        if undoes is None:
            shall_be = {(kind_of(each.fact), each.fact.id): each.after for each in edit.changes}
            for (kind, id), fact in shall_be.items():
                assert library.get(FACT_KINDS[kind], id) == fact, f"{machine.replica.name} does not see its own edit"
        return True

    def _acknowledge(self, machine: Machine) -> None:
        store = machine.replica.store
        last = store.last(OWN_LOG)
        for entry in store.entries(OWN_LOG, max(1, last), last):
            self.written[entry.stamp] = entry

    def mark(self, machine: Machine, kind: str, name: str, value: str | None) -> None:
        """Set a mark, or remove it."""
        self.set_clock(machine)
        library = machine.replica.library
        library.set_marks(kind, {name: value}, machine.replica.now)
        self._acknowledge(machine)
        assert library.marks(kind).get(name) == value, f"{machine.replica.name} does not see its own mark"

    def new_value(self) -> str:
        """Return a text that was never used before."""
        self.number += 1
        return f"text {self.number}"

    def fact_of(self, machine: Machine) -> Fact | None:
        """Return some fact of a library."""
        facts = list(machine.replica.library.snapshot().facts())
        return self.chance.choice(facts) if facts else None

    def changed(self, fact: Fact) -> Fact:
        """Return a fact with some of its fields set anew."""
        extra: dict[str, object] = dict(fact.extra)
        if self.chance.randrange(4) == 0:
            extra = {} if extra else {"newer": self.new_value()}
        values: dict[str, Any] = {"extra": extra}
        names = {
            Device: ("nickname", "model", "serial"),
            Account: ("label", "email"),
            Incident: ("description",),
            Attachment: ("name",),
        }[type(fact)]
        for name in self.chance.sample(names, self.chance.randrange(1, len(names) + 1)):
            values[name] = self.new_value()
        return replace(fact, **values)

    def new_fact(self, machine: Machine) -> Fact:
        """Return a fact that this library has not; two computers may add the same one."""
        choice = self.chance.randrange(8)
        text = self.new_value()
        if choice < 4:
            fact: Fact = make.device(f"d{self.chance.randrange(4)}", nickname=text)
        elif choice < 5:
            fact = make.account(f"a{self.chance.randrange(3)}", label=text)
        elif choice < 6:
            fact = make.incident(f"i{self.number}", device="d1", description=text)
        else:
            fact = self._attachment(machine)
        return fact if machine.replica.library.get(type(fact), fact.id) is None else make.device(f"n{self.number}")

    def _attachment(self, machine: Machine) -> Attachment:
        content = f"content {self.chance.randrange(4)} ".encode() * self.chance.choice((1, 4))
        source = self.folder / "photo.jpg"
        source.write_bytes(content)
        stored = machine.replica.evidence.take_in(source)
        return make.attachment(f"f{self.number}", name=self.new_value(), sha256=stored.sha256, size=stored.size)


def share_statements(replica: Replica) -> Replica:
    """Let a library use the statements that SQLAlchemy compiled for others: compiling takes long."""
    replica.library._writer.engine.update_execution_options(compiled_cache=_COMPILED)
    return replica


def told(report: RoundReport) -> str:
    """Return the findings of a round in few words."""
    return " ".join(f"{each.trouble}({each.about[:40]} {each.details[:40]})" for each in report.findings)


def copy_file(source: Path, target: Path) -> None:
    """Copy a library as a backup program does."""
    with closing(sqlite3.connect(source)) as connection, closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def history_in(path: Path) -> dict[str, LogEntry]:
    """Return every edit in a library's file, by stamp."""
    with closing(sqlite3.connect(path)) as connection:
        changes: dict[int, list[LogChange]] = {}
        for entry, kind, fact, device, place, before, after in connection.execute(
            'SELECT entry, kind, fact, device, place, "before", "after" FROM history_changes ORDER BY number'
        ):
            changes.setdefault(entry, []).append(
                LogChange(kind=kind, fact=fact, device=device, place=place, before=before, after=after)
            )
        return {
            stamp: LogEntry(
                stamp=stamp,
                at=at,
                person=person,
                computer=computer,
                title=title,
                undoes=undone,
                changes=tuple(changes.get(number, ())),
            )
            for number, stamp, at, person, computer, title, undone in connection.execute(
                "SELECT number, stamp, at, person, computer, title, undone FROM history"
            )
        }
