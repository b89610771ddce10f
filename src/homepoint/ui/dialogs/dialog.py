"""The frame of every form: rows with their words and problems, the acts at the foot, and no loss by Escape."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from homepoint.application.problems import Refused
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.text import Label

_WIDTH = 780
_WORDS_WIDTH = 150


class Row:
    """One question of a form: its words, its field, and what is said below it."""

    def __init__(self, grid: QGridLayout, words: str, field: QWidget, hint: str) -> None:
        line = grid.rowCount()
        self.field = field
        self._label = Label(words, wrap=True)
        self._label.setBuddy(field.focusProxy() or field)  # a reader follows the label to the field itself
        self._label.setContentsMargins(0, theme().pixels(8), 0, 0)
        self._hint_label = Label(hint, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True)
        self._fault_label = Label("", TextRole.SMALL, Tone.OVERDUE, wrap=True, selectable=True)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        column.addWidget(field)
        column.addWidget(self._hint_label)
        column.addWidget(self._fault_label)
        grid.addWidget(self._label, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column, line, 1)
        self._hint_label.setVisible(bool(hint))
        self._fault_label.setVisible(False)

    def set_hint(self, hint: str) -> None:
        """Say something else below the field, or nothing."""
        self._hint_label.setText(hint)
        self._hint_label.setVisible(bool(hint) and not self._label.isHidden())

    @property
    def hint(self) -> str:
        """Return what is said below the field."""
        return self._hint_label.text()

    @property
    def fault(self) -> str:
        """Return the problem shown, or nothing."""
        return self._fault_label.text()

    def set_fault(self, sentence: str) -> None:
        """Show a problem below the field, or none."""
        self._fault_label.setText(sentence)
        self._fault_label.setVisible(bool(sentence) and not self._label.isHidden())
        self.field.setAccessibleDescription(sentence)

    def set_visible(self, wanted: bool) -> None:
        """Show or hide the whole question."""
        self._label.setVisible(wanted)
        self.field.setVisible(wanted)
        self._hint_label.setVisible(wanted and bool(self._hint_label.text()))
        self._fault_label.setVisible(wanted and bool(self._fault_label.text()))


class FormDialog(QDialog):
    """A form in a window of its own. Enter sends it; Escape closes it, and asks first when something was typed.

    How to add one: subclass, add rows, implement `entered` (everything typed, to see changes) and `send`.
    """

    def __init__(self, title: str, act: str, sentence: str = "", parent: QWidget | None = None) -> None:
        """Make an empty form; `act` is what the primary button does."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.rows: dict[str, Row] = {}
        self._untouched: object = None
        self._is_busy = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(Space.XL, Space.L, Space.XL, Space.M)
        head.setSpacing(Space.XS)
        head.addWidget(Label(title, TextRole.HEADING))
        if sentence:
            head.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
        self._head = head
        column.addLayout(head)
        column.addWidget(self._scrolling(), 1)
        column.addWidget(Line())
        column.addWidget(self._foot(act))

    def _scrolling(self) -> QScrollArea:
        inner = _Column()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(Space.L)
        self.grid.setVerticalSpacing(Space.M)
        self.grid.setColumnMinimumWidth(0, theme().pixels(_WORDS_WIDTH))
        self.grid.setColumnStretch(1, 1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(Space.XL, Space.S, Space.XL, Space.L)
        column.addLayout(self.grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._area, self._inner = area, inner
        return area

    def _foot(self, act: str) -> QStackedWidget:
        self.preview = Label(tone=Tone.MUTED, wrap=True, selectable=True, tabular=True)
        self.primary = PrimaryButton(act)
        self.primary.setDefault(True)
        self.primary.clicked.connect(self.accept)
        self.cancel = Button("Cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self._problem = Label("", tone=Tone.OVERDUE, wrap=True, selectable=True)
        self._problem.hide()
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(self.preview)
        words.addWidget(self._problem)
        acting, row = _strip()
        row.addLayout(words, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.primary)
        asking, question = _strip()
        self.question = Label("What you typed is not saved yet.", TextRole.STRONG, wrap=True)
        question.addWidget(self.question, 1)
        self.discard = Button("Close without saving")
        self.discard.setAutoDefault(False)
        self.discard.clicked.connect(self._close)
        self.stay = PrimaryButton("Go on")
        self.stay.clicked.connect(self._on_stay)
        question.addWidget(self.discard)
        question.addWidget(self.stay)
        self._feet = QStackedWidget()
        self._feet.addWidget(acting)
        self._feet.addWidget(asking)
        return self._feet

    def sizeHint(self) -> QSize:
        """Return a readable width, and the height of the rows as far as the screen has it."""
        screen = self.screen().availableGeometry().size()
        width = min(theme().pixels(_WIDTH), screen.width() - 2 * Space.XL)
        layout = self._inner.layout()
        rows = (
            0 if layout is None else max(layout.totalHeightForWidth(width - Space.L), layout.totalSizeHint().height())
        )
        height = rows + self._head.totalHeightForWidth(width) + self._feet.sizeHint().height() + Space.XL
        parent = self.parentWidget()
        room = screen.height() if parent is None else parent.window().height()
        return QSize(width, min(height, screen.height() - 2 * Space.XL, max(room, 480) - Space.XL))

    # For the forms.

    def add_row(self, key: str, words: str, field: QWidget, hint: str = "") -> Row:
        """Add a question; `key` is the fact's name in the owner file, under which a refusal comes back."""
        row = Row(self.grid, words, field, hint)
        self.rows[key] = row
        return row

    def add_heading(self, words: str, sentence: str = "") -> None:
        """Begin a group of questions."""
        column = QVBoxLayout()
        column.setSpacing(2)
        column.setContentsMargins(0, Space.M, 0, 0)
        column.addWidget(Label(words, TextRole.LARGE))
        if sentence:
            column.addWidget(Label(sentence, TextRole.SMALL, Tone.MUTED, wrap=True))
        self.grid.addLayout(column, self.grid.rowCount(), 0, 1, 2)

    def set_preview(self, words: str, *, is_open: bool) -> None:
        """Say at the foot what the facts typed so far would mean."""
        self.preview.setText(words)
        self.preview.set_tone(Tone.GOOD if is_open else Tone.MUTED)

    def focus_on(self, key: str) -> None:
        """Put the cursor into a field and scroll to it."""
        row = self.rows.get(key)
        if row is not None:
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(row.field)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each problem beside its field; those of no field stand at the foot."""
        for key, row in self.rows.items():
            row.set_fault(problems.get(key, ""))
        rest = " ".join(sentence for key, sentence in problems.items() if key not in self.rows)
        self._problem.setText(rest)
        self._problem.setVisible(bool(rest))
        first = next((key for key in self.rows if key in problems), None)
        if first is not None:
            self.focus_on(first)
        if problems:
            words = " ".join(problems.values())
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def entered(self) -> object:
        """Return everything typed, comparable with `==`."""
        raise NotImplementedError(f"{type(self).__name__} does not say what was entered")

    def send(self) -> Mapping[str, str]:
        """Carry the form out and return what makes no sense, by field; nothing when it was done."""
        raise NotImplementedError(f"{type(self).__name__} sends nothing")

    def set_busy(self, words: str) -> None:
        """Say what is being waited for, and take neither answers nor a wish to close until it is said with ""."""
        self._is_busy = bool(words)
        for widget in (self._inner, self.primary, self.cancel):
            widget.setEnabled(not words)
        if words:
            self.set_preview(words, is_open=False)

    # Opening and closing.

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room the rows need, begin at the first, and remember the form as it was opened."""
        super().showEvent(event)
        if self._untouched is not None:
            return
        self._untouched = self.entered()
        self.resize(self.sizeHint())
        chain = [*self._inner.findChildren(QWidget), self.cancel, self.primary, self.discard, self.stay]
        chain = [each for each in chain if each.window() is self and each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
        if self.focusWidget() in (None, self.cancel, self.primary):
            chain[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Send the form; stay when something makes no sense."""
        problems = self.send()
        self.show_problems(problems)
        if not problems:
            super().accept()

    def reject(self) -> None:
        """Close, or ask first when something was typed; not while the form is busy."""
        if self._is_busy:
            return
        if self._feet.currentIndex() == 0 and self.entered() != self._untouched:
            self._feet.setCurrentIndex(1)
            self.stay.setDefault(True)
            self.stay.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._feet.currentIndex() == 1:
            self._on_stay()
        else:
            self._close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the window's own button ask too."""
        self.reject()
        if self.isVisible():
            event.ignore()

    def _close(self) -> None:
        super().reject()

    def _on_stay(self) -> None:
        self._feet.setCurrentIndex(0)
        self.primary.setDefault(True)
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)


class _Column(QWidget):
    """The rows of a form: its height follows from its width alone, so that no form ends in empty space."""

    def minimumSizeHint(self) -> QSize:
        """Return the least width."""
        return QSize(super().minimumSizeHint().width(), 0)


def problems_of(refused: Refused | None) -> Mapping[str, str]:
    """Return what a refused command names, by field."""
    return refused.fields if refused is not None else {}


def _strip() -> tuple[QWidget, QHBoxLayout]:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
    row.setSpacing(Space.S)
    return holder, row
