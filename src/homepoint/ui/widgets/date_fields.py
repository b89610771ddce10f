"""Fields for a day and for a moment in a time zone, each of which may be not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from PySide6.QtCore import QDate, Qt, QTime, QTimeZone, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QDateEdit, QSizePolicy, QTimeEdit, QWidget

from homepoint.ui.theme import Space, theme
from homepoint.ui.widgets.flow import WrapLayout
from homepoint.ui.widgets.number_field import inset_text

_DAY_FORMAT = "d MMM yyyy"
_TIME_FORMAT = "HH:mm"
_TIME_FORMAT_WITH_SECONDS = "HH:mm:ss"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonedMoment:
    """What the owner's watch and calendar showed, and in which IANA time zone; not yet an instant."""

    on: date
    at: time
    zone: str


class DateField(QWidget):
    """A day, or "Not known"."""

    changed = Signal()

    def __init__(
        self, name: str, value: date | None, *, suggested: date, can_be_unknown: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Ask for a day.

        Args:
            name: what is asked, for a screen reader.
            value: the day, or None for not known.
            suggested: what the calendar shows first while the day is not known.
            can_be_unknown: offer "Not known"; otherwise `value` must be a day.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._day = _day_edit(name, suggested)
        self._day.dateChanged.connect(self.changed)
        self._unknown = _unknown_box(name)
        self._unknown.toggled.connect(self._on_unknown)
        if not can_be_unknown:  # never shown before it has a parent: it would be a window for a moment
            self._unknown.hide()
        row = _row(self)
        row.addWidget(self._day)
        row.addWidget(self._unknown)
        self.setFocusProxy(self._day)
        self.set_value(value)

    @property
    def value(self) -> date | None:
        """Return the day entered, None for not known."""
        return None if self._unknown.isChecked() else _as_date(self._day.date())

    def set_value(self, value: date | None) -> None:
        """Show a day, or not known."""
        if value is not None:
            self._day.setDate(_as_qdate(value))
        self._unknown.setChecked(value is None)

    def _on_unknown(self, is_unknown: bool) -> None:
        self._day.setEnabled(not is_unknown)
        self.changed.emit()


class DateTimeWithZoneEdit(QWidget):
    """A day, a time and its zone, or "Not known"; gives back exactly what was entered."""

    changed = Signal()

    def __init__(
        self,
        name: str,
        value: ZonedMoment | None,
        *,
        suggested: ZonedMoment,
        zones: Sequence[str] = (),
        can_be_unknown: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Ask for a moment.

        Args:
            name: what is asked, for a screen reader.
            value: the moment, or None for not known.
            suggested: what the fields show first while it is not known.
            zones: the IANA names offered; empty for all that Qt knows.
            can_be_unknown: offer "Not known"; otherwise `value` must be a moment.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._entered_at = suggested.at
        self._day = _day_edit(f"{name}: day", suggested.on)
        self._time = QTimeEdit()
        self._time.setAccessibleName(f"{name}: time")
        inset_text(self._time)
        self._zone = _ZoneBox(f"{name}: time zone", zones)
        self._unknown = _unknown_box(name)
        if not can_be_unknown:  # never shown before it has a parent: it would be a window for a moment
            self._unknown.hide()
        row = _row(self)
        for widget in (self._day, self._time, self._zone, self._unknown):
            row.addWidget(widget)
        self.setFocusProxy(self._day)
        self._show(suggested)
        self.set_value(value)
        self._day.dateChanged.connect(self.changed)
        self._time.timeChanged.connect(self._on_time)
        self._zone.currentTextChanged.connect(self.changed)
        self._unknown.toggled.connect(self._on_unknown)
        self._on_unknown(self._unknown.isChecked())

    @property
    def value(self) -> ZonedMoment | None:
        """Return the moment entered; None for not known, or while the zone is no zone."""
        if self._unknown.isChecked() or not self.zone_is_valid:
            return None
        return ZonedMoment(on=_as_date(self._day.date()), at=self._entered_at, zone=self._zone.currentText())

    @property
    def is_unknown(self) -> bool:
        """Say whether the owner said "Not known"."""
        return self._unknown.isChecked()

    @property
    def zone_is_valid(self) -> bool:
        """Say whether the zone field holds one of the offered names."""
        return self._zone.findText(self._zone.currentText(), Qt.MatchFlag.MatchFixedString) >= 0

    def set_value(self, value: ZonedMoment | None) -> None:
        """Show a moment, or not known."""
        if value is not None:
            self._show(value)
        self._unknown.setChecked(value is None)

    def _show(self, moment: ZonedMoment) -> None:
        self._day.setDate(_as_qdate(moment.on))
        self._time.setDisplayFormat(_TIME_FORMAT_WITH_SECONDS if moment.at.second else _TIME_FORMAT)
        self._time.setTime(QTime(moment.at.hour, moment.at.minute, moment.at.second))
        self._entered_at = moment.at
        self._zone.choose(moment.zone)

    def _on_time(self, shown: QTime) -> None:
        self._entered_at = time(shown.hour(), shown.minute(), shown.second())
        self.changed.emit()

    def _on_unknown(self, is_unknown: bool) -> None:
        for widget in (self._day, self._time, self._zone):
            widget.setEnabled(not is_unknown)
        self.changed.emit()


class _ZoneBox(QComboBox):
    """All time zones, found by any part of their name."""

    def __init__(self, name: str, zones: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(22)
        self.addItems(list(zones) or [bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds()])
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setAccessibleName(name)

    def choose(self, zone: str) -> None:
        """Show a zone, adding it where Qt does not know it, so that nothing entered is ever lost."""
        if self.findText(zone) < 0:
            self.addItem(zone)
        self.setCurrentText(zone)


def _row(host: QWidget) -> WrapLayout:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    host.setSizePolicy(policy)
    return WrapLayout(Space.S, parent=host)


def _day_edit(name: str, suggested: date) -> QDateEdit:
    edit = QDateEdit(_as_qdate(suggested))
    edit.setAccessibleName(name)
    edit.setCalendarPopup(True)
    edit.setDisplayFormat(_DAY_FORMAT)
    edit.setMinimumWidth(theme().pixels(140))
    return edit


def _unknown_box(name: str) -> QCheckBox:
    box = QCheckBox("Not known")
    box.setAccessibleName(f"{name}: not known")
    return box


def _as_date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _as_qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
