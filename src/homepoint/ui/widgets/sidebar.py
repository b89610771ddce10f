"""The navigation at the window's left: icons with words, or icons alone when the window is narrow."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName, paint
from homepoint.ui.theme import Space, TextRole, Tone, theme

_ICON = 20
_HEIGHT = 40
_WIDTH = 216


class NavigationSidebar(QWidget):
    """The list of pages, the current one marked; Ctrl+1 to Ctrl+9 and the arrow keys reach them."""

    chosen = Signal(str)

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
        self.setTabOrder(item, self.more)

    def set_current(self, key: str) -> None:
        """Mark an item without emitting `chosen`."""
        self._items[key].setChecked(True)

    def set_menu(self, menu: QMenu) -> None:
        """Let the last item, "More", open a menu."""
        self.more.clicked.connect(lambda: menu.popup(self.more.mapToGlobal(self.more.rect().topRight())))

    def set_folded(self, folded: bool) -> None:
        """Show icons alone (with tooltips), or icons and words."""
        if folded != self._is_folded:
            self._is_folded = folded
            for item in (*self._items.values(), self.more):
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
        look = theme()
        colours = look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
        side = look.pixels(_ICON)
        left = (self.width() - side) // 2 if self._is_folded else look.pixels(12)
        tone = Tone.ACCENT if self.isChecked() else Tone.MUTED
        paint(painter, QRect(left, (self.height() - side) // 2, side, side), self._icon_name, look.colour(tone))
        if not self._is_folded:
            painter.setPen(look.colour(Tone.TEXT if self.isChecked() else Tone.MUTED))
            painter.setFont(look.font(TextRole.STRONG if self.isChecked() else TextRole.BODY))
            room = self.rect().adjusted(left + side + Space.M, 0, -Space.XS, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _ground(self) -> str:
        colours = theme().colours
        if self.isDown():
            return colours.pressed
        if self.isChecked():
            return colours.accent_soft
        return colours.pressed if self.underMouse() else ""
