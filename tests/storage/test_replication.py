"""Edits of other computers: in any order, cut in any way, and however often, they come to the same tables."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.application.replication import OWN_LOG, LogChange, LogEntry, Sent
from homepoint.domain.facts import Account, Device, Fact
from homepoint.domain.portable import to_plain
from homepoint.storage.connecting import connect
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.replication import SqliteReplica
from homepoint.storage.stamps import clock_at
from tests import builders as make
from tests.sync.model import latest
from tests.sync.replicas import IN_MEMORY

OTHER, THIRD = "0" * 23 + "1", "0" * 23 + "2"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "library.sqlite"
    make.library_at(path).close()
    return path


@pytest.fixture
def replica(library: SqliteLibrary) -> Iterator[SqliteReplica]:
    store = SqliteReplica(library.path, key=library.key)
    yield store
    store.close()


def stamp(number: int, computer: int = 0) -> str:
    """Return the stamp of the edit that comes at a place among others; two computers may write at the same instant."""
    return f"{clock_at(make.NOW) + number:016x}{computer:010x}"


def entry(number: int, *changes: tuple[Fact | None, Fact | None], computer: int = 0, **values: Any) -> LogEntry:
    """Return an edit of another computer."""
    made = tuple(
        change((before or after).id, to_text(before), to_text(after), number + index)  # type: ignore[union-attr]  # one of them is there
        for index, (before, after) in enumerate(changes)
    )
    return LogEntry(
        **{
            "stamp": stamp(number, computer),
            "at": "2026-05-04T12:00:00+02:00",
            "person": "x",
            "computer": "other",
            "title": "Changed",
            "undoes": None,
            "changes": made,
            **values,
        }
    )


def change(fact: str, before: str | None, after: str | None, place: int | None, kind: str = "devices") -> LogChange:
    return LogChange(kind=kind, fact=fact, device=fact, place=place, before=before, after=after)


def to_text(fact: Fact | None) -> str | None:
    return None if fact is None else json.dumps(to_plain(fact))


def shown(library: SqliteLibrary) -> list[dict[str, Any]]:
    return [{"kind": type(fact).__name__, **to_plain(fact)} for fact in library.snapshot().facts()]


# The rule itself.

VALUES = st.fixed_dictionaries(
    {"model": st.sampled_from(["Mini", "Air", "Mavic"])},
    optional={
        "nickname": st.sampled_from(["x", "y", None]),
        "serial": st.sampled_from(["1", None]),
        "newer": st.integers(0, 2),
        "status": st.sampled_from(["in-use", "of a newer program"]),
    },
)


@st.composite
def edits(draw: st.DrawFn) -> LogEntry:
    """Any edit at all, also one whose predecessors never arrive."""
    changes = []
    for _ in range(draw(st.integers(1, 3))):
        id = draw(st.sampled_from(["d1", "d2", "d3"]))
        pair = [draw(st.none() | VALUES), draw(st.none() | VALUES)]
        texts = [None if each is None else json.dumps({"id": id, **each}) for each in pair]
        changes.append(change(id, texts[0], texts[1], draw(st.none() | st.integers(0, 3))))
    marks = draw(st.dictionaries(st.sampled_from(["one", "two"]), st.none() | st.just('"value"'), max_size=1))
    changes += [change(name, None, value, None, "reminders") for name, value in marks.items()]
    return entry(draw(st.integers(0, 6)), computer=draw(st.integers(0, 2)), changes=tuple(changes))


@given(
    edits=st.lists(edits(), min_size=2, max_size=7, unique_by=lambda each: each.stamp),
    order=st.randoms(use_true_random=False),
)
def test_any_order_and_repetition_of_edits_comes_to_the_latest_of_everything(
    template: Path, edits: list[LogEntry], order: Any
) -> None:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder) / "library.sqlite"
        shutil.copy(template, path)
        store, library = SqliteReplica(path), make.library_at(path)
        try:
            numbered = [(f"{number:024x}", each) for number, each in enumerate(edits)]
            again = order.sample(numbered, order.randrange(len(numbered)))
            for log, each in order.sample(numbered, len(numbered)) + again:
                store.apply(log, 1, [each])
            facts, marks = latest(edits)
            by_id = [sorted(each, key=lambda fact: str(fact["id"])) for each in (shown(library), facts)]
            assert by_id[0] == by_id[1]
            if all(change.after for each in edits for change in each.changes if change.kind == "devices"):
                assert shown(library) == facts  # a removal between two that want one place may leave them as they stood
            assert dict(library.marks("reminders")) == marks["reminders"]
        finally:
            store.close()
            library.close()


@given(
    edits=st.lists(edits(), min_size=2, max_size=7, unique_by=lambda each: each.stamp),
    cut=st.integers(1, 6),
)
def test_a_log_comes_to_the_same_however_it_is_cut(template: Path, edits: list[LogEntry], cut: int) -> None:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder) / "library.sqlite"
        shutil.copy(template, path)
        store, library = SqliteReplica(path), make.library_at(path)
        try:
            store.apply(OTHER, cut + 1, edits[cut:])
            store.apply(OTHER, 1, edits[:cut])
            assert sorted(map(str, shown(library))) == sorted(map(str, latest(edits)[0]))
            assert store.ranges(OTHER) == [(1, len(edits))]
            assert store.entries(OTHER, 1, len(edits)) == edits
        finally:
            store.close()
            library.close()


def test_two_computers_set_different_fields_of_one_device_and_both_count(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    device = make.device(nickname="old")
    replica.apply(OTHER, 1, [entry(1, (None, device)), entry(2, (device, replace(device, nickname="new")))])
    replica.apply(THIRD, 1, [entry(3, (device, replace(device, serial="S1")))])
    found = library.get(Device, "d1")
    assert found is not None
    assert (found.nickname, found.serial) == ("new", "S1")


def test_a_removal_loses_against_a_later_edit_and_wins_over_an_earlier_one(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    device, other = make.device("d1"), make.device("d2")
    replica.apply(OTHER, 1, [entry(1, (None, device), (None, other))])
    replica.apply(OTHER, 2, [entry(5, (device, None), (other, None))])
    replica.apply(THIRD, 1, [entry(4, (other, replace(other, nickname="too early")))])
    replica.apply(THIRD, 2, [entry(6, (device, replace(device, nickname="later")))])
    assert [(each.id, each.nickname) for each in library.all(Device)] == [("d1", "later")]


def test_two_facts_that_want_the_same_place_stand_in_the_same_order_everywhere(template: Path, tmp_path: Path) -> None:
    made = [
        entry(1, (None, make.device(id)), computer=number, changes=(change(id, None, to_text(make.device(id)), 7),))
        for number, id in enumerate(("d2", "d3", "d1"))
    ]
    orders = []
    for name, order in {"a": made, "b": made[::-1], "c": made[1:] + made[:1]}.items():
        path = tmp_path / name
        shutil.copy(template, path)
        store, library = SqliteReplica(path), make.library_at(path)
        for each in order:
            store.apply(f"{each.stamp[-10:]:0>24}", 1, [each])
        orders.append([device.id for device in library.all(Device)])
        store.close()
        library.close()
    assert orders == [["d1", "d2", "d3"]] * 3


def test_a_fact_added_on_two_computers_stands_where_it_was_added_last(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    library.write(make.adding(make.account("a1"), make.account("a2")), make.NOW)
    far = clock_at(make.NOW) * 2
    late = entry(1, computer=1, stamp=f"{far:016x}{1:010x}")
    again = LogChange(
        kind="accounts", fact="a1", device=None, place=far, before=None, after=to_text(make.account("a1"))
    )
    replica.apply(OTHER, 1, [replace(late, changes=(again,))])
    assert [account.id for account in library.all(Account)] == ["a2", "a1"]


# What a newer program writes.


def test_kinds_and_fields_of_a_newer_program_are_kept_and_travel_on(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    plain = {**to_plain(make.device()), "status": "leased", "colour": "red"}
    made = entry(
        1,
        changes=(
            change("d1", None, json.dumps(plain), 1),
            change("s1", None, '{"id":"s1","any":["thing"]}', None, kind="swarms"),
        ),
    )
    replica.apply(OTHER, 1, [made])
    device = library.get(Device, "d1")
    assert device is not None
    assert device.extra == {"colour": "red"}
    library.write(make.changing(device, replace(device, nickname="mine")), make.NOW + timedelta(days=1))
    with closing(connect(library.path, library.key)) as connection:
        [kept] = connection.execute("SELECT kept FROM fact_stamps WHERE fact = 'd1'").fetchone()
    assert json.loads(kept) == {"status": "leased"}
    assert replica.entries(OTHER, 1, 1) == [made]


@pytest.mark.parametrize(
    "changes",
    [
        (change("d1", None, '"text"', 1),),
        (change("d1", None, "no json", 1),),
        (change("d1", "5", '{"id":"d1"}', 1),),
        (change("d1", None, '{"id":"d2","model":"x"}', 1),),
        (change("d1", None, '{"id":"d1","model":"\\ud800"}', 1),),
        (change("d1", None, to_text(make.device()), 1 << 70),),
    ],
)
def test_entries_that_make_no_sense_are_refused_and_leave_nothing(
    library: SqliteLibrary, replica: SqliteReplica, changes: tuple[LogChange, ...]
) -> None:
    good = entry(1, (None, make.device("d7")))
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        replica.apply(OTHER, 1, [good, entry(2, changes=changes)])
    assert not library.all(Device)
    assert library.history() == []
    assert replica.ranges(OTHER) == []


def test_two_entries_of_one_stamp_in_one_go_are_refused(library: SqliteLibrary, replica: SqliteReplica) -> None:
    with pytest.raises(ValueError, match="no library can"):
        replica.apply(OTHER, 1, [entry(1, (None, make.device("d1"))), entry(1, (None, make.device("d2")))])
    assert not library.all(Device)


# Logs.


def test_holes_are_known_and_filled(replica: SqliteReplica) -> None:
    made = [entry(number, (None, make.device(f"d{number}"))) for number in range(1, 7)]
    replica.apply(OTHER, 5, made[4:])
    assert (replica.last(OTHER), replica.ranges(OTHER), replica.whole(OTHER)) == (0, [(5, 6)], 0)
    replica.apply(OTHER, 1, made[:2])
    assert (replica.last(OTHER), replica.ranges(OTHER), replica.whole(OTHER)) == (2, [(1, 2), (5, 6)], 2)
    replica.apply(OTHER, 2, made[1:5])
    assert (replica.last(OTHER), replica.ranges(OTHER), replica.whole(OTHER)) == (6, [(1, 6)], 6)
    assert replica.entries(OTHER, 1, 6) == made


def test_an_entry_that_came_under_another_name_is_not_taken_twice(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    made = entry(1, (None, make.device()))
    replica.apply(OTHER, 1, [made])
    assert replica.apply(THIRD, 1, [made]).entries == 0
    assert (replica.last(THIRD), replica.whole(THIRD)) == (1, 0)
    assert len(library.history()) == 1


def test_a_log_that_went_two_ways_goes_on_as_own_entries_from_there(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    made = [entry(number, (None, make.device(f"d{number}"))) for number in range(1, 5)]
    other = [entry(number, (None, make.device(f"x{number}")), computer=1) for number in (3, 4)]
    replica.apply(OTHER, 1, made)
    replica.apply(OTHER, 3, other)
    assert replica.whole(OTHER) == 2
    assert replica.entries(OTHER, 1, 9) == made[:2]
    assert {each.stamp for each in replica.entries(OWN_LOG, 1, 9)} == {each.stamp for each in made[2:] + other}
    assert replica.entries(OWN_LOG, 1, 1) == made[2:3]
    assert len(library.all(Device)) == 6


def test_leaving_the_own_log_numbers_the_rest_anew(library: SqliteLibrary, replica: SqliteReplica) -> None:
    for number in range(5):
        library.write(make.adding(make.device(f"d{number}")), make.NOW)
    made = list(replica.entries(OWN_LOG, 1, 5))
    replica.keep_chains(OWN_LOG, [(2, "two"), (3, "three"), (5, "five")])
    sent = Sent(name="n", size=1, is_ours=True, is_verified=True, log=OWN_LOG, first=1, last=3)
    replica.remember([sent])
    replica.leave_own_log(OTHER, 3)
    assert replica.entries(OTHER, 1, 9) == made[:3]
    assert replica.entries(OWN_LOG, 1, 9) == made[3:]
    assert replica.logs() == {OWN_LOG: 2, OTHER: 3}
    assert replica.chains(OTHER) == {(2, "two"), (3, "three")}
    assert replica.chains(OWN_LOG) == frozenset()
    assert replica.sent() == {"n": replace(sent, is_ours=False, log=OTHER)}
    library.write(make.adding(make.device("next")), make.NOW)
    assert replica.last(OWN_LOG) == 3


def test_entries_that_a_removed_computer_may_not_send_any_more_become_own_ones(replica: SqliteReplica) -> None:
    made = [entry(number, (None, make.device(f"d{number}"))) for number in range(1, 5)]
    replica.apply(OTHER, 1, made)
    replica.adopt(OTHER, 3, forget=True)
    assert (replica.last(OTHER), replica.ranges(OTHER)) == (3, [(1, 3)])
    assert replica.entries(OWN_LOG, 1, 9) == made[3:]


def test_forgetting_the_remote_makes_everything_own(library: SqliteLibrary, replica: SqliteReplica) -> None:
    library.write(make.adding(make.device("mine")), make.NOW)
    replica.apply(OTHER, 1, [entry(1, (None, make.device("d1"))), entry(2, (None, make.device("d2")))])
    replica.keep({"library": "x"})
    replica.keep_evidence(["e"])
    replica.keep_chains(OTHER, [(2, "two")])
    before = shown(library)
    replica.forget_remote()
    assert replica.logs() == {OWN_LOG: 3}
    assert len(replica.entries(OWN_LOG, 1, 3)) == 3
    assert replica.value("library") is None
    assert not replica.knows_evidence("e")
    assert replica.chains(OTHER) == frozenset()
    assert shown(library) == before


def test_a_write_that_fails_leaves_no_trace(library: SqliteLibrary, replica: SqliteReplica) -> None:
    replica.keep({"a": "1"})
    with closing(connect(library.path, library.key)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = SqliteReplica(library.path, patience_s=0.01, key=library.key)
        with pytest.raises(HomepointError, match="Another program"):
            impatient.keep({"a": "2"})
        other.execute("ROLLBACK")
    impatient.close()
    assert replica.value("a") == "1"


def test_an_undo_of_another_computer_s_field_is_refused_and_of_another_field_works(
    library: SqliteLibrary, replica: SqliteReplica
) -> None:
    device = make.device(nickname="old", serial="S0")
    library.write(make.adding(device), make.NOW - timedelta(days=2))
    written = library.write(
        Edit(title="Named", changes=(Change(before=device, after=replace(device, nickname="mine")),)),
        make.NOW - timedelta(days=1),
    )
    mine = library.get(Device, "d1")
    assert mine is not None
    replica.apply(OTHER, 1, [entry(1, (mine, replace(mine, serial="S1")))])
    undone = library.write(written.edit.reversed(), make.NOW, undoes=written.number)
    found = library.get(Device, "d1")
    assert found is not None
    assert (found.nickname, found.serial) == ("old", "S1")
    replica.apply(THIRD, 1, [entry(1 << 40, (found, replace(found, nickname="theirs")))])
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(undone.edit.reversed(), make.NOW, undoes=undone.number)
