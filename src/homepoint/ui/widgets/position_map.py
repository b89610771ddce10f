"""A map without tiles: the last known position, the home point, rings around it, north and a scale."""

from math import cos, hypot, log10, radians, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from homepoint.domain.facts import Position
from homepoint.presentation.places import bearing_degrees, decimal_text, distance_m, distance_text
from homepoint.presentation.position_text import RINGS_DRAWN, both_ways
from homepoint.ui.theme import TextRole, Tone, theme

_LEAST_RADIUS_M = 150.0
_ROOM = 1.2
_MARGIN = 24


class PositionMap(QWidget):
    """Draws a last position in the middle; `show_home` widens the view so far that the home point is on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty map."""
        super().__init__(parent)
        self._last: Position | None = None
        self._home: Position | None = None
        self._with_home = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_place(self, last: Position | None, home: Position | None, *, with_home: bool = False) -> None:
        """Show a place; `with_home` keeps the home point in view, otherwise the search area fills the map."""
        self._last, self._home, self._with_home = last, home, with_home
        self.setAccessibleName("Map of the last known position")
        self.setAccessibleDescription(self.description)
        self.update()

    @property
    def description(self) -> str:
        """Return in words what is to be seen."""
        if self._last is None:
            return "No position is known."
        said = [f"The last known position, {decimal_text(self._last)}, lies in the centre; north is up."]
        if self._home is not None:
            far, there, back = both_ways(self._home, self._last)
            said.append(f"From the home point it is {far} away, bearing {there}; the way back bears {back}.")
        rings = ", ".join(f"{ring.metres} m ({ring.seconds} s)" for ring in RINGS_DRAWN)
        said.append(f"Rings around it: {rings}.")
        return " ".join(said)

    def sizeHint(self) -> QSize:
        """Return a wide rectangle."""
        return QSize(theme().pixels(480), theme().pixels(340))

    def minimumSizeHint(self) -> QSize:
        """Return the least at which the rings can be told apart."""
        return QSize(theme().pixels(240), theme().pixels(340))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, rings, places, north arrow and scale."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.colours.line), 1))
        painter.setBrush(QColor(look.colours.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(look.font(TextRole.SMALL, tabular=True))
        if self._last is None:
            painter.setPen(look.colour(Tone.MUTED))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Enter the last known position to see the map.")
            return
        scale = self._pixels_a_metre()
        self._paint_rings(painter, scale)
        self._paint_home(painter, scale)
        self._paint_last(painter)
        self._paint_legend(painter)
        self._paint_north(painter)
        self._paint_scale(painter, scale)

    def _centre(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _pixels_a_metre(self) -> float:
        radius = max(_LEAST_RADIUS_M, *(float(ring.metres) * _ROOM for ring in RINGS_DRAWN))
        if self._with_home and self._home is not None and self._last is not None:
            radius = max(radius, distance_m(self._last, self._home) * _ROOM)
        return (min(self.width(), self.height()) / 2 - _MARGIN) / radius

    def _paint_rings(self, painter: QPainter, scale: float) -> None:
        look, centre = theme(), self._centre()
        metrics = QFontMetrics(painter.font())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = 0.0
        for ring in RINGS_DRAWN:
            side = ring.metres * scale
            painter.setPen(QPen(look.colour(Tone.ACCENT), 1.2, Qt.PenStyle.DashLine))
            painter.drawEllipse(centre, side, side)
            if side - inside > metrics.height() * 0.9:
                words = f"{ring.metres} m, {ring.seconds} s"
                painter.setPen(look.colour(Tone.MUTED))
                left = centre.x() - metrics.horizontalAdvance(words) / 2
                painter.drawText(QPointF(left, centre.y() - side - 4), words)
            inside = side

    def _paint_last(self, painter: QPainter) -> None:
        _dot(painter, self._centre())

    def _paint_home(self, painter: QPainter, scale: float) -> None:
        if self._home is None or self._last is None:
            return
        look, centre = theme(), self._centre()
        angle = radians(bearing_degrees(self._last, self._home))
        far = distance_m(self._last, self._home) * scale
        place = QPointF(centre.x() + far * sin(angle), centre.y() - far * cos(angle))
        edge = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if not edge.contains(place):
            place = _towards(centre, place, edge)
        painter.setPen(QPen(look.colour(Tone.GOOD), 1.4, Qt.PenStyle.DotLine))
        painter.drawLine(centre, place)
        _square(painter, place)

    def _paint_legend(self, painter: QPainter) -> None:
        """Name the marks in the corner, where they hide nothing of the rings."""
        metrics = QFontMetrics(painter.font())
        lines = ["Last position"]
        if self._home is not None and self._last is not None:
            lines.append(f"Home point, {distance_text(distance_m(self._last, self._home))} away")
        height = metrics.height() + 6
        low = self.height() - 12 - height * len(lines)
        left, top = (64, 10) if self._home_lies_south_west() else (24, low)
        for at, words in enumerate(lines):
            middle = QPointF(left, top + height * (at + 0.5))
            (_square if at else _dot)(painter, middle)
            painter.setPen(theme().colour(Tone.TEXT))
            painter.drawText(QPointF(left + 14, middle.y() + metrics.ascent() / 2 - 1), words)

    def _home_lies_south_west(self) -> bool:
        if self._home is None or self._last is None:
            return False
        return 180 <= bearing_degrees(self._last, self._home) < 270

    def _paint_north(self, painter: QPainter) -> None:
        look = theme()
        x, top = 24.0, 16.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(Tone.TEXT))
        points = [QPointF(x, top), QPointF(x + 7, top + 20), QPointF(x, top + 15), QPointF(x - 7, top + 20)]
        painter.drawPolygon(QPolygonF(points))
        painter.setPen(look.colour(Tone.TEXT))
        painter.drawText(QRectF(x - 10, top + 21, 20, 16), Qt.AlignmentFlag.AlignCenter, "N")

    def _paint_scale(self, painter: QPainter, scale: float) -> None:
        metres = _round_length(self.width() / 5 / scale)
        right, bottom = self.width() - 18.0, self.height() - 16.0
        left = right - metres * scale
        painter.setPen(QPen(theme().colour(Tone.TEXT), 1.5))
        painter.drawPolyline(
            [QPointF(left, bottom - 5), QPointF(left, bottom), QPointF(right, bottom), QPointF(right, bottom - 5)]
        )
        metrics = QFontMetrics(painter.font())
        words = distance_text(metres)
        painter.drawText(QPointF(right - metrics.horizontalAdvance(words), bottom - 8), words)


def _dot(painter: QPainter, place: QPointF) -> None:
    painter.setPen(QPen(QColor(theme().colours.surface), 2))
    painter.setBrush(theme().colour(Tone.OVERDUE))
    painter.drawEllipse(place, 6, 6)


def _square(painter: QPainter, place: QPointF) -> None:
    painter.setPen(QPen(QColor(theme().colours.surface), 2))
    painter.setBrush(theme().colour(Tone.GOOD))
    painter.drawRect(QRectF(place.x() - 6, place.y() - 6, 12, 12))


def _towards(centre: QPointF, place: QPointF, edge: QRectF) -> QPointF:
    """Return where the way from the centre to a place outside crosses the edge."""
    x, y = place.x() - centre.x(), place.y() - centre.y()
    length = hypot(x, y) or 1.0
    ways = [edge.width() / 2 / abs(x / length) if x else length, edge.height() / 2 / abs(y / length) if y else length]
    reach = min(ways)
    return QPointF(centre.x() + x / length * reach, centre.y() + y / length * reach)


def _round_length(metres: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is no longer."""
    size = 10.0 ** int(log10(metres)) if metres >= 1 else 1.0
    return next((size * each for each in (5, 2, 1) if size * each <= metres), size)
