"""The settings' card "Reminders": for each kind of deadline when its reminders come, or that they are off."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import Reminders
from homepoint.domain.lead_times import DEFAULT_LEADS, ReminderKind
from homepoint.presentation.reminder_words import HOW_TO_WRITE, KIND_NAMES, defaults_text, leads_of_text, leads_text
from homepoint.ui.dialogs.fields import line
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import IconButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label

_FIELD_WIDTH = 300


class KindRow:
    """One kind of deadline: its lead times as a line to edit, on or off, and the way back to the default."""

    def __init__(self, kind: ReminderKind, grid: QGridLayout, at: int) -> None:
        self.kind = kind
        name = KIND_NAMES[kind]
        self.field = line(f"Reminders before: {name}", "", leads_text(DEFAULT_LEADS[kind]))
        self.field.setMinimumWidth(theme().pixels(_FIELD_WIDTH))
        self.is_on = QCheckBox("On")
        self.is_on.setAccessibleName(f"Reminders on: {name}")
        self.reset = IconButton(IconName.UNDO, f"Back to Homepoint's default: {name}")
        self.fault = Label("", TextRole.SMALL, Tone.OVERDUE, wrap=True, selectable=True)
        self.fault.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, TextRole.STRONG, wrap=True))
        words.addWidget(Label(defaults_text(kind), TextRole.SMALL, Tone.MUTED, wrap=True))
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        column.addWidget(self.field)
        column.addWidget(self.fault)
        grid.addLayout(words, at, 0)
        grid.addLayout(column, at, 1)
        grid.addWidget(self.reset, at, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.is_on, at, 3, Qt.AlignmentFlag.AlignVCenter)

    def show(self, text: str, *, is_own: bool, is_on: bool) -> None:
        """Show what is in force, unless the owner is typing or what was typed makes no sense yet."""
        if not self.fault.text() and not self.field.hasFocus():
            self.field.setText(text)
        self.field.setEnabled(is_on)
        self.reset.setEnabled(is_own)
        with QSignalBlocker(self.is_on):
            self.is_on.setChecked(is_on)

    def show_fault(self, sentence: str) -> None:
        """Say what makes no sense, or nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)


class RemindersCard(Card):
    """Lead times of all kinds; what is typed is kept when the field is left. `show_kept` draws it anew."""

    def __init__(
        self,
        reminders: Reminders,
        wishes: ReminderWishes,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """Make the card with what is in force."""
        super().__init__("Reminders", parent=parent)
        self._reminders, self._wishes, self._now = reminders, wishes, now
        sentence = f"How long before a deadline a reminder comes, for all devices and computers. {HOW_TO_WRITE}"
        self.body.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(0, 1)
        self.rows: dict[ReminderKind, KindRow] = {}
        for at, kind in enumerate(ReminderKind):
            if at:
                grid.addWidget(Line(), 2 * at - 1, 0, 1, 4)
            row = KindRow(kind, grid, 2 * at)
            row.field.editingFinished.connect(lambda row=row: self._on_typed(row))
            row.reset.clicked.connect(lambda _checked=False, row=row: self._on_reset(row))
            row.is_on.toggled.connect(lambda is_on, row=row: self._on_toggled(row, is_on))
            self.rows[kind] = row
        self.body.addLayout(grid)
        self.show_kept()

    def show_kept(self) -> None:
        """Show what is in force now."""
        times, record = self._reminders.lead_times(), self._reminders.record()
        for kind, row in self.rows.items():
            row.show(leads_text(times.of(kind)), is_own=kind in times.own, is_on=not record.is_muted(kind))

    def _on_typed(self, row: KindRow) -> None:
        leads, problem = leads_of_text(row.field.text(), row.kind)
        if not problem and set(leads) == set(self._reminders.lead_times().of(row.kind)):
            self._tell(row, "")
            return
        if not problem:
            problem = self._carry_out(lambda now: self._wishes.set_lead_times(row.kind, leads, now))
        self._tell(row, problem)

    def _on_reset(self, row: KindRow) -> None:
        self._tell(row, self._carry_out(lambda now: self._wishes.set_lead_times(row.kind, None, now)))

    def _on_toggled(self, row: KindRow, is_on: bool) -> None:
        act = self._wishes.unmute if is_on else self._wishes.mute
        self._tell(row, self._carry_out(lambda now: act(row.kind, now)))

    def _carry_out(self, act: Callable[[datetime], object]) -> str:
        """Carry out a wish and return what is in the way, "" for nothing."""
        try:
            refused = act(self._now())
        except HomepointError as error:
            return f"{error.title} {error.advice}"
        return "" if refused is None else str(refused)

    def _tell(self, row: KindRow, problem: str) -> None:
        row.show_fault(problem)
        if not problem:
            row.field.setText(leads_text(self._reminders.lead_times().of(row.kind)))
            self.show_kept()
