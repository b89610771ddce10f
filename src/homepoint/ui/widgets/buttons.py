"""Buttons: the one primary of a page, plain, quiet, dangerous and icon-only ones, and a choice of a few."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from homepoint.ui.icons import IconName, icon
from homepoint.ui.theme import Tone, theme


class Button(QPushButton):
    """A plain button: what else can be done on a page. Enter presses it as Space does."""

    kind = "plain"
    icon_tone = Tone.TEXT

    def __init__(self, text: str, icon_name: IconName | None = None, parent: QWidget | None = None) -> None:
        """Make a button with a text and, if it helps, an icon."""
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        if icon_name is not None:
            self.set_icon(icon_name)

    def set_icon(self, icon_name: IconName) -> None:
        """Show another icon."""
        self.setIcon(icon(icon_name, self.icon_tone))
        self._fit_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Let the icon grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_icon()

    def _fit_icon(self) -> None:
        side = theme().pixels(18)
        gap = theme().pixels(8) if self.text() else 0  # a style sheet knows no distance from icon to text
        self.setIconSize(QSize(side + gap, side))


class PrimaryButton(Button):
    """The one thing a page is for; at most one on a page."""

    kind = "primary"
    icon_tone = Tone.ON_ACCENT


class QuietButton(Button):
    """A button without a frame, for actions beside a heading or within a row."""

    kind = "quiet"
    icon_tone = Tone.ACCENT


class DangerButton(Button):
    """A button for what removes something."""

    kind = "danger"
    icon_tone = Tone.OVERDUE


class IconButton(Button):
    """A button of an icon alone; its name is its tooltip and what a screen reader says."""

    kind = "icon"
    icon_tone = Tone.MUTED

    def __init__(self, icon_name: IconName, name: str, parent: QWidget | None = None) -> None:
        """Make a button with an icon and a spoken name."""
        super().__init__("", icon_name, parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class SegmentedControl(QWidget):
    """A choice of one out of two to five short options, side by side; the arrow keys move it."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Offer options.

        Args:
            name: what is chosen here, for a screen reader.
            options: (key, text) from left to right; the first is chosen.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for key, text in options:
            button = QPushButton(text)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {text}")
            button.installEventFilter(self)
            button.clicked.connect(lambda _checked, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self.set_current(options[0][0])

    @property
    def current(self) -> str:
        """Return the key of the chosen option."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_current(self, key: str) -> None:
        """Choose an option without emitting `chosen`."""
        self._buttons[key].setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move by the arrow keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            if step:
                keys = list(self._buttons)
                at = min(len(keys) - 1, max(0, keys.index(self.current) + step))
                self._buttons[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
                self._buttons[keys[at]].click()
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the trough the options lie in."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().colours.hover))
        painter.drawRoundedRect(self.rect(), 7, 7)
