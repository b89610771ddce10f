"""What goes back to DJI and what comes instead: the return guard, the new unit and its tasks."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from homepoint.presentation.device_answers import ClauseText
from homepoint.presentation.return_guard import ReturnText
from homepoint.presentation.succession import Task
from homepoint.ui.dialogs.return_guard import point_label
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_WORD_WIDTH, _NAME_WIDTH = 84, 160
_TOP = Qt.AlignmentFlag.AlignTop
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class ReturnCard(Card):
    """The return guard. `check_asked` opens the check, `photos_asked` wishes to add photos of the box."""

    check_asked = Signal()
    photos_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        self.check = Button("Check what goes back …")
        self.check.setObjectName("check-return")
        super().__init__("The unit that goes back", self.check)
        self.check.clicked.connect(self.check_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_return(self, shown: ReturnText | None, clauses: Sequence[ClauseText]) -> None:
        """Show the points; services without a guard have none."""
        clear(self._rows)
        self.setVisible(shown is not None)
        if shown is None:
            return
        self.check.setText("Check again …" if shown.is_checked else "Check what goes back …")
        self._rows.addWidget(Label(shown.stake, wrap=True, selectable=True, tabular=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnMinimumWidth(0, theme().pixels(_WORD_WIDTH))
        grid.setColumnMinimumWidth(1, theme().pixels(_NAME_WIDTH))
        grid.setColumnStretch(2, 1)
        for at, point in enumerate(shown.points):
            grid.addWidget(point_label(point), at, 0, _TOP)
            grid.addWidget(Label(point.name), at, 1, _TOP)
            grid.addWidget(Label(point.says, tone=Tone.MUTED, wrap=True, selectable=True), at, 2, _TOP)
        self._rows.addLayout(grid)
        self._rows.addLayout(self._photos())
        self._rows.addWidget(Why("The unit that goes back", clauses))

    def _photos(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        words = "Photograph each thing and its serial, then the open and the closed box: proof, should DJI disagree."
        row.addWidget(Label(words, tone=Tone.MUTED, wrap=True), 1)
        add = QuietButton("Add photos …", IconName.PHOTO)
        add.setObjectName("add-photos")
        add.clicked.connect(self.photos_asked)
        row.addWidget(add, 0, _MIDDLE)
        return row


class ReplacementCard(Card):
    """The new unit.

    Signals:
        arrived_asked: the replacement arrived.
        task_marked(key, is_done): a task was done, or not after all.
        device_asked: the owner wants to see the new unit.
    """

    arrived_asked = Signal()
    task_marked = Signal(str, bool)
    device_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("The replacement")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.body.addLayout(self._rows)

    def show_waiting(self, *, is_expected: bool) -> None:
        """Show that no new unit was recorded; a claim that brings none hides the card."""
        clear(self._rows)
        self.setVisible(is_expected)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        words = "When it is there, Homepoint moves the plan to it and tells you what to bind and register anew."
        row.addWidget(Label(words, tone=Tone.MUTED, wrap=True), 1)
        arrived = Button("The replacement arrived …")
        arrived.setObjectName("arrived")
        arrived.clicked.connect(self.arrived_asked)
        row.addWidget(arrived, 0, _MIDDLE)
        self._rows.addLayout(row)

    def show_tasks(self, serial: str, tasks: Sequence[Task]) -> None:
        """Show the new unit and what is to be done for it."""
        clear(self._rows)
        self.setVisible(True)
        head = QHBoxLayout()
        head.setSpacing(Space.L)
        left = sum(not each.is_done for each in tasks)
        said = f"The plan has moved to {serial}. " + ("These are still to do:" if left else "All is done.")
        head.addWidget(Label(said, wrap=True, selectable=True, tabular=True), 1)
        see = QuietButton("Open the new unit")
        see.setObjectName("open-new-unit")
        see.clicked.connect(self.device_asked)
        head.addWidget(see)
        self._rows.addLayout(head)
        for each in tasks:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._task(each))

    def _task(self, task: Task) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        state = StatusLabel("Done" if task.is_done else "To do", Tone.GOOD if task.is_done else Tone.TODAY)
        state.setMinimumWidth(theme().pixels(_WORD_WIDTH))
        row.addWidget(state, 0, _TOP)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(task.text, TextRole.STRONG, wrap=True, selectable=True))
        words.addWidget(Label(task.says, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        if task.is_marked:
            mark: Button = QuietButton("Not done") if task.is_done else Button("Mark as done")
            mark.clicked.connect(lambda: self.task_marked.emit(task.key, not task.is_done))
        else:
            mark = Button("Record it …") if not task.is_done else QuietButton("See it")
            mark.clicked.connect(self.device_asked)
        mark.setObjectName(f"task/{task.key}")
        mark.setAccessibleName(f"{mark.text().removesuffix(' …')}: {task.text}")
        row.addWidget(mark, 0, _MIDDLE)
        return row
