"""The return guard: what goes into the box, and whether it is the unit DJI expects, before the box is closed."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from homepoint.application.claims import CheckReturn
from homepoint.domain.facts import Category, Claim, Device, ReturnedUnit
from homepoint.presentation.return_guard import (
    PackItem,
    Point,
    Standing,
    battery_point,
    genuine_point,
    pack_list,
    serial_point,
)
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_ANSWERS: tuple[tuple[bool | None, str], ...] = ((None, "Not checked yet"), (True, "Yes"), (False, "No"))
_REGISTERED: tuple[tuple[bool | None, str], ...] = ((None, "Not known"), (True, "Yes"), (False, "No"))
POINT_LOOKS: Mapping[Standing, tuple[str, Tone]] = {
    Standing.RIGHT: ("Right", Tone.GOOD),
    Standing.WRONG: ("Wrong", Tone.OVERDUE),
    Standing.OPEN: ("Open", Tone.TODAY),
}


class ReturnGuardDialog(FormDialog):
    """Checks the unit that goes back. A wrong one is named, and saved only when the owner says so a second time."""

    def __init__(
        self, desk: Desk, claim: Claim, device: Device, category: Category | None, stake: str,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Ask about the box; `stake` says what a wrong one costs."""
        super().__init__("Before you close the box", "Save the check", stake, parent)
        self._desk, self._claim, self._device = desk, claim, device
        self._warned: object = None
        self._show_list(pack_list(device, category, claim))
        returned = claim.returned or ReturnedUnit()
        self._returned = returned
        self.serial = line("Serial on the unit", returned.serial or "", "Read it off the unit")
        self.again = line("The serial once more", returned.serial or "", "Type it again, do not paste it")
        self.registered = Choice[bool | None]("Battery registered", _REGISTERED, claim.battery_registered)
        self.battery = Choice[bool | None]("Battery in the box", _ANSWERS, returned.battery)
        self.genuine = Choice[bool | None]("Genuine DJI product", _ANSWERS, returned.genuine)
        self.add_heading("The check")
        self.add_row("serial", "Serial on the unit", self.serial)
        self.add_row("again", "The same once more", self.again)
        self.add_row("registered", "A battery was registered with the claim", self.registered)
        self.add_row("battery", "The battery is in the box", self.battery)
        self.add_row("genuine", "All of it is made by DJI", self.genuine, "Propellers and battery too.")
        for edit in (self.serial, self.again):
            edit.textChanged.connect(self._refresh)
        for choice in (self.registered, self.battery, self.genuine):
            choice.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def _show_list(self, items: tuple[PackItem, ...]) -> None:
        self.add_heading(
            "What goes back", "The points marked as DJI's terms can cost the deposit; the others help you."
        )
        holder = QWidget()
        rows = QGridLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(Space.L)
        rows.setVerticalSpacing(Space.XS)
        rows.setColumnStretch(0, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, item in enumerate(items):
            rows.addWidget(Label(item.text, wrap=True), at, 0, top)
            whose = "DJI's terms" if item.is_stated else "Advice"
            rows.addWidget(Label(whose, TextRole.SMALL, Tone.MUTED), at, 1, top)
        self.grid.addWidget(holder, self.grid.rowCount(), 0, 1, 2)

    @property
    def points(self) -> tuple[Point, ...]:
        """Return how each point stands by what was entered."""
        same = self._desk.workspace.library.by_serial(self.serial.text()) if self.serial.text().strip() else ()
        return (
            serial_point(self.serial.text(), self.again.text(), self._device, same),
            battery_point(self.registered.value, self.battery.value),
            genuine_point(self.genuine.value),
        )

    def _refresh(self) -> None:
        serial, battery, genuine = self.points
        places = (("again", serial), ("battery", battery), ("genuine", genuine))
        for key, point in places:
            is_wrong = point.standing is Standing.WRONG
            if key == "again":
                self.rows[key].set_hint("" if is_wrong else point.says)
            self.rows[key].set_fault(point.says if is_wrong else "")
        self.rows["battery"].set_visible(self.registered.value is not False)
        wrong = [point for _key, point in places if point.standing is Standing.WRONG]
        if all(point.standing is Standing.RIGHT for _key, point in places):
            self.set_preview("All three points are right. Photograph them, then close the box.", is_open=True)
        else:
            self.set_preview("Something is wrong: look above." if wrong else "", is_open=False)
        self.primary.setText("Save the check")
        self._warned = None

    def entered(self) -> object:
        """Return what was entered."""
        texts = self.serial.text(), self.again.text()
        return (*texts, self.registered.value, self.battery.value, self.genuine.value)

    def send(self) -> Mapping[str, str]:
        """Save the check; what is wrong has to be confirmed by pressing once more."""
        serial, battery, genuine = self.points
        typed, again = self.serial.text().strip().upper(), self.again.text().strip().upper()
        if typed != again:
            return {"again": serial.says}
        wrong = {
            key: point.says
            for key, point in (("again", serial), ("battery", battery), ("genuine", genuine))
            if point.standing is Standing.WRONG
        }
        if wrong and self._warned != self.entered():
            self._warned = self.entered()
            self.primary.setText("Save all the same")
            return wrong
        returned = ReturnedUnit(
            serial=typed or None,
            battery=self.battery.value if self.registered.value is not False else self._returned.battery,
            genuine=self.genuine.value,
            extra=self._returned.extra,
        )
        command = CheckReturn(claim=self._claim.id, returned=returned, battery_registered=self.registered.value)
        return problems_of(self._desk.do(command))


def point_label(point: Point) -> StatusLabel:
    """Return the word and colour of a point."""
    word, tone = POINT_LOOKS[point.standing]
    return StatusLabel(word, tone)
