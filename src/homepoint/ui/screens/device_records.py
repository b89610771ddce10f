"""The quieter parts of the device page: warranty by part, the device's own facts, and who changed what."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.device import DevicePage
from homepoint.presentation.device_records import GaveWayText, HistoryText, WarrantyText
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import STACKED_FROM, Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_TOP = Qt.AlignmentFlag.AlignTop
_RUNS = {True: ("Runs", Tone.GOOD), False: ("Does not run", Tone.UNKNOWN), None: ("Not known", Tone.SOON)}
_HEADS = ("Part", "Warranty", "First day", "Last day", "")


class WarrantyCard(Card):
    """Every warranty that runs, ran or will run, part by part."""

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("Parts and warranty")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_warranty(self, page: DevicePage) -> None:
        """Show the table."""
        clear(self._rows)
        if not page.warranty:
            self._rows.addWidget(Label("No warranty is known for this unit.", tone=Tone.MUTED, wrap=True))
            return
        if theme().text_scale >= STACKED_FROM:
            self._stack(page.warranty)
        else:
            self._rows.addWidget(_table(page.warranty))
        self._rows.addWidget(Why("Parts and warranty", page.warranty_why))

    def _stack(self, warranty: tuple[WarrantyText, ...]) -> None:
        for span in warranty:
            self._rows.addWidget(Line())
            self._rows.addWidget(Label(span.part, wrap=True, selectable=True))
            word, tone = _RUNS[span.runs]
            self._rows.addWidget(StatusLabel(word, tone))
            told = f"{span.basis}, {span.begins} to {span.ends}. {span.note}".strip()
            self._rows.addWidget(Label(told, tone=Tone.MUTED, wrap=True, selectable=True, tabular=True))


def _table(warranty: tuple[WarrantyText, ...]) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 3)
    for column, words in enumerate(_HEADS):
        grid.addWidget(Label(words, TextRole.SMALL, Tone.MUTED), 0, column)
    for row, span in enumerate(warranty, start=1):
        part = f"{span.part}. {span.note}" if span.note else span.part
        grid.addWidget(Label(part, wrap=True, selectable=True), row, 0, _TOP)
        grid.addWidget(Label(span.basis, tone=Tone.MUTED, wrap=True), row, 1, _TOP)
        grid.addWidget(Label(span.begins, selectable=True, tabular=True), row, 2, _TOP)
        grid.addWidget(Label(span.ends, selectable=True, tabular=True), row, 3, _TOP)
        word, tone = _RUNS[span.runs]
        grid.addWidget(StatusLabel(word, tone), row, 4, _TOP)
    return table


class DetailsCard(Card):
    """What is recorded of the device itself."""

    edit_asked = Signal()
    reminders_asked = Signal()
    remove_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        edit = QuietButton("Edit …", IconName.EDIT)
        edit.setObjectName("edit-details")
        edit.setAccessibleName("Edit the device's facts")
        super().__init__("About this device", edit)
        edit.clicked.connect(self.edit_asked)
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        row = QHBoxLayout()
        words = "Reminders come before every deadline of this device, as the settings say."
        row.addWidget(Label(words, TextRole.SMALL, Tone.MUTED, wrap=True), 1)
        reminders = QuietButton("Reminders …", IconName.DEADLINES)
        reminders.setObjectName("device-reminders")
        reminders.setAccessibleName("Reminders of this device")
        reminders.clicked.connect(self.reminders_asked)
        row.addWidget(reminders)
        self.body.addLayout(row)
        row = QHBoxLayout()
        words = "Recorded by mistake? A device that was sold is better kept: set its status instead."
        row.addWidget(Label(words, TextRole.SMALL, Tone.MUTED, wrap=True), 1)
        remove = QuietButton("Remove device")
        remove.setObjectName("remove-device")
        remove.clicked.connect(self.remove_asked)
        row.addWidget(remove)
        self.body.addLayout(row)

    def show_details(self, page: DevicePage) -> None:
        """Show the facts; what is open shows as not known."""
        clear(self._rows)
        facts = KeyValueGrid()
        facts.add_row("Model", page.model)
        for key, value in page.details:
            facts.add_row(key, value, tabular=True)
        self._rows.addWidget(facts)


class HistoryCard(Card):
    """Who changed what, when, on which computer. `undo_asked` takes back the last edit, if it is this device's."""

    undo_asked = Signal()
    restore_asked = Signal(object)  # an Overridden

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("History")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_history(self, history: tuple[HistoryText, ...], undoable: int | None) -> None:
        """Show the edits, the newest first; `undoable` is the number of the one that undo would take back."""
        clear(self._rows)
        if not history:
            self._rows.addWidget(Label("Nothing has been changed yet.", tone=Tone.MUTED))
        for entry in history:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._entry(entry, can_undo=entry.number == undoable))

    def _entry(self, entry: HistoryText, *, can_undo: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(entry.title, wrap=True))
        if entry.what:
            words.addWidget(Label(entry.what, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
        for lost in entry.gave_way:
            words.addLayout(self._gave_way(lost))
        row.addLayout(words, 1)
        if can_undo:
            undo = QuietButton("Undo", IconName.UNDO)
            undo.setObjectName("undo-last")
            undo.setAccessibleName(f"Undo: {entry.title}")
            undo.clicked.connect(self.undo_asked)
            row.addWidget(undo, 0, Qt.AlignmentFlag.AlignVCenter)
        who = QVBoxLayout()
        who.setSpacing(2)
        at = Label(entry.at, selectable=True, tabular=True)
        at.setAlignment(Qt.AlignmentFlag.AlignRight)
        by = Label(entry.who, TextRole.SMALL, Tone.MUTED, selectable=True)
        by.setAlignment(Qt.AlignmentFlag.AlignRight)
        who.addWidget(at)
        who.addWidget(by)
        row.addLayout(who)
        return row

    def _gave_way(self, lost: GaveWayText) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(Label(lost.says, TextRole.SMALL, Tone.SOON, wrap=True, selectable=True), 1)
        if lost.restore:
            restore = QuietButton(lost.restore, IconName.HISTORY)
            restore.setObjectName("restore")
            restore.setAccessibleDescription(lost.says)
            restore.clicked.connect(lambda: self.restore_asked.emit(lost.overridden))
            row.addWidget(restore, 0, Qt.AlignmentFlag.AlignTop)
        return row
