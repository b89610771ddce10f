"""The form to add a remote controller or to correct one."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from homepoint.application.bindings import AddController, CorrectController
from homepoint.application.checks import new_id
from homepoint.domain.facts import Controller
from homepoint.domain.serials import normalised
from homepoint.domain.values import ControllerId
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import line


class ControllerDialog(FormDialog):
    """Adds a controller, or corrects a recorded one. `saved` carries its id."""

    saved = Signal(str)

    def __init__(self, desk: Desk, controller: Controller | None = None, parent: QWidget | None = None) -> None:
        """Ask for a controller; with one, show and correct it."""
        super().__init__(
            "Edit the controller" if controller else "Add a controller",
            "Save" if controller else "Add controller",
            parent=parent,
        )
        self._desk, self._controller = desk, controller
        self.serial = line("Serial of the controller", (controller.serial or "") if controller else "")
        self.model = line("Model of the controller", (controller.model or "") if controller else "", "Such as DJI RC 2")
        self.label = line("Name of the controller", (controller.label or "") if controller else "", "What you call it")
        self.add_row("serial", "Serial", self.serial, "On the label at its back or in the battery bay.")
        self.add_row("model", "Model", self.model)
        self.add_row("label", "Name", self.label)

    def entered(self) -> object:
        """Return what was typed."""
        return self.serial.text(), self.model.text(), self.label.text()

    def send(self) -> Mapping[str, str]:
        """Add the controller, or correct it."""
        drafted = controller_of(self.serial.text(), self.model.text(), self.label.text(), self._controller)
        command = CorrectController(controller=drafted) if self._controller else AddController(controller=drafted)
        refused = problems_of(self._desk.do(command))
        if not refused:
            self.saved.emit(drafted.id)
        return refused


def controller_of(serial: str, model: str, label: str, recorded: Controller | None = None) -> Controller:
    """Return the controller that a serial, a model and a name describe."""
    base = recorded or Controller(id=ControllerId(new_id()))
    return replace(base, serial=normalised(serial) or None, model=model.strip() or None, label=label.strip() or None)
