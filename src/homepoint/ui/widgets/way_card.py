"""One way out of an incident: why, what it costs, takes and leaves, what to know, and the button that chooses it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy

from homepoint.presentation.incident_ways import Way
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_TOP = Qt.AlignmentFlag.AlignTop
_NAME_WIDTH = 92


class WayCard(Card):
    """An open or undecided way; the advised one has the page's primary button. `chosen` carries the service."""

    chosen = Signal(str)

    def __init__(self, way: Way, *, is_chosen: bool) -> None:
        """Show a way; `is_chosen` marks the one that was taken."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"{way.name}{', advised' if way.is_advised else ''}. {way.reason}")
        self.setObjectName(f"way-{way.service.value}")
        words = "Advised" if way.is_advised else "Also open"
        tone = Tone.GOOD if way.is_advised else Tone.MUTED
        if way.is_open is None:
            words, tone = "Not sure", Tone.SOON
        if is_chosen:
            words, tone = "Chosen", Tone.ACCENT
        self.body.addWidget(StatusLabel(words, tone, TextRole.SMALL))
        self.body.addWidget(Label(way.name, TextRole.LARGE, wrap=True))
        self.body.addWidget(Label(way.reason, wrap=True, selectable=True))
        if way.facts:
            self.body.addWidget(Line())
            self.body.addLayout(_facts(way))
        if way.cautions:
            self.body.addWidget(Line())
        for caution in way.cautions:
            row = QHBoxLayout()
            row.setSpacing(Space.S)
            row.addWidget(IconView(IconName.ATTENTION, Tone.TODAY, 18), 0, _TOP)
            row.addWidget(Label(caution, wrap=True, selectable=True), 1)
            self.body.addLayout(row)
        self.body.addWidget(Why(way.name, way.why))
        self.body.addStretch(1)
        make = PrimaryButton if way.is_advised else Button
        self.button = make("Go on with this" if is_chosen else "Choose this way")
        self.button.setAccessibleName(f"{self.button.text()}: {way.name}")
        self.button.setObjectName(f"choose-{way.service.value}")
        self.button.clicked.connect(lambda: self.chosen.emit(way.service.value))
        self.body.addWidget(self.button)


def _facts(way: Way) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnMinimumWidth(0, theme().pixels(_NAME_WIDTH))
    grid.setColumnStretch(1, 1)
    line = 0
    for fact in way.facts:
        grid.addWidget(Label(fact.name, tone=Tone.MUTED, wrap=True), line, 0, _TOP)
        grid.addWidget(Label(fact.words, wrap=True, selectable=True, tabular=True), line, 1, _TOP)
        line += 1
        if fact.source:
            source = Label(fact.source, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True)
            grid.addWidget(source, line, 1, _TOP)
            line += 1
    return grid
