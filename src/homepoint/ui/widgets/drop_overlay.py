"""What lies over the window while files are dragged across it: where they can be let go, and what happens then."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label

_MARGIN = 12
_VEIL = 235


class DropOverlay(QWidget):
    """Covers its parent, lets the mouse through, and says that files can be dropped here."""

    def __init__(self, parent: QWidget) -> None:
        """Make it, hidden."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Drop to look inside")
        column = QVBoxLayout(self)
        column.setSpacing(Space.S)
        column.addStretch(1)
        column.addWidget(IconView(IconName.IMPORT, Tone.ACCENT, 48), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (
            Label("Drop to look inside", TextRole.HEADING),
            Label("Flight records, photos, tables, owner files, or a folder of them.", wrap=True),
            Label("You see what is in them before anything is added.", tone=Tone.MUTED, wrap=True),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.hide()

    def appear(self) -> None:
        """Cover the parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a veil and a dashed frame."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.surface)
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), 12, 12)
