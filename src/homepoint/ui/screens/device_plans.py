"""The plans of a device with what their agreements say, and the checks that may reopen a first purchase."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.device import DevicePage
from homepoint.presentation.device_records import NoticeText, PlanText
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_HIDDEN = "•••• ••••"


class PlansCard(Card):
    """Every plan, the latest first, and the checks by DJI. Signals carry the id of a plan or a check."""

    add_asked = Signal()
    edit_asked = Signal(str)
    remove_asked = Signal(str)
    notice_asked = Signal(str)

    def __init__(self) -> None:
        """Make an empty card."""
        self._add = QuietButton("Record a plan …", IconName.ADD)
        self._add.setObjectName("add-plan")
        super().__init__("Care plans", self._add)
        self._add.clicked.connect(self.add_asked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.M)
        self.body.addLayout(self._rows)

    def show_plans(self, page: DevicePage) -> None:
        """Show plans and checks."""
        clear(self._rows)
        if not page.plans:
            words = "No plan is recorded. If you bought one, record it here: its dates and uses count from then on."
            self._rows.addWidget(Label(words, tone=Tone.MUTED, wrap=True))
        for plan in page.plans:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._plan(plan))
        if page.notices or page.may_notify:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._notices(page))

    def _plan(self, plan: PlanText) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(Label(plan.name, TextRole.STRONG))
        head.addWidget(StatusLabel(plan.state, Tone.GOOD if plan.is_active else Tone.UNKNOWN))
        head.addStretch(1)
        if plan.is_own:
            edit = QuietButton("Edit …")
            edit.setObjectName(f"edit-plan-{plan.id}")
            edit.setAccessibleName(f"Edit {plan.name}")
            edit.clicked.connect(lambda: self.edit_asked.emit(plan.id))
            remove = QuietButton("Remove")
            remove.setObjectName(f"remove-plan-{plan.id}")
            remove.setAccessibleName(f"Remove {plan.name}")
            remove.clicked.connect(lambda: self.remove_asked.emit(plan.id))
            head.addWidget(edit)
            head.addWidget(remove)
        else:
            head.addWidget(Label("From the unit before", TextRole.SMALL, Tone.MUTED))
        column.addLayout(head)
        facts = KeyValueGrid()
        for key, value in plan.rows:
            facts.add_row(key, value, tabular=True)
        if plan.code is not None:
            facts.add_row("Activation code", _Code(plan.code))
        column.addWidget(facts)
        return column

    def _notices(self, page: DevicePage) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        head = QHBoxLayout()
        head.addWidget(Label("Checks by DJI before a late purchase", TextRole.STRONG, wrap=True), 1)
        add = QuietButton("Record a check …", IconName.ADD)
        add.setObjectName("add-notice")
        add.clicked.connect(lambda: self.notice_asked.emit(""))
        head.addWidget(add)
        column.addLayout(head)
        for notice in page.notices:
            column.addLayout(self._notice(notice))
        return column

    def _notice(self, notice: NoticeText) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(notice.name))
        words.addWidget(Label(f"{notice.state}.", tone=Tone.MUTED, wrap=True, selectable=True, tabular=True))
        row.addLayout(words, 1)
        button = QuietButton("Enter DJI's answer …" if notice.is_pending else "Edit …")
        button.setObjectName(f"notice-{notice.id}")
        button.clicked.connect(lambda: self.notice_asked.emit(notice.id))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


class _Code(QWidget):
    """An activation code that is hidden until asked for: whoever reads it can use it."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self._words = Label(_HIDDEN, selectable=True, tabular=True)
        self._words.setAccessibleName("Activation code, hidden")
        self._button = QuietButton("Show")
        self._button.setAccessibleName("Show the activation code")
        self._button.clicked.connect(self._on_pressed)
        row.addWidget(self._words)
        row.addWidget(self._button)
        row.addStretch(1)

    def _on_pressed(self) -> None:
        shows = self._words.text() == self._code
        self._words.setText(_HIDDEN if shows else self._code)
        self._words.setAccessibleName("Activation code, hidden" if shows else f"Activation code {self._code}")
        self._button.setText("Show" if shows else "Hide")
        self._button.setAccessibleName(f"{self._button.text()} the activation code")
