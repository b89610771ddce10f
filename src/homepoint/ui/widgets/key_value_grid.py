"""Facts in two aligned columns: what it is, and what is known."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.text import Label


class KeyValueGrid(QWidget):
    """Rows of a muted key and a value that can be marked and copied; None shows as "Not known"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty grid."""
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.XL)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, theme().pixels(120))

    def add_row(self, key: str, value: str | QWidget | None, *, tabular: bool = False) -> None:
        """Add a row at the end; `tabular` for dates, amounts and serials that stand under each other."""
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Label(key, tone=Tone.MUTED), row, 0, top)
        if isinstance(value, QWidget):
            self._grid.addWidget(value, row, 1)
            return
        if value is None:
            shown = Label("Not known", tone=Tone.UNKNOWN)
        else:
            shown = Label(value, wrap=True, selectable=True, tabular=tabular)
        shown.setAccessibleName(f"{key}: {shown.text()}")
        self._grid.addWidget(shown, row, 1, top)

    def clear(self) -> None:
        """Take all rows out."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
