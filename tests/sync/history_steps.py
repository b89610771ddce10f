"""The steps of a random history, the end that every history comes to, and what must be true then."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.application.replication import MARK_KINDS, RoundReport, Trouble
from homepoint.domain.facts import Fact
from homepoint.sync.batch import bundle_of, entries_of, head_of
from homepoint.sync.cipher import CannotOpen, LibraryKeys, unseal
from homepoint.sync.keys import read as read_key
from homepoint.sync.names import LOGS, batch_name, is_proved, kind_of, label_of
from tests.sync.histories import MARKS, MOST_COMPUTERS, MOST_STEPS, Machine, World, copy_file, told
from tests.sync.model import latest

Step = Callable[[World, Machine], None]
Sent = set[tuple[str, int, bytes, str]]
"""Edits at the storage: the log and last number of the batch ("" and 0 for a summary), its key, and their stamps."""


# Editing.


def add(world: World, machine: Machine) -> None:
    """Add a fact or several at once."""
    facts = [world.new_fact(machine) for _ in range(world.chance.choice((1, 1, 1, 3)))]
    unlike = list({(type(fact), fact.id): fact for fact in facts}.values())
    world.write(machine, Edit(title="Added", changes=tuple(Change(after=fact) for fact in unlike)))


def edit(world: World, machine: Machine) -> None:
    """Set fields of a fact, once or twice in one edit."""
    fact = world.fact_of(machine)
    if fact is None:
        return add(world, machine)
    changes, current = [], fact
    for _ in range(world.chance.choice((1, 1, 1, 2))):
        after = world.changed(current)
        changes.append(Change(before=current, after=after))
        current = after
    world.write(machine, Edit(title="Changed", changes=tuple(changes)))
    return None


def remove(world: World, machine: Machine) -> None:
    """Remove a fact."""
    fact: Fact | None = world.fact_of(machine)
    if fact is not None:
        world.write(machine, Edit(title="Removed", changes=(Change(before=fact),)))


def undo(world: World, machine: Machine) -> None:
    """Take the last edit back, or the last taking back."""
    library = machine.replica.library
    entry = library.undoable() if world.chance.randrange(3) else library.redoable()
    if entry is not None and not world.write(machine, entry.edit.reversed(), entry.number):
        world.count("undo refused")


def mark(world: World, machine: Machine) -> None:
    """Set or remove a mark."""
    kind = world.chance.choice(sorted(MARK_KINDS))
    name = world.chance.choice(MARKS)
    value = None if world.chance.randrange(4) == 0 else f'"{world.new_value()}"'
    world.mark(machine, kind, name, value)


# Computers.


def synchronise(world: World, machine: Machine) -> None:
    """Carry out a round."""
    if machine.is_out:
        return None
    if not machine.is_sharing:
        return join(world, machine)
    report = world.round(machine)
    if report is not None:
        react(world, machine, report)
    world.server.keep_state()
    return None


def react(world: World, machine: Machine, report: RoundReport) -> None:
    """Do what the owner would upon what a round found."""
    troubles = {each.trouble for each in report.findings} if not report.complete else set()
    if Trouble.EMPTIED in troubles:
        world.count("emptied storage filled again")
        world.round(machine, refill=True)
    elif Trouble.LOCKED in troubles:
        world.count("passphrase typed again")
        world.with_secrets(machine, machine.replica.sync.unlock)
    elif Trouble.REMOVED in troubles and world.chance.randrange(2):
        machine.is_out = True
    elif Trouble.REMOVED in troubles:
        world.count("joined again")
        machine.replica.sync.leave()
        join(world, machine)


def join(world: World, machine: Machine) -> None:
    """Join by passphrase or recovery code."""
    world.with_secrets(machine, machine.replica.join)


def new_computer(world: World, machine: Machine) -> None:
    """A new computer joins, at times with facts of its own."""
    if len(world.machines) >= MOST_COMPUTERS:
        return
    new = world.new_machine()
    if world.chance.randrange(2):
        add(world, new)
    join(world, new)


def clone(world: World, machine: Machine) -> None:
    """Copy a library to another computer; both go on."""
    if len(world.machines) < MOST_COMPUTERS:
        world.new_machine(copy_of=machine)


def back_up(world: World, machine: Machine) -> None:
    """Keep a copy of a library."""
    world.number += 1
    target = world.folder / f"backup{world.number}"
    copy_file(machine.replica.folder / "library.sqlite", target)
    machine.backups.append(target)


def restore(world: World, machine: Machine) -> None:
    """Go back to an older copy of a library: what it had not sent is gone with it."""
    if machine.backups:
        world.start_again(machine, world.chance.choice(machine.backups))


def set_clock_wrong(world: World, machine: Machine) -> None:
    """Set a clock wrong, or right again."""
    days = world.chance.choice((0, 0, 11, -11, 365 * 3, -365 * 3))
    machine.lag = timedelta(days=days)
    if days:
        world.count("clocks set wrong")


def pass_time(world: World, machine: Machine) -> None:
    """Let hours or days pass."""
    world.now += timedelta(hours=world.chance.choice((1, 25, 80)))


def remove_computer(world: World, machine: Machine) -> None:
    """Remove another computer: the key changes."""
    others = [each for each in machine.replica.sync.status().computers if not each.is_this]
    if not others or not machine.is_sharing or machine.is_out:
        return
    gone = world.chance.choice(others)
    passphrase = _new_passphrase(world)
    world.tell(f"  removing {gone.name} {gone.id}")
    codes: list[str] = []
    world.in_synchronising(machine, lambda: codes.append(machine.replica.sync.remove(gone.id, passphrase)))
    world.secrets += codes


def change_passphrase(world: World, machine: Machine) -> None:
    """Let another passphrase open the library."""
    if machine.is_sharing and not machine.is_out:
        passphrase = _new_passphrase(world)
        world.in_synchronising(machine, lambda: machine.replica.sync.change_passphrase(passphrase))


def verify(world: World, machine: Machine) -> None:
    """Read everything at the storage through."""
    if machine.is_sharing and not machine.is_out:
        world.set_clock(machine)
        world.in_synchronising(machine, machine.replica.sync.verify)


def _new_passphrase(world: World) -> str:
    world.secrets.append(f"four words and number {world.new_value()}")
    return world.secrets[-1]


def spoil(world: World, machine: Machine) -> None:
    """Something happens to the storage while nobody looks."""
    act = world.chance.choice(
        (world.server.drop, world.server.drop, world.server.flip, world.server.cut, world.server.repeat)
        + ((world.server.fall_back,) * 2)
    )
    if world.server.objects:
        world.count(act())


STEPS: dict[Step, int] = {
    add: 10,
    edit: 16,
    remove: 4,
    undo: 4,
    mark: 3,
    synchronise: 34,
    new_computer: 6,
    clone: 2,
    back_up: 2,
    restore: 2,
    set_clock_wrong: 3,
    pass_time: 4,
    remove_computer: 2,
    change_passphrase: 1,
    verify: 1,
    spoil: 5,
}
"""How often each step comes, relative to the others."""

RATES = (0, 2, 8, 20)
WEIGHTED = [step.__name__ for step, weight in STEPS.items() for _ in range(weight)]
_BY_NAME = {step.__name__: step for step in STEPS}


@dataclass(frozen=True)
class Plan:
    """What shall happen: how many of 100 requests fail, and each step's name, computer, and seed for its details.

    A step does not depend on the chance in those before it, so that a history can be made shorter.
    """

    rate: int
    steps: tuple[tuple[str, int, int], ...]


def plan_of(chance: Random) -> Plan:
    """Return a random plan."""
    return Plan(
        rate=chance.choice(RATES),
        steps=tuple(
            (chance.choice(WEIGHTED), chance.randrange(MOST_COMPUTERS), chance.randrange(1 << 16))
            for _ in range(chance.randrange(3, MOST_STEPS))
        ),
    )


def run_history(folder: Path, template: Path, plan: Plan) -> dict[str, int]:
    """Carry out one history, check its end, and return how often what happened.

    Raises:
        AssertionError: something is wrong; the message tells the whole history.
    """
    world = World(folder, template, Random(0))
    try:
        _carry_out(world, plan)
        _end(world)
    except Exception as failure:
        told_all = "\n".join([f"{type(failure).__name__}: {failure}", *world.story])
        raise AssertionError(told_all) from failure
    finally:
        world.close()
    return world.counts


def _carry_out(world: World, plan: Plan) -> None:
    world.server.rate = plan.rate
    for name, index, seed in plan.steps:
        world.chance.seed(seed)
        machine = world.machines[index % len(world.machines)]
        world.tell(f"{machine.replica.name} {name}")
        world.count(name)
        _BY_NAME[name](world, machine)


def _end(world: World) -> None:
    """Let the faults end and everyone synchronise, and check what everyone has."""
    world.server.rate = 0
    world.tell("the faults end")
    living = [machine for machine in world.machines if not machine.is_out]
    held = {stamp for machine in living for stamp in machine.history()}
    sent = _readable(world)
    for machine in living:
        machine.lag = timedelta()
    for days in (0, 0, 4, 4, 0):
        world.now += timedelta(days=days)
        for machine in living:
            _synchronise_well(world, machine, may_wait=True)  # a damaged key is found within a day
    for machine in living:
        world.set_clock(machine)
        world.tell(f"{machine.replica.name} verifies: {told(machine.replica.sync.verify())}")
    for _ in range(2):
        world.now += timedelta(hours=2)
        for machine in living:
            _synchronise_well(world, machine)
    _check(world, living, held, sent)
    files = _files_of(living)
    assert all(_files_of([machine]) == files for machine in living), "a file that somebody has did not reach everyone"
    world.tell("a new computer comes")
    newcomer = world.new_machine()
    _synchronise_well(world, newcomer)
    _check(world, [*living, newcomer], held, set())
    assert _files_of([newcomer]) == files, f"a new computer lacks files: {files - _files_of([newcomer])}"
    for machine in [*living, newcomer]:
        _tidy_up(world, machine)


def _files_of(machines: list[Machine]) -> set[str]:
    """Return the files that facts name and that one of these computers has."""
    return {
        sha256
        for machine in machines
        for sha256 in machine.replica.store.evidence()
        if machine.replica.evidence.path(sha256).is_file()
    }


def _tidy_up(world: World, machine: Machine) -> None:
    """Let a computer tidy up; then a round with nothing new costs little."""
    costs = []
    for _ in range(60):
        report = world.round(machine)
        assert report is not None
        costs.append(report.requests)
        if costs[-2:] == [1, 1]:
            return
    raise AssertionError(f"{machine.replica.name} never comes to rest: {costs} {world.server.log[-6:]}")


def _synchronise_well(world: World, machine: Machine, *, may_wait: bool = False) -> None:
    report = None
    for _ in range(6):
        if not machine.is_sharing:
            join(world, machine)
        if not machine.is_sharing:
            assert may_wait, f"{machine.replica.name} cannot join"
            return
        report = world.round(machine)
        assert report is not None
        if report.complete:
            return
        if Trouble.REMOVED in {each.trouble for each in report.findings}:
            machine.replica.sync.leave()
        else:
            react(world, machine, report)
    raise AssertionError(f"{machine.replica.name} cannot synchronise: {report and told(report)}")


def _check(world: World, living: list[Machine], held: set[str], sent: Sent) -> None:
    for machine in living:
        name, history = machine.replica.name, machine.history()
        assert held <= history.keys(), f"{name} lacks what others held: {_named(world, held - history.keys())}"
        assert history.keys() <= world.written.keys(), f"{name} has edits that nobody made"
        assert all(entry == world.written[stamp] for stamp, entry in history.items()), f"{name} has altered edits"
        lost = {stamp for replica, last, key, stamp in sent if _counts(machine, replica, last, key)} - history.keys()
        assert not lost, f"{name} lacks what was at the storage: {_named(world, lost)}"
        facts, marks = latest(history.values())
        assert machine.replica.facts() == facts, f"{name} has not the latest: {machine.replica.facts()} {facts}"
        assert {kind: machine.replica.library.marks(kind) for kind in MARK_KINDS} == marks, f"{name}: marks"
    first = living[0]
    for machine in living[1:]:
        assert machine.history() == first.history(), f"{machine.replica.name} has other edits than {first.replica.name}"


def _named(world: World, stamps: set[str]) -> str:
    return ", ".join(f"{stamp} {world.written[stamp].computer}" for stamp in sorted(stamps))


def _counts(machine: Machine, replica: str, last: int, key: bytes) -> bool:
    """Say whether an object counts: those of removed computers do up to their removal, others' old ones for ever."""
    kept = read_key(base64.b64decode(machine.replica.store.value("key_object") or ""))
    if last > kept.removed.get(replica, last):
        return False
    if key == machine.replica.sync._keys().newest_id or not kept.epoch:
        return True
    return replica in kept.members or replica in kept.removed


