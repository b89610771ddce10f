"""Draws a page's content anew without the owner losing focus or place."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLayout, QSizePolicy, QWidget

from homepoint.ui.theme import theme
from homepoint.ui.widgets.page import ScrollPage


class Line(QWidget):
    """A thin line between the rows of a card."""

    def __init__(self) -> None:
        """Make a line as wide as its place."""
        super().__init__()
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the scheme's colour."""
        QPainter(self).fillRect(self.rect(), QColor(theme().colours.line))


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, nested layouts too; the widgets are hidden now and deleted later."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            for old in (widget, *widget.findChildren(QWidget)):
                old.setObjectName("")  # what is drawn anew bears the name from now on
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def drawn_anew(page: ScrollPage, draw: Callable[[], None]) -> None:
    """Let `draw` rebuild a page's content; focus goes to the new widget of the same object name, scrolling stays.

    Nothing is painted until everything has its place, which is once the new widgets are shown by the event loop.
    """
    focus = QApplication.focusWidget()
    name = focus.objectName() if focus is not None and page.isAncestorOf(focus) else ""
    place = page.area.verticalScrollBar().value()
    page.setUpdatesEnabled(False)
    try:
        draw()
    finally:
        QTimer.singleShot(0, page, lambda: _settle(page, name, place))


def _settle(page: ScrollPage, name: str, place: int) -> None:
    """Lay the content out with what is shown now, and let it be painted."""
    inner = page.area.widget()
    if inner is not None:
        # A layout asked for its height before its widgets were shown keeps that answer: it has to be asked again.
        for widget in (inner, *inner.findChildren(QWidget)):
            layout = widget.layout()
            if layout is not None:
                layout.invalidate()
        QCoreApplication.sendEvent(page.area, QEvent(QEvent.Type.LayoutRequest))
    page.setUpdatesEnabled(True)
    if name or place:
        _find_place(page, name, place)


def _find_place(page: ScrollPage, name: str, place: int) -> None:
    """Go back to where the owner was, once what was drawn is shown."""
    again = page.findChild(QWidget, name) if name else None
    if again is not None:
        again.setFocus(Qt.FocusReason.OtherFocusReason)
    page.area.verticalScrollBar().setValue(place)
