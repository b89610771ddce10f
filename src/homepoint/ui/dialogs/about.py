"""The About dialog: what Homepoint is, that DJI did not make it, and whose work it stands on."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from homepoint import __version__
from homepoint.ui.desk import Desk
from homepoint.ui.theme import Space, TextRole, Tone, resource_path, theme
from homepoint.ui.widgets.buttons import PrimaryButton
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.text import Label

_WIDTH = 560
_LICENCE_HEIGHT = 180
_SENTENCES = (
    "Says what your device is covered for, until when, and by which rule. It works offline, from your own records and "
    "a catalogue of published terms with their sources.",
    "Homepoint is not made by DJI, nor endorsed by it. DJI and the names of its products are marks of their owner and "
    "are used only to say which device is meant.",
    "It never signs in to DJI. What DJI decides about a claim, only DJI can say.",
)
_WORKS = (
    ("Inter, the typeface: The Inter Project Authors, SIL Open Font License 1.1", ("fonts", "LICENSE-Inter-OFL.txt")),
    ("Lucide, the icons: Lucide Icons and Contributors, ISC License", ("icons", "LICENSE-lucide.txt")),
)
_LIBRARIES = (
    "Qt and PySide6: The Qt Company Ltd. and contributors, GNU Lesser General Public License 3",
    "SQLAlchemy and Alembic: Mike Bayer and contributors, MIT License",
    "Each of the other libraries comes with its licence text in its installed package.",
)


class AboutDialog(QDialog):
    """Shows version, who made it, and licences."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make the dialog; the desk tells the version of the terms."""
        super().__init__(parent)
        self.setWindowTitle("About Homepoint")
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # wrapped words ask for too much height
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Homepoint", TextRole.TITLE))
        versions = f"Version {__version__}, terms of {desk.terms.version}"
        column.addWidget(Label(versions, tone=Tone.MUTED, selectable=True, tabular=True))
        for sentence in _SENTENCES:
            column.addWidget(Label(sentence, wrap=True, selectable=True))
        column.addWidget(Label("The work of others", TextRole.STRONG))
        for words, path in _WORKS:
            licence = _Licence(words, path)
            licence.toggled.connect(self._fit)
            column.addWidget(licence)
        for words in _LIBRARIES:
            column.addWidget(Label(words, tone=Tone.MUTED, wrap=True, selectable=True))
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = PrimaryButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus()
        self._fit()

    def _fit(self) -> None:
        """Be as high as the words need at this width."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))


class _Licence(Disclosure):
    """Whose work it is, and the licence's text, read when it is opened."""

    def __init__(self, words: str, path: tuple[str, ...]) -> None:
        super().__init__(title=words)
        self._words, self._path = words, path
        self._text: QPlainTextEdit | None = None
        self.toggled.connect(self._on_opened)

    def _on_opened(self, is_open: bool) -> None:
        if is_open and self._text is None:
            self._text = QPlainTextEdit(resource_path(*self._path).read_text(encoding="utf-8"))
            self._text.setReadOnly(True)
            self._text.setTabChangesFocus(True)
            self._text.setFixedHeight(theme().pixels(_LICENCE_HEIGHT))
            self._text.setAccessibleName(f"Licence of {self._words}")
            self.add_widget(self._text)
