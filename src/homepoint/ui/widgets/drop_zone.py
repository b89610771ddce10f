"""A place to drop files on, with a button for those who rather choose them."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class DropZone(QWidget):
    """Takes local files by dropping or choosing; `files_chosen` carries their paths as a list."""

    files_chosen = Signal(list)

    def __init__(self, words: str, hint: str, parent: QWidget | None = None) -> None:
        """Say what may be dropped, and what happens with it."""
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(words)
        self.setAccessibleDescription(hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._is_over = False
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(IconView(IconName.PHOTO, Tone.ACCENT, 28), 0, _CENTRE)
        for label in (Label(words, TextRole.STRONG, wrap=True), Label(hint, tone=Tone.MUTED, wrap=True)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.button = Button("Choose files …", IconName.FOLDER)
        self.button.clicked.connect(self.choose)
        column.addWidget(self.button, 0, _CENTRE)

    def choose(self) -> QFileDialog:
        """Open the file dialog, and return it."""
        dialog = QFileDialog(self.window(), "Choose evidence")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.files_chosen.emit([Path(name) for name in names]))
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if _files_of(event):
            self._show_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on; the source keeps them whatever it proposed."""
        self._show_over(False)
        files = _files_of(event)
        if files:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.files_chosen.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed frame, stronger while files are over it."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = colours.accent if self._is_over else colours.field_line
        painter.setPen(QPen(QColor(line), 2 if self._is_over else 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(colours.accent_soft if self._is_over else colours.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)

    def _show_over(self, is_over: bool) -> None:
        self._is_over = is_over
        self.update()


def _files_of(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
