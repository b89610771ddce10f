"""A strip across a page that tells one thing and offers one act."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.buttons import IconButton, QuietButton
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label


class BannerKind(StrEnum):
    """What a banner is about; the icon and the words say it, the colour only helps."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"
    SAMPLE = "sample"


_LOOKS = {
    BannerKind.INFO: ("accent_soft", IconName.INFO, Tone.ACCENT, "Note"),
    BannerKind.WARNING: ("warning_soft", IconName.WARNING, Tone.TODAY, "Warning"),
    BannerKind.DANGER: ("danger_soft", IconName.ATTENTION, Tone.OVERDUE, "Important"),
    BannerKind.SAMPLE: ("sample_soft", IconName.SAMPLE, Tone.TEXT, "Sample data"),
}


class Banner(QWidget):
    """One sentence or two, an optional action, an optional close button."""

    action_chosen = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: BannerKind,
        text: str,
        action: str | None = None,
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Tell something; closing hides the banner and emits `closed`."""
        super().__init__(parent)
        self._background, icon_name, tone, word = _LOOKS[kind]
        self.setAccessibleName(f"{word}: {text}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(IconView(icon_name, tone))
        self.label = Label(text, wrap=True, selectable=True)
        row.addWidget(self.label, 1)
        if action is not None:
            button = QuietButton(action)
            button.clicked.connect(self.action_chosen)
            row.addWidget(button)
        if closable:
            close = IconButton(IconName.CLOSE, "Close this message")
            close.clicked.connect(self._on_close)
            row.addWidget(close)

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme().colours, self._background)))
        painter.drawRoundedRect(self.rect(), 8, 8)
