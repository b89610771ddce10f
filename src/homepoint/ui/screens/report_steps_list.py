"""The list of the report's pages: which are behind, which is shown, which can be gone to."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from homepoint.presentation.incident_guide import PAGE_TITLES, ReportPage
from homepoint.ui.dialogs.fields import Choice
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.text import Label

_WIDTH = 188


class StepsList(QWidget):
    """Beside the page: every page of the report by number. `chosen` carries the page; `discard_asked` the wish."""

    chosen = Signal(str)
    discard_asked = Signal()

    def __init__(self) -> None:
        """Make an empty list."""
        super().__init__()
        self.setAccessibleName("Pages of the report")
        self.setFixedWidth(theme().pixels(_WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.XL, 0, Space.L)
        column.setSpacing(Space.XS)
        self._about = Label("", tone=Tone.MUTED, wrap=True)
        column.addWidget(self._about)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.discard = QuietButton("Discard", IconName.DELETE)
        self.discard.setAccessibleName("Discard this report")
        self.discard.clicked.connect(self.discard_asked)
        column.addWidget(self.discard)

    def show_pages(
        self, about: str, pages: Sequence[ReportPage], open_ones: frozenset[ReportPage], now: ReportPage, *, begun: bool
    ) -> None:
        """Show the pages of a report; `begun` offers to discard it."""
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self.discard.setVisible(begun)
        clear(self._rows)
        for number, page in enumerate(pages, 1):
            self._rows.addWidget(self._row(number, page, page in open_ones, is_now=page is now))

    def _row(self, number: int, page: ReportPage, can_go: bool, *, is_now: bool) -> Button:
        row = Button(f"{number}  {PAGE_TITLES[page]}")
        row.setProperty("kind", "disclosure")
        row.setObjectName(f"step-{page.value}")
        row.setEnabled(can_go)
        row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.setFont(theme().font(TextRole.STRONG if is_now else TextRole.BODY))
        state = "shown now" if is_now else "can be opened" if can_go else "not yet"
        row.setAccessibleName(f"Page {number}: {PAGE_TITLES[page]}, {state}")
        row.setCheckable(True)
        row.setChecked(is_now)
        row.clicked.connect(lambda: self.chosen.emit(page.value))
        return row


class StepsChoice(QWidget):
    """The same where there is little room: one list to choose the page from."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Make an empty list."""
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.M, Space.XL, 0)

    def show_pages(self, pages: Sequence[ReportPage], open_ones: frozenset[ReportPage], now: ReportPage) -> None:
        """Show the pages one may go to."""
        clear(self._column)
        total = len(pages)
        options = [
            (page, f"Page {number} of {total}: {PAGE_TITLES[page]}")
            for number, page in enumerate(pages, 1)
            if page in open_ones or page is now
        ]
        choice = Choice[ReportPage]("Page of the report", options, now)
        choice.activated.connect(lambda _index: self.chosen.emit(choice.value.value))
        self._column.addWidget(choice)
