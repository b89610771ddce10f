"""The form to add a device or to correct one: the serial tells as it is typed, and the answer stands at the foot."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QVBoxLayout, QWidget

from homepoint.application.devices import CorrectDevice, RegisterDevice, new_device_id
from homepoint.domain.facts import Category, Channel, Condition, DeviceStatus
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import DeviceId, Region
from homepoint.presentation.forms import (
    Activation,
    DeviceForm,
    activation_note,
    draft,
    form_of,
    model_names,
    preview,
    serial_words,
)
from homepoint.presentation.region_names import REGION_NAMES
from homepoint.presentation.wording import name_of
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, day_field, line, moment_field, moment_of, zone_problem
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.text import Label

E = TypeVar("E", bound=StrEnum)

NOT_KNOWN = "I do not know"
_ACTIVATIONS = (
    (Activation.UNKNOWN, NOT_KNOWN),
    (Activation.NOT_YET, "Not activated yet"),
    (Activation.AT, "Activated on …"),
)


class DeviceDialog(FormDialog):
    """Adds a device, or corrects a recorded one. `saved` carries its id."""

    saved = Signal(str)

    def __init__(self, desk: Desk, facts: DeviceFacts | None = None, parent: QWidget | None = None) -> None:
        """Ask for a device; with facts, show and correct that one."""
        is_new = facts is None
        super().__init__(
            "Add a device" if is_new else "Edit the device",
            "Add device" if is_new else "Save",
            "Only the model is needed. What you do not know can stay open." if is_new else "",
            parent,
        )
        self._desk, self._facts = desk, facts
        self._filled_model = ""
        now, zone = desk.now(), desk.zone
        form = DeviceForm() if facts is None else form_of(facts)
        self.serial = _SerialField(form.serial)
        self.model = _ModelBox([*model_names(desk.terms)], form.model)
        self.category = Choice[Category | None](
            "Kind of device", [(None, "Choose …"), *_named(Category)], form.category
        )
        self.nickname = line("Nickname", form.nickname, "What you call it")
        self.region = Choice[Region | None]("Region of purchase", _regions(form.region), form.region)
        self.channel = Choice[Channel | None]("Bought from", [(None, NOT_KNOWN), *_named(Channel)], form.channel)
        self.condition = Choice[Condition | None](
            "Condition when bought", [(None, NOT_KNOWN), *_named(Condition)], form.condition
        )
        self.purchased = day_field("Purchased on", form.purchased_on, now.date())
        self.received = day_field("Received on", form.received_on, now.date())
        self.shipped = moment_field("Shipped", form.shipped_at, now, zone)
        this_minute = now.replace(second=0, microsecond=0)
        self.activation = Choice[Activation]("Activation", _ACTIVATIONS, form.activation)
        self.activated = moment_field("Activated", form.activated_at or this_minute, now, zone, can_be_unknown=False)
        self.proof = Choice[bool | None](
            "Proof of purchase", [(None, NOT_KNOWN), (True, "Yes"), (False, "No")], form.proof_of_purchase
        )
        self.status = Choice[DeviceStatus]("Status", _named(DeviceStatus), form.status)
        self._lay_out(is_new)
        self._connect()
        self._refresh()
        self.serial.line.setFocus()

    def _lay_out(self, is_new: bool) -> None:
        self.add_row("serial", "Serial", self.serial)
        self.add_row("model", "Model", self.model)
        self.add_row("category", "Kind of device", self.category)
        self.add_row("nickname", "Nickname", self.nickname)
        activation = QWidget()
        column = QVBoxLayout(activation)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.activation)
        column.addWidget(self.activated)
        activation.setFocusProxy(self.activation)
        self.add_row("activated_at", "Activation", activation)
        self.add_row("region", "Region of purchase", self.region)
        self.add_row("channel", "Bought from", self.channel)
        self.add_row(
            "shipped_at", "Shipped", self.shipped, "A plan from the same order starts some days after shipping."
        )
        self.add_row("condition", "Condition when bought", self.condition)
        self.add_row("purchased_on", "Purchased on", self.purchased)
        self.add_row("received_on", "Received on", self.received)
        self.add_row("proof_of_purchase", "Proof of purchase", self.proof)
        if not is_new:
            self.add_row("status", "Status", self.status)

    def _connect(self) -> None:
        self.serial.line.textChanged.connect(self._on_serial)
        self.model.currentTextChanged.connect(self._refresh)
        self.nickname.textChanged.connect(self._refresh)
        for choice in (self.category, self.region, self.channel, self.condition, self.activation, self.proof):
            choice.currentIndexChanged.connect(self._refresh)
        for field in (self.purchased, self.received, self.shipped, self.activated):
            field.changed.connect(self._refresh)

    def _on_serial(self) -> None:
        """Fill the model from the serial as long as the owner has not named another one."""
        words = serial_words(self.serial.line.text(), self._desk.terms)
        if self.model.currentText() == self._filled_model:
            self._filled_model = words.model or ""
            self.model.setCurrentText(self._filled_model)
        self._refresh()

    def _refresh(self) -> None:
        form = self.form
        self.serial.tell(*_serial_lines(form.serial, self._desk))
        self.rows["category"].set_visible(bool(form.model) and form.model not in self._desk.terms.models)
        self.rows["shipped_at"].set_visible(form.channel is Channel.DJI_STORE_BUNDLE)
        self.activated.setVisible(form.activation is Activation.AT)
        self.rows["activated_at"].set_hint(activation_note(form))
        drafted = draft(form, self._desk.terms, self._facts.device if self._facts else None)
        told = preview(drafted, self._facts, self._desk.terms, self._desk.zone, self._desk.now())
        self.set_preview(told.words, is_open=told.is_open)

    @property
    def form(self) -> DeviceForm:
        """Return what stands in the form."""
        return DeviceForm(
            serial=self.serial.line.text(),
            model=self.model.currentText().strip(),
            category=self.category.value,
            nickname=self.nickname.text(),
            region=self.region.value,
            channel=self.channel.value,
            condition=self.condition.value,
            purchased_on=self.purchased.value,
            received_on=self.received.value,
            shipped_at=moment_of(self.shipped),
            activation=self.activation.value,
            activated_at=moment_of(self.activated) if self.activation.value is Activation.AT else None,
            proof_of_purchase=self.proof.value,
            status=self.status.value,
        )

    def entered(self) -> object:
        """Return the form."""
        return self.form

    def send(self) -> Mapping[str, str]:
        """Add the device, or correct it."""
        recorded = self._facts.device if self._facts else None
        drafted = draft(self.form, self._desk.terms, recorded)
        problems = dict(drafted.problems)
        if self.channel.value is Channel.DJI_STORE_BUNDLE:
            problems.update(zone_problem("shipped_at", self.shipped))
        if problems:
            return problems
        device = drafted.device if recorded else replace(drafted.device, id=new_device_id())
        command = CorrectDevice(device=device) if recorded else RegisterDevice(device=device)
        refused = problems_of(self._desk.do(command))
        if not refused:
            self.saved.emit(DeviceId(device.id))
        return refused


class _SerialField(QWidget):
    """The line of the serial, what its characters tell, and what is odd about them."""

    def __init__(self, serial: str) -> None:
        super().__init__()
        self.line = line("Serial", serial, "1581…")
        self.line.setFont(theme().font(TextRole.LARGE, tabular=True))
        self.tells = Label("", TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True)
        self.faults = Label("", TextRole.SMALL, Tone.TODAY, wrap=True, selectable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for each in (self.line, self.tells, self.faults):
            column.addWidget(each)
        self.setFocusProxy(self.line)

    def tell(self, tells: str, faults: str) -> None:
        """Say what the characters tell; an odd serial is kept all the same."""
        self.tells.setText(tells)
        self.faults.setText(faults)
        self.faults.setVisible(bool(faults))
        self.line.setAccessibleDescription(f"{tells} {faults}".strip())


class _ModelBox(QComboBox):
    """All models of the catalogue, found by any part of their name; another name can be typed."""

    def __init__(self, names: list[str], value: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Model")
        self.addItems(names)
        completer = QCompleter(names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setAccessibleName("Model")
            line.setPlaceholderText("Choose from the list or type")
        self.setCurrentIndex(-1)
        self.setCurrentText(value)


def _serial_lines(serial: str, desk: Desk) -> tuple[str, str]:
    words = serial_words(serial, desk.terms)
    return words.tells, " ".join(words.faults)


def _named(kind: type[E]) -> list[tuple[E, str]]:
    return [(each, name_of(each)) for each in kind]


def _regions(recorded: Region | None) -> list[tuple[Region | None, str]]:
    codes = sorted(REGION_NAMES, key=lambda code: REGION_NAMES[code])
    found: list[tuple[Region | None, str]] = [(None, NOT_KNOWN)]
    found += [(Region(code), REGION_NAMES[code]) for code in codes]
    if recorded is not None and recorded not in REGION_NAMES:
        found.append((recorded, recorded))
    return found
