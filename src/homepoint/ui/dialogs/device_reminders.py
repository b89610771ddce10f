"""The reminders of one device: muted or not, its own lead times, and what is to come of each deadline."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.domain.facts import Device
from homepoint.domain.lead_times import Lead, ReminderKind, lead_problem
from homepoint.domain.reminders import kind_of_reminder
from homepoint.presentation.device_list import device_name
from homepoint.presentation.reminder_words import HOW_TO_WRITE, KIND_NAMES, leads_of_text, leads_text
from homepoint.presentation.reminders import DeadlineReminders, reminders_of_device
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fields import line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.text import Label


class DeviceRemindersDialog(FormDialog):
    """Chooses when this device reminds. An empty field follows the settings; Done takes effect when saved."""

    def __init__(
        self, desk: Desk, reminders: Reminders, wishes: ReminderWishes, device: Device, parent: QWidget | None = None
    ) -> None:
        """Show what is in force for a device."""
        sentence = f"Shared by all your computers. A field left empty follows the settings. {HOW_TO_WRITE}"
        super().__init__(f"Reminders: {device_name(device)}", "Save", sentence, parent)
        self._desk, self._reminders, self._wishes, self._device = desk, reminders, wishes, device
        self._times, self._record = reminders.lead_times(), reminders.record()
        self.reminds = QCheckBox("Remind me of this device")
        self.reminds.setChecked(not self._record.is_muted(device.id))
        self.add_row("reminds", "Reminders", self.reminds)
        self.done_boxes: dict[str, QCheckBox] = {}
        self._was_done: dict[str, bool] = {}
        self.fields: dict[ReminderKind, QLineEdit] = {}
        deadlines = reminders.deadlines(device.id, desk.clock())
        lines = reminders_of_device(deadlines, self._times, self._record, desk.now())
        self.add_heading("Deadlines to come", "" if lines else "This device has no deadline ahead.")
        for each in lines:
            self._add_deadline(each)
        self.add_heading("How long before", "For this device alone.")
        kinds = dict.fromkeys([*(kind_of_reminder(each.kind, each.at) for each in deadlines), *ReminderKind])
        for kind in kinds:
            self._add_kind(kind)
        self.reminds.toggled.connect(self._on_reminds)
        self._on_reminds(self.reminds.isChecked())

    def entered(self) -> object:
        """Return what is ticked and typed."""
        done = tuple(box.isChecked() for box in self.done_boxes.values())
        return self.reminds.isChecked(), done, tuple(field.text() for field in self.fields.values())

    def send(self) -> Mapping[str, str]:
        """Keep what was changed, or say what makes no sense; nothing is kept then."""
        chosen, problems = self._chosen()
        if problems:
            return problems
        now, device = self._desk.clock(), self._device.id
        try:
            for kind, leads in chosen.items():
                if leads != self._times.by_device.get((device, kind)):
                    self._wishes.set_lead_times(kind, leads, now, device)
            for key, box in self.done_boxes.items():
                if box.isChecked() != self._was_done[key]:
                    (self._wishes.mark_done if box.isChecked() else self._wishes.remind_again)(key, now)
            if self.reminds.isChecked() == self._record.is_muted(device):
                (self._wishes.unmute if self.reminds.isChecked() else self._wishes.mute)(device, now)
        except HomepointError as error:
            return {"": f"{error.title} {error.advice}"}
        return {}

    def _chosen(self) -> tuple[dict[ReminderKind, tuple[Lead, ...] | None], dict[str, str]]:
        chosen: dict[ReminderKind, tuple[Lead, ...] | None] = {}
        problems = {}
        for kind, field in self.fields.items():
            if not field.text().strip():
                chosen[kind] = None
                continue
            leads, problem = leads_of_text(field.text(), kind)
            problem = problem or lead_problem(kind, leads)
            if problem:
                problems[kind.value] = problem
            chosen[kind] = leads
        return chosen, problems

    def _add_deadline(self, each: DeadlineReminders) -> None:
        box = QCheckBox("Done, no more reminders")
        box.setAccessibleName(f"Done, no more reminders: {each.title}")
        box.setChecked(each.is_done)
        self.done_boxes[each.key], self._was_done[each.key] = box, each.is_done
        self.add_row(each.key, f"{each.title}, {each.until}", box, each.says)

    def _add_kind(self, kind: ReminderKind) -> None:
        own = self._times.by_device.get((self._device.id, kind))
        text = "" if own is None else leads_text(own)
        field = line(f"Reminders before: {KIND_NAMES[kind]}", text, leads_text(self._times.of(kind)))
        self.fields[kind] = field
        hint = "Off for all devices, in the settings." if self._record.is_muted(kind) else ""
        self.add_row(kind.value, KIND_NAMES[kind], field, hint)

    def _on_reminds(self, wanted: bool) -> None:
        for widget in (*self.fields.values(), *self.done_boxes.values()):
            widget.setEnabled(wanted)


class RemindMe(QWidget):
    """A line for the device page: whether it reminds and what comes next, and the button that opens the dialog."""

    def __init__(self) -> None:
        """Show nothing yet; `button` is connected by whoever opens the dialog."""
        super().__init__()
        self.button = Button("Reminders")
        self.words = Label("", TextRole.BODY, Tone.MUTED, wrap=True, selectable=True)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Label("Remind me", TextRole.STRONG))
        column.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addLayout(column, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_state(self, words: str, device: str) -> None:
        """Say how it stands, as `presentation.reminders.remind_me_text` has it; `device` is what the owner calls it."""
        self.words.setText(words)
        self.button.setAccessibleName(f"Reminders of {device}")
