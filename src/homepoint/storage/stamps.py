"""Stamps of edits, and which edit each field of a fact was last set by: what lets edits of several computers join.

A fact is a set of fields, each with the stamp of the edit that set it last; the greatest stamp wins, so neither order
nor repetition matters. A removal has a stamp too: the fact is there when any of its fields was set later.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homepoint.storage.mapping import json_text

Key = tuple[str, str]
"""A fact's kind and id."""
Values = dict[str, Any]
"""The fields of a fact as plain JSON values."""

MILLISECOND = 1 << 16
"""A stamp's clock counts milliseconds in its upper 48 bits, and edits within one in the lower 16."""
AHEAD = timedelta(minutes=10)
"""An own stamp further ahead of this computer's clock than this does not pull later ones along: the clock was wrong."""

_CLOCK_DIGITS = 16
_AT_ONCE = 400


@dataclass(slots=True)
class FactState:
    """The stamps of one fact, and of its values what the fact's own table does not hold (see `FactStampsRow`)."""

    base: str = ""
    later: dict[str, str] = field(default_factory=dict)
    gone: str = ""
    kept: Values | None = None

    def stamp_of(self, name: str) -> str:
        """Return the stamp of the edit that set a field last, "" where none is known."""
        return self.later.get(name, self.base)

    @property
    def newest(self) -> str:
        """The stamp of the last edit of any field."""
        return max(self.base, *self.later.values()) if self.later else self.base

    @property
    def is_there(self) -> bool:
        """True when a field was set after the last removal."""
        return self.newest > self.gone


def clock_of(stamp: str) -> int:
    """Return the clock of a stamp."""
    return int(stamp[:_CLOCK_DIGITS], 16)


def clock_at(at: datetime) -> int:
    """Return the least clock of an instant."""
    return max(0, int(at.timestamp() * 1000)) * MILLISECOND


def new_stamp(clock: int) -> str:
    """Return a stamp that no other computer will make."""
    return f"{clock:0{_CLOCK_DIGITS}x}{secrets.token_hex(5)}"


def next_clock(connection: sqlite3.Connection, at: datetime, touched: Iterable[FactState]) -> int:
    """Return the clock for an edit: later than this computer's last one and than all that it changes."""
    now = clock_at(at)
    last = connection.execute(
        "SELECT max(stamp) FROM history WHERE log = '' AND seq = (SELECT max(seq) FROM history WHERE log = '')"
    ).fetchone()[0]
    seen = max((max(state.newest, state.gone) for state in touched), default="")
    clock = max(now, clock_of(seen) + 1 if seen else 0)
    if last and clock_of(last) < clock_at(at + AHEAD):
        [changes] = connection.execute(
            "SELECT count(*) FROM history_changes WHERE entry = (SELECT number FROM history WHERE stamp = ?)", (last,)
        ).fetchone()
        clock = max(clock, clock_of(last) + changes + 1)  # its facts took the places up to there
    return clock


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the fields an edit set; a field that is missing is the same as one that is null."""
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def read_states(connection: sqlite3.Connection, keys: Iterable[Key]) -> dict[Key, FactState]:
    """Return the states of those of the facts that have one."""
    by_kind: dict[str, list[str]] = {}
    for kind, fact in keys:
        by_kind.setdefault(kind, []).append(fact)
    found = {}
    for kind, facts in by_kind.items():
        for chunk in chunks(facts):
            rows = connection.execute(
                "SELECT fact, base, later, gone, kept FROM fact_stamps"
                f" WHERE kind = ? AND fact IN ({', '.join('?' * len(chunk))})",
                (kind, *chunk),
            )
            for fact, base, later, gone, kept in rows:
                found[kind, fact] = FactState(
                    base=base,
                    later=json.loads(later) if later else {},
                    gone=gone,
                    kept=json.loads(kept) if kept else None,
                )
    return found


def write_states(connection: sqlite3.Connection, states: Mapping[Key, FactState]) -> None:
    """Keep states."""
    connection.executemany(
        "INSERT OR REPLACE INTO fact_stamps (kind, fact, base, later, gone, kept)"
        " VALUES (?, ?, ?, nullif(?, ''), ?, nullif(?, ''))",  # the driver is slow with None
        [
            (
                *key,
                state.base,
                json_text(state.later) if state.later else "",
                state.gone,
                json_text(state.kept) if state.kept else "",
            )
            for key, state in states.items()
        ],
    )


def note_edit(state: FactState, stamp: str, before: Values | None, after: Values | None) -> None:
    """Take an edit of this computer into a fact's state; its stamp is greater than all the state has seen."""
    if after is None:
        state.gone, state.kept = stamp, {**(before or {}), **(state.kept or {})}
    elif before is None:
        state.base, state.later, state.kept = stamp, {}, None
    else:
        changed = changed_fields(before, after)
        state.later |= dict.fromkeys(changed, stamp)
        state.kept = {name: value for name, value in (state.kept or {}).items() if name not in changed} or None


def join_edit(state: FactState, values: Values, stamp: str, before: Values | None, after: Values | None) -> bool:
    """Take an edit of another computer into a fact's state and values, and say whether it changed anything.

    Args:
        state: the fact's stamps; changed in place.
        values: the fact's fields, also those of a fact that is removed; changed in place.
        stamp: the edit's.
        before, after: the fact as the other computer had it; None where there was none.
    """
    if before is None:
        return after is not None and _join_addition(state, values, stamp, after)
    names = [] if after is None else changed_fields(before, after)
    if after is not None and not names:
        return False
    if not state.base and stamp > max(state.newest, state.gone):
        _see(state, values, before if after is None else after)
    if after is None:
        is_later, state.gone = stamp > state.gone, max(stamp, state.gone)
        return is_later
    won = [name for name in names if stamp > state.stamp_of(name)]
    _set(values, won, after)
    state.later |= dict.fromkeys(won, stamp)
    return bool(won)


def _see(state: FactState, values: Values, seen: Values) -> None:
    """Take over the fields that no edit set from the latest edit there is: the fact's addition has not arrived yet."""
    _set(values, [name for name in {**values, **seen} if name not in state.later], seen)


def _set(values: Values, names: Iterable[str], after: Values) -> None:
    for name in names:
        if name in after:
            values[name] = after[name]
        else:
            values.pop(name, None)


def _join_addition(state: FactState, values: Values, stamp: str, after: Values) -> bool:
    if not values and not state.newest:  # nothing is known of it yet: nearly always so
        values.update(after)
        state.base = stamp
        return bool(after)
    won = [name for name in {**values, **after, **state.later} if stamp > state.stamp_of(name)]
    _set(values, won, after)
    if stamp > state.base:
        state.base = stamp
        for name in won:
            state.later.pop(name, None)
        return True
    state.later |= dict.fromkeys(won, stamp)
    return bool(won)


def chunks(values: list[str]) -> Iterator[list[str]]:
    """Return values in lots that a query can name one by one."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
