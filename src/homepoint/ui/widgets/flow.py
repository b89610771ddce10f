"""Layouts that reflow with the width: cards in equal columns, and buttons or fields in lines."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from homepoint.ui.theme import Space, theme


class _ReflowingLayout(QLayout):
    """Holds the items; a subclass arranges them and says how high that becomes."""

    def __init__(self, spacing: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
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
        """Return the least room; the rest follows from the width."""
        return self.minimumSize()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        raise NotImplementedError


class FlowLayout(_ReflowingLayout):
    """Lays cards out in as many equal columns as the width holds, rows equally tall."""

    def __init__(self, least_width: int = 300, spacing: int = Space.L, parent: QWidget | None = None) -> None:
        """Make a layout whose columns are at least `least_width` (designed; grows with the text) wide."""
        super().__init__(spacing, parent)
        self._least_width = least_width

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
        shown = self._shown()
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


class WrapLayout(_ReflowingLayout):
    """Lays buttons or fields out at their own width, one after the other, and breaks the line where it is full."""

    def __init__(self, spacing: int = Space.S, *, centred: bool = False, parent: QWidget | None = None) -> None:
        """Make a layout whose lines start at the left or stand in the middle."""
        super().__init__(spacing, parent)
        self._centred = centred

    def sizeHint(self) -> QSize:
        """Return the room for one line."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the room for the largest item."""
        least = QSize(0, 0)
        for item in self._shown():
            least = least.expandedTo(item.minimumSize())
        return least

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        top = rect.y()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item in line)
            used = sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)
            left = rect.x() + (max(0, rect.width() - used) // 2 if self._centred else 0)
            for item in line:
                size = item.sizeHint().boundedTo(QSize(rect.width(), height))
                if moving:
                    item.setGeometry(QRect(left, top + (height - size.height()) // 2, size.width(), size.height()))
                left += size.width() + self.spacing()
            top += height + self.spacing()
        return max(0, top - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if not lines or left + needed > width:
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += needed + self.spacing()
        return lines


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
