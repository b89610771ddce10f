"""The fields the forms share: a list of values, a moment in the owner's time zone, a day, a line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from homepoint.presentation.forms import instant_of, local
from homepoint.ui.widgets.date_fields import DateField, DateTimeWithZoneEdit, ZonedMoment

V = TypeVar("V")


class Choice(QComboBox, Generic[V]):
    """A list to choose one value from; the wheel turns it only while it has the focus."""

    def __init__(self, name: str, options: Sequence[tuple[V, str]], value: V) -> None:
        """Offer (value, words); a value that is not offered chooses the first."""
        super().__init__()
        self._values = [each for each, _words in options]
        self.addItems([words for _value, words in options])
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_value(value)

    @property
    def value(self) -> V:
        """Return the chosen value."""
        return self._values[self.currentIndex()]

    def set_value(self, value: V) -> None:
        """Choose a value."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form instead of changing a list that only lies under the mouse."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def moment_field(
    name: str, value: datetime | None, now: datetime, zone: ZoneInfo, *, can_be_unknown: bool = True
) -> DateTimeWithZoneEdit:
    """Return a field for an instant, in the owner's time zone; while not known it suggests now."""
    return DateTimeWithZoneEdit(
        name,
        None if value is None else _zoned(value, zone),
        suggested=_zoned(now.replace(second=0), zone),
        can_be_unknown=can_be_unknown,
    )


def moment_of(field: DateTimeWithZoneEdit) -> datetime | None:
    """Return the instant entered; None for not known, or while the zone is none (see `zone_problem`)."""
    entered = field.value
    return None if entered is None else instant_of(entered.on, entered.at, entered.zone)


def zone_problem(key: str, field: DateTimeWithZoneEdit) -> Mapping[str, str]:
    """Return the problem of a moment whose time zone is no zone."""
    if field.is_unknown or (field.zone_is_valid and moment_of(field) is not None):
        return {}
    return {key: "Choose a time zone from the list."}


def day_field(name: str, value: date | None, today: date) -> DateField:
    """Return a field for a day that may be not known; it suggests today."""
    return DateField(name, value, suggested=today)


def _zoned(at: datetime, zone: tzinfo) -> ZonedMoment:
    on, clock = local(at, zone)
    return ZonedMoment(on=on, at=clock, zone=str(zone))


def line(name: str, text: str, placeholder: str = "") -> QLineEdit:
    """Return a line to type into, with its spoken name."""
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made
