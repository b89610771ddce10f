"""A field for a small whole number."""

from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QWidget

from homepoint.ui.theme import Space


class NumberField(QSpinBox):
    """A whole number between two bounds, typed or stepped with the arrow keys."""

    def __init__(self, name: str, value: int, least: int, most: int, parent: QWidget | None = None) -> None:
        """Ask for a number; `name` says what it counts, for a screen reader."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setRange(least, most)
        self.setValue(value)
        inset_text(self)


def inset_text(field: QAbstractSpinBox) -> None:
    """Give the text of a stepping field the distance from its frame that Qt's style sheets forget."""
    field.lineEdit().setTextMargins(Space.S, 0, 0, 0)
