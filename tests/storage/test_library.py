"""What is written is there again: after a restart, for a second program, and with every field and unknown key."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Account, Binding, Device, Fact, kind_of
from homepoint.domain.portable import to_plain
from homepoint.storage.connecting import connect
from homepoint.storage.library import SqliteLibrary
from tests import builders as make


def reopened(library: SqliteLibrary) -> SqliteLibrary:
    library.close()
    return make.library_at(library.path, key=library.key)


@pytest.mark.parametrize("fact", make.one_of_each(), ids=kind_of)
def test_a_fact_comes_back_as_it_was_after_a_restart(library: SqliteLibrary, fact: Fact) -> None:
    library.write(make.adding(fact), make.NOW)
    again = reopened(library)
    found = again.get(type(fact), fact.id)
    assert found is not None
    assert to_plain(found) == to_plain(fact)
    again.close()


def test_facts_keep_the_order_in_which_they_were_added(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device("z"), make.device("a"), make.device("m")), make.NOW)
    assert [device.id for device in library.snapshot().devices] == ["z", "a", "m"]


def test_a_fact_that_was_removed_returns_to_its_place(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device("d1"), make.device("d2"), make.device("d3")), make.NOW)
    removed = library.write(make.changing(make.device("d2"), None), make.NOW)
    library.write(make.adding(make.device("d4")), make.NOW)
    library.write(removed.edit.reversed(), make.NOW, undoes=removed.number)
    assert [device.id for device in library.snapshot().devices] == ["d1", "d2", "d3", "d4"]


def test_an_edit_based_on_what_is_no_longer_so_is_refused_whole(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device()), make.NOW)
    before = library.snapshot()
    outdated = Edit(
        title="Renamed",
        changes=(
            Change(after=make.account()),
            Change(before=make.device(nickname="Old"), after=make.device(nickname="New")),
        ),
    )
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(outdated, make.NOW)
    assert library.snapshot() == before
    assert len(library.history()) == 1


def test_adding_what_is_there_and_removing_what_is_not_are_refused(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device()), make.NOW)
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(make.adding(make.device()), make.NOW)
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(make.changing(make.account(), None), make.NOW)


def test_one_edit_may_change_a_fact_twice(library: SqliteLibrary) -> None:
    first, second = make.device(nickname="One"), make.device(nickname="Two")
    edit = Edit(title="Twice", changes=(Change(after=first), Change(before=first, after=second)))
    entry = library.write(edit, make.NOW)
    assert library.get(Device, "d1") == second
    library.write(edit.reversed(), make.NOW, undoes=entry.number)
    assert library.get(Device, "d1") is None


def test_a_second_program_sees_what_the_first_wrote_and_cannot_overwrite_it_unseen(library: SqliteLibrary) -> None:
    other = make.library_at(library.path, computer="laptop", key=library.key)
    library.write(make.adding(make.device()), make.NOW)
    assert other.get(Device, "d1") == make.device()
    other.write(make.changing(make.device(), make.device(nickname="Kestrel")), make.NOW)
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(make.changing(make.device(), make.device(nickname="Heron")), make.NOW)
    assert [entry.computer for entry in library.history()] == ["laptop", "desk"]
    other.close()


def test_a_file_that_another_program_holds_is_named(library: SqliteLibrary) -> None:
    library.warm_up()
    holder = connect(library.path, library.key)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(HomepointError, match="Another program is using"):
        library.write(make.adding(make.device()), make.NOW)
    with pytest.raises(HomepointError, match="Another program is using"):
        library.keep([make.standing()])
    holder.execute("ROLLBACK")
    holder.close()
    library.write(make.adding(make.device()), make.NOW)


def test_a_file_that_is_no_database_is_named_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"holiday photos" * 100)
    with pytest.raises(HomepointError, match="not a Homepoint library"):
        make.library_at(path)
    assert path.read_bytes() == b"holiday photos" * 100


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="cannot be opened"):
        make.library_at(tmp_path / "gone" / "library.sqlite")


def test_a_full_disk_is_named_and_nothing_is_changed(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device()), make.NOW)

    def fill(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite then reports a full disk, as it would for a real one

    event.listen(library._writer.engine, "connect", fill)
    with pytest.raises(HomepointError, match="no room left"):
        library.write(make.adding(make.account(label="long" * 100_000)), make.NOW)
    event.remove(library._writer.engine, "connect", fill)
    assert [entry.number for entry in library.history()] == [1]
    assert library.all(Account) == []


def test_a_file_that_may_not_be_written_is_named(library: SqliteLibrary) -> None:
    def forbid(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # root may write to any file, so permissions prove nothing here

    library.warm_up()
    event.listen(library._writer.engine, "connect", forbid)
    with pytest.raises(HomepointError, match="cannot be changed"):
        library.write(make.adding(make.device()), make.NOW)


@pytest.mark.parametrize("fact", [make.device(nickname="\ud800"), make.plan(replacements=10**30)], ids=["text", "int"])
def test_what_cannot_be_stored_is_refused_in_words(library: SqliteLibrary, fact: Fact) -> None:
    with pytest.raises(HomepointError, match="cannot be stored"):
        library.write(make.adding(fact), make.NOW)
    assert list(library.snapshot().facts()) == []


def test_a_serial_is_found_without_regard_to_case_and_blanks(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device(serial=" 1581f6z9c24au0034srd")), make.NOW)
    assert [device.id for device in library.by_serial("1581F6Z9C24AU0034SRD ")] == ["d1"]
    assert list(library.by_serial("1581F6Z9C24AU0034SRX")) == []


def test_device_facts_are_those_of_the_whole_library(library: SqliteLibrary) -> None:
    library.write(
        make.adding(
            *make.one_of_each(),
            make.device("d2", succeeds="d1"),
            make.binding("b2", "d2", "gone"),
            make.plan("p2", "d2"),
            make.device("d3", succeeds="d2"),
            make.device("x1", succeeds="x2"),
            make.device("x2", succeeds="x1"),
        ),
        make.NOW,
    )
    for expected in library.snapshot().by_device():
        found = library.device_facts(expected.device.id)
        assert found is not None
        assert [unit.device for unit in found.lineage()] == [unit.device for unit in expected.lineage()]
        for mine, theirs in zip(found.lineage(), expected.lineage(), strict=True):
            for kind in ("bindings", "plans", "notices", "incidents", "claims", "successor", "zone"):
                assert getattr(mine, kind) == getattr(theirs, kind)
    latest = library.device_facts(make.device("d3").id)
    assert latest is not None
    assert [account.id for account in latest.accounts] == ["a1"]
    assert library.device_facts(make.device("nowhere").id) is None


def test_facts_about_one_device_are_those_that_name_it(library: SqliteLibrary) -> None:
    library.write(make.adding(make.binding("b1", "d1"), make.binding("b2", "d2"), make.binding("b3", "d1")), make.NOW)
    assert [binding.id for binding in library.about(Binding, make.device("d1").id)] == ["b1", "b3"]


def test_time_zone_and_unknown_keys_of_the_library_survive_a_restart(library: SqliteLibrary) -> None:
    library.set_zone(ZoneInfo("Asia/Tokyo"), make.NOW)
    library.set_extra({"newer": [1, {"ü": None}]}, make.NOW)
    again = reopened(library)
    assert again.zone == ZoneInfo("Asia/Tokyo")
    assert again.snapshot().extra == {"newer": [1, {"ü": None}]}
    again.close()


def test_another_time_zone_makes_every_standing_stale(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device()), make.NOW)
    library.keep([make.standing()])
    assert library.stale(make.NOW, "test", 10) == []
    library.set_zone(ZoneInfo("Asia/Tokyo"), make.NOW)
    assert library.stale(make.NOW, "test", 10) == ["d1"]


def test_a_sound_file_has_no_damage_and_a_damaged_one_is_named(library: SqliteLibrary) -> None:
    library.write(make.adding(*(make.device(f"d{n}", nickname="x" * 500) for n in range(100))), make.NOW)
    assert library.damage() == []
    library.close()
    raw = bytearray(library.path.read_bytes())
    raw[4096 * 3 :] = b"\xff" * (len(raw) - 4096 * 3)
    library.path.write_bytes(raw)
    with pytest.raises(HomepointError, match="damaged"):
        make.library_at(library.path, key=library.key).snapshot()


def test_history_says_who_did_what_where_and_limits_itself_to_a_device(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device("d1"), make.device("d2"), title="Two devices added"), make.NOW)
    later = make.NOW + timedelta(hours=1)
    library.write(make.adding(make.incident("i1", "d2"), make.attachment("f1", "i1")), later)
    everything, of_one = library.history(), library.history(about="d2")
    assert [(entry.person, entry.computer, entry.at) for entry in everything] == [
        ("Ada", "desk", later),
        ("Ada", "desk", make.NOW),
    ]
    assert [[change.fact.id for change in entry.edit.changes] for entry in of_one] == [["i1", "f1"], ["d2"]]
    assert [len(entry.edit.changes) for entry in library.history(about="d1")] == [1]


def test_an_attachment_belongs_in_the_history_of_its_device(library: SqliteLibrary) -> None:
    library.write(make.adding(make.device(), make.claim(), make.plan()), make.NOW)
    library.write(make.adding(make.attachment("f1", "k1"), make.attachment("f2", "p1")), make.NOW)
    assert len(library.history(about="d1")) == 2


def test_undo_and_redo_are_remembered_across_a_restart(library: SqliteLibrary) -> None:
    first = library.write(make.adding(make.device("d1"), title="First"), make.NOW)
    second = library.write(make.adding(make.device("d2"), title="Second"), make.NOW)
    taken_back = library.write(second.edit.reversed(), make.NOW, undoes=second.number)
    library = reopened(library)
    assert (library.undoable(), library.redoable()) == (first, taken_back)
    assert library.undo_titles() == ("First", "Second")
    library.write(taken_back.edit.reversed(), make.NOW, undoes=taken_back.number)
    assert library.undo_titles() == ("Second", None)
    library.close()


def test_a_new_command_ends_every_redo(library: SqliteLibrary) -> None:
    first = library.write(make.adding(make.device("d1")), make.NOW)
    taken_back = library.write(first.edit.reversed(), make.NOW, undoes=first.number)
    library.write(make.adding(make.device("d2"), title="New"), make.NOW)
    assert library.undo_titles() == ("New", None)
    with pytest.raises(HomepointError, match="changed elsewhere"):
        library.write(taken_back.edit.reversed(), make.NOW, undoes=taken_back.number)


def test_an_edit_may_be_as_large_as_an_import(library: SqliteLibrary) -> None:
    fleet = tuple(make.device(f"d{number}") for number in range(3_000))
    entry = library.write(make.adding(*fleet), make.NOW)
    renamed = Edit(
        title="Renamed", changes=tuple(Change(before=one, after=replace(one, nickname="Bird")) for one in fleet)
    )
    library.write(renamed, make.NOW)
    assert {device.nickname for device in library.snapshot().devices} == {"Bird"}
    second = library.undoable()
    assert second is not None
    library.write(second.edit.reversed(), make.NOW, undoes=second.number)
    library.write(entry.edit.reversed(), make.NOW, undoes=entry.number)
    assert list(library.snapshot().facts()) == []
