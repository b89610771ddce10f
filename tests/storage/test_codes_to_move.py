"""Codes of a library that an older Homepoint wrote: none is lost, and once they are moved none is left in any file."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from homepoint.application.activation_codes import ActivationCodes
from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Plan
from homepoint.domain.values import PlanId
from homepoint.storage.codes_to_move import CodesToMove
from homepoint.storage.copying import SqliteFiles
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.salvage import salvage
from tests import builders as make
from tests.doubles import LockableSecrets
from tests.system.secret_search import find_secrets

CODES = {"4321": "FIRST-CODE-4321", "5678": "ABCD-1234-5678", "9999": "GONE-PLAN-9999", "set": "SHORTY"}
"""By their hints: one that was corrected, the one it became, that of a removed plan, and a short one."""
PLAN, REMOVED, SHORT = PlanId("p1"), PlanId("p2"), PlanId("p3")


def _write(library: SqliteLibrary, minute: int, *changes: Change) -> None:
    library.write(Edit(title="Changed", changes=changes), make.NOW + timedelta(minutes=minute))


def _aged(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            "activation_code" if name == "activation_code_hint" else name: CODES.get(inner, inner)
            if name == "activation_code_hint"
            else inner
            for name, inner in value.items()
        }
    return value


def _aged_text(text: str | None) -> str | None:
    return None if text is None else json.dumps(_aged(json.loads(text)), ensure_ascii=False, separators=(",", ":"))


def _make_old(path: Path) -> None:
    """Turn a library into what version 2 wrote: the codes themselves wherever there are hints now."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        file.execute("ALTER TABLE plans RENAME COLUMN activation_code_hint TO activation_code")
        file.execute("DROP TABLE codes_to_move")
        file.execute("DELETE FROM library WHERE name = 'own-id'")
        for hint, code in CODES.items():
            file.execute("UPDATE plans SET activation_code = ? WHERE activation_code = ?", (code, hint))
        for table, key, names in (
            ("history_changes", "number", ("before", "after")),
            ("fact_stamps", "fact", ("later", "kept")),
        ):
            columns = ", ".join(f'"{name}"' for name in names)
            for row in file.execute(f"SELECT {key}, {columns} FROM {table} WHERE kind = 'plans'").fetchall():
                setting = ", ".join(f'"{name}" = ?' for name in names)
                file.execute(
                    f"UPDATE {table} SET {setting} WHERE kind = 'plans' AND {key} = ?",
                    (*(_aged_text(each) for each in row[1:]), row[0]),
                )
        file.execute("PRAGMA user_version = 2")
        file.execute("COMMIT")


