"""The devices page: all devices in a table that one searches by typing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from homepoint.application.ports import DeviceQuery
from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import STATUS_FILTERS, DeviceLine, count_text, line_of
from homepoint.ui.desk import Desk
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.device_table import PAGE, DeviceTable
from homepoint.ui.theme import Space
from homepoint.ui.widgets.buttons import Button, PrimaryButton, SegmentedControl
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.search_field import SearchField


class DevicesScreen(Screen):
    """The table of all devices, with a search field and a filter by status.

    Signals:
        add_device_asked: the owner wants to register a device.
        import_asked: the owner wants to open an owner file (offered while there is no device).
    """

    add_device_asked = Signal()
    import_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._order, self._descending = "next-deadline", False
        add = PrimaryButton("Add device", IconName.ADD)
        add.clicked.connect(self.add_device_asked)
        self.page = ScrollPage("Devices", " ", add, fills=True)
        self.search = SearchField("Search devices", "Name, model or any part of a serial")
        self.search.searched.connect(lambda _words: self.redraw())
        self.filter = SegmentedControl("Status", [(key, word) for key, word, _ in STATUS_FILTERS])
        self.filter.chosen.connect(lambda _key: self.redraw())
        tools = QHBoxLayout()
        tools.setSpacing(Space.M)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.filter)
        self._tools = QWidget()
        tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setLayout(tools)
        self.table = DeviceTable()
        self.table.device_chosen.connect(lambda device: self.desk.open_device(DeviceId(device)))
        self.table.typed.connect(self._on_typed)
        self.table.sort_chosen.connect(self._on_sort)
        self._below = QStackedWidget()
        self._below.addWidget(self.table)
        self._below.addWidget(self._nothing_yet())
        self._below.addWidget(self._nothing_found())
        self.page.content.setSpacing(Space.M)
        self.page.content.addWidget(self._tools)
        self.page.content.addWidget(self._below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def redraw(self) -> None:
        """Read the first page anew; the current row stays where it is still the same device."""
        words = self.search.text().strip()
        library, now = self.desk.workspace.library, self.desk.now()

        def read(offset: int, limit: int) -> Sequence[DeviceLine]:
            rows, _ = library.rows(self._query(words, offset, limit))
            return [line_of(row, now) for row in rows]

        rows, count = library.rows(self._query(words, 0, PAGE))
        row, device = self.table.currentIndex().row(), self.table.current_device
        place = self.table.verticalScrollBar().value()
        self.table.lines.show_lines(read, count, [line_of(each, now) for each in rows])
        self._keep_place(row, device, place)
        has_any = bool(count) or bool(library.rows(DeviceQuery(limit=1))[1])
        self._tools.setVisible(has_any)
        self._below.setCurrentIndex(0 if count else 2 if has_any else 1)
        self.page.set_subtitle(count_text(count, words) if has_any else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Search by typing, wherever on the page the focus is; Ctrl+F goes to the field."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_F:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._to_table()
        else:
            super().keyPressEvent(event)

    def _query(self, words: str, offset: int, limit: int) -> DeviceQuery:
        statuses = next(found for key, _, found in STATUS_FILTERS if key == self.filter.current)
        return DeviceQuery(
            words=words,
            statuses=statuses,
            order=self._order,
            descending=self._descending,
            limit=limit,
            offset=offset,
        )

    def _keep_place(self, row: int, device: DeviceId | None, place: int) -> None:
        line = self.table.lines.line(row) if 0 <= row < self.table.lines.rowCount() else None
        if line is not None and line.device == device:
            self.table.selectRow(row)
            self.table.verticalScrollBar().setValue(place)
        elif self.table.lines.rowCount():
            self.table.selectRow(0)

    def _to_table(self) -> None:
        if self.table.lines.rowCount():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_typed(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(self.search.text() + text)

    def _on_sort(self, order: str, descending: bool) -> None:
        self._order, self._descending = order, descending
        self.redraw()

    def _nothing_yet(self) -> QWidget:
        add, bring = Button("Add your first device", IconName.ADD), Button("Open an owner file", IconName.FOLDER)
        add.clicked.connect(self.add_device_asked)
        bring.clicked.connect(self.import_asked)
        sentence = "Add one by its serial, or open an owner file with all you have recorded elsewhere."
        return EmptyState(IconName.DEVICES, "No device yet", sentence, add, bring)

    def _nothing_found(self) -> QWidget:
        everything = Button("Show all devices")
        everything.clicked.connect(self._show_all)
        sentence = "Try fewer words or a part of the serial, or look among all devices."
        return EmptyState(IconName.SEARCH, "No device matches", sentence, everything)

    def _show_all(self) -> None:
        self.search.clear()
        self.filter.set_current("all")
        self.redraw()
