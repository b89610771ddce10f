"""The jump box: one field over the window that finds devices, serials, claims and commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from homepoint.ui.icons import IconName, paint
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.text import Label

_RESULT = Qt.ItemDataRole.UserRole
_WIDTH = 560
_ROWS = 8
_ROW_HEIGHT = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpResult:
    """One thing to jump to.

    Attributes:
        key: what the caller knows it by, such as "device:..." or "command:export".
        title: its name.
        detail: what tells it apart, such as a model and serial.
        icon: what kind of thing it is.
    """

    key: str
    title: str
    detail: str = ""
    icon: IconName = IconName.RIGHT


JumpProvider = Callable[[str], Sequence[JumpResult]]


class JumpBox(QWidget):
    """A field and the list of what it finds; arrows move, Enter takes, Escape or a click outside leaves."""

    chosen = Signal(JumpResult)

    def __init__(self, host: QWidget, provider: JumpProvider) -> None:
        """Belong to a window; `provider` gives the results for a text, the best first, also for an empty text."""
        super().__init__(host)
        self._host = host
        self._provider = provider
        self._before: QWidget | None = None
        self.setAccessibleName("Jump to")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        column.setSpacing(Space.XS)
        self.field = QLineEdit()
        self.field.setProperty("kind", "jump")
        self.field.setAccessibleName("Jump to a device, serial, claim or command")
        self.field.setPlaceholderText("Jump to a device, serial, claim or command")
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self.list = QListWidget()
        self.list.setProperty("kind", "jump")
        self.list.setAccessibleName("Results")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_ResultPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        column.addWidget(self.list)
        self.empty = Label("Nothing found.", tone=Tone.MUTED)
        self.empty.setContentsMargins(Space.S, Space.XS, Space.S, Space.S)
        column.addWidget(self.empty)
        host.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show it with an empty field and the focus in it."""
        self._before = QApplication.focusWidget()
        self.field.setFont(theme().font(TextRole.LARGE))
        self.field.clear()
        self._find("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def leave(self) -> None:
        """Hide it and give the focus back."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the field; leave on a click outside; follow the window's size."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(Qt.Key(event.key()))
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget) and self._is_outside(watched):
            self.leave()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a raised surface and the line under the field."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.field_line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 10, 10)
        painter.fillRect(QRect(1, self.field.geometry().bottom() + 2, self.width() - 2, 1), QColor(colours.line))

    def _is_outside(self, widget: QWidget) -> bool:
        ours = widget is self or self.isAncestorOf(widget)
        return self.isVisible() and not ours and widget.window() is self.window()

    def _on_key(self, key: Qt.Key) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
        if key in steps:
            last = self.list.count() - 1
            self.list.setCurrentRow(min(last, max(0, self.list.currentRow() + steps[key])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (item := self.list.currentItem()) is not None:
                self._take(item)
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _find(self, text: str) -> None:
        results = self._provider(text.strip())
        self.list.clear()
        for result in results:
            item = QListWidgetItem(result.title)
            item.setData(_RESULT, result)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{result.title}, {result.detail}".rstrip(", "))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(results))
        self.empty.setVisible(not results)
        self._place()
        count = "1 result" if len(results) == 1 else f"{len(results)} results"
        self.list.setAccessibleDescription(count)
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, count))

    def _take(self, item: QListWidgetItem) -> None:
        result = item.data(_RESULT)
        self.leave()
        self.chosen.emit(result)

    def _place(self) -> None:
        look = theme()
        rows = min(_ROWS, self.list.count())
        top = max(Space.XL, self._host.height() // 9)
        room = self._host.height() - top - 3 * Space.XL - self.field.sizeHint().height()
        self.list.setFixedHeight(max(0, min(rows * look.pixels(_ROW_HEIGHT), room)))
        width = min(look.pixels(_WIDTH), self._host.width() - 2 * Space.XL)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._host.width() - width) // 2, top)


class _ResultPainter(QStyledItemDelegate):
    """Two lines, title over detail, beside an icon."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, theme().pixels(_ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        result: JumpResult = index.data(_RESULT)
        look = theme()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.colours.accent_soft if chosen else look.colours.hover))
            painter.drawRoundedRect(area, 6, 6)
        side = look.pixels(20)
        place = QRect(area.x() + Space.M, area.y() + (area.height() - side) // 2, side, side)
        paint(painter, place, result.icon, look.colour(Tone.MUTED))
        words = area.adjusted(Space.M + side + Space.M, Space.XS, -Space.M, -Space.XS)
        upper = words.adjusted(0, 0, 0, -words.height() // 2) if result.detail else words
        _line(painter, upper, result.title, TextRole.BODY, Tone.TEXT)
        if result.detail:
            _line(painter, words.adjusted(0, words.height() // 2, 0, 0), result.detail, TextRole.SMALL, Tone.MUTED)
        painter.restore()


def _line(painter: QPainter, place: QRect, text: str, role: TextRole, tone: Tone) -> None:
    font = theme().font(role, tabular=role is TextRole.SMALL)
    painter.setFont(font)
    painter.setPen(theme().colour(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
