"""Flyaway readiness with what closes each gap, and the bindings to account and controller with their history."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from homepoint.domain.facts import BoundTo
from homepoint.presentation.device import DevicePage, Form, GapText, ReadinessText
from homepoint.presentation.device_records import BindingText
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import STACKED_FROM, Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_EXPLAINED = "Homepoint records what you did in DJI's app. It cannot bind or unbind anything itself."


class ReadinessCard(Card):
    """Whether a flyaway now would be covered. `form_asked` carries the form that closes a gap."""

    form_asked = Signal(object)

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("Flyaway readiness")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_readiness(self, readiness: ReadinessText | None) -> None:
        """Show it; a device that cannot fly has none."""
        clear(self._rows)
        self.setVisible(readiness is not None)
        if readiness is None:
            return
        if readiness.is_ready:
            self._rows.addWidget(StatusLabel("Ready", Tone.GOOD, TextRole.STRONG))
            self._rows.addWidget(Label("If it flew away now and could not be retrieved, the plan would cover it."))
        else:
            self._rows.addWidget(StatusLabel("Not ready", Tone.TODAY, TextRole.STRONG))
        for gap in readiness.gaps:
            self._rows.addLayout(self._gap(gap))
        if readiness.where:
            where = QHBoxLayout()
            where.setSpacing(Space.S)
            where.addWidget(IconView(IconName.INFO, Tone.MUTED), 0, Qt.AlignmentFlag.AlignTop)
            where.addWidget(Label(" ".join(readiness.where), tone=Tone.MUTED, wrap=True, selectable=True), 1)
            self._rows.addLayout(where)
        self._rows.addWidget(Why("Flyaway readiness", readiness.why))

    def _gap(self, gap: GapText) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(gap.sentence, wrap=True, selectable=True))
        words.addWidget(Label(gap.remedy, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        if gap.form is not None:
            button = Button(gap.act)
            button.setObjectName(f"gap-{gap.form.value}")
            button.clicked.connect(lambda _checked=False, form=gap.form: self.form_asked.emit(form))
            row.addWidget(button, 0, _MIDDLE)
        return row


class BindingsCard(Card):
    """The accounts and controllers the device is and was bound to."""

    form_asked = Signal(object)
    check_asked = Signal(str)
    unbind_asked = Signal(str, str)
    edit_asked = Signal(str)

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("Bindings")
        self.body.addWidget(Label(_EXPLAINED, tone=Tone.MUTED, wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)
        self._open: set[BoundTo] = set()

    def show_bindings(self, page: DevicePage) -> None:
        """Show account and controller, those in force first."""
        clear(self._rows)
        can_fly = page.readiness is not None
        self._group("DJI account", BoundTo.ACCOUNT, page.accounts, Form.BIND_ACCOUNT)
        if can_fly or page.controllers:
            self._group("Controller", BoundTo.CONTROLLER, page.controllers, Form.BIND_CONTROLLER)

    def _group(self, title: str, to: BoundTo, bindings: tuple[BindingText, ...], form: Form) -> None:
        self._rows.addWidget(Line())
        head = QHBoxLayout()
        head.addWidget(Label(title, TextRole.STRONG), 1)
        bind = QuietButton("Record a binding …", IconName.BIND)
        bind.setObjectName(form.value)
        bind.setAccessibleName(f"Record a binding to {'an account' if to is BoundTo.ACCOUNT else 'a controller'}")
        bind.clicked.connect(lambda: self.form_asked.emit(form))
        head.addWidget(bind)
        self._rows.addLayout(head)
        holding = [each for each in bindings if each.holds]
        if not holding:
            self._rows.addWidget(StatusLabel("Not bound", Tone.TODAY))
        for binding in holding:
            self._rows.addLayout(self._current(binding))
        past = [each for each in bindings if not each.holds]
        if past:
            self._rows.addWidget(self._earlier(to, past))

    def _current(self, binding: BindingText) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(StatusLabel(binding.name, Tone.GOOD))
        head.addStretch(1)
        column.addLayout(head)
        is_stacked = theme().text_scale >= STACKED_FROM
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight)
        row.setSpacing(Space.XS)
        said = f"{binding.since}. {binding.checked}."
        row.addWidget(Label(said, tone=Tone.MUTED, wrap=True, selectable=True, tabular=True), 1)
        row.addWidget(self._act("I checked it today", "check", binding, lambda: self.check_asked.emit(binding.id)))
        unbind = self._act("Unbind …", "unbind", binding, lambda: self.unbind_asked.emit(binding.id, binding.name))
        row.addWidget(unbind)
        row.addWidget(self._act("Edit …", "edit", binding, lambda: self.edit_asked.emit(binding.id)))
        column.addLayout(row)
        return column

    def _act(self, words: str, act: str, binding: BindingText, do: object) -> QuietButton:
        button = QuietButton(words)
        button.setObjectName(f"{act}-{binding.id}")
        button.setAccessibleName(f"{words.removesuffix(' …')}: {binding.name}")
        button.clicked.connect(do)
        return button

    def _earlier(self, to: BoundTo, past: list[BindingText]) -> Disclosure:
        count = len(past)
        earlier = Disclosure(title=f"Earlier {'binding' if count == 1 else 'bindings'} ({count})")
        for binding in past:
            line = f"{binding.name}: {binding.since[:1].lower()}{binding.since[1:]}."
            earlier.add_widget(Label(line, tone=Tone.MUTED, wrap=True, selectable=True, tabular=True))
        earlier.set_open(to in self._open)
        earlier.toggled.connect(lambda is_open: self._open.add(to) if is_open else self._open.discard(to))
        return earlier
