"""What a command does to the facts, and what everyone else is told about it."""

from dataclasses import dataclass
from datetime import datetime

from homepoint.domain.facts import Device, Fact, kind_of
from homepoint.domain.values import DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact before and after: no `before` adds it, no `after` removes it; both bear the same id and kind."""

    before: Fact | None = None
    after: Fact | None = None

    @property
    def fact(self) -> Fact:
        """The fact this is about, in its newest form."""
        found = self.after or self.before
        assert found is not None, "a change without before and after"
        return found

    def reversed(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(before=self.after, after=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What one command does, in one transaction and one step of undo. `title` says it: "Device added"."""

    title: str
    changes: tuple[Change, ...]

    def reversed(self) -> "Edit":
        """Return the edit that takes this one back."""
        return Edit(title=self.title, changes=tuple(change.reversed() for change in reversed(self.changes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One edit as it was recorded: who did what, when, on which computer. `undoes` names the entry it took back."""

    number: int
    at: datetime
    person: str
    computer: str
    edit: Edit
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed just now: the kinds of facts and the devices (with their successors) that must be assessed anew.

    `everything` stands for "too much to name": an import, a restored backup, a new catalogue.
    """

    kinds: frozenset[str] = frozenset()
    devices: frozenset[DeviceId] = frozenset()
    everything: bool = False


def changes_of(edit: Edit) -> Changes:
    """Say which kinds and devices an edit touches."""
    kinds, devices = set(), set()
    for change in edit.changes:
        for fact in (change.before, change.after):
            if fact is None:
                continue
            kinds.add(kind_of(fact))
            if isinstance(fact, Device):
                devices.add(fact.id)
                if fact.succeeds:
                    devices.add(fact.succeeds)
            elif device := getattr(fact, "device", None):
                devices.add(device)
    return Changes(kinds=frozenset(kinds), devices=frozenset(devices))
