"""Texts: a label that takes its size from the type scale and its colour from the scheme, and the headings."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from homepoint.ui.theme import Space, TextRole, Tone, theme

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Label(QLabel):
    """A plain text in a role of the type scale and a tone of the scheme; follows every change of theme."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.BODY,
        tone: Tone = Tone.TEXT,
        *,
        wrap: bool = False,
        selectable: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Show a text.

        Args:
            text: never read as markup.
            role: size and weight.
            tone: colour.
            wrap: break into lines instead of growing wide.
            selectable: let the owner mark and copy it with the mouse.
            tabular: equally wide digits.
            parent: the widget it lies in.
        """
        super().__init__(text, parent)
        self._role = role
        self._tone = tone
        self._tabular = tabular
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(QPalette.ColorRole.WindowText)  # not ButtonText, which an ActionCard would hand down
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if selectable:
            self.setTextInteractionFlags(_SELECTABLE)
        self._dress()

    @property
    def tone(self) -> Tone:
        """Return the tone in force."""
        return self._tone

    def set_tone(self, tone: Tone) -> None:
        """Change the colour's meaning."""
        self._tone = tone
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Dress again when palette or text size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the theme sets its style sheet anew at every change
            self._dress()

    def _dress(self) -> None:
        look = theme()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, look.colour(self._tone))
        self.setPalette(palette)
        self.setFont(look.font(self._role, tabular=self._tabular))


class ElidedLabel(Label):
    """A one-line text that ends in an ellipsis when there is no room; the whole text is its tooltip and name."""

    # Needed before __init__ ends: Qt sends change events while the base is being made.
    _full = ""
    _mode = Qt.TextElideMode.ElideRight

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.BODY,
        tone: Tone = Tone.TEXT,
        *,
        middle: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Show a text; `middle` cuts in the middle, for serials and paths."""
        super().__init__(role=role, tone=tone, parent=parent)
        if middle:
            self._mode = Qt.TextElideMode.ElideMiddle
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_full_text(text)

    @property
    def full_text(self) -> str:
        """Return the text before any cut."""
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show another text."""
        self._full = text
        self.setAccessibleName(text)
        self._cut()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room for the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few letters."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance("abc…"), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        """Cut anew when the font changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cut()

    def _cut(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._full, self._mode, max(0, self.width()))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class SectionHeading(QWidget):
    """The heading of a part of a page, with room for one quiet action at its right."""

    def __init__(self, text: str, action: QWidget | None = None, parent: QWidget | None = None) -> None:
        """Show a heading; `action` is usually a `QuietButton`."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        self.label = Label(text, TextRole.HEADING)
        row.addWidget(self.label)
        row.addStretch(1)
        if action is not None:
            row.addWidget(action)
