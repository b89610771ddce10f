"""States in one glance: a dot with its word, an urgency bar with its word, pips and a ring with their words."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from homepoint.ui.icons import Silhouette, paint
from homepoint.ui.theme import TextRole, Tone, theme
from homepoint.ui.widgets.text import Label

_FIXED = QSizePolicy.Policy.Fixed


class StatusLabel(Label):
    """A coloured dot and the word that says the same."""

    def __init__(self, word: str, tone: Tone, role: TextRole = TextRole.BODY, parent: QWidget | None = None) -> None:
        """Show a state in a word of one or two."""
        super().__init__(word, role, tone, selectable=True, parent=parent)
        self.setContentsMargins(theme().pixels(16), 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, _FIXED)

    def set_state(self, word: str, tone: Tone) -> None:
        """Show another state."""
        self.setText(word)
        self.set_tone(tone)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot beside the word."""
        super().paintEvent(event)
        side = theme().pixels(8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(self.tone))
        painter.drawEllipse(QRectF(1, (self.height() - side) / 2, side, side))


class Urgency(StrEnum):
    """How near a deadline is; the value is also its tone."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


_URGENCY_WORDS = {
    Urgency.OVERDUE: "Overdue",
    Urgency.TODAY: "Today",
    Urgency.SOON: "Soon",
    Urgency.LATER: "Later",
}


class UrgencyBar(QWidget):
    """A coloured bar as tall as its row and the word Overdue, Today, Soon or Later; equally wide in every row."""

    def __init__(self, urgency: Urgency, parent: QWidget | None = None) -> None:
        """Show an urgency."""
        super().__init__(parent)
        self.setSizePolicy(_FIXED, QSizePolicy.Policy.Preferred)
        self._urgency = urgency
        self.set_urgency(urgency)

    def set_urgency(self, urgency: Urgency) -> None:
        """Show another urgency."""
        self._urgency = urgency
        self.setAccessibleName(_URGENCY_WORDS[urgency])
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the longest word, so that rows align."""
        metrics = QFontMetrics(theme().font(TextRole.STRONG))
        widest = max(metrics.horizontalAdvance(word) for word in _URGENCY_WORDS.values())
        return QSize(4 + 12 + widest + 4, metrics.height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the same: it never shrinks."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bar and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour(Tone(self._urgency.value))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(0, 0, 4, self.height()), 2, 2)
        painter.setPen(colour)
        painter.setFont(theme().font(TextRole.STRONG))
        left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(16, 0, 0, 0), left_middle, _URGENCY_WORDS[self._urgency])


class TimeRing(QWidget):
    """A ring that shows how much of a time is left, with a short text inside; a dashed ring when not known."""

    def __init__(
        self,
        fraction: float | None,
        text: str,
        description: str,
        tone: Tone = Tone.ACCENT,
        *,
        side: int = 64,
        parent: QWidget | None = None,
    ) -> None:
        """Show a time left.

        Args:
            fraction: 0.0 (none left) to 1.0 (all), None where it is not known.
            text: what stands inside, such as "214 d"; may be empty.
            description: the same as a sentence, for tooltip and screen reader.
            tone: the colour of what is left.
            side: the designed size; it grows with the text.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._side = side
        self.setSizePolicy(_FIXED, _FIXED)
        self.set_time(fraction, text, description, tone)

    def set_time(self, fraction: float | None, text: str, description: str, tone: Tone = Tone.ACCENT) -> None:
        """Show another time left; arguments as when made."""
        self._fraction = None if fraction is None else min(1.0, max(0.0, fraction))
        self._text = text
        self._tone = tone
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square that grows with the text."""
        side = theme().pixels(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, arc and text."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(4.0, self.width() / 13)
        rect = QRectF(self.rect()).adjusted(width / 2 + 1, width / 2 + 1, -width / 2 - 1, -width / 2 - 1)
        pen = QPen(QColor(look.colours.track), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        if self._fraction is None:
            pen.setColor(QColor(look.colours.field_line))
            pen.setWidthF(2)
            pen.setDashPattern([1.0, 3.0])
        painter.setPen(pen)
        painter.drawEllipse(rect)
        if self._fraction:
            pen.setColor(look.colour(self._tone))
            painter.setPen(pen)
            painter.drawArc(rect, 90 * 16, -round(self._fraction * 360 * 16))
        painter.setPen(look.colour(Tone.TEXT))
        painter.setFont(look.font(TextRole.SMALL, tabular=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Pips(QWidget):
    """How many of a few are left, as filled and hollow dots; always beside or with words."""

    def __init__(self, left: int, total: int, description: str, parent: QWidget | None = None) -> None:
        """Show `left` of `total`; `description` says it in words, such as "2 of 4 replacements left"."""
        super().__init__(parent)
        self.setSizePolicy(_FIXED, _FIXED)
        self.set_left(left, total, description)

    def set_left(self, left: int, total: int, description: str) -> None:
        """Show another count."""
        self._left = left
        self._total = total
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for all dots."""
        step = theme().pixels(14)
        return QSize(self._total * step, step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dots."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = look.pixels(14)
        radius = step * 0.32
        for at in range(self._total):
            filled = at < self._left
            painter.setPen(QPen(QColor(look.colours.accent if filled else look.colours.field_line), 1.5))
            painter.setBrush(QColor(look.colours.accent) if filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(step * (at + 0.5), self.height() / 2), radius, radius)


class DeviceSilhouette(QWidget):
    """The drawn shape of a kind of device, 4 wide by 3 high; an ornament without a spoken name."""

    def __init__(
        self, shape: Silhouette, *, height: int = 60, tone: Tone = Tone.MUTED, parent: QWidget | None = None
    ) -> None:
        """Show a shape at a designed height (it looks well from 30 to 100)."""
        super().__init__(parent)
        self._shape = shape
        self._tone = tone
        self._height = height
        self.setSizePolicy(_FIXED, _FIXED)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Return 4 by 3."""
        return QSize(round(self._height * 4 / 3), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape in its tone."""
        paint(QPainter(self), self.rect(), self._shape, theme().colour(self._tone))
