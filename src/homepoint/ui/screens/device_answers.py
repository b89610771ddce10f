"""What the owner can ask for, one aligned row a service, and the questions whose answers are missing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.device import Question
from homepoint.presentation.device_answers import Answer, ClauseText, Verdict
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_TOP = Qt.AlignmentFlag.AlignTop
_TONES = {
    Verdict.YES: Tone.GOOD,
    Verdict.NO: Tone.UNKNOWN,
    Verdict.NOT_KNOWN: Tone.SOON,
    Verdict.AFTER_A_CHECK: Tone.SOON,
}
_NAME_WIDTH, _WORD_WIDTH, _PRICE_WIDTH = 160, 112, 170
STACKED_FROM = 1.5
"""The text scale from which what stands side by side is put below each other: at 200 % it would not fit."""


class Why(Disclosure):
    """The clauses behind an answer; written out when first opened."""

    def __init__(self, about: str, clauses: Sequence[ClauseText]) -> None:
        """Hide the clauses about something."""
        super().__init__()
        self._clauses = clauses
        self._is_written = False
        self._about = about
        self.button.setObjectName(f"why-{about}")
        self.button.setAccessibleDescription(about)
        self.toggled.connect(self._on_opened)

    def _on_opened(self, is_open: bool) -> None:
        if not is_open or self._is_written:
            return
        self._is_written = True
        for clause in self._clauses:
            self.add_widget(clause_widget(clause))


def clause_widget(clause: ClauseText) -> QWidget:
    """Return a clause in full: its sentence, its source, and who contradicts it."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(Label(clause.says, wrap=True, selectable=True))
    column.addWidget(Label(clause.source, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
    for dispute in clause.disputes:
        column.addWidget(Label(dispute, TextRole.SMALL, Tone.SOON, wrap=True, selectable=True))
    return holder


class AnswersCard(Card):
    """The rows of "What you can ask for today"; which "Why?" stand open outlives a change."""

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__()
        self._title = Label("", TextRole.LARGE, wrap=True)
        self.body.addWidget(self._title)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)
        self._open: set[str] = set()
        self._shown: tuple[str, tuple[Answer, ...], float] | None = None

    def show_answers(self, title: str, answers: tuple[Answer, ...]) -> None:
        """Show the rows for an instant."""
        shown = (title, answers, theme().text_scale)
        if self._shown == shown:
            return
        self._shown = shown
        self._title.setText(title)
        self.setAccessibleName(title)
        clear(self._rows)
        for answer in answers:
            self._rows.addWidget(Line())
            self._rows.addWidget(self._row(answer))

    def _row(self, answer: Answer) -> QWidget:
        look = theme()
        row = QWidget()
        row.setAccessibleName(f"{answer.name}: {answer.word}. {answer.reason}")
        if look.text_scale >= STACKED_FROM:
            self._stack(row, answer)
            return row
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, look.pixels(_NAME_WIDTH))
        grid.setColumnMinimumWidth(1, look.pixels(_WORD_WIDTH))
        grid.setColumnStretch(2, 1)
        name = Label(answer.name, TextRole.STRONG, wrap=True)
        name.setFixedWidth(look.pixels(_NAME_WIDTH))
        grid.addWidget(name, 0, 0, 2, 1, _TOP)
        grid.addWidget(StatusLabel(answer.word, _TONES[answer.verdict]), 0, 1, _TOP)
        columns = 1 if answer.prices else 2
        grid.addWidget(Label(answer.reason, wrap=True, selectable=True), 0, 2, 1, columns, _TOP)
        if answer.prices:
            grid.addWidget(_prices(answer), 0, 3, 2, 1, _TOP)
        grid.addWidget(self._why(answer), 1, 2, 1, columns, _TOP)
        return row

    def _stack(self, row: QWidget, answer: Answer) -> None:
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(Label(answer.name, TextRole.STRONG, wrap=True))
        column.addWidget(StatusLabel(answer.word, _TONES[answer.verdict]))
        column.addWidget(Label(answer.reason, wrap=True, selectable=True))
        if answer.prices:
            column.addWidget(_prices(answer))
        column.addWidget(self._why(answer))

    def _why(self, answer: Answer) -> Why:
        why = Why(answer.name, answer.why)
        why.toggled.connect(lambda is_open, key=answer.key: self._remember(key, is_open))
        why.set_open(answer.key in self._open)
        return why

    def _remember(self, key: str, is_open: bool) -> None:
        if is_open:
            self._open.add(key)
        else:
            self._open.discard(key)


def _prices(answer: Answer) -> QWidget:
    holder = QWidget()
    if theme().text_scale < STACKED_FROM:
        holder.setFixedWidth(theme().pixels(_PRICE_WIDTH))
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for price in answer.prices:
        tone = Tone.TEXT if price.source else Tone.MUTED
        column.addWidget(Label(price.amount, tone=tone, wrap=True, selectable=True, tabular=True))
        if price.source:
            column.addWidget(Label(price.source, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
    return holder


class QuestionsCard(Card):
    """The facts that are missing, as questions; hidden when there are none. `answer_asked` carries the question."""

    answer_asked = Signal(object)

    def __init__(self) -> None:
        """Make a card without questions."""
        super().__init__("Homepoint needs to know")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_questions(self, questions: tuple[Question, ...]) -> None:
        """Show the questions, the most useful first."""
        clear(self._rows)
        self.setVisible(bool(questions))
        for question in questions:
            row = QHBoxLayout()
            row.setSpacing(Space.L)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(Label(question.asks, TextRole.STRONG, wrap=True))
            words.addWidget(Label(question.why, tone=Tone.MUTED, wrap=True))
            row.addLayout(words, 1)
            button = Button("Answer …")
            button.setObjectName(f"answer-{question.field}")
            button.setAccessibleName(f"Answer: {question.asks}")
            button.clicked.connect(lambda _checked=False, asked=question: self.answer_asked.emit(asked))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._rows.addLayout(row)
