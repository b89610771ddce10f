"""Notices inside the window can be read, answered by mouse and keyboard, and never push the page away."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from homepoint.application.notices import Notice, NoticeAction
from homepoint.ui.theme import theme
from homepoint.ui.widgets.notice_strip import MOST_ROWS, NoticeStrip
from homepoint.ui.widgets.text import Label

ENDING = Notice(key="d1", title="Kestrel: Buy a care plan", body="Until 16:00 today.")


@pytest.fixture
def strip(qtbot: QtBot) -> NoticeStrip:
    theme()
    made = NoticeStrip()
    qtbot.addWidget(made)
    made.resize(800, 200)
    return made


def _titles(strip: NoticeStrip) -> list[str]:
    QApplication.sendPostedEvents()  # the layout's
    seen = [each for each in strip.findChildren(QPushButton) if each.isVisible()]
    names = [each.accessibleName() for each in sorted(seen, key=lambda each: each.mapTo(strip, QPoint()).y())]
    return [name.removeprefix("Open: ") for name in names if name.startswith("Open: ")]


def _button(strip: NoticeStrip, name: str) -> QPushButton:
    return next(each for each in strip.findChildren(QPushButton) if each.accessibleName() == name and each.isVisible())


def test_it_is_not_there_until_there_is_something_to_tell(strip: NoticeStrip) -> None:
    assert not strip.isVisible()
    strip.show_notice(ENDING, "10:30 today")
    assert strip.isVisible()
    texts = [label.text() for label in strip.findChildren(Label) if label.isVisible()]
    assert texts == ["Kestrel: Buy a care plan", "Until 16:00 today. (10:30 today)"]


@pytest.mark.parametrize("action", list(NoticeAction))
def test_an_answer_is_told_and_takes_the_notice_away(qtbot: QtBot, strip: NoticeStrip, action: NoticeAction) -> None:
    strip.show_notice(ENDING, "10:30 today")
    told: list[tuple[str, object]] = []
    strip.answered.connect(lambda key, action: told.append((key, action)))
    with qtbot.waitSignal(strip.emptied):
        QTest.mouseClick(_button(strip, f"{action.value.title()}: {ENDING.title}"), Qt.MouseButton.LeftButton)
    assert told == [("d1", action)]
    assert (strip.keys, strip.isVisible()) == ((), False)


def test_the_same_key_twice_is_one_notice_with_the_newer_words(strip: NoticeStrip) -> None:
    strip.show_notice(ENDING, "10:30 today")
    strip.show_notice(Notice(key="d1", title="Kestrel: One hour left", urgent=True), "15:00 today")
    assert _titles(strip) == ["Kestrel: One hour left"]


def test_only_a_few_are_shown_the_urgent_first_and_the_rest_moves_up(strip: NoticeStrip) -> None:
    for number in range(5):
        strip.show_notice(Notice(key=f"d{number}", title=f"Drone {number}", urgent=number == 4), "10:30 today")
    assert _titles(strip) == ["Drone 4", "Drone 0", "Drone 1"]
    assert len(_titles(strip)) == MOST_ROWS
    assert strip.more.text() == "2 more"
    strip.withdraw("d0")
    assert _titles(strip) == ["Drone 4", "Drone 1", "Drone 2"]
    assert strip.more.text() == "1 more"
    strip.withdraw("d3")
    assert not strip.more.isVisible()


def test_by_keyboard_one_after_the_other_is_answered_without_losing_the_place(strip: NoticeStrip) -> None:
    for number in range(3):
        strip.show_notice(Notice(key=f"d{number}", title=f"Drone {number}"), "10:30 today")
    _button(strip, "Done: Drone 1").setFocus()
    answered: list[str] = []
    strip.answered.connect(lambda key, _action: answered.append(key))
    for _ in range(3):
        focused = strip.focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.accessibleName().startswith("Done: ")
        QTest.keyClick(focused, Qt.Key.Key_Space)
    assert answered == ["d1", "d2", "d0"]


def test_it_takes_no_focus_when_it_comes(strip: NoticeStrip, qtbot: QtBot) -> None:
    window, other = QWidget(), QPushButton("typing here")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(strip)
    column.addWidget(other)
    window.show()
    other.setFocus()
    strip.show_notice(ENDING, "10:30 today")
    strip.withdraw(ENDING.key)
    assert window.focusWidget() is other
    strip.setParent(None)


def test_tab_goes_through_the_notices_as_they_stand(strip: NoticeStrip) -> None:
    for number in range(3):
        strip.show_notice(Notice(key=f"d{number}", title=f"Drone {number}", urgent=number == 2), "10:30 today")
    _button(strip, "Open: Drone 2").setFocus()
    passed = []
    for _ in range(9):
        focused = strip.focusWidget()
        assert focused is not None
        passed.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert passed == [f"{word}: Drone {number}" for number in (2, 0, 1) for word in ("Open", "Snooze", "Done")]


def test_a_screen_reader_is_told_which_notice_each_button_answers(strip: NoticeStrip) -> None:
    strip.show_notice(ENDING, "10:30 today")
    names = [
        QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
        for each in strip.findChildren(QPushButton)
    ]
    assert names == [f"{word}: {ENDING.title}" for word in ("Open", "Snooze", "Done")]
