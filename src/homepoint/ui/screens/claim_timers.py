"""The time limits of a claim: what ends when, what is lost then, and the invoice."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from homepoint.presentation.claim_page import InvoiceText
from homepoint.presentation.claims import Timer, left_text
from homepoint.presentation.device_answers import ClauseText
from homepoint.ui.desk import Desk
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.countdown import CountdownLabel
from homepoint.ui.widgets.status import StatusLabel, Urgency, UrgencyBar
from homepoint.ui.widgets.text import Label

_TIME_WIDTH = 190
_WORD_WIDTH = 84


class TimersCard(Card):
    """The time limits. `invoice_asked` carries True to note that it was asked for today, False to forget it."""

    invoice_asked = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        """Make an empty card."""
        super().__init__("Time limits")
        self._desk = desk
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.M)
        self.body.addLayout(self._rows)

    def show_timers(self, timers: Sequence[Timer], invoice: InvoiceText | None, clauses: Sequence[ClauseText]) -> None:
        """Show them; without any the card hides."""
        clear(self._rows)
        self.setVisible(bool(timers) or invoice is not None)
        if timers:
            self._rows.addLayout(self._grid(timers))
        if invoice is not None:
            if timers:
                self._rows.addWidget(Line())
            self._rows.addLayout(self._invoice(invoice))
        if clauses:
            self._rows.addWidget(Why("Time limits", clauses))

    def _grid(self, timers: Sequence[Timer]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, theme().pixels(_WORD_WIDTH))
        grid.setColumnMinimumWidth(2, theme().pixels(_TIME_WIDTH))
        for place, timer in enumerate(timers):
            at = 2 * place
            if place:
                grid.addWidget(Line(), at - 1, 0, 1, 3)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(Label(timer.title, TextRole.STRONG, wrap=True, selectable=True))
            grid.addLayout(words, at, 1)
            if timer.is_met:
                grid.addWidget(StatusLabel("In time", Tone.GOOD), at, 0, Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(Label(timer.until, tone=Tone.MUTED, wrap=True, tabular=True), at, 2)
                continue
            words.addWidget(Label(timer.says, tone=Tone.MUTED, wrap=True, selectable=True))
            if timer.is_settled:
                grid.addWidget(StatusLabel("Late", Tone.UNKNOWN), at, 0, Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(Label(timer.until, tone=Tone.MUTED, wrap=True, tabular=True), at, 2)
                continue
            if timer.stake:
                words.addWidget(Label(f"{timer.stake}.", wrap=True, selectable=True, tabular=True))
            grid.addWidget(UrgencyBar(Urgency(timer.urgency.value)), at, 0)
            time = QVBoxLayout()
            time.setSpacing(2)
            time.addWidget(CountdownLabel(timer.target, self._desk.now, left_text))
            time.addWidget(Label(timer.until, TextRole.SMALL, Tone.MUTED, wrap=True))
            time.addStretch(1)
            grid.addLayout(time, at, 2)
        return grid

    def _invoice(self, invoice: InvoiceText) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("Invoice", TextRole.STRONG))
        words.addWidget(Label(invoice.says, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        if invoice.can_ask:
            button: Button = Button("I asked for it today")
        else:
            button = QuietButton("I did not ask")
        button.setObjectName("invoice")
        button.setAccessibleName(f"Invoice: {button.text()}")
        button.clicked.connect(lambda: self.invoice_asked.emit(invoice.can_ask))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row
