"""The painted cover timeline: lanes of time, a line for the instant shown, and exact words for each of its parts."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from homepoint.presentation.timeline import SpanKind, Timeline, TimelineMark, TimelineSpan, ticks
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.text import Label

_TONES = {
    SpanKind.CARE: Tone.ACCENT,
    SpanKind.WINDOW: Tone.SOON,
    SpanKind.WARRANTY: Tone.LATER,
    SpanKind.EXTENDED: Tone.GOOD,
}
_LEAST_BAR = 4.0
_TICK_WIDTH = 64
_MARK_RADIUS = 5.0


@dataclass(frozen=True, slots=True)
class _Stop:
    """One part of the picture that the mouse and the arrow keys find."""

    part: TimelineSpan | TimelineMark
    rect: QRectF


class CoverTimeline(QWidget):
    """A device's cover over time. The arrow keys walk its spans and marks; the line below tells the exact instants."""

    stop_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty timeline; call `show_timeline`."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self.chart = _Chart()
        column.addWidget(self.chart)
        self.words = Label(tone=Tone.MUTED, wrap=True, selectable=True, tabular=True)
        column.addWidget(self.words)
        self.chart.told.connect(self._on_told)

    def show_timeline(self, shown: Timeline, zone: tzinfo) -> None:
        """Draw a timeline; its axis counts in the owner's time zone."""
        self.chart.show_timeline(shown, zone)
        self._on_told(shown.at_detail)

    def _on_told(self, words: str) -> None:
        self.words.setText(words)
        self.stop_changed.emit(words)


