"""A text as a QR code, black on white in every scheme, so that any camera reads it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from homepoint.ui.theme import theme

_QUIET = 4
"""Modules of white around the code, which cameras need."""


class QrCode(QWidget):
    """Paints a code in whole pixels, as large as its room allows; a screen reader is told where the same text is."""

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        """Make an empty code.

        Args:
            name: what a screen reader says of it.
            side: the designed width and height; it grows with the text.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._side = side
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another text."""
        import segno  # late: once in the life of a library

        made = segno.make(text, error="m", micro=False)
        self._rows = tuple(tuple(bool(each) for each in row) for row in made.matrix_iter(border=_QUIET))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return whole pixels for each module, at least three, near the designed size."""
        count = len(self._rows) or 1
        side = max(3, round(theme().pixels(self._side) / count)) * count if self._rows else theme().pixels(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint white ground and black modules."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.white))
        if not self._rows:
            return
        step = max(1, min(self.width(), self.height()) // len(self._rows))
        left = (self.width() - step * len(self._rows)) // 2
        top = (self.height() - step * len(self._rows)) // 2
        black = QColor(Qt.GlobalColor.black)
        for y, row in enumerate(self._rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.fillRect(QRect(left + x * step, top + y * step, step, step), black)
