"""The navigation at the window's left: icons with words, or icons alone when the window is narrow."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName, paint
from homepoint.ui.theme import Space, TextRole, Tone, theme

_ICON = 20
_HEIGHT = 40
_WIDTH = 216
_STATUS_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebarStatus:
    """A few words at the foot of the sidebar; `spoken` is all of it, for tooltip and screen reader."""

    text: str
    spoken: str
    icon: IconName
    tone: Tone = Tone.MUTED


class NavigationSidebar(QWidget):
    """The list of pages, the current one marked; Ctrl+1 to Ctrl+9 and the arrow keys reach them.

    Signals:
        chosen: a page was chosen, by its key.
        status_chosen: the words at the foot were pressed.
    """

    chosen = Signal(str)
    status_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty sidebar."""
        super().__init__(parent)
        self.setAccessibleName("Navigation")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._items: dict[str, _Item] = {}
        self._is_folded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S, Space.M, Space.S, Space.M)
        column.setSpacing(Space.XS)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        column.addLayout(self._list)
        column.addStretch(1)
        self.status = _StatusItem()
        self.status.clicked.connect(self.status_chosen)
        self.status.hide()
        column.addWidget(self.status)
        self.more = _Item("More", IconName.MORE)
        self.more.setCheckable(False)
        self.more.setAutoExclusive(False)
        self.more.setShortcut(QKeySequence("Alt+M"))
        self.more.set_hint("Alt+M")
        column.addWidget(self.more)

    @property
    def current(self) -> str | None:
        """Return the key of the marked item."""
        return next((key for key, item in self._items.items() if item.isChecked()), None)

    @property
    def is_folded(self) -> bool:
        """Say whether only icons are shown."""
        return self._is_folded

    def add_item(self, key: str, label: str, icon_name: IconName) -> None:
        """Add a page at the end; the first nine get Ctrl and their number."""
        item = _Item(label, icon_name)
        number = len(self._items) + 1
        if number <= 9:
            item.setShortcut(QKeySequence(f"Ctrl+{number}"))
            item.set_hint(f"Ctrl+{number}")
        item.clicked.connect(lambda: self.chosen.emit(key))
        item.set_folded(self._is_folded)
        self._list.addWidget(item)
        if self._items:
            self.setTabOrder(list(self._items.values())[-1], item)
        self._items[key] = item
        self.setTabOrder(item, self.status)
        self.setTabOrder(self.status, self.more)

    def set_current(self, key: str) -> None:
        """Mark an item without emitting `chosen`."""
        self._items[key].setChecked(True)

    def set_status(self, status: SidebarStatus | None) -> None:
        """Show other words at the foot, or none."""
        if status is not None:
            self.status.show_status(status)
        self.status.setVisible(status is not None)

    def set_menu(self, menu: QMenu) -> None:
        """Let the last item, "More", open a menu."""
        self.more.clicked.connect(lambda: menu.popup(self.more.mapToGlobal(self.more.rect().topRight())))

    def set_folded(self, folded: bool) -> None:
        """Show icons alone (with tooltips), or icons and words."""
        if folded != self._is_folded:
            self._is_folded = folded
            for item in (*self._items.values(), self.status, self.more):
                item.set_folded(folded)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the width of its state."""
        look = theme()
        inner = look.pixels(_HEIGHT) if self._is_folded else look.pixels(_WIDTH - 2 * Space.S)
        return QSize(inner + 2 * Space.S, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        QPainter(self).fillRect(self.rect(), QColor(theme().colours.sidebar))


class _Item(QAbstractButton):
    def __init__(self, label: str, icon_name: IconName) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._is_folded = False
        self._is_keyed = False
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hint(self, keys: str) -> None:
        self.setAccessibleDescription(keys)
        self.setToolTip(f"{self.text()} ({keys})")

    def set_folded(self, folded: bool) -> None:
        self._is_folded = folded
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        height = look.pixels(_HEIGHT)
        if self._is_folded:
            return QSize(height, height)
        words = QFontMetrics(look.font(TextRole.STRONG)).horizontalAdvance(self.text())
        return QSize(look.pixels(12 + _ICON + 12) + words + Space.M, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by Up and Down within the list, as one expects of a list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Answer a shortcut at once; Qt would first show the button pressed for a tenth of a second."""
        if event.type() == QEvent.Type.Shortcut:
            self.click()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring only when the keyboard brought the focus."""
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._is_keyed = event.reason() in reasons
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take new room when the text size changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_under(painter)
        self._paint_icon(painter, Tone.ACCENT if self.isChecked() else Tone.MUTED)
        if not self._is_folded:
            look = theme()
            painter.setPen(look.colour(Tone.TEXT if self.isChecked() else Tone.MUTED))
            painter.setFont(look.font(TextRole.STRONG if self.isChecked() else TextRole.BODY))
            painter.drawText(
                self._words_room(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
            )

    def _paint_icon(self, painter: QPainter, tone: Tone) -> None:
        look = theme()
        side = look.pixels(_ICON)
        left = (self.width() - side) // 2 if self._is_folded else look.pixels(12)
        paint(painter, QRect(left, (self.height() - side) // 2, side, side), self._icon_name, look.colour(tone))

    def _words_room(self) -> QRect:
        return self.rect().adjusted(theme().pixels(12) + theme().pixels(_ICON) + Space.M, 0, -Space.XS, 0)

    def _paint_under(self, painter: QPainter) -> None:
        """Paint what lies under icon and words: ground, mark and ring."""
        colours = theme().colours
        ground = self._ground()
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(self.rect(), 7, 7)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRectF(0, self.height() * 0.25, 3, self.height() * 0.5), 1.5, 1.5)
        if self.hasFocus() and self._is_keyed:
            pen = painter.pen()
            pen.setColor(QColor(colours.accent))
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _ground(self) -> str:
        colours = theme().colours
        if self.isDown():
            return colours.pressed
        if self.isChecked():
            return colours.accent_soft
        return colours.pressed if self.underMouse() else ""


class _StatusItem(_Item):
    """Small words in up to two lines; all of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__("", IconName.REFRESH)
        self.setCheckable(False)
        self.setAutoExclusive(False)
        self._tone = Tone.MUTED

    def show_status(self, status: SidebarStatus) -> None:
        self._icon_name, self._tone = status.icon, status.tone
        self.setText(status.text)
        self.setAccessibleName(status.spoken)
        self.setToolTip(status.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        height = look.pixels(_HEIGHT)
        lines = QFontMetrics(look.font(TextRole.SMALL)).lineSpacing() * _STATUS_LINES
        return QSize(height, height if self._is_folded else max(height, lines + Space.S))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_under(painter)
        self._paint_icon(painter, self._tone)
        if not self._is_folded:
            look = theme()
            font = look.font(TextRole.SMALL)
            if self._tone is not Tone.MUTED:
                font.setWeight(look.font(TextRole.STRONG).weight())
            painter.setPen(look.colour(self._tone))
            painter.setFont(font)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(self._words_room(), int(flags), self.text())
