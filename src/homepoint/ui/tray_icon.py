"""The icons of the tray: for each state a shape and a mark of its own, readable without colour on any panel."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from homepoint.presentation.tray import TrayState
from homepoint.ui.theme import TextRole, theme
from homepoint.ui.theme_colours import LIGHT

_FILLS: Final = {
    TrayState.OVERDUE: LIGHT.overdue,
    TrayState.TODAY: LIGHT.today,
    TrayState.SOON: LIGHT.soon,
    TrayState.LATER: LIGHT.later,
    TrayState.CLEAR: LIGHT.good,
}
RING: Final = "#ffffff"
"""Drawn round the shape and as its mark. Nobody tells a program whether the panel is light or dark: on a dark one the
ring is seen, on a light one the fill."""

_LETTERS: Final = {TrayState.OVERDUE: "!", TrayState.TODAY: "T", TrayState.SOON: "S", TrayState.LATER: "L"}


def tray_icon(state: TrayState) -> QIcon:
    """Return the icon of a state, sharp at any size."""
    return QIcon(_StateEngine(state))


def fill_of(state: TrayState) -> str:
    """Return the colour a state is filled with, as `#rrggbb`."""
    return _FILLS[state]


class _StateEngine(QIconEngine):
    def __init__(self, state: TrayState) -> None:
        super().__init__()
        self._state = state

    def clone(self) -> QIconEngine:
        return _StateEngine(self._state)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(1.0, side / 16)
        painter.setPen(QPen(QColor(RING), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND))
        painter.setBrush(QColor(_FILLS[self._state]))
        painter.drawPath(_shape(self._state, square.adjusted(width, width, -width, -width)))
        _paint_mark(painter, self._state, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        picture = QPixmap(size * scale)  # the size comes in device-independent pixels
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), picture.size()), mode, state)
        painter.end()
        picture.setDevicePixelRatio(scale)
        return picture


_ROUND: Final = Qt.PenJoinStyle.RoundJoin


def _shape(state: TrayState, box: QRectF) -> QPainterPath:
    """Return the outline: an octagon for what is overdue, a square for today, round for all that has time."""
    path = QPainterPath()
    if state is TrayState.OVERDUE:
        cut = box.width() * 0.29
        left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
        corners = (
            (left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut),
            (right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut),
        )  # fmt: skip
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        path.closeSubpath()
    elif state is TrayState.TODAY:
        inset, radius = box.width() * 0.03, box.width() * 0.14
        path.addRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)
    else:
        path.addEllipse(box)
    return path


def _paint_mark(painter: QPainter, state: TrayState, square: QRectF) -> None:
    letter = _LETTERS.get(state)
    if letter is None:
        pen = QPen(QColor(RING), square.width() / 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND)
        painter.setPen(pen)
        points = ((0.30, 0.52), (0.44, 0.66), (0.71, 0.36))
        painter.drawPolyline([QPointF(square.x() + x * square.width(), square.y() + y * square.height())
                              for x, y in points])  # fmt: skip
        return
    font = theme().font(TextRole.STRONG)
    font.setWeight(QFont.Weight.Bold)
    font.setPixelSize(100)
    path = QPainterPath()
    path.addText(0, 0, font, letter)
    outline = path.boundingRect()  # of the letter alone: centred by its ink, not by its line
    scale = square.height() * 0.5 / outline.height()
    painter.save()
    painter.translate(square.center())
    painter.scale(scale, scale)
    painter.translate(-outline.center())
    painter.fillPath(path, QColor(RING))
    painter.restore()
