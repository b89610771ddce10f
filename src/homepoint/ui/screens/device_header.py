"""The top of the device page: which unit it is, and the instant the page is about."""

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QSignalBlocker, Qt, QTime, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QDateEdit, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from homepoint.domain.facts import Category
from homepoint.domain.values import FIRST_YEAR, LAST_YEAR
from homepoint.presentation.device import DevicePage
from homepoint.ui.icons import IconName, Silhouette
from homepoint.ui.screens.device_answers import STACKED_FROM
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, IconButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.number_field import inset_text
from homepoint.ui.widgets.status import DeviceSilhouette, StatusLabel
from homepoint.ui.widgets.text import Label

_SILHOUETTE_HEIGHT = 72


class AsOfPicker(QWidget):
    """A day and a time by the owner's clock, and the way back to now. `chosen` carries an instant, or None for now."""

    chosen = Signal(object)

    def __init__(self, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        """Show now; the fields move the page, they record nothing."""
        super().__init__()
        self._now, self._zone = now, zone
        self.day = QDateEdit()
        self.day.setAccessibleName("The page as of: day")
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setDateRange(QDate(FIRST_YEAR, 1, 1), QDate(LAST_YEAR, 12, 31))
        self.clock = QTimeEdit()
        self.clock.setAccessibleName("The page as of: time")
        self.clock.setDisplayFormat("HH:mm")
        self.now_button = Button("Now", IconName.CLOCK)
        self.now_button.setAccessibleName("Show the page as of now")
        self.clock.setMinimumWidth(theme().pixels(100))
        for edit in (self.day, self.clock):
            edit.setKeyboardTracking(False)
        inset_text(self.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        self._words = Label("As of", TextRole.SMALL, Tone.MUTED)
        column.addWidget(self._words)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for widget in (self.day, self.clock, self.now_button):
            row.addWidget(widget)
        column.addLayout(row)
        column.addStretch(1)
        self.day.dateChanged.connect(self._on_changed)
        self.clock.timeChanged.connect(self._on_changed)
        self.now_button.clicked.connect(lambda: self.chosen.emit(None))

    def show_instant(self, at: datetime, *, is_now: bool) -> None:
        """Show an instant without telling of it."""
        local = at.astimezone(self._zone)
        with QSignalBlocker(self.day), QSignalBlocker(self.clock):
            self.day.setDate(QDate(local.year, local.month, local.day))
            self.clock.setTime(QTime(local.hour, local.minute))
        self._words.setText("As of now" if is_now else "As of")
        self.now_button.setEnabled(not is_now)

    def _on_changed(self) -> None:
        day, clock = self.day.date(), self.clock.time()
        at = time(clock.hour(), clock.minute())
        self.chosen.emit(datetime(day.year(), day.month(), day.day(), at.hour, at.minute, tzinfo=self._zone))


class HeaderCard(Card):
    """Silhouette, serial to copy, status and cover in one sentence, and the as-of picker."""

    def __init__(self, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        """Make an empty header."""
        super().__init__()
        self.as_of = AsOfPicker(now, zone)
        self._unit = QHBoxLayout()
        self._unit.setSpacing(Space.L)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(Space.XL)
        self._row.addLayout(self._unit, 1)
        self._row.addWidget(self.as_of, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self._row)
        self._serial = ""

    def show_page(self, page: DevicePage) -> None:
        """Show which unit it is."""
        clear(self._unit)
        is_stacked = theme().text_scale >= STACKED_FROM
        way = QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
        shape = Silhouette(page.category.value if page.category else Category.AIRCRAFT.value)
        self._unit.addWidget(DeviceSilhouette(shape, height=_SILHOUETTE_HEIGHT), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addLayout(self._serial_row(page))
        words.addWidget(StatusLabel(page.status, Tone.GOOD if page.in_use else Tone.UNKNOWN))
        cover = Label(page.cover, wrap=True, selectable=True)
        words.addWidget(cover)
        words.addStretch(1)
        self._unit.addLayout(words, 1)

    def _serial_row(self, page: DevicePage) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        self._serial = page.serial or ""
        if page.serial is None:
            row.addWidget(Label("Serial not known", TextRole.LARGE, Tone.UNKNOWN))
        else:
            serial = Label(page.serial, TextRole.LARGE, selectable=True, tabular=True)
            serial.setAccessibleName(f"Serial {page.serial}")
            row.addWidget(serial)
            copy = IconButton(IconName.COPY, "Copy the serial")
            copy.setObjectName("copy-serial")
            copy.clicked.connect(lambda: QApplication.clipboard().setText(self._serial))
            row.addWidget(copy)
        row.addStretch(1)
        return row
