"""The form for the unit that came in exchange: its serial, and what moves to it."""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from homepoint.application.claims import ReceiveReplacement
from homepoint.domain.facts import Claim
from homepoint.domain.terms import Terms
from homepoint.presentation.forms import serial_words
from homepoint.presentation.succession import Moving
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, day_field, line
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.text import Label

_CLOSING = ((True, "Close it: all is well"), (False, "Leave it open"))


class ReplacementArrivedDialog(FormDialog):
    """Asks for the new unit; saving it moves the plan, closes the old unit and notes it in the claim, in one step."""

    def __init__(
        self, desk: Desk, claim: Claim, moving: Moving, *, can_close: bool, parent: QWidget | None = None
    ) -> None:
        """Ask for the serial and the day; `can_close` offers to close the claim with it."""
        super().__init__(
            "The replacement arrived",
            "Take over",
            "The new unit takes the place of the old one. One Undo takes all of it back.",
            parent,
        )
        self._desk, self._claim, self._can_close = desk, claim, can_close
        self.serial = line("Serial of the new unit", "", "On the new unit's label")
        self.received = day_field("Arrived", desk.now().date(), desk.now().date())
        self.closing = Choice[bool]("The claim", _CLOSING, can_close)
        self.add_row("serial", "Serial of the new unit", self.serial, serial_words("", desk.terms).tells)
        self.add_row("received_on", "Arrived", self.received)
        self.add_row("closes", "The claim", self.closing)
        self.rows["closes"].set_visible(can_close)
        self._add_list("What moves to the new unit", moving.moves)
        self._add_list("What does not", moving.stays)
        self.serial.textChanged.connect(lambda text: self._on_serial(text, desk.terms))

    def _add_list(self, title: str, sentences: tuple[str, ...]) -> None:
        self.add_heading(title)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for each in sentences:
            column.addWidget(Label(each, tone=Tone.MUTED, wrap=True, selectable=True))
        self.grid.addWidget(holder, self.grid.rowCount(), 0, 1, 2)

    def _on_serial(self, text: str, terms: Terms) -> None:
        words = serial_words(text, terms)
        self.rows["serial"].set_hint(" ".join((words.tells, *words.faults)))
        self.rows["serial"].set_fault("")

    def entered(self) -> object:
        """Return what was typed."""
        return self.serial.text(), self.received.value, self.closing.value

    def send(self) -> Mapping[str, str]:
        """Let the new unit take over."""
        command = ReceiveReplacement(
            claim=self._claim.id,
            serial=self.serial.text(),
            received_on=self.received.value,
            closes=self._can_close and self.closing.value,
        )
        return problems_of(self._desk.do(command))
