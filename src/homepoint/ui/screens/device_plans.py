"""The plans of a device with what their agreements say, and the checks that may reopen a first purchase."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.activation_codes import code_text
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


class PlansCard(Card):
    """Every plan, the latest first, and the checks by DJI. Signals carry the id of a plan or a check.

    `code_asked` also carries the hint of the code to show; `show_code` answers it.
    """

    add_asked = Signal()
    edit_asked = Signal(str)
    remove_asked = Signal(str)
    notice_asked = Signal(str)
    code_asked = Signal(str, str)

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
        self._codes: dict[str, _Code] = {}
        if not page.plans:
            words = "No plan is recorded. If you bought one, record it here: its dates and uses count from then on."
            self._rows.addWidget(Label(words, tone=Tone.MUTED, wrap=True))
        for plan in page.plans:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._plan(plan))
        if page.notices or page.may_notify:
            self._rows.addWidget(Line())
            self._rows.addLayout(self._notices(page))

    def show_code(self, plan: str, code: str | None, why_not: str = "") -> None:
        """Show the code of a plan if its row is still there; None with the reason why not."""
        if plan in self._codes:
            self._codes[plan].show_code(code, why_not)

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
        if plan.code_hint is not None:
            code = self._codes[plan.id] = _Code(plan.code_hint)
            code.asked.connect(lambda hint: self.code_asked.emit(plan.id, hint))
            facts.add_row("Activation code", code)
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
    """An activation code of which only the end is seen until it is asked for: whoever reads it can use it."""

    asked = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._hint, self._is_shown = hint, False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self._words = Label(selectable=True, tabular=True)
        self._button = QuietButton("Show")
        self._button.clicked.connect(self._on_pressed)
        self._why_not = Label(tone=Tone.MUTED, wrap=True, selectable=True)
        row.addWidget(self._words)
        row.addWidget(self._button)
        row.addWidget(self._why_not, 1)
        self._draw(None)

    def show_code(self, code: str | None, why_not: str) -> None:
        """Show the code, or say why it cannot be shown."""
        self._draw(code)
        self._why_not.setText(why_not)

    def _on_pressed(self) -> None:
        if self._is_shown:
            self._draw(None)
        else:
            self._button.setEnabled(False)  # the keyring may take its time
            self.asked.emit(self._hint)

    def _draw(self, code: str | None) -> None:
        self._is_shown = code is not None
        hidden = code_text(self._hint)
        self._words.setText(hidden if code is None else code)
        self._words.setAccessibleName(
            f"Activation code {hidden}, hidden" if code is None else f"Activation code {code}"
        )
        self._button.setText("Hide" if self._is_shown else "Show")
        self._button.setAccessibleName(f"{self._button.text()} the activation code")
        self._button.setEnabled(True)