def _readable(world: World) -> Sent:
    """Return what can be read at the storage."""
    objects = world.server.objects.items()
    sound = {name: content for (of, name), content in objects if of == LOGS and is_proved(name, content)}
    every = _all_keys(world)
    summaries = [name for name in sound if kind_of(name) == "s"]
    parts = {part for name in summaries for part in _parts_of(name, sound[name], every)}
    found = set()
    for name, content in sound.items():
        batch = batch_name(name)
        if batch is None and name not in parts:
            continue
        try:
            bundle = bundle_of(unseal(content, label_of(name), every)[0])
        except CannotOpen:
            continue
        replica, last = (batch.replica, batch.last) if batch else ("", 0)
        found |= {(replica, last, content[4:12], entry.stamp) for entry in entries_of(bundle.lines)}
    return found


def _parts_of(name: str, content: bytes, every: LibraryKeys) -> list[str]:
    try:
        return [part for part, _ in head_of(unseal(content, label_of(name), every)[0])["parts"]]
    except CannotOpen:
        return []


def _all_keys(world: World) -> LibraryKeys:
    found: dict[bytes, None] = {}
    for machine in world.machines:
        try:
            found |= dict.fromkeys(machine.replica.sync._keys().epochs)
        except HomepointError:
            continue
    return LibraryKeys(tuple(found))
