"""The table of devices: a model that reads pages from the library as they are seen, and the view that draws them.

Nothing here holds all devices, so a hundred thousand of them open, sort and search as fast as ten.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import HEADINGS, NOT_KNOWN, ORDERS, Column, DeviceLine
from homepoint.presentation.wording import Urgency
from homepoint.ui.device_looks import CARE_TONES
from homepoint.ui.theme import Space, TextRole, Tone, theme

Index = QModelIndex | QPersistentModelIndex
Page = Callable[[int, int], Sequence[DeviceLine]]

PAGE = 100
_PAGES_KEPT = 12
_ROW_HEIGHT = 40
_COLUMNS = tuple(Column)
_NOWHERE = QModelIndex()
_LINE = Qt.ItemDataRole.UserRole
_NEAR = {Urgency.OVERDUE: Tone.OVERDUE, Urgency.TODAY: Tone.TODAY, Urgency.SOON: Tone.SOON}
_WIDTHS = {
    Column.NAME: 110,
    Column.MODEL: 126,
    Column.SERIAL: 116,
    Column.CARE: 96,
    Column.ENDS: 108,
    Column.REPLACEMENTS: 84,
    Column.FLYAWAY: 162,
    Column.NEXT: 186,
}
_WHOLE_SERIAL = 196
_GIVES_WAY = (Column.REPLACEMENTS, Column.ENDS, Column.MODEL)
"""Hidden one after the other where the window is narrow; a device's own page shows them all."""


