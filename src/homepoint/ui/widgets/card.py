"""Cards: one flat surface for one matter, plain or to be pressed as a whole."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.theme import Space, TextRole, theme
from homepoint.ui.widgets.text import Label

_RADIUS = 10.0


class Card(QWidget):
    """A surface with an optional title and action; put content into `body`. Cards never lie in cards."""

    def __init__(self, title: str = "", action: QWidget | None = None, parent: QWidget | None = None) -> None:
        """Make a card; `action` stands at the right of the title."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.M)
        if title or action is not None:
            row = QHBoxLayout()
            row.setSpacing(Space.M)
            row.addWidget(Label(title, TextRole.LARGE), 1)
            if action is not None:
                row.addWidget(action)
            column.addLayout(row)
        if title:
            self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.S)
        column.addLayout(self.body)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface."""
        painter = QPainter(self)
        _paint_surface(painter, QRectF(self.rect()), theme().colours.surface, theme().colours.line, 1.0)


class ActionCard(QAbstractButton):
    """A card that is one big button (`clicked`); Space and Enter press it. Content in `body` takes no mouse."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make a card; `name` is the whole of what a screen reader says."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        self.body.setSpacing(Space.S)

    def sizeHint(self) -> QSize:
        """Return what the content needs."""
        return self.body.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least the content needs."""
        return self.body.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """Say whether some content wraps."""
        return self.body.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the content at a width."""
        return self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.sizeHint().height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ask for new room when the content changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface, lit under the mouse, ringed with the focus."""
        colours = theme().colours
        fill = colours.pressed if self.isDown() else colours.hover if self.underMouse() else colours.surface
        ring, width = (colours.accent, 2.0) if self.hasFocus() else (colours.line, 1.0)
        _paint_surface(QPainter(self), QRectF(self.rect()), fill, ring, width)


def _paint_surface(painter: QPainter, rect: QRectF, fill: str, line: str, width: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), width))
    painter.setBrush(QColor(fill))
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), _RADIUS, _RADIUS)
    painter.end()
