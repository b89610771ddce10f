"""The agenda's groups, the table's cells, the jump box and the terms in words."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from homepoint.application.ports import DeviceRow
from homepoint.catalogue import load_terms
from homepoint.domain.assessment import DeadlineKind
from homepoint.domain.facts import Category
from homepoint.presentation.deadline_list import Group, clause_texts, deadline_groups, group_of
from homepoint.presentation.device_list import Column, line_of
from homepoint.presentation.jump import Command, FoundKind, jump_results
from homepoint.presentation.settings_page import terms_text
from tests import builders
from tests.builders import BERLIN, NOW, adding, library_at
from tests.presentation.test_overview import NAMES, _entry

MONDAY = datetime(2026, 6, 1, 10, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("ends_at", "group"),
    [
        (MONDAY, Group.OVERDUE),
        (datetime(2026, 6, 2, tzinfo=BERLIN), Group.TODAY),
        (datetime(2026, 6, 8, tzinfo=BERLIN), Group.THIS_WEEK),
        (datetime(2026, 6, 8, 0, 1, tzinfo=BERLIN), Group.THIS_MONTH),
        (datetime(2026, 7, 1, tzinfo=BERLIN), Group.THIS_MONTH),
        (datetime(2026, 7, 1, 0, 1, tzinfo=BERLIN), Group.LATER),
    ],
)
def test_a_deadline_stands_in_the_group_of_its_last_open_day(ends_at: datetime, group: Group) -> None:
    assert group_of(ends_at, MONDAY) is group


def test_what_passed_long_ago_is_shown_only_when_asked_for() -> None:
    long_ago = _entry(DeadlineKind.WARRANTY_END, -timedelta(days=31))
    assert deadline_groups([long_ago], NAMES, MONDAY) == ()
    [group] = deadline_groups([long_ago], NAMES, MONDAY, long_passed=True)
    assert (group.group, group.lines[0].title) == (Group.OVERDUE, "The warranty has ended")


def test_a_clause_is_shown_with_its_id_and_source() -> None:
    terms = load_terms()
    clause = next(iter(terms.clauses.values()))
    [text] = clause_texts(terms, [clause.id])
    assert clause.says in text
    assert clause.id in text
    assert clause.source.name in text


def test_the_terms_tell_every_contradiction_with_its_reading() -> None:
    terms = load_terms()
    text = terms_text(terms)
    assert [each.id for each in text.contradictions] == [each.id for each in terms.contradictions]
    assert all(each.what and each.reading and each.clauses for each in text.contradictions)
    assert len(text.editions) == len(terms.editions)


def test_a_device_that_was_not_assessed_yet_promises_nothing() -> None:
    line = line_of(DeviceRow(device=builders.device(), standing=None), NOW)
    assert (line.care_state, line.flyaway_ready, line.cells[Column.ENDS]) == (None, None, "")
    assert line.cells[Column.SERIAL] == "Not known"


def test_the_jump_box_finds_a_device_by_a_part_of_its_serial_first(tmp_path: Path) -> None:
    library = library_at(tmp_path / "library.db")
    library.write(adding(builders.device(nickname="Settings drone", serial="1581F6Z9C24AU0034SRD")), NOW)
    [found] = jump_results("0034s", library)
    assert (found.key, found.category) == ("device:d1", Category.AIRCRAFT)
    assert jump_results("settings", library)[0].kind is FoundKind.PAGE
    assert jump_results("add dev", library)[0].target == Command.ADD_DEVICE


def test_the_jump_box_offers_only_what_can_be_done_now(tmp_path: Path) -> None:
    found = jump_results("", library_at(tmp_path / "library.db"), available=lambda command: command is not Command.UNDO)
    targets = [each.target for each in found]
    assert Command.UNDO not in targets
    assert Command.REDO in targets
