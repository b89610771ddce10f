"""The life of a claim as a row of painted steps: what is done, whose turn it is, what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from homepoint.ui.theme import Space, TextRole, theme

_LEAST_STEP = 86
_DOT = 22
_LABEL_LINES = 2
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class StepMark(StrEnum):
    """How a step stands."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarItem:
    """One step: its label, what stands below it, and the whole of it for a screen reader."""

    key: str
    label: str
    mark: StepMark
    below: str
    spoken: str


class StepBar(QWidget):
    """Steps from left to right, in a second row where they do not fit. `chosen` carries the key of a pressed step.

    One stop of the Tab key; the arrow keys, Home and End go from step to step, Space and Enter press one.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty bar; `name` says what it is about, for a screen reader."""
        super().__init__(parent)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.steps: list[StepButton] = []

    def show_steps(self, items: Sequence[BarItem]) -> None:
        """Show other steps; the focus stays on the step of the same key."""
        focused = next((each.item.key for each in self.steps if each.hasFocus()), None)
        for old in self.steps:
            old.hide()
            old.deleteLater()
        self.steps = [StepButton(item, self) for item in items]
        for place, each in enumerate(self.steps):
            each.is_first, each.is_last = place == 0, place == len(self.steps) - 1
            each.clicked.connect(lambda _checked=False, key=each.item.key: self.chosen.emit(key))
            each.show()
        start = next((each for each in self.steps if each.item.mark is StepMark.NEXT), None)
        self._let_tab_reach(start or (self.steps[-1] if self.steps else None))
        again = next((each for each in self.steps if each.item.key == focused), None)
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()
        self.updateGeometry()

    def go(self, place: int) -> None:
        """Put the focus on a step, by its place from 0."""
        if self.steps:
            step = self.steps[min(len(self.steps) - 1, max(0, place))]
            self._let_tab_reach(step)
            step.setFocus(Qt.FocusReason.TabFocusReason)

    def sizeHint(self) -> QSize:
        """Return the room for all steps in one row."""
        width = theme().pixels(_LEAST_STEP)
        return QSize(width * len(self.steps), StepButton.height_needed())

    def minimumSizeHint(self) -> QSize:
        """Return the room for one step."""
        return QSize(theme().pixels(_LEAST_STEP), StepButton.height_needed())

    def hasHeightForWidth(self) -> bool:
        """Say that steps which do not fit go into a second row."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        rows = -(-len(self.steps) // self._columns(width)) if self.steps else 1
        return rows * StepButton.height_needed() + (rows - 1) * Space.S

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the steps anew."""
        self._place()

    def _columns(self, width: int) -> int:
        """Return how many steps a row holds: all of them, or rows of equal length."""
        count = max(1, len(self.steps))
        most = max(1, width // theme().pixels(_LEAST_STEP))
        rows = -(-count // most)
        return -(-count // rows)

    def _place(self) -> None:
        columns = self._columns(self.width())
        width, height = self.width() / columns, StepButton.height_needed()
        for place, step in enumerate(self.steps):
            row, column = divmod(place, columns)
            left, right = round(column * width), round((column + 1) * width)
            step.setGeometry(QRect(left, row * (height + Space.S), right - left, height))

    def _let_tab_reach(self, wanted: "StepButton | None") -> None:
        for each in self.steps:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is wanted else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from step to step."""
        at = next((place for place, each in enumerate(self.steps) if each.hasFocus()), None)
        key = Qt.Key(event.key())
        if at is None or key not in (*_KEYS, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        elif key in _KEYS:
            self.go(at + _KEYS[key])
        else:
            self.go(0 if key is Qt.Key.Key_Home else len(self.steps) - 1)


class StepButton(QAbstractButton):
    """One step: a dot on the line, its label and what stands below."""

    def __init__(self, item: BarItem, parent: QWidget) -> None:
        """Make a step."""
        super().__init__(parent)
        self.item = item
        self.is_first = self.is_last = False
        self.setObjectName(f"step/{item.key}")
        self.setAccessibleName(item.spoken)
        self.setToolTip(item.spoken)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @staticmethod
    def height_needed() -> int:
        """Return the height of dot, two lines of label and one below."""
        line = QFontMetrics(theme().font(TextRole.SMALL)).lineSpacing()
        return theme().pixels(_DOT) + Space.S * 2 + line * (_LABEL_LINES + 1) + Space.S

    def sizeHint(self) -> QSize:
        """Return the room of one step."""
        return QSize(theme().pixels(_LEAST_STEP), self.height_needed())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press by Enter too; leave the arrows to the bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif Qt.Key(event.key()) in _KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, dot and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme().pixels(_DOT)
        dot = QRectF((self.width() - side) / 2, Space.XS, side, side)
        if self.underMouse() or self.hasFocus():
            self._paint_ground(painter)
        self._paint_line(painter, dot)
        self._paint_dot(painter, dot)
        self._paint_words(painter, dot)

    def _paint_ground(self, painter: QPainter) -> None:
        colours = theme().colours
        painter.setBrush(QColor(colours.hover))
        painter.setPen(QPen(QColor(colours.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 1, -2, -1), 8, 8)

    def _paint_line(self, painter: QPainter, dot: QRectF) -> None:
        colours = theme().colours
        behind = QColor(colours.good if self.item.mark in (StepMark.DONE, StepMark.NEXT) else colours.track)
        ahead = QColor(colours.good if self.item.mark is StepMark.DONE else colours.track)
        middle = dot.center().y()
        if not self.is_first:
            painter.setPen(QPen(behind, 2))
            painter.drawLine(QPointF(0, middle), QPointF(dot.left() - 2, middle))
        if not self.is_last:
            painter.setPen(QPen(ahead, 2))
            painter.drawLine(QPointF(dot.right() + 2, middle), QPointF(self.width(), middle))

    def _paint_dot(self, painter: QPainter, dot: QRectF) -> None:
        colours, mark = theme().colours, self.item.mark
        inner = dot.adjusted(1, 1, -1, -1)
        if mark is StepMark.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.good))
            painter.drawEllipse(inner)
            painter.setPen(QPen(QColor(colours.surface), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            unit = dot.width() / 22
            places = ((6.5, 11.5), (9.8, 14.6), (15.5, 8))
            painter.drawPolyline(QPolygonF([dot.topLeft() + QPointF(x * unit, y * unit) for x, y in places]))
            return
        painter.setBrush(QColor(colours.surface))
        if mark is StepMark.NEXT:
            painter.setPen(QPen(QColor(colours.accent), 3))
            painter.drawEllipse(inner)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawEllipse(dot.center(), dot.width() / 5, dot.width() / 5)
            return
        style = Qt.PenStyle.DotLine if mark is StepMark.LEFT_OUT else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colours.field_line), 1.5, style))
        painter.drawEllipse(inner)

    def _paint_words(self, painter: QPainter, dot: QRectF) -> None:
        look, mark = theme(), self.item.mark
        is_quiet = mark in (StepMark.LATER, StepMark.LEFT_OUT)
        font = look.font(TextRole.SMALL)
        font.setBold(mark is StepMark.NEXT)
        painter.setFont(font)
        painter.setPen(QColor(look.colours.muted if is_quiet else look.colours.text))
        line = QFontMetrics(font).lineSpacing()
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        top = round(dot.bottom()) + Space.S
        room = QRect(Space.XS, top, self.width() - 2 * Space.XS, line * _LABEL_LINES)
        used = painter.boundingRect(room, int(middle), self.item.label)
        painter.drawText(room, int(middle), self.item.label)
        if self.item.below:
            painter.setPen(QColor(look.colours.accent if mark is StepMark.NEXT else look.colours.muted))
            below = QRect(Space.XS, min(used.bottom(), room.bottom()) + 1, room.width(), line)
            painter.drawText(below, int(middle), self.item.below)
