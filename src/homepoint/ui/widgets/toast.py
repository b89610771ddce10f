"""The short word at the foot of the window after an act, with Undo."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QEnterEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, theme
from homepoint.ui.widgets.buttons import IconButton, QuietButton
from homepoint.ui.widgets.text import Label

_SHOWN_MS = 8000


class Toast(QWidget):
    """Says what was done over the foot of its host; goes by itself, but never under the mouse or the focus."""

    action_chosen = Signal()

    def __init__(self, host: QWidget) -> None:
        """Belong to a window or page; hidden until something is told."""
        super().__init__(host)
        self._host = host
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        row.setSpacing(Space.M)
        self.label = Label()
        row.addWidget(self.label, 1)
        self.button = QuietButton("Undo")
        self.button.clicked.connect(self._on_action)
        row.addWidget(self.button)
        close = IconButton(IconName.CLOSE, "Close this message")
        close.clicked.connect(self.hide)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_over)
        host.installEventFilter(self)
        self.hide()

    def tell(self, text: str, action: str | None = "Undo", shown_ms: int = _SHOWN_MS) -> None:
        """Show a text, with an action or (None) without, and let a screen reader announce it."""
        self.label.setText(text)
        self.setAccessibleName(text)
        self.button.setVisible(action is not None)
        self.button.setText(action or "")
        self._place()
        self.show()
        self.raise_()
        self._timer.start(shown_ms)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the host changes its size."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait while the mouse rests on it."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Count anew when the mouse leaves."""
        self._timer.start(_SHOWN_MS // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a raised surface."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.field_line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)

    def _place(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._host.width() - 2 * Space.XL)
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._host.height() - self.height() - Space.XL, width, self.height())

    def _on_action(self) -> None:
        self.hide()
        self.action_chosen.emit()

    def _on_time_over(self) -> None:
        focus = self.focusWidget()
        if focus is not None and focus.hasFocus() and self.isAncestorOf(focus):
            self._timer.start(_SHOWN_MS)
        else:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
