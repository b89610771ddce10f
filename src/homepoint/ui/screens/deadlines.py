"""The deadlines page: every deadline by group, with what is lost and the clauses behind it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.ports import AgendaEntry, DeviceQuery
from homepoint.domain.facts import Device, DeviceStatus
from homepoint.domain.values import DeviceId
from homepoint.presentation.deadline_list import DeadlineLine, clause_texts, deadline_groups, entries_of
from homepoint.presentation.device_list import device_name
from homepoint.ui.desk import Desk
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.deadline_rows import DeadlineGrid
from homepoint.ui.screens.rebuilding import clear, drawn_anew
from homepoint.ui.theme import Space
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.search_field import SearchField
from homepoint.ui.widgets.text import SectionHeading

_SUBTITLE = "What ends when, what is lost then, and why."
_FIRST, _MORE = 60, 120
_MOST_DEVICES = 100


class DeadlinesScreen(Screen):
    """The agenda, filtered by device if asked.

    Signals:
        section_asked(device, section): a button leads to a section of the device page, which has been opened;
            sections are `presentation.wording.Section`.
        calendar_asked: the owner wants the deadlines as a calendar file.
    """

    section_asked = Signal(str, str)
    calendar_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._shown = _FIRST
        self._open: set[str] = set()
        self.export = Button("Export calendar file", IconName.EXPORT)
        self.export.clicked.connect(self.calendar_asked)
        self.page = ScrollPage("Deadlines", _SUBTITLE, None, self.export)
        self.search = SearchField("Show deadlines of one device", "All devices: type a name, model or serial")
        self.search.searched.connect(lambda _words: self.redraw())
        self.long_passed = QCheckBox("Also what passed long ago")
        self.long_passed.toggled.connect(lambda _wanted: self.redraw())
        tools = QHBoxLayout()
        tools.setSpacing(Space.L)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.long_passed)
        self._tools = QWidget()
        tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setLayout(tools)
        self.page.content.addWidget(self._tools)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(Space.L)
        self.page.content.addLayout(self._groups)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def redraw(self) -> None:
        """Draw everything anew; what was open behind "Why?" stays open."""
        drawn_anew(self.page, self._draw)

    def _draw(self) -> None:
        clear(self._groups)
        now = self.desk.now()
        entries, more = self._entries()
        names = {each: self._name(each) for each in {entry.device for entry in entries}}
        groups = deadline_groups(entries, names, now, long_passed=self.long_passed.isChecked())
        self._tools.setVisible(bool(groups) or bool(self.search.text()) or self.long_passed.isChecked())
        if not groups:
            self._groups.addWidget(self._nothing())
        for at, group in enumerate(groups):
            self._groups.addWidget(SectionHeading(group.group.value))
            self._groups.addWidget(self._group_card(group.group.value, group.lines, is_first=at == 0))
        if more:
            button = Button("Show more deadlines")
            button.setObjectName("more")
            button.clicked.connect(self._show_more)
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            self._groups.addLayout(row)

    def _group_card(self, name: str, lines: Sequence[DeadlineLine], *, is_first: bool) -> Card:
        card = Card()
        card.setAccessibleName(name)
        grid = DeadlineGrid(self.desk, self.section_asked.emit)
        card.body.addLayout(grid)
        for at, line in enumerate(lines):
            grid.add_row(line, self._why(line), primary=is_first and at == 0)
        return card

    def _why(self, line: DeadlineLine) -> Disclosure:
        why = Disclosure()
        why.button.setObjectName(f"why/{line.key}")

        def on_toggled(is_open: bool) -> None:
            if is_open:
                why.set_texts(clause_texts(self.desk.terms, line.because))
                self._open.add(line.key)
            else:
                self._open.discard(line.key)

        why.toggled.connect(on_toggled)
        why.set_open(line.key in self._open)
        return why

    def _entries(self) -> tuple[Sequence[AgendaEntry], bool]:
        """Return the deadlines to show, and whether there are more."""
        words, library = self.search.text().strip(), self.desk.workspace.library
        if not words and not self.long_passed.isChecked():
            self.page.set_subtitle(_SUBTITLE)
            found = library.agenda(before=None, device=None, limit=self._shown + 1)
            return found[: self._shown], len(found) > self._shown
        in_use = frozenset({DeviceStatus.IN_USE})
        rows, count = library.rows(DeviceQuery(words=words, statuses=in_use, limit=_MOST_DEVICES))
        entries: list[AgendaEntry] = []
        for row in rows:
            if self.long_passed.isChecked():
                assessment = self.desk.workspace.assess(row.device.id, self.desk.now())
                entries += entries_of(assessment) if assessment else ()
            elif row.standing is not None:
                entries += row.standing.agenda
        shown = f"Only the {_MOST_DEVICES} devices with the nearest deadlines are shown; type a name to find others."
        self.page.set_subtitle(shown if count > len(rows) else _SUBTITLE)
        return entries, False

    def _show_more(self) -> None:
        self._shown += _MORE
        self.redraw()

    def _name(self, device: DeviceId) -> str:
        found = self.desk.workspace.library.get(Device, device)
        return device_name(found) if found else "A device not in the list"

    def _nothing(self) -> EmptyState:
        if self.search.text().strip():
            return EmptyState(IconName.SEARCH, "No deadline found", "No deadline is known for a device of that name.")
        sentence = "Deadlines appear here as soon as a device with its day of activation or purchase is recorded."
        return EmptyState(IconName.DEADLINES, "No deadline", sentence)
