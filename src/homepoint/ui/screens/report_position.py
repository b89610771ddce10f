"""Where it happened: the last position and the home point as typed, and the map and links made of them."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from homepoint.domain.facts import Incident, Position
from homepoint.presentation.incident_guide import home_position, with_home
from homepoint.presentation.places import decimal_text, degrees_text
from homepoint.presentation.position_text import (
    EXAMPLES,
    RINGS,
    RINGS_ORIGIN,
    both_ways,
    geo_link,
    read_position,
    ring_sentence,
)
from homepoint.ui.dialogs.dialog import Row
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.screens.report_step import button_row
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, SegmentedControl
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.copy_row import CopyRow
from homepoint.ui.widgets.position_map import PositionMap
from homepoint.ui.widgets.text import Label

_NO_PLACE = "This is not read as a place."


class PositionFields(QWidget):
    """Two lines for places, typed as decimal degrees or degrees, minutes and seconds."""

    edited = Signal()

    def __init__(self, last_words: str, home_words: str) -> None:
        """Ask for the last position under `last_words`, and for the home point under `home_words`."""
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnMinimumWidth(0, min(theme().pixels(150), 200))
        grid.setColumnStretch(1, 1)
        self.last, self.home = _line(last_words), _line(home_words)
        self.rows = {
            "position": Row(grid, last_words, self.last, EXAMPLES),
            "home": Row(grid, home_words, self.home, "May stay empty."),
        }
        for field in (self.last, self.home):
            field.textEdited.connect(self._on_edited)

    def show_incident(self, incident: Incident | None) -> None:
        """Show what is recorded; what is typed and means the same place stays as it is typed."""
        last, home = (incident.position, home_position(incident)) if incident else (None, None)
        for field, place in ((self.last, last), (self.home, home)):
            if not _same(read_position(field.text()), place):
                field.setText(decimal_text(place) if place else "")
        self._show_faults()

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with the places; one that cannot be read leaves what is recorded."""
        faults = self.faults()
        if "position" not in faults:
            typed = read_position(self.last.text())
            if not _same(typed, incident.position):
                incident = replace(incident, position=typed)
        if "home" not in faults and not _same(read_position(self.home.text()), home_position(incident)):
            incident = with_home(incident, read_position(self.home.text()))
        return incident

    def faults(self) -> Mapping[str, str]:
        """Return which of the two is no place."""
        fields = {"position": self.last, "home": self.home}
        typed = {key: field.text().strip() for key, field in fields.items()}
        return {key: _NO_PLACE for key, text in typed.items() if text and read_position(text) is None}

    def _on_edited(self) -> None:
        for row in self.rows.values():
            row.set_fault("")
        self.edited.emit()

    def _show_faults(self) -> None:
        faults = self.faults()
        for key, row in self.rows.items():
            row.set_fault(faults.get(key, ""))


class PlaceCard(Card):
    """The map around a last position, distance and bearing both ways, and its coordinates to copy.

    Signals:
        save_asked: the owner wants place and rings as a file for the map of a phone.
    """

    save_asked = Signal()

    def __init__(self) -> None:
        """Make a card without a place."""
        super().__init__("The search area")
        self.map = PositionMap()
        self.view = SegmentedControl("What the map shows", (("area", "Search area"), ("home", "With home point")))
        self.view.chosen.connect(lambda _key: self._show_map())
        self._view_row = QHBoxLayout()
        self._view_row.addWidget(self.view)
        self._view_row.addStretch(1)
        self.body.addLayout(self._view_row)
        self.body.addWidget(self.map)
        self.save = Button("Save for a phone map …", IconName.EXPORT)
        self.save.clicked.connect(self.save_asked)
        self.body.addLayout(button_row(self.save))
        self._ways = Label("", wrap=True, selectable=True)
        self.body.addWidget(self._ways)
        self._rings = QVBoxLayout()
        self._rings.setSpacing(2)
        self._rings.addWidget(Label("Where it may be, after the last position was sent", TextRole.STRONG, wrap=True))
        for seconds in dict.fromkeys(ring.seconds for ring in RINGS):
            self._rings.addWidget(Label(ring_sentence(seconds), wrap=True, selectable=True, tabular=True))
        self._rings.addWidget(Label(RINGS_ORIGIN, TextRole.SMALL, Tone.MUTED, wrap=True))
        self.body.addLayout(self._rings)
        self._copies = QVBoxLayout()
        self._copies.setSpacing(0)
        self.body.addLayout(self._copies)
        self._shown: tuple[Position | None, Position | None] | None = None

    def show_place(self, last: Position | None, home: Position | None) -> None:
        """Show a place, or ask for it."""
        if self._shown == (last, home):
            return
        self._shown = (last, home)
        self.view.setVisible(last is not None and home is not None)
        self._show_map()
        self._ways.setVisible(last is not None and home is not None)
        if last is not None and home is not None:
            far, there, back = both_ways(home, last)
            self._ways.setText(f"From the home point: {far}, bearing {there}. The way back bears {back}.")
        clear(self._copies)
        if last is not None:
            for name, text in (
                ("Decimal degrees", decimal_text(last)),
                ("Degrees", degrees_text(last)),
                ("Link for a phone", geo_link(last)),
            ):
                self._copies.addWidget(CopyRow(name, text))

    def _show_map(self) -> None:
        last, home = self._shown or (None, None)
        self.map.show_place(last, home, with_home=self.view.current == "home")


def _line(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    return field


def _same(one: Position | None, other: Position | None) -> bool:
    if one is None or other is None:
        return one is other
    return round(one.lat, 6) == round(other.lat, 6) and round(one.lon, 6) == round(other.lon, 6)
