"""An icon to look at beside words."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from homepoint.ui.icons import IconName, paint
from homepoint.ui.theme import Tone, theme


class IconView(QWidget):
    """An icon to look at, not to press; an ornament beside words."""

    def __init__(
        self, icon_name: IconName, tone: Tone = Tone.TEXT, side: int = 20, parent: QWidget | None = None
    ) -> None:
        """Show an icon at a designed size."""
        super().__init__(parent)
        self._icon_name = icon_name
        self._tone = tone
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a square that grows with the text."""
        side = theme().pixels(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        paint(QPainter(self), self.rect(), self._icon_name, theme().colour(self._tone))