class DeviceTableModel(QAbstractTableModel):
    """Devices as lines of words, read page by page."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read: Page = lambda _offset, _limit: ()
        self._count = 0
        self._pages: OrderedDict[int, Sequence[DeviceLine]] = OrderedDict()

    def show_lines(self, read: Page, count: int, first: Sequence[DeviceLine]) -> None:
        """Show other devices.

        Args:
            read: returns the lines of an offset and a limit.
            count: how many there are.
            first: the first page, which was read with the count.
        """
        self.beginResetModel()
        self._read, self._count = read, count
        self._pages = OrderedDict({0: first})
        self.endResetModel()

    def line(self, row: int) -> DeviceLine | None:
        """Return a device, None where the library has fewer by now."""
        number, at = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._read(number * PAGE, PAGE)
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return page[at] if at < len(page) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole, _LINE)
        if not index.isValid() or role not in roles:
            return None
        line = self.line(index.row())
        if line is None:
            return None
        if role == _LINE:
            return line
        column = _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken if column is Column.NAME else f"{HEADINGS[column]}: {line.cells[column]}"
        return line.cells[column]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[_COLUMNS[section]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


class DeviceTable(QTableView):
    """Whole rows; Enter or a double click opens, letters go to the search, Tab leaves, headings sort."""

    device_chosen = Signal(str)
    typed = Signal(str)
    sort_chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = DeviceTableModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_CellPainter(self))
        self.setAccessibleName("Devices")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme().pixels(_ROW_HEIGHT))
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setSectionsClickable(True)
        heads.setSortIndicatorShown(True)
        heads.setMinimumSectionSize(40)
        heads.setStretchLastSection(True)
        heads.sortIndicatorChanged.connect(self._on_sort)
        self._sorted = (Column.NEXT, Qt.SortOrder.AscendingOrder)
        self._mark_sorted()
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme().changed.connect(self._fit)

    @property
    def current_device(self) -> DeviceId | None:
        """Return the device of the current row."""
        line = self.lines.line(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return line.device if line else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Enter; give letters to the search."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self._open(self.currentIndex().row())
        elif plain and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do not look through all rows: letters go to the search field."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._fit()

    def _open(self, row: int) -> None:
        line = self.lines.line(row)
        if line is not None:
            self.device_chosen.emit(line.device)

    def _on_sort(self, section: int, direction: Qt.SortOrder) -> None:
        column = _COLUMNS[section]
        if column not in ORDERS:
            self._mark_sorted()
        elif (column, direction) != self._sorted:
            self._sorted = (column, direction)
            self.sort_chosen.emit(ORDERS[column], direction is Qt.SortOrder.DescendingOrder)

    def _mark_sorted(self) -> None:
        heads = self.horizontalHeader()
        heads.blockSignals(True)
        heads.setSortIndicator(_COLUMNS.index(self._sorted[0]), self._sorted[1])
        heads.blockSignals(False)

    def _fit(self) -> None:
        look, room = theme(), self.viewport().width()
        self.verticalHeader().setDefaultSectionSize(look.pixels(_ROW_HEIGHT))
        wanted = {column: look.pixels(width) for column, width in _WIDTHS.items()}
        for column in _GIVES_WAY:
            if sum(wanted.values()) > room:
                del wanted[column]
        spare = max(0, room - sum(wanted.values()))
        longer = min(spare, look.pixels(_WHOLE_SERIAL) - wanted[Column.SERIAL])
        wanted[Column.SERIAL] += longer
        for column in (Column.NAME, Column.MODEL):
            if column in wanted:
                wanted[column] += (spare - longer) // 3
        for at, column in enumerate(_COLUMNS):
            self.setColumnHidden(at, column not in wanted)
            if column in wanted:
                self.setColumnWidth(at, wanted[column])


class _CellPainter(QStyledItemDelegate):
    """Draws a cell's words in their tone: a dot before the care state, the serial's last four stronger."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: DeviceLine | None = index.data(_LINE)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        look = theme()
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(look.colours.accent_soft))
            if index.column() == 0 and state & QStyle.StateFlag.State_Active and _has_focus(option):
                painter.fillRect(area.x(), area.y(), 3, area.height(), QColor(look.colours.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(look.colours.hover))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, QColor(look.colours.line))
        if line is not None:
            self._draw(painter, area.adjusted(Space.S, 0, -Space.S, 0), line, _COLUMNS[index.column()])
        painter.restore()

    def _draw(self, painter: QPainter, area: QRect, line: DeviceLine, column: Column) -> None:
        text, tone = line.cells[column], _tone(line, column)
        if column is Column.CARE and line.care_state is not None:
            side = theme().pixels(8)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour(tone))
            painter.drawEllipse(QRectF(area.x(), area.center().y() - side / 2 + 1, side, side))
            area = area.adjusted(side + Space.S, 0, 0, 0)
        if column is Column.SERIAL and text != NOT_KNOWN:
            tail = QFontMetrics(theme().font(TextRole.STRONG, tabular=True)).horizontalAdvance(text[-4:])
            start = _write(painter, area.adjusted(0, 0, -tail, 0), text[:-4], TextRole.BODY, Tone.MUTED)
            _write(painter, area.adjusted(start, 0, 0, 0), text[-4:], TextRole.STRONG, Tone.TEXT)
        else:
            _write(painter, area, text, TextRole.STRONG if column is Column.NAME else TextRole.BODY, tone)


def _has_focus(option: QStyleOptionViewItem) -> bool:
    view = option.widget
    return isinstance(view, QWidget) and view.hasFocus()


def _tone(line: DeviceLine, column: Column) -> Tone:
    if column is Column.CARE:
        return Tone.MUTED if line.care_state is None else CARE_TONES[line.care_state]
    if column is Column.FLYAWAY and line.flyaway_ready is not None:
        return Tone.GOOD if line.flyaway_ready else Tone.TEXT
    if column is Column.NEXT and line.urgency is not None:
        return _NEAR.get(line.urgency, Tone.TEXT)
    return Tone.MUTED if line.cells[column] in (NOT_KNOWN, "-") or column is Column.MODEL else Tone.TEXT


def _write(painter: QPainter, area: QRect, text: str, role: TextRole, tone: Tone) -> int:
    """Write a text, cut to its place, and return its width."""
    font = theme().font(role, tabular=True)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(theme().colour(tone))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    return metrics.horizontalAdvance(shown)
