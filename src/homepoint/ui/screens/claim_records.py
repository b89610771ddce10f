"""The quieter parts of a claim's page: recorded steps, money, parcel and messages, evidence."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout

from homepoint.presentation.claim_page import ClaimPage, Entry, StepText
from homepoint.presentation.device_answers import ClauseText
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import clause_widget
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, IconButton, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.text import Label

_ACT_WIDTH = 96
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class StepsCard(Card):
    """Every recorded step with its instant. `correct_asked` and `take_back_asked` carry its index."""

    correct_asked = Signal(int)
    take_back_asked = Signal(int)
    remove_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("What happened so far")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)
        foot = QHBoxLayout()
        words = "Recorded by mistake? A claim you gave up is better withdrawn: it stays in your records."
        foot.addWidget(Label(words, TextRole.SMALL, Tone.MUTED, wrap=True), 1)
        remove = QuietButton("Remove claim")
        remove.setObjectName("remove-claim")
        remove.clicked.connect(self.remove_asked)
        foot.addWidget(remove)
        self.body.addLayout(foot)

    def show_steps(self, steps: Sequence[StepText]) -> None:
        """Show them, the newest first."""
        clear(self._rows)
        if not steps:
            self._rows.addWidget(Label("Nothing yet: the claim is a draft.", tone=Tone.MUTED))
        for place, step in enumerate(reversed(steps)):
            if place:
                self._rows.addWidget(Line())
            row = QHBoxLayout()
            row.setSpacing(Space.M)
            row.addWidget(Label(step.name, wrap=True, selectable=True), 1)
            row.addWidget(Label(step.at, tone=Tone.MUTED, selectable=True, tabular=True))
            row.addWidget(self._act("Correct …", f"correct-step/{step.index}", step, self.correct_asked))
            row.addWidget(self._act("Take back", f"take-back/{step.index}", step, self.take_back_asked))
            self._rows.addLayout(row)

    def _act(self, words: str, name: str, step: StepText, asked: object) -> QuietButton:
        button = QuietButton(words)
        button.setObjectName(name)
        button.setAccessibleName(f"{words.removesuffix(' …')}: {step.name}, {step.at}")
        emit = asked.emit  # type: ignore[attr-defined]  # a bound Qt signal
        button.clicked.connect(lambda: emit(step.index))
        return button


class MoneyCard(Card):
    """Deposit and amounts, and the rules for cards. `remove_asked` carries the index of an amount."""

    add_asked = Signal()
    deposit_asked = Signal()
    remove_asked = Signal(int)

    def __init__(self) -> None:
        """Make an empty card."""
        add = QuietButton("Note an amount …", IconName.ADD)
        add.setObjectName("add-fee")
        super().__init__("Money", add)
        add.clicked.connect(self.add_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)
        self._rules_are_open = False

    def show_money(self, page: ClaimPage, rules: Sequence[ClauseText]) -> None:
        """Show what was paid and what is held."""
        clear(self._rows)
        if page.wants_deposit or page.deposit:
            self._rows.addLayout(self._deposit(page.deposit))
            self._rows.addWidget(Line())
        if not page.fees:
            self._rows.addWidget(Label("No amount noted yet.", tone=Tone.MUTED))
        for fee in page.fees:
            self._rows.addLayout(self._fee(fee))
        if rules:
            about = Disclosure(title="Which cards DJI takes")
            for clause in rules:
                about.add_widget(clause_widget(clause))
            about.set_open(self._rules_are_open)
            about.toggled.connect(self._on_rules)
            self._rows.addWidget(about)

    def _on_rules(self, is_open: bool) -> None:
        self._rules_are_open = is_open

    def _deposit(self, amount: str | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(Label("Deposit on your card"), 1)
        tone = Tone.TEXT if amount else Tone.UNKNOWN
        row.addWidget(Label(amount or "Amount not known", tone=tone, selectable=True, tabular=True))
        edit = QuietButton("Correct …" if amount else "Note it …")
        edit.setObjectName("deposit")
        edit.setAccessibleName(f"{'Correct' if amount else 'Note'} the deposit")
        edit.clicked.connect(self.deposit_asked)
        edit.setMinimumWidth(theme().pixels(_ACT_WIDTH))
        row.addWidget(edit)
        return row

    def _fee(self, fee: Entry) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(Label(fee.beside, wrap=True, selectable=True), 1)
        row.addWidget(Label(fee.text, selectable=True, tabular=True))
        remove = QuietButton("Remove")
        remove.setObjectName(f"remove-fee/{fee.index}")
        remove.setAccessibleName(f"Remove the amount {fee.text}, {fee.beside}")
        remove.clicked.connect(lambda: self.remove_asked.emit(fee.index))
        remove.setMinimumWidth(theme().pixels(_ACT_WIDTH))
        row.addWidget(remove)
        return row


class NotesCard(Card):
    """Tracking number and messages. `forget_asked` carries the index of a message."""

    tracking_asked = Signal()
    message_asked = Signal()
    forget_asked = Signal(int)

    def __init__(self) -> None:
        """Make an empty card."""
        add = QuietButton("Keep a message …", IconName.ADD)
        add.setObjectName("add-message")
        super().__init__("Parcel and messages", add)
        add.clicked.connect(self.message_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_notes(self, page: ClaimPage) -> None:
        """Show the number and the messages, the newest first."""
        clear(self._rows)
        self._rows.addLayout(self._tracking(page.tracking))
        if not page.messages:
            self._rows.addWidget(Line())
            words = "Keep what DJI writes and says: case numbers, promises, dates."
            self._rows.addWidget(Label(words, tone=Tone.MUTED, wrap=True))
        for message in page.messages:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._message(message))

    def _tracking(self, number: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(Label("Tracking number"), 1)
        tone = Tone.TEXT if number else Tone.UNKNOWN
        row.addWidget(Label(number or "Not noted", tone=tone, selectable=True, tabular=True))
        if number:
            copy = IconButton(IconName.COPY, "Copy the tracking number")
            copy.setObjectName("copy-tracking")
            copy.clicked.connect(lambda: QApplication.clipboard().setText(number))
            row.addWidget(copy)
        edit = QuietButton("Correct …" if number else "Note it …")
        edit.setObjectName("tracking")
        edit.setAccessibleName(f"{'Correct' if number else 'Note'} the tracking number")
        edit.clicked.connect(self.tracking_asked)
        edit.setMinimumWidth(theme().pixels(_ACT_WIDTH))
        row.addWidget(edit)
        return row

    def _message(self, message: Entry) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(message.beside, TextRole.SMALL, Tone.MUTED, selectable=True, tabular=True))
        words.addWidget(Label(message.text, wrap=True, selectable=True))
        row.addLayout(words, 1)
        forget = QuietButton("Remove")
        forget.setObjectName(f"forget/{message.index}")
        forget.setAccessibleName(f"Remove the message of {message.beside}")
        forget.clicked.connect(lambda: self.forget_asked.emit(message.index))
        forget.setMinimumWidth(theme().pixels(_ACT_WIDTH))
        row.addWidget(forget, 0, _MIDDLE)
        return row


class FilesCard(Card):
    """The evidence of the claim and its incident. `add_asked` wishes to add files."""

    add_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        self.add = Button("Add evidence …")
        self.add.setObjectName("add-evidence")
        super().__init__("Evidence", self.add)
        self.add.clicked.connect(self.add_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_files(self, files: Sequence[Entry]) -> None:
        """Show the files by name."""
        clear(self._rows)
        if not files:
            words = "No file yet. Photos of the serial, of the open and of the closed box help if DJI asks."
            self._rows.addWidget(Label(words, tone=Tone.MUTED, wrap=True))
        for file in files:
            row = QHBoxLayout()
            row.setSpacing(Space.M)
            row.addWidget(Label(file.text, wrap=True, selectable=True), 1)
            row.addWidget(Label(file.beside, tone=Tone.MUTED, tabular=True))
            self._rows.addLayout(row)