class _Chart(QWidget):
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Timeline | None = None
        self._zone: tzinfo | None = None
        self._at_stop: int | None = None
        self.setAccessibleName("Cover timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_timeline(self, shown: Timeline, zone: tzinfo) -> None:
        self._shown, self._zone, self._at_stop = shown, zone, None
        self.setAccessibleDescription(shown.description)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lanes = len(self._shown.lanes) if self._shown else 0
        return QSize(theme().pixels(600), round(2 * self._strip() + max(1, lanes) * self._row()))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(360), self.sizeHint().height())

    # Geometry: a gutter of lane names, then time; above it the shown instant's words, below it the axis.

    def _strip(self) -> float:
        return float(theme().pixels(24))

    def _row(self) -> float:
        return float(theme().pixels(34))

    def _gutter(self) -> float:
        if self._shown is None:
            return 0.0
        metrics = QFontMetrics(theme().font(TextRole.SMALL))
        return max((metrics.horizontalAdvance(lane.name) for lane in self._shown.lanes), default=0) + 2.0 * Space.L

    def _x(self, at: datetime) -> float:
        assert self._shown is not None
        whole = (self._shown.until_at - self._shown.from_at).total_seconds()
        share = (at - self._shown.from_at).total_seconds() / whole
        left = self._gutter()
        return left + min(1.0, max(0.0, share)) * (self.width() - left - 1)

    def _bar(self, row: int, span: TimelineSpan) -> QRectF:
        left = self._gutter() if span.starts_at is None else self._x(span.starts_at)
        right = self.width() - 1.0 if span.ends_at is None else self._x(span.ends_at)
        if right - left < _LEAST_BAR:
            right = left + _LEAST_BAR
        height = theme().pixels(22)
        top = self._strip() + row * self._row() + (self._row() - height) / 2
        return QRectF(left, top, right - left, height)

    def _spot(self, row: int, mark: TimelineMark) -> QRectF:
        middle = QPointF(self._x(mark.at), self._strip() + (row + 0.5) * self._row())
        side = 2 * _MARK_RADIUS + 4
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def _stops(self) -> list[_Stop]:
        """Return every part from the top lane to the bottom one, marks after the spans they lie on."""
        found: list[_Stop] = []
        for row, lane in enumerate(self._shown.lanes if self._shown else ()):
            found += [_Stop(span, self._bar(row, span)) for span in lane.spans]
            found += [_Stop(mark, self._spot(row, mark)) for mark in lane.marks]
        return found

    # What the owner does.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the spans and marks by the arrow keys; Escape returns to the shown instant."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        stops = self._stops()
        if key in step and stops:
            at = -1 if self._at_stop is None and step[key] > 0 else self._at_stop or 0
            self._go_to((at + step[key]) % len(stops), stops)
        elif key == Qt.Key.Key_Escape and self._at_stop is not None:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell of the shown instant again."""
        super().focusOutEvent(event)
        self._leave()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what lies under the mouse."""
        stop = self._stop_at(event.position())
        if stop is not None:
            self.told.emit(stop.part.detail)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell of the chosen part, or of the shown instant, again."""
        if self._shown is not None:
            stops = self._stops()
            self.told.emit(self._shown.at_detail if self._at_stop is None else stops[self._at_stop].part.detail)

    def event(self, event: QEvent) -> bool:
        """Show the exact instants as a tooltip too."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            stop = self._stop_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), stop.part.detail if stop else "", self)
            return True
        return super().event(event)

    def _stop_at(self, where: QPointF) -> _Stop | None:
        hits = [stop for stop in self._stops() if stop.rect.adjusted(-2, -4, 2, 4).contains(where)]
        return hits[-1] if hits else None

    def _go_to(self, index: int, stops: list[_Stop]) -> None:
        self._at_stop = index
        words = stops[index].part.detail
        self.told.emit(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    def _leave(self) -> None:
        self._at_stop = None
        if self._shown is not None:
            self.told.emit(self._shown.at_detail)
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axis, lanes, the shown instant, and the ring around the chosen part."""
        if self._shown is None or self._zone is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font(TextRole.SMALL, tabular=True))
        self._paint_axis(painter)
        for row, lane in enumerate(self._shown.lanes):
            self._paint_name(painter, row, lane.name)
            for span in lane.spans:
                self._paint_span(painter, self._bar(row, span), span)
        self._paint_instant(painter)
        for row, lane in enumerate(self._shown.lanes):
            for at, span in enumerate(lane.spans):
                self._paint_label(painter, self._bar(row, span), _label(span), self._room(row, at))
        for row, lane in enumerate(self._shown.lanes):
            for mark in lane.marks:
                self._paint_mark(painter, self._spot(row, mark))
        if self.hasFocus():
            self._paint_focus(painter)

    def _paint_axis(self, painter: QPainter) -> None:
        assert self._shown is not None
        assert self._zone is not None
        colours = theme().colours
        top, bottom = self._strip(), self.height() - self._strip()
        left = self._gutter()
        most = int((self.width() - left) / theme().pixels(_TICK_WIDTH))
        metrics = painter.fontMetrics()
        for tick in ticks(self._shown.from_at, self._shown.until_at, self._zone, most):
            x = self._x(tick.at)
            painter.setPen(QPen(QColor(colours.field_line if tick.is_year else colours.line), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            width = metrics.horizontalAdvance(tick.label)
            if x + width + 4 <= self.width():
                painter.setPen(theme().colour(Tone.TEXT if tick.is_year else Tone.MUTED))
                where = QRectF(x + 4, bottom, width + 4, self._strip())
                painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tick.label)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QPointF(left, bottom), QPointF(self.width(), bottom))

    def _paint_name(self, painter: QPainter, row: int, name: str) -> None:
        painter.setPen(theme().colour(Tone.MUTED))
        where = QRectF(0, self._strip() + row * self._row(), self._gutter() - Space.M, self._row())
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _room(self, row: int, at: int) -> float:
        """Return where the next span of a lane begins, so that words beside a bar do not run into it."""
        assert self._shown is not None
        spans = self._shown.lanes[row].spans
        starts = [self._bar(row, each).left() for each in spans[at + 1 :]]
        return min(starts, default=float(self.width()))

    def _paint_span(self, painter: QPainter, bar: QRectF, span: TimelineSpan) -> None:
        colour = theme().colour(_TONES[span.kind])
        is_fading = span.starts_at is None or span.ends_at is None
        painter.setPen(Qt.PenStyle.NoPen if is_fading else QPen(colour, 1))
        if is_fading:
            painter.setBrush(_fade(bar, colour, span))
        else:
            soft = QColor(colour)
            soft.setAlphaF(0.22)
            painter.setBrush(soft)
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_label(self, painter: QPainter, bar: QRectF, label: str, room: float) -> None:
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(label)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme().colour(Tone.TEXT))
        beside = room - bar.right() - 2 * Space.S
        if width + 2 * Space.S > bar.width() and beside > bar.width() and beside >= min(width, 80):
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, int(beside))
            painter.drawText(QRectF(bar.right() + Space.S, bar.top(), beside, bar.height()), middle, text)
        elif bar.width() > 5 * Space.S:
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, int(bar.width() - 2 * Space.S))
            painter.drawText(bar.adjusted(Space.S, 0, -Space.S, 0), middle, text)

    def _paint_instant(self, painter: QPainter) -> None:
        assert self._shown is not None
        colour = theme().colour(Tone.TEXT)
        x = self._x(self._shown.at)
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(x, self._strip() - 3), QPointF(x, self.height() - self._strip()))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(self._shown.at_label) + 2 * Space.S
        left = min(max(self._gutter(), x - width / 2), self.width() - width)
        pill = QRectF(left, 1, width, self._strip() - 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(theme().colours.surface))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._shown.at_label)

    def _paint_mark(self, painter: QPainter, spot: QRectF) -> None:
        painter.setPen(QPen(QColor(theme().colours.surface), 2))
        painter.setBrush(theme().colour(Tone.TEXT))
        painter.drawEllipse(spot.center(), _MARK_RADIUS, _MARK_RADIUS)

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(theme().colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        stops = self._stops()
        if self._at_stop is not None and self._at_stop < len(stops):
            rect = stops[self._at_stop].rect.adjusted(-3, -3, 3, 3)
            painter.drawRoundedRect(rect.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)), 6, 6)
        else:
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


def _label(span: TimelineSpan) -> str:
    """Return a span's words, with what is not known about it."""
    if span.starts_at is None and span.ends_at is None:
        return f"{span.label}: not known"
    if span.ends_at is None:
        return f"{span.label}: end not known"
    return span.label if span.starts_at is not None else f"{span.label}: beginning not known"


def _fade(bar: QRectF, colour: QColor, span: TimelineSpan) -> QLinearGradient:
    """Return a brush that fades towards the side which is not known."""
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    strong, none = QColor(colour), QColor(colour)
    strong.setAlphaF(0.3)
    none.setAlphaF(0.02)
    gradient.setColorAt(0.0, strong if span.starts_at else none)
    if span.starts_at is None and span.ends_at is None:
        strong.setAlphaF(0.14)
        gradient.setColorAt(0.5, strong)
    gradient.setColorAt(1.0, strong if span.ends_at else none)
    return gradient