def _dump(path: Path) -> list[str]:
    apart = ('INSERT INTO "codes_to_move"', 'INSERT INTO "library"')
    with closing(sqlite3.connect(path)) as file:
        return sorted(line for line in file.iterdump() if not line.startswith(apart))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library with a corrected code, a removed plan with one, and a short one, as version 2 kept it."""
    path = tmp_path / "data" / "homepoint.sqlite"
    path.parent.mkdir()
    library = make.library_at(path)
    first, removed = make.plan("p1", activation_code_hint="4321"), make.plan("p2", activation_code_hint="9999")
    now = replace(first, activation_code_hint="5678")
    short, codeless = make.plan("p3", activation_code_hint="set"), make.plan("p4")
    _write(library, 0, *(Change(after=each) for each in (make.device(), first, removed, short, codeless)))
    _write(library, 1, Change(before=first, after=now))
    _write(library, 2, Change(before=removed))
    _write(library, 3, Change(before=codeless, after=replace(codeless, replacements=3)))
    library.close()
    (tmp_path / "as-new").write_text("\n".join(_dump(path)), encoding="utf-8")
    _make_old(path)
    return path


def _codes(path: Path, secrets: LockableSecrets) -> tuple[CodesToMove, ActivationCodes]:
    library = make.library_at(path)
    waiting = CodesToMove(path, patience_s=0.05)
    codes = ActivationCodes(secrets, library.own_id, waiting)
    library.close()
    return waiting, codes


def _found(path: Path) -> set[str]:
    return {each.secret for each in find_secrets(path.parent, CODES)}


def test_the_search_does_find_them_in_the_old_file(old: Path) -> None:
    """Otherwise the tests below would prove nothing."""
    assert _found(old) == set(CODES)


def test_facts_history_and_stamps_become_what_they_would_be_had_the_codes_never_been_facts(
    old: Path, tmp_path: Path
) -> None:
    make.library_at(old).close()
    assert "\n".join(_dump(old)) == (tmp_path / "as-new").read_text(encoding="utf-8")


def test_moved_codes_are_shown_as_before_and_no_file_holds_them_any_more(old: Path) -> None:
    secrets = LockableSecrets()
    waiting, codes = _codes(old, secrets)
    assert waiting.count() == 3
    assert not waiting.are_gone()
    assert list(old.parent.glob("*.version-2.backup"))
    assert waiting.move(codes) == 3
    assert sorted(secrets.kept.values()) == ["ABCD-1234-5678", "GONE-PLAN-9999", "SHORTY"]
    assert codes.code(PLAN, "5678") == "ABCD-1234-5678"
    assert codes.code(SHORT, "set") == "SHORTY"
    assert waiting.are_gone()
    assert not list(old.parent.glob("*.backup"))
    assert _found(old) == set()
    assert waiting.move(codes) == 0


def test_while_the_window_has_the_file_open_no_trace_is_left_either(old: Path) -> None:
    library = make.library_at(old)
    assert library.get(Plan, "p1") == make.plan(activation_code_hint="5678")
    waiting = CodesToMove(old, patience_s=0.05)
    waiting.move(ActivationCodes(LockableSecrets(), library.own_id, waiting))
    assert _found(old) == set()
    assert library.get(Plan, "p1") == make.plan(activation_code_hint="5678")
    library.close()


def test_a_removed_plan_that_undo_brings_back_has_its_code(old: Path) -> None:
    waiting, codes = _codes(old, LockableSecrets())
    waiting.move(codes)
    library = make.library_at(old)
    entry = next(each for each in library.history() if each.edit.changes[0].after is None)
    library.write(entry.edit.reversed(), make.NOW + timedelta(minutes=9), undoes=entry.number)
    restored = library.get(Plan, "p2")
    library.close()
    assert restored is not None
    assert restored.activation_code_hint is not None
    assert codes.code(REMOVED, restored.activation_code_hint) == "GONE-PLAN-9999"


def test_with_a_locked_keyring_every_code_waits_and_can_still_be_seen(old: Path) -> None:
    secrets = LockableSecrets(is_locked=True)
    waiting, codes = _codes(old, secrets)
    with pytest.raises(HomepointError, match="locked"):
        waiting.move(codes)
    assert waiting.count() == 3
    assert codes.code(PLAN, "5678") == "ABCD-1234-5678"
    secrets.is_locked = False
    assert waiting.move(codes) == 3
    assert _found(old) == set()


def test_a_keyring_that_locks_half_way_leaves_only_the_rest_waiting(old: Path) -> None:
    class Locking(LockableSecrets):
        def set(self, name: str, value: str) -> None:
            super().set(name, value)
            self.is_locked = True

    secrets = Locking()
    waiting, codes = _codes(old, secrets)
    with pytest.raises(HomepointError, match="locked"):
        waiting.move(codes)
    assert (len(secrets.kept), waiting.count()) == (1, 2)
    assert not waiting.are_gone()


def test_an_old_code_never_takes_the_place_of_the_one_the_owner_has_entered_since(old: Path) -> None:
    secrets = LockableSecrets()
    waiting, codes = _codes(old, secrets)
    library = make.library_at(old)
    codes.keep(PLAN, "NEWER-CODE-0000")
    recorded = make.plan(activation_code_hint="5678")
    _write(library, 5, Change(before=recorded, after=replace(recorded, activation_code_hint="0000")))
    library.close()
    assert waiting.move(codes) == 2
    assert codes.code(PLAN, "0000") == "NEWER-CODE-0000"


def test_a_code_of_a_plan_that_another_computer_gave_another_one_is_let_go(old: Path) -> None:
    waiting, codes = _codes(old, LockableSecrets())
    library = make.library_at(old)
    recorded = make.plan(activation_code_hint="5678")
    _write(library, 5, Change(before=recorded, after=replace(recorded, activation_code_hint=None)))
    library.close()
    assert waiting.move(codes) == 2
    assert _found(old) == set()


def test_the_owner_may_forget_them(old: Path) -> None:
    waiting, _codes_kept = _codes(old, LockableSecrets(is_locked=True))
    waiting.forget_all()
    assert waiting.are_gone()
    assert _found(old) == set()


def test_traces_are_wiped_at_the_next_chance_where_another_program_reads_the_file(old: Path) -> None:
    secrets = LockableSecrets()
    waiting, codes = _codes(old, secrets)
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM devices").fetchone()
        with pytest.raises(HomepointError):
            waiting.move(codes)
        assert not waiting.are_gone()
        other.execute("ROLLBACK")
    assert waiting.move(codes) == 0
    assert waiting.are_gone()
    assert _found(old) == set()


def test_a_backup_holds_no_code_while_the_library_still_does(old: Path, tmp_path: Path) -> None:
    waiting, _codes_kept = _codes(old, LockableSecrets(is_locked=True))
    copy = tmp_path / "copy" / "backup.sqlite"
    copy.parent.mkdir()
    SqliteFiles().copy(old, copy, lambda _done, _total, _words: None)
    assert not find_secrets(copy.parent, CODES)
    assert CodesToMove(copy).are_gone()
    assert waiting.count() == 3


@pytest.mark.parametrize("is_up_to_date", [False, True])
def test_what_is_saved_of_a_damaged_library_lets_its_codes_wait(old: Path, tmp_path: Path, is_up_to_date: bool) -> None:
    if is_up_to_date:
        make.library_at(old).close()
    saved = tmp_path / "saved" / "homepoint.sqlite"
    for folder in (saved.parent, tmp_path / "place"):
        folder.mkdir()
    salvage(old, saved, tmp_path / "place", lambda _done, _total, _words: None)
    waiting, codes = _codes(saved, LockableSecrets())
    library = make.library_at(saved)
    hints = {str(each.id): each.activation_code_hint for each in library.all(Plan)}
    library.close()
    assert hints == {"p1": "5678", "p3": "set", "p4": None}
    assert codes.code(PLAN, "5678") == "ABCD-1234-5678"
    assert waiting.move(codes) == waiting_in(old, is_up_to_date)
    assert _found(saved) == set()


def waiting_in(old: Path, is_up_to_date: bool) -> int:
    """Return how many codes can be saved: what was kept for undo alone is not."""
    return CodesToMove(old).count() if is_up_to_date else 2


def test_a_library_that_is_saved_keeps_its_id_and_so_its_codes(tmp_path: Path) -> None:
    library = make.library_at(tmp_path / "library.sqlite")
    library.close()
    (tmp_path / "place").mkdir()
    salvage(library.path, tmp_path / "saved.sqlite", tmp_path / "place", lambda _done, _total, _words: None)
    assert one_id(tmp_path / "saved.sqlite") == one_id(library.path)


def test_a_library_that_never_held_a_code_keeps_its_copy_and_has_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "homepoint.sqlite"
    library = make.library_at(path)
    library.write(make.adding(make.device(), make.plan()), make.NOW)
    library.close()
    _make_old(path)
    waiting, codes = _codes(path, LockableSecrets())
    assert waiting.are_gone()
    assert waiting.move(codes) == 0
    assert list(tmp_path.glob("*.version-2.backup"))


def test_every_library_has_an_id_of_its_own_that_stays(tmp_path: Path) -> None:
    one, two = make.library_at(tmp_path / "one.sqlite"), make.library_at(tmp_path / "two.sqlite")
    assert one.own_id
    assert one.own_id != two.own_id
    one.close()
    two.close()
    again = make.library_at(tmp_path / "one.sqlite")
    assert again.own_id == one_id(tmp_path / "one.sqlite")
    again.close()


def one_id(path: Path) -> str:
    """Return the id that stands in a file."""
    with closing(sqlite3.connect(path)) as file:
        [found] = file.execute("SELECT value FROM library WHERE name = 'own-id'").fetchone()
    return str(found)
