"""The widgets: what an owner relies on with eyes, keyboard or a screen reader."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Tone, theme
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button, IconButton, PrimaryButton, SegmentedControl
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.countdown import CountdownLabel, Target
from homepoint.ui.widgets.date_fields import DateField, DateTimeWithZoneEdit, ZonedMoment
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.flow import FlowLayout, WrapLayout
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.number_field import NumberField
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.search_field import SearchField
from homepoint.ui.widgets.sidebar import NavigationSidebar
from homepoint.ui.widgets.status import Pips, StatusLabel, TimeRing, Urgency, UrgencyBar
from homepoint.ui.widgets.text import ElidedLabel, Label
from homepoint.ui.widgets.toast import Toast

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
MOMENT = ZonedMoment(on=date(2026, 5, 30), at=time(14, 5, 9, 120), zone="Europe/Berlin")
SUGGESTED = ZonedMoment(on=date(2026, 6, 1), at=time(10, 0), zone="Asia/Tokyo")


@pytest.fixture(autouse=True)
def _normal_text(qapp: QApplication) -> None:
    theme().set_text_scale(1.0)


class Clock:
    """A present that moves only when told."""

    def __init__(self) -> None:
        self.present = START
        self.asked = 0

    def __call__(self) -> datetime:
        self.asked += 1
        return self.present


def seconds_left(target: Target, now: datetime) -> str:
    return f"{(target - now).total_seconds():.0f} s" if isinstance(target, datetime) else f"end of {target}"


def test_a_countdown_ticks_while_seen_and_rests_while_hidden(qtbot: QtBot) -> None:
    clock = Clock()
    label = CountdownLabel(START + timedelta(seconds=90), clock, seconds_left)
    qtbot.addWidget(label)
    ticking = [label.is_ticking]
    label.show()
    ticking.append(label.is_ticking)
    assert label.text() == "90 s"
    label.hide()
    ticking.append(label.is_ticking)
    assert ticking == [False, True, False]


def test_a_countdown_catches_up_when_shown_again(qtbot: QtBot) -> None:
    clock = Clock()
    label = CountdownLabel(START + timedelta(seconds=90), clock, seconds_left)
    qtbot.addWidget(label)
    label.show()
    label.hide()
    clock.present += timedelta(seconds=60)
    label.show()
    assert label.text() == "30 s"


def test_a_countdown_says_when_its_target_is_reached_and_stops(qtbot: QtBot) -> None:
    clock = Clock()
    label = CountdownLabel(START + timedelta(milliseconds=20), clock, seconds_left)
    qtbot.addWidget(label)
    with qtbot.waitSignal(label.reached):
        label.show()
        clock.present += timedelta(milliseconds=20)
    assert not label.is_ticking


def test_a_countdown_to_a_day_leaves_the_words_to_the_phrase(qtbot: QtBot) -> None:
    label = CountdownLabel(date(2026, 6, 16), Clock(), seconds_left)
    qtbot.addWidget(label)
    assert label.text() == "end of 2026-06-16"


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(Qt.Key.Key_Space, Qt.Key.Key_Space), (Qt.Key.Key_Return, Qt.Key.Key_Return), (Qt.Key.Key_Right, Qt.Key.Key_Left)],
)
def test_a_disclosure_opens_and_closes_by_keyboard(qtbot: QtBot, opens: Qt.Key, closes: Qt.Key) -> None:
    why = Disclosure(["The plan covers twelve months."])
    qtbot.addWidget(why)
    why.show()
    assert not why.content.isVisible()
    QTest.keyClick(why.button, opens)
    assert why.content.isVisible()
    assert why.button.accessibleName() == "Why? (shown)"
    QTest.keyClick(why.button, closes)
    assert not why.content.isVisible()


def test_a_day_comes_back_as_entered_and_not_known_stays_not_known(qtbot: QtBot) -> None:
    field = DateField("Bought", None, suggested=date(2026, 6, 1))
    qtbot.addWidget(field)
    assert field.value is None
    field.set_value(date(2024, 2, 29))
    assert field.value == date(2024, 2, 29)
    field.set_value(None)
    assert field.value is None


@pytest.mark.parametrize("value", [MOMENT, None, ZonedMoment(on=date(2025, 1, 1), at=time(0, 0), zone="Mars/Base")])
def test_a_moment_comes_back_exactly_as_entered(qtbot: QtBot, value: ZonedMoment | None) -> None:
    edit = DateTimeWithZoneEdit("Lost", value, suggested=SUGGESTED)
    qtbot.addWidget(edit)
    assert edit.value == value


def test_typing_a_time_changes_the_time_and_nothing_else(qtbot: QtBot) -> None:
    edit = DateTimeWithZoneEdit("Lost", SUGGESTED, suggested=SUGGESTED)
    qtbot.addWidget(edit)
    edit.show()
    field = next(box for box in edit.findChildren(QAbstractSpinBox) if box.accessibleName() == "Lost: time")
    assert isinstance(field, QTimeEdit)
    field.setSelectedSection(QTimeEdit.Section.HourSection)
    QTest.keyClicks(field, "17")
    field.setSelectedSection(QTimeEdit.Section.MinuteSection)
    QTest.keyClicks(field, "45")
    assert edit.value == ZonedMoment(on=SUGGESTED.on, at=time(17, 45), zone=SUGGESTED.zone)


def test_a_zone_that_is_none_gives_no_moment(qtbot: QtBot) -> None:
    edit = DateTimeWithZoneEdit("Lost", SUGGESTED, suggested=SUGGESTED)
    qtbot.addWidget(edit)
    box = edit.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    box.setEditText("Europe/Nowhere")
    assert not edit.zone_is_valid
    assert edit.value is None
    assert not edit.is_unknown


def test_saying_not_known_greys_the_fields_and_keeps_what_was_typed(qtbot: QtBot) -> None:
    edit = DateTimeWithZoneEdit("Lost", SUGGESTED, suggested=SUGGESTED)
    qtbot.addWidget(edit)
    edit.set_value(None)
    assert edit.value is None
    box = next(button for button in edit.findChildren(QAbstractButton) if button.text() == "Not known")
    box.click()
    assert edit.value == SUGGESTED


def test_a_search_comes_after_a_pause_and_at_once_by_enter(qtbot: QtBot) -> None:
    field = SearchField("Search devices")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.searched) as said:
        field.setText(" coast ")
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert said.args == ["coast"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_arrow_keys_move_a_segmented_control(qtbot: QtBot) -> None:
    control = SegmentedControl("Theme", [("light", "Light"), ("dark", "Dark")])
    qtbot.addWidget(control)
    button = control.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(control.chosen) as said:
        QTest.keyClick(button, Qt.Key.Key_Right)
    assert said.args == ["dark"]
    assert control.current == "dark"


def test_enter_presses_a_card_that_is_a_button(qtbot: QtBot) -> None:
    card = ActionCard("Coast, Mini 4 Pro")
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.clicked):
        QTest.keyClick(card, Qt.Key.Key_Return)


def test_cards_reflow_by_width(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    flow = FlowLayout(300)
    host.setLayout(flow)
    cards = [Label(name) for name in "abcd"]
    for card in cards:
        flow.addWidget(card)
    host.show()
    host.resize(1000, 400)
    assert [card.y() == 0 for card in cards] == [True, True, True, False]
    assert len({card.width() for card in cards}) == 1
    assert flow.heightForWidth(320) > flow.heightForWidth(1000)


def test_what_does_not_fit_goes_into_the_next_line(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    line = WrapLayout(parent=host)
    for text in ("Type a serial", "Open an owner file", "Look around"):
        line.addWidget(Button(text))
    whole = line.sizeHint().width()
    assert line.heightForWidth(whole) == line.sizeHint().height()
    assert line.heightForWidth(whole - 1) > line.sizeHint().height()


def test_a_label_too_long_keeps_its_whole_text_for_a_reader(qtbot: QtBot) -> None:
    label = ElidedLabel("1581F6Z9C24CF003ABCD", middle=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert "…" in label.text()
    assert label.accessibleName() == label.toolTip() == "1581F6Z9C24CF003ABCD"


def test_closing_a_banner_hides_it_and_says_so(qtbot: QtBot) -> None:
    banner = Banner(BannerKind.SAMPLE, "Sample data", "Remove", closable=True)
    qtbot.addWidget(banner)
    banner.show()
    close = banner.findChild(IconButton)
    assert isinstance(close, IconButton)
    with qtbot.waitSignal(banner.closed):
        close.click()
    assert not banner.isVisible()


def test_an_unknown_value_says_so(qtbot: QtBot) -> None:
    grid = KeyValueGrid()
    qtbot.addWidget(grid)
    grid.add_row("Activated", None)
    assert "Activated: Not known" in {label.accessibleName() for label in grid.findChildren(Label)}


MAKERS: list[Callable[[], QWidget]] = [
    lambda: Button("Copy"),
    lambda: PrimaryButton("Add device"),
    lambda: IconButton(IconName.EDIT, "Edit"),
    lambda: SegmentedControl("Theme", [("light", "Light"), ("dark", "Dark")]),
    lambda: ActionCard("Coast"),
    lambda: Disclosure(["Because."]),
    lambda: Banner(BannerKind.INFO, "Something", "Act", closable=True),
    lambda: DateField("Bought", None, suggested=date(2026, 6, 1)),
    lambda: DateTimeWithZoneEdit("Lost", None, suggested=SUGGESTED, zones=["Europe/Berlin", "Asia/Tokyo"]),
    lambda: SearchField("Search devices"),
    lambda: NumberField("Uses", 1, 0, 9),
    lambda: EmptyState(IconName.DEVICES, "Nothing yet", "Add one.", PrimaryButton("Add")),
    lambda: Toast(QWidget()),
    NavigationSidebar,
]


@pytest.mark.parametrize("make", MAKERS)
def test_everything_one_can_press_or_fill_in_has_a_name(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    widget = make()
    QVBoxLayout(host).addWidget(widget)
    host.show()
    pressable = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)
    nameless = [
        type(each).__name__
        for each in [widget, *widget.findChildren(QWidget)]
        if isinstance(each, pressable)
        and each.isVisibleTo(host)
        and not each.objectName().startswith("qt_")
        and not _spoken(each)
    ]
    assert nameless == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: TimeRing(0.5, "214 d", "214 of 365 days left"),
        lambda: TimeRing(None, "", "Time left is not known"),
        lambda: Pips(1, 2, "1 of 2 replacements left"),
        lambda: UrgencyBar(Urgency.OVERDUE),
        lambda: StatusLabel("Ready", Tone.GOOD),
    ],
)
def test_everything_painted_is_also_said_and_grows_with_the_text(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    assert _spoken(widget)
    before = widget.sizeHint()
    widget.grab()
    theme().set_text_scale(2.0)
    assert widget.sizeHint().height() >= 1.6 * before.height()
    assert widget.sizeHint().width() >= 1.5 * before.width()


def test_page_keys_scroll_a_page_wherever_the_focus_is(qtbot: QtBot) -> None:
    page = ScrollPage("Device", "", None)
    qtbot.addWidget(page)
    for at in range(60):
        page.content.addWidget(Label(f"Line {at}"))
    page.resize(900, 600)
    page.show()
    bar = page.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(page, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()


def _spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)
