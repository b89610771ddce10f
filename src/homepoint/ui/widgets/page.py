"""The frame of every page: heading, subtitle, one primary button, and content that scrolls."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import PrimaryButton
from homepoint.ui.widgets.text import Label

READABLE_WIDTH = 1100


class ScrollPage(QWidget):
    """A page with a heading that stays and a column, `content`, that scrolls and never grows unreadably wide."""

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        primary: PrimaryButton | None = None,
        *others: QWidget,
        fills: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a page and add to its `content`.

        Args:
            title: the heading.
            subtitle: a sentence under it, may be empty.
            primary: the one thing the page is for.
            others: plain buttons left of the primary one.
            fills: let the content take all the height, for a page that is one table; otherwise it keeps to the top.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setAccessibleName(title)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        row.setSpacing(Space.S)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.title = Label(title, TextRole.TITLE, wrap=True)
        words.addWidget(self.title)
        self.subtitle = Label(subtitle, tone=Tone.MUTED, wrap=True)
        self.subtitle.setVisible(bool(subtitle))
        words.addWidget(self.subtitle)
        row.addLayout(words, 1)
        for button in (*others, primary):
            if button is not None:
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._head = _no_wider(head)
        page.addWidget(self._head)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Space.XL, 0, Space.XL, Space.XL)
        self.content = QVBoxLayout()
        self.content.setSpacing(Space.L)
        column.addLayout(self.content, 1 if fills else 0)
        if not fills:
            column.addStretch(1)
        holder = _no_wider(inner)
        holder.setAutoFillBackground(False)
        self.area.setWidget(holder)
        page.addWidget(self.area, 1)
        self.area.verticalScrollBar().installEventFilter(self)

    def set_subtitle(self, text: str) -> None:
        """Show another subtitle, or none."""
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep heading and content equally wide while the scroll bar comes and goes."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide) and watched is self.area.verticalScrollBar():
            bar = self.area.verticalScrollBar()
            self._head.setContentsMargins(0, 0, bar.sizeHint().width() if bar.isVisibleTo(self.area) else 0, 0)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the page keys wherever the focus is."""
        bar = self.area.verticalScrollBar()
        acts = {
            Qt.Key.Key_PageDown: QScrollBar.SliderAction.SliderPageStepAdd,
            Qt.Key.Key_PageUp: QScrollBar.SliderAction.SliderPageStepSub,
            Qt.Key.Key_Home: QScrollBar.SliderAction.SliderToMinimum,
            Qt.Key.Key_End: QScrollBar.SliderAction.SliderToMaximum,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            bar.triggerAction(act)


def _no_wider(inner: QWidget) -> QWidget:
    """Keep a widget at the left and no wider than can be read."""
    inner.setMaximumWidth(READABLE_WIDTH)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(inner, 1000)
    row.addStretch(1)
    return holder
