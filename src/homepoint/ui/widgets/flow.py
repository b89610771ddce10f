"""A layout for cards: as many equal columns as the width holds, rows equally tall."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from homepoint.ui.theme import Space, theme


class FlowLayout(QLayout):
    """Lays widgets out in equal columns and reflows them when the width changes."""

    def __init__(self, least_width: int = 300, spacing: int = Space.L, parent: QWidget | None = None) -> None:
        """Make a layout whose columns are at least `least_width` (designed; grows with the text) wide."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._least_width = least_width
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item in at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out, None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Say that it takes the width it is given, and no more height than it needs."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at a width."""
        return self._arrange(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, moving=True)

    def sizeHint(self) -> QSize:
        """Return the room for one column."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the least width of one column and the tallest item."""
        width = min([theme().pixels(self._least_width), *(i.minimumSize().width() for i in self._items)], default=0)
        height = max((item.minimumSize().height() for item in self._items), default=0)
        return QSize(width, height)

    def columns_at(self, width: int) -> int:
        """Return how many columns fit into a width."""
        least = theme().pixels(self._least_width)
        return max(1, (width + self.spacing()) // (least + self.spacing()))

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        shown = [item for item in self._items if not item.isEmpty()]
        columns = self.columns_at(rect.width())
        gap = self.spacing()
        width = (rect.width() - gap * (columns - 1)) // columns
        top = rect.y()
        for start in range(0, len(shown), columns):
            row = shown[start : start + columns]
            height = max(_height(item, width) for item in row)
            if moving:
                for at, item in enumerate(row):
                    item.setGeometry(QRect(rect.x() + at * (width + gap), top, width, height))
            top += height + gap
        return max(0, top - gap - rect.y()) if shown else 0


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
