"""Edits that two people made at the same time: which one gave way to the other, and how to bring it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homepoint.application.changes import Change, Edit, HistoryEntry
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import FACT_KINDS, Fact, kind_of
from homepoint.domain.portable import NotPortableError, from_plain, to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A field that one edit set and another, which did not know of it, set to something else.

    `name` is None where the whole fact was removed by the one and changed by the other. `value` is what gave way, as
    a plain value; `fact` is the fact as the edit that gave way left it.
    """

    entry: int
    by: HistoryEntry
    kind: str
    fact: Fact
    name: str | None
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreField:
    """Set a field again to what gave way; a fact that is gone returns as the edit that gave way left it."""

    overridden: Overridden

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        """Return the edit; nothing to change where the field has that value already."""
        lost = self.overridden
        kind: type[Fact] = FACT_KINDS[lost.kind]
        current = library.get(kind, lost.fact.id)
        if current is None:
            return Edit(title="Restored after an edit elsewhere", changes=(Change(after=lost.fact),))
        if lost.name is None:
            return Edit(title="", changes=())
        try:
            restored = from_plain(kind, {**to_plain(current), lost.name: lost.value})
        except NotPortableError as fault:
            return Refused(fields={"": f"This cannot be restored: it {fault.message}."})
        if restored == current:
            return Edit(title="", changes=())
        return Edit(title="Restored after an edit elsewhere", changes=(Change(before=current, after=restored),))


def overridden(history: Sequence[HistoryEntry]) -> Mapping[int, tuple[Overridden, ...]]:
    """Return what gave way, by the number of the edit that did.

    An edit knew of an earlier one when what it found before is what the earlier one left: so a field that was found
    otherwise was set by both without knowing of each other.

    Args:
        history: edits, the newest first, as the library's history returns them.
    """
    facts: dict[tuple[str, str], _Trail] = {}
    found: dict[int, list[Overridden]] = {}
    for entry in reversed(history):
        for change in _folded(entry.edit.changes):
            key = kind_of(change.fact), str(change.fact.id)
            for lost in facts.setdefault(key, _Trail()).follow(entry, change):
                found.setdefault(lost.entry, []).append(lost)
    return {number: tuple(each) for number, each in found.items()}


@dataclass(slots=True)
class _Trail:
    """Who set which field of a fact last, while its edits are walked through in order."""

    fields: dict[str, tuple[HistoryEntry, Any, Fact]] = field(default_factory=dict)
    removed_by: tuple[HistoryEntry, Fact] | None = None

    def follow(self, entry: HistoryEntry, change: Change) -> Iterable[Overridden]:
        before = {} if change.before is None else to_plain(change.before)
        after = {} if change.after is None else to_plain(change.after)
        lost: list[Overridden] = []
        if change.before is not None:
            for name in self.fields if change.after is None else _changed(before, after):
                lost += self._gave_way(entry, change, name, before.get(name), after.get(name))
            if change.after is not None and self.removed_by is not None:
                remover, fact = self.removed_by
                lost.append(_lost(remover, entry, fact, None, None))
        if change.after is None:
            assert change.before is not None, "a change without before and after"
            self.removed_by = entry, change.before
        else:
            self.removed_by = None
            for name in _changed(before, after):
                self.fields[name] = entry, after.get(name), change.after
        return lost

    def _gave_way(self, entry: HistoryEntry, change: Change, name: str, knew: Any, value: Any) -> Iterable[Overridden]:
        earlier, was, fact = self.fields.get(name, (entry, knew, change.fact))
        if was == knew or (was == value and change.after is not None):
            return ()
        return (_lost(earlier, entry, fact, name, was),)


def _lost(earlier: HistoryEntry, by: HistoryEntry, fact: Fact, name: str | None, value: Any) -> Overridden:
    return Overridden(entry=earlier.number, by=by, kind=kind_of(fact), fact=fact, name=name, value=value)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def _folded(changes: Iterable[Change]) -> Iterable[Change]:
    """Return one change for each fact of an edit."""
    found: dict[tuple[str, str], Change] = {}
    for change in changes:
        key = kind_of(change.fact), str(change.fact.id)
        first = found.get(key)
        found[key] = change if first is None else Change(before=first.before, after=change.after)
    return [change for change in found.values() if change.before is not None or change.after is not None]
