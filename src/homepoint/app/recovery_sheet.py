"""Saves the sheet with the recovery code: a page to print, or plain text."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter

from homepoint.presentation.sync_forms import RecoverySheet
from homepoint.system.files import write_whole
from homepoint.ui.theme import TextRole, theme

_DPI = 300
_POINTS = {"title": 16, "code": 18, "line": 11}
_GAP = 0.25
"""Between paragraphs, in inches."""


def save_sheet(file: Path, sheet: RecoverySheet) -> None:
    """Save a sheet whole or not at all; a name that ends in .pdf gets a page.

    Raises:
        HomepointError: it cannot be written.
    """
    is_page = file.suffix.lower() == ".pdf"
    write_whole(file, _page(sheet) if is_page else sheet.text.encode())


def _page(sheet: RecoverySheet) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(sheet.title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(25, 25, 25, 25), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    painter.setPen(Qt.GlobalColor.black)
    top = 0.0
    for kind, text in (("title", sheet.title), ("code", sheet.code), *(("line", each) for each in sheet.lines)):
        painter.setFont(_font(kind))
        room = QRectF(0, top, writer.width(), writer.height() - top)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        used = painter.boundingRect(room, int(flags), text)
        painter.drawText(room, int(flags), text)
        top = used.bottom() + _GAP * _DPI
    painter.end()
    return bytes(buffer.data().data())


def _font(kind: str) -> QFont:
    font = theme().font(TextRole.STRONG if kind != "line" else TextRole.BODY, tabular=kind == "code")
    font.setPointSizeF(_POINTS[kind])
    return font
