"""The agenda: groups in order, reasons on asking, one device by its name."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from homepoint.application.changes import Changes
from homepoint.domain.facts import Condition, Fact
from homepoint.domain.values import Region
from homepoint.ui.screens.deadlines import DeadlinesScreen
from homepoint.ui.widgets.buttons import PrimaryButton
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.status import UrgencyBar
from homepoint.ui.widgets.text import Label, SectionHeading
from tests import builders
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk


def _shown(qtbot: QtBot, at: At) -> DeadlinesScreen:
    screen = DeadlinesScreen(at.desk)
    qtbot.addWidget(screen)
    screen.resize(1000, 700)
    screen.show()
    qtbot.waitUntil(lambda: bool(_headings(screen)) or bool(screen.findChildren(EmptyState)))
    return screen


def _new(id: str, hours: float) -> Fact:
    return builders.device(
        id, nickname=id, region=Region("DE"), condition=Condition.NEW, activated_at=NOW - timedelta(hours=hours)
    )


def _headings(screen: DeadlinesScreen) -> list[str]:
    return [each.label.text() for each in screen.findChildren(SectionHeading) if each.isVisible()]


def _devices(screen: DeadlinesScreen) -> set[str]:
    titles = [label for label in screen.findChildren(Label) if label.isVisible() and ": " in label.text()]
    return {label.text().split(":")[0] for label in titles}


def test_deadlines_stand_in_groups_from_overdue_on(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("late", 50), _new("today", 40), _new("week", 1)) as at:
        screen = _shown(qtbot, at)
        assert _headings(screen)[:3] == ["Overdue", "Today", "This week"]
        assert screen.findChildren(UrgencyBar)[0].accessibleName() == "Overdue"
        assert len(screen.findChildren(PrimaryButton)) == 1


def test_why_opens_to_clauses_with_their_sources_and_stays_open(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("wren", 40)) as at:
        screen = _shown(qtbot, at)
        screen.findChildren(Disclosure)[0].set_open(True)
        assert "seen: " in screen.findChildren(Disclosure)[0].content.findChildren(Label)[0].text()
        before = screen.findChildren(Disclosure)[0]
        screen.mark_changed(Changes(everything=True))
        qtbot.waitUntil(lambda: not isValid(before))
        assert screen.findChildren(Disclosure)[0].is_open


def test_the_search_leaves_one_device(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("wren", 40), _new("swift", 10)) as at:
        screen = _shown(qtbot, at)
        screen.search.setText("swift")
        QTest.keyClick(screen.search, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: _devices(screen) == {"swift"})


def test_what_passed_long_ago_appears_when_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, _new("old", 24 * 100)) as at:
        screen = _shown(qtbot, at)
        assert "Overdue" not in _headings(screen)
        screen.long_passed.setChecked(True)
        qtbot.waitUntil(lambda: "Overdue" in _headings(screen))


def test_without_deadlines_the_page_says_when_there_will_be_some(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at)
        assert len(screen.findChildren(EmptyState)) == 1
