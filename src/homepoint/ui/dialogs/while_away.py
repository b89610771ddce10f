"""The list "While you were away": what came due while the program was closed, with Open and Done for each."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.presentation.reminders import AwayRow, away_summary
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.status import StatusLabel, Urgency, UrgencyBar
from homepoint.ui.widgets.text import Label

_TOP = Qt.AlignmentFlag.AlignTop
_LINES_EACH = 2
_LINE_HEIGHT = 17
_WORDS_WIDTH = 310


class WhileAwayDialog(FormDialog):
    """Lists reminders in the window.

    Signals:
        seen: (keys) the list stands on the screen.
        device_asked: (device id, section) the owner wants to see what a row is about.
        page_asked: (page) as `device_asked`, where a row leads to a page.
    """

    seen = Signal(object)
    device_asked = Signal(str, str)
    page_asked = Signal(str)

    def __init__(
        self, title: str, rows: Sequence[AwayRow], mark_done: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        """Show the list.

        Args:
            title: "While you were away".
            rows: what it lists, in their order.
            mark_done: ends the reminders of a deadline by its key; it may raise HomepointError.
            parent: the window it lies over.
        """
        super().__init__(title, "Close", away_summary(rows), parent)
        self.shown_rows, self._mark_done = tuple(rows), mark_done
        self._was_seen = False
        self.done_buttons: dict[str, Button] = {}
        self.open_buttons: dict[str, Button] = {}
        self._done_words: dict[str, StatusLabel] = {}
        self.cancel.hide()
        self.cancel.setEnabled(False)
        self._list = QGridLayout()
        self._list.setHorizontalSpacing(Space.L)
        self._list.setVerticalSpacing(Space.XS)
        self._list.setColumnStretch(1, 1)
        self._list.setColumnMinimumWidth(1, theme().pixels(_WORDS_WIDTH))
        self._list.setColumnMinimumWidth(2, theme().pixels(110))
        self.grid.addLayout(self._list, 0, 0, 1, 2)
        for row in rows:
            self._add(row)

    def entered(self) -> object:
        """Return nothing: there is nothing to type."""
        return None

    def send(self) -> Mapping[str, str]:
        """Close."""
        return {}

    def showEvent(self, event: QShowEvent) -> None:
        """Say once that the list is there to be seen."""
        super().showEvent(event)
        if not self._was_seen:
            self._was_seen = True
            self.seen.emit(tuple(row.key for row in self.shown_rows))

    def _add(self, row: AwayRow) -> None:
        at = _LINES_EACH * (len(self.open_buttons))
        if at:
            self._list.addWidget(Line(), at - 1, 0, 1, 4)
            self._list.setRowMinimumHeight(at - 1, _LINE_HEIGHT)
        name = f"{row.device_name}: {row.title}"
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, TextRole.STRONG, wrap=True, selectable=True), 0, _TOP)
        words.addWidget(Label(row.loss, tone=Tone.MUTED, wrap=True, selectable=True), 0, _TOP)
        for line in row.came:
            words.addWidget(Label(line, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True, tabular=True), 0, _TOP)
        words.addStretch(1)
        shown = Button("Open")
        shown.setAccessibleName(f"Open: {name}")
        shown.clicked.connect(lambda: self._on_open(row))
        self.open_buttons[row.key] = shown
        acts = QHBoxLayout()
        acts.setSpacing(Space.S)
        acts.addWidget(shown)
        if row.can_be_done:
            done = Button("Done")
            done.setAccessibleName(f"Done, no more reminders: {name}")
            done.setToolTip("No more reminders of this deadline, unless its date changes.")
            done.clicked.connect(lambda: self._on_done(row))
            self.done_buttons[row.key] = done
            acts.addWidget(done)
            said = StatusLabel("Done", Tone.GOOD)
            said.setAccessibleName(f"Done, no more reminders: {name}")
            said.hide()
            self._done_words[row.key] = said
            acts.addWidget(said)
        acts.addStretch(1)
        self._list.addWidget(UrgencyBar(Urgency(row.urgency.value)), at, 0)
        self._list.addLayout(words, at, 1)
        self._list.addWidget(Label(row.time_left, TextRole.STRONG, wrap=True, tabular=True), at, 2, _TOP)
        self._list.addLayout(acts, at, 3, _TOP)

    def _on_open(self, row: AwayRow) -> None:
        self.accept()
        if row.act.page is not None:
            self.page_asked.emit(row.act.page)
        else:
            self.device_asked.emit(row.device, row.act.section.value)

    def _on_done(self, row: AwayRow) -> None:
        try:
            self._mark_done(row.key)
        except HomepointError as error:
            self.show_problems({"": f"{error.title} {error.advice}"})
            return
        self.show_problems({})
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button that has it is gone
        self.done_buttons[row.key].hide()
        self._done_words[row.key].show()
