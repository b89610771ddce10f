"""The rows of deadlines on the overview and the agenda: urgency, what is lost, the time left, and one button."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from homepoint.domain.terms import Terms
from homepoint.presentation.deadline_list import DeadlineLine
from homepoint.presentation.overview import Need
from homepoint.presentation.wording import Act, countdown_text
from homepoint.ui.desk import Desk
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.countdown import CountdownLabel
from homepoint.ui.widgets.status import Urgency, UrgencyBar
from homepoint.ui.widgets.text import Label

Row = Need | DeadlineLine

_TOP = Qt.AlignmentFlag.AlignTop
_LINES_EACH = 3
_LINE_HEIGHT = 17


class DeadlineGrid(QGridLayout):
    """Rows under each other in aligned columns, with a thin line between them."""

    def __init__(self, desk: Desk, on_section: Callable[[str, str], None]) -> None:
        """Make an empty grid.

        Args:
            desk: tells the time and opens devices and links.
            on_section: told which section (`wording.Section`) of which device a button leads to, after it was opened.
        """
        super().__init__()
        self._desk = desk
        self._on_section = on_section
        self._rows = 0
        self.setHorizontalSpacing(Space.L)
        self.setVerticalSpacing(Space.XS)
        self.setColumnStretch(1, 1)
        self.setColumnMinimumWidth(2, theme().pixels(172))
        self.setColumnMinimumWidth(3, theme().pixels(164))

    def add_row(self, row: Row, below: QWidget | None = None, *, primary: bool = False) -> None:
        """Add a deadline; `below` stands under its words, `primary` makes its button the one of the page."""
        at = _LINES_EACH * self._rows
        if self._rows:
            self.addWidget(Line(), at - 1, 0, 1, 4)
            self.setRowMinimumHeight(at - 1, _LINE_HEIGHT)
        self._rows += 1
        self.addWidget(UrgencyBar(Urgency(row.urgency.value)), at, 0)
        self.addLayout(_words(row), at, 1)
        self.addLayout(self._time(row), at, 2, Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(self._button(row, primary), at, 3, Qt.AlignmentFlag.AlignVCenter)
        if below is not None:
            self.addWidget(below, at + 1, 1, 1, 3)

    def _time(self, row: Row) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        if row.target is None:
            column.addWidget(Label("On every flight", TextRole.STRONG))
        else:
            column.addWidget(CountdownLabel(row.target, self._desk.now, countdown_text))
        if row.until:
            column.addWidget(Label(row.until, TextRole.SMALL, Tone.MUTED))
        return column

    def _button(self, row: Row, primary: bool) -> Button:
        url = link(self._desk.terms, row.act)
        icon_name = IconName.OPEN_PAGE if url else None
        button = PrimaryButton(row.act.text, icon_name) if primary else Button(row.act.text, icon_name)
        button.setObjectName(f"act/{row.device}/{row.title}")
        button.setAccessibleName(f"{row.act.text}: {row.device_name}, {row.title}")
        if url:
            button.setToolTip(url)
        button.clicked.connect(lambda: self._do(row))
        return button

    def _do(self, row: Row) -> None:
        url = link(self._desk.terms, row.act)
        if url is not None:
            self._desk.open_link(url)
            return
        if row.act.page is not None:
            self._desk.open_page(row.act.page)
            return
        self._desk.open_device(row.device)
        self._on_section(row.device, row.act.section.value)


def link(terms: Terms, act: Act) -> str | None:
    """Return the official address an act opens, None where it leads to the device page."""
    found = (each for each in terms.links if each.step == act.step and not each.retired)
    return next((each.url for each in found if each.url and each.url.startswith("https://")), None)


def _words(row: Row) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(Label(f"{row.device_name}: {row.title}", TextRole.STRONG, wrap=True, selectable=True), 0, _TOP)
    column.addWidget(Label(row.loss, tone=Tone.MUTED, wrap=True, selectable=True), 0, _TOP)
    column.addStretch(1)
    return column
