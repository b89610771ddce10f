"""The list of the report's pages: which are behind, which is shown, which can be gone to."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from homepoint.presentation.incident_guide import PAGE_TITLES, ReportPage
from homepoint.ui.dialogs.fields import Choice
from homepoint.ui.icons import IconName, paint
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import QuietButton
from homepoint.ui.widgets.text import Label

_WIDTH = 188


class StepsList(QWidget):
    """Beside the page: every page of the report by number. `chosen` carries the page; `discard_asked` the wish."""

    chosen = Signal(str)
    discard_asked = Signal()

    def __init__(self) -> None:
        """Make an empty list."""
        super().__init__()
        self.setAccessibleName("Pages of the report")
        self.setFixedWidth(theme().pixels(_WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.XL, 0, Space.L)
        column.setSpacing(Space.XS)
        self._about = Label("", tone=Tone.MUTED, wrap=True)
        column.addWidget(self._about)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.discard = QuietButton("Discard", IconName.DELETE)
        self.discard.setAccessibleName("Discard this report")
        self.discard.clicked.connect(self.discard_asked)
        column.addWidget(self.discard, 0, Qt.AlignmentFlag.AlignLeft)

    def show_pages(
        self, about: str, pages: Sequence[ReportPage], open_ones: frozenset[ReportPage], now: ReportPage, *, begun: bool
    ) -> None:
        """Show the pages of a report; `begun` offers to discard it."""
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self.discard.setVisible(begun)
        clear(self._rows)
        at = pages.index(now) if now in pages else 0
        for number, page in enumerate(pages, 1):
            row = _StepRow(
                number, page, can_go=page in open_ones, is_now=page is now, is_behind=number <= at and page in open_ones
            )
            row.clicked.connect(lambda _checked=False, to=page: self.chosen.emit(to.value))
            self._rows.addWidget(row)


class _StepRow(QAbstractButton):
    """One page: its number in a ring (filled for the page shown, ticked for those behind), and its title."""

    def __init__(self, number: int, page: ReportPage, *, can_go: bool, is_now: bool, is_behind: bool) -> None:
        super().__init__()
        self._number, self._is_now, self._is_behind = number, is_now, is_behind
        self.setText(PAGE_TITLES[page])
        self.setObjectName(f"step-{page.value}")
        self.setEnabled(can_go or is_now)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        state = "shown now" if is_now else "can be opened" if can_go else "not yet"
        self.setAccessibleName(f"Page {number}: {PAGE_TITLES[page]}, {state}")

    def sizeHint(self) -> QSize:
        """Return one comfortable line."""
        return QSize(theme().pixels(120), theme().pixels(34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, ring and title."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = look.colours.accent_soft if self._is_now else look.colours.hover if self.underMouse() else None
        if self.hasFocus() or (ground and self.isEnabled()):
            painter.setPen(QPen(QColor(look.colours.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground) if ground and self.isEnabled() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        side = look.pixels(20)
        ring = QRectF(look.pixels(8), (self.height() - side) / 2, side, side)
        self._paint_ring(painter, ring)
        words = look.colour(Tone.TEXT) if self.isEnabled() else QColor(look.colours.disabled)
        painter.setPen(words)
        painter.setFont(look.font(TextRole.STRONG if self._is_now else TextRole.BODY))
        room = self.rect().adjusted(round(ring.right()) + look.pixels(8), 0, -4, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        look = theme()
        line = look.colour(Tone.ACCENT) if self.isEnabled() else QColor(look.colours.disabled)
        painter.setPen(QPen(line, 1.5))
        painter.setBrush(line if self._is_now else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        if self._is_behind and not self._is_now:
            paint(painter, ring.adjusted(4, 4, -4, -4).toRect(), IconName.CHECK, line)
            return
        painter.setPen(look.colour(Tone.ON_ACCENT) if self._is_now else line)
        painter.setFont(look.font(TextRole.SMALL))
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepsChoice(QWidget):
    """The same where there is little room: one list to choose the page from."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Make an empty list."""
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.M, Space.XL, 0)

    def show_pages(self, pages: Sequence[ReportPage], open_ones: frozenset[ReportPage], now: ReportPage) -> None:
        """Show the pages one may go to."""
        clear(self._column)
        total = len(pages)
        options = [
            (page, f"Page {number} of {total}: {PAGE_TITLES[page]}")
            for number, page in enumerate(pages, 1)
            if page in open_ones or page is now
        ]
        choice = Choice[ReportPage]("Page of the report", options, now)
        choice.activated.connect(lambda _index: self.chosen.emit(choice.value.value))
        self._column.addWidget(choice)
