"""What a page says when there is nothing yet, and what to do about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.flow import WrapLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_READABLE_WIDTH = 460


class EmptyState(QWidget):
    """An icon, a headline, a sentence and a few buttons in the middle of an empty page."""

    def __init__(
        self,
        icon_name: IconName,
        headline: str,
        sentence: str,
        *buttons: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        """Make it of words and buttons, the primary one first."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        column.setSpacing(Space.M)
        column.addStretch(2)
        column.addWidget(IconView(icon_name, Tone.MUTED, 40), 0, _CENTRE)
        title = Label(headline, TextRole.HEADING, wrap=True)
        title.setAlignment(_CENTRE)
        column.addWidget(title)
        text = Label(sentence, tone=Tone.MUTED, wrap=True)
        text.setAlignment(_CENTRE)
        text.setMaximumWidth(theme().pixels(_READABLE_WIDTH))
        middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        middle.addStretch(1)
        middle.addWidget(text, 1000)
        middle.addStretch(1)
        column.addLayout(middle)
        if buttons:
            column.addSpacing(Space.S)
            row = WrapLayout(Space.M, centred=True)
            for button in buttons:
                row.addWidget(button)
            column.addLayout(row)
        column.addStretch(3)
