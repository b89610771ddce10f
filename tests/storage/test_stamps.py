"""Stamps: an own edit wins over what its writer saw whatever the clock says, and old libraries get theirs."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.facts import Device, Fact
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.mapping import to_row, to_text
from homepoint.storage.migrate import bring_up_to_date
from homepoint.storage.migrations import STEPS
from homepoint.storage.replication import SqliteReplica
from homepoint.storage.stamps import FactState, clock_at, clock_of, join_edit, new_stamp, note_edit
from tests import builders as make

FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3) | st.none(), max_size=4)


def _said(state: FactState, values: dict[str, Any]) -> tuple[Any, ...]:
    names = sorted({*values, *state.later})
    return (
        state.gone,
        state.is_there,
        [(name, values.get(name), state.stamp_of(name)) for name in names if values.get(name) is not None],
    )


@given(
    edits=st.lists(st.tuples(st.none() | FIELDS, st.none() | FIELDS), min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_joining_edits_of_a_fact_does_not_depend_on_their_order(edits: list[tuple[Any, Any]], order: Any) -> None:
    stamped = [(f"{number:026}", *edit) for number, edit in enumerate(edits) if edit != (None, None)]
    results = []
    for shuffled in (stamped, order.sample(stamped, len(stamped)) + stamped[:2]):
        state, values = FactState(), dict[str, Any]()
        for stamp, before, after in shuffled:
            join_edit(state, values, stamp, before, after)
        results.append(_said(state, values))
    assert results[0] == results[1]


def test_of_two_edits_at_the_same_instant_the_same_one_wins_in_either_order() -> None:
    clock, before = clock_at(make.NOW), {"a": 0}
    edits = [(f"{clock:016x}{computer:010x}", before, {"a": computer}) for computer in (1, 2)]
    for order in (edits, edits[::-1]):
        state, values = FactState(base=f"{clock - 1:016x}{0:010x}"), dict[str, Any](before)
        for edit in order:
            join_edit(state, values, *edit)
        assert values == {"a": 2}


@given(edits=st.lists(st.none() | FIELDS, min_size=1, max_size=6))
def test_an_own_edit_leaves_the_same_stamps_as_the_same_edit_that_arrives(edits: list[Any]) -> None:
    mine, theirs, values, before = FactState(), FactState(), dict[str, Any](), None
    for number, after in enumerate(edits):
        if before is None and after is None:
            continue
        stamp = f"{number:026}"
        note_edit(mine, stamp, before, after)
        join_edit(theirs, values, stamp, before, after)
        before = after
        assert mine.is_there == theirs.is_there == (after is not None)
        if after is not None:
            assert {name: value for name, value in values.items() if value is not None} == {
                name: value for name, value in after.items() if value is not None
            }


def test_stamps_sort_as_their_clocks_and_are_never_the_same() -> None:
    clock = clock_at(make.NOW)
    made = [new_stamp(clock + step) for step in (0, 1, 1 << 16, 1 << 30)]
    assert made == sorted(made)
    assert [clock_of(each) for each in made] == [clock, clock + 1, clock + (1 << 16), clock + (1 << 30)]
    assert len({new_stamp(clock) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "wrong", [datetime(1970, 1, 1, tzinfo=UTC), datetime(1960, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)]
)
def test_an_edit_wins_over_what_its_writer_saw_whatever_the_clock_says(library: SqliteLibrary, wrong: datetime) -> None:
    replica = SqliteReplica(library.path, key=library.key)
    library.write(make.adding(make.device(nickname="right clock")), make.NOW)
    for at in (wrong, make.NOW, wrong, make.NOW + timedelta(seconds=1)):
        before = library.get(Device, "d1")
        assert before is not None
        library.write(make.changing(before, replace(before, nickname=f"{before.nickname}.")), at)
    stamps = [entry.stamp for entry in replica.entries("", 1, 5)]
    assert stamps == sorted(stamps)
    replica.close()


def test_one_wrong_clock_does_not_pull_other_edits_along(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device("d1")), datetime(2099, 1, 1, tzinfo=UTC))
    library.write(make.adding(make.device("d2")), make.NOW)
    replica = SqliteReplica(library.path, key=library.key)
    [_, second] = replica.entries("", 1, 2)
    assert clock_of(second.stamp) == clock_at(make.NOW)
    replica.close()


# A library of the first version.


def _old_library(path: Path, edits: Sequence[tuple[str, Sequence[tuple[Fact | None, Fact | None, int]]]]) -> None:
    """Make a library as the first version kept it; each edit is an instant and its changes with their places."""
    bring_up_to_date(path, STEPS[:1])
    with closing(sqlite3.connect(path)) as connection:
        facts: dict[str, tuple[int, Fact]] = {}
        for number, (at, changes) in enumerate(edits, start=1):
            connection.execute(
                "INSERT INTO history (number, at, person, computer, title, undoes, awaits)"
                " VALUES (?, ?, 'me', 'PC', 'Old', NULL, 'undo')",
                (number, at),
            )
            for before, after, place in changes:
                fact = after or before
                assert fact is not None
                connection.execute(
                    'INSERT INTO history_changes (entry, kind, fact, device, place, "before", "after")'
                    " VALUES (?, 'devices', ?, ?, ?, ?, ?)",
                    (number, fact.id, fact.id, place, before and to_text(before), after and to_text(after)),
                )
                facts.pop(fact.id, None)
                if after is not None:
                    facts[fact.id] = place, after
        for place, fact in facts.values():
            row = {"added": place, **to_row(fact)}
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(
                f"INSERT INTO devices ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
        connection.commit()


def _edits() -> list[tuple[str, list[tuple[Fact | None, Fact | None, int]]]]:
    z, a, m = make.device("z"), make.device("a"), make.device("m")
    return [
        ("2026-01-01T10:00:00+01:00", [(None, z, 1), (None, a, 2)]),
        ("2026-01-01T10:00:00+01:00", [(None, m, 3)]),
        ("2025-12-31T23:00:00+01:00", [(a, replace(a, nickname="later, by a clock set back"), 2)]),
        ("2026-02-01T10:00:00+01:00", [(m, None, 3)]),
    ]


def test_an_old_library_gets_stamps_in_the_order_of_its_edits_and_keeps_the_order_of_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    _old_library(path, _edits())
    library = make.library_at(path)
    replica = SqliteReplica(path)
    entries = replica.entries("", 1, 9)
    assert [device.id for device in library.all(Device)] == ["z", "a"]
    assert [entry.stamp for entry in entries] == sorted(entry.stamp for entry in entries)
    assert len(entries) == 4
    assert (replica.last(""), len({entry.stamp for entry in entries})) == (4, 4)
    undone = library.undoable()
    assert undone is not None
    library.write(undone.edit.reversed(), make.NOW, undoes=undone.number)
    assert [device.id for device in library.all(Device)] == ["z", "a", "m"]
    replica.close()
    library.close()


def test_two_copies_of_an_old_library_get_the_same_stamps_and_join_as_one(tmp_path: Path) -> None:
    paths = [tmp_path / "one.sqlite", tmp_path / "two.sqlite"]
    _old_library(paths[0], _edits())
    shutil.copy(paths[0], paths[1])
    libraries = [make.library_at(path) for path in paths]
    stores = [SqliteReplica(path) for path in paths]
    before = libraries[0].get(Device, "a")
    assert before is not None
    libraries[1].write(make.changing(before, replace(before, nickname="on the copy")), make.NOW)
    entries = [store.entries("", 1, 9) for store in stores]
    assert entries[0] == entries[1][:4]
    applied = stores[0].apply("0" * 24, 1, entries[1])
    assert applied.entries == 1
    assert libraries[0].snapshot().devices == libraries[1].snapshot().devices
    for store, library in zip(stores, libraries, strict=True):
        store.close()
        library.close()


def test_a_fact_of_an_old_library_joins_with_edits_of_newer_ones(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    _old_library(path, _edits())
    library, replica = make.library_at(path), SqliteReplica(path)
    [_, _, named, _] = replica.entries("", 1, 9)
    before = library.get(Device, "a")
    assert before is not None
    theirs = replace(
        named,
        stamp=named.stamp[:-1] + "0",
        changes=(
            replace(
                named.changes[0], before=to_text(before), after=to_text(replace(before, nickname="older", serial="S1"))
            ),
        ),
    )
    assert theirs.stamp < named.stamp or named.stamp.endswith("0")
    replica.apply("0" * 24, 1, [replace(theirs, stamp=f"{clock_of(named.stamp) - 1:016x}{0:010x}")])
    found = library.get(Device, "a")
    assert found is not None
    assert (found.nickname, found.serial) == ("later, by a clock set back", "S1")
    replica.close()
    library.close()
