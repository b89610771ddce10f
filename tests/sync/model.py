"""What all computers must come to, said once more in plain Python: the rule itself, over all edits there are.

Of each field the edit with the greatest stamp counts; adding a fact sets all its fields. A fact is there when one of
its fields was set after its last removal. Of a fact whose adding nobody knows any more, fields that no edit set are as
its last edit saw them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from homepoint.application.replication import MARK_KINDS, LogEntry
from homepoint.domain.facts import FACT_KINDS
from homepoint.domain.portable import NotPortableError, from_plain, to_plain

Values = dict[str, Any]


@dataclass
class _Told:
    """One fact by all that was ever done to it: (stamp, value) of each field, and the stamps of adding and removing."""

    fields: dict[str, tuple[str, Any]] = field(default_factory=dict)
    added: str = ""
    all_added: Values = field(default_factory=dict)
    gone: str = ""
    last: str = ""
    last_seen: Values = field(default_factory=dict)
    place: tuple[str, int] = ("", 0)
    seen_place: tuple[str, int] = ("", 0)


def latest(entries: Iterable[LogEntry]) -> tuple[list[Values], dict[str, dict[str, str]]]:
    """Return the facts, as plain values in their order, and the marks, that these edits come to."""
    facts: dict[tuple[str, str], _Told] = {}
    marks: dict[tuple[str, str], tuple[str, str | None]] = {}
    for entry in entries:
        edits: dict[tuple[str, str], list[Any]] = {}
        for change in entry.changes:
            edit = edits.setdefault((change.kind, change.fact), [change.before, None, None])
            edit[1] = change.after
            edit[2] = change.place if edit[2] is None else edit[2]
        for key, (before, after, place) in edits.items():
            if before is None and after is None:
                continue
            if key[0] in MARK_KINDS:
                marks[key] = max(marks.get(key, ("", None)), (entry.stamp, after), key=lambda each: each[0])
            elif key[0] in FACT_KINDS:
                told = facts.setdefault(key, _Told())
                _tell(told, entry.stamp, _read(before), _read(after), place)
    found = [(list(FACT_KINDS).index(kind), told, kind, id) for (kind, id), told in facts.items() if _is_there(told)]
    shown = [
        {"kind": FACT_KINDS[kind].__name__, **values}
        for _, told, kind, id in sorted(found, key=lambda each: (each[0], _place(each[1]), each[3]))
        if (values := _shown(kind, told)) is not None
    ]
    kept: dict[str, dict[str, str]] = {kind: {} for kind in MARK_KINDS}
    for (kind, name), (_, value) in marks.items():
        if value is not None:
            kept[kind][name] = value
    return shown, kept


def _read(text: str | None) -> Values | None:
    return None if text is None else json.loads(text)


def _tell(told: _Told, stamp: str, before: Values | None, after: Values | None, place: int | None) -> None:
    place = int(stamp[:16], 16) if place is None else place
    if after is not None:
        told.seen_place = max(told.seen_place, (stamp, place))
    if before is not None and after is not None and _same(before, after):
        return
    if stamp > told.last:
        told.last, told.last_seen = stamp, after or before or {}
    if after is None:
        told.gone = max(told.gone, stamp)
        return
    if before is None:
        if stamp > told.added:
            told.added, told.all_added = stamp, after
            told.place = (stamp, place)
        return
    for name in {*before, *after}:
        if before.get(name) != after.get(name) and stamp > told.fields.get(name, ("", None))[0]:
            told.fields[name] = stamp, after.get(name)


def _same(before: Values, after: Values) -> bool:
    return all(before.get(name) == after.get(name) for name in {*before, *after})


def _is_there(told: _Told) -> bool:
    return max([told.added, *(stamp for stamp, _ in told.fields.values())]) > told.gone


def _place(told: _Told) -> int:
    return told.place[1] if told.added else told.seen_place[1]


def _values(told: _Told) -> Values:
    values = dict(told.all_added if told.added else told.last_seen)
    return values | {name: value for name, (stamp, value) in told.fields.items() if stamp > told.added}


def _shown(kind: str, told: _Told) -> Values | None:
    """Return the fact as it is shown: without what only a newer program understands; None where too little is left."""
    values = {name: value for name, value in _values(told).items() if value is not None}
    for _ in range(len(values) + 1):
        try:
            return to_plain(from_plain(FACT_KINDS[kind], values))
        except NotPortableError as fault:
            values.pop(str(fault.path[0]), None)
    return None
