"""Icons and device silhouettes: drawn from SVG when first seen, sharp at any scale, tinted by the scheme in force.

Add one: copy its SVG into `resources/icons` (or draw one into `resources/silhouettes`) with `currentColor`
as its only colour, and name it here.
"""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

from homepoint.ui.theme import Tone, resource_path, theme


class IconName(StrEnum):
    """Every icon of the program; the value is its file name."""

    OVERVIEW = "house"
    DEVICES = "drone"
    CLAIMS = "clipboard-list"
    DEADLINES = "calendar-clock"
    SETTINGS = "settings"
    SHIELD = "shield"
    COVERED = "shield-check"
    NOT_COVERED = "shield-alert"
    ADD = "plus"
    SEARCH = "search"
    BIND = "link"
    UNBIND = "unlink"
    CHECK = "check"
    CLOSE = "x"
    YES = "circle-check"
    NO = "circle-x"
    ATTENTION = "circle-alert"
    WARNING = "triangle-alert"
    HELP = "circle-question-mark"
    INFO = "info"
    COPY = "copy"
    OPEN_PAGE = "external-link"
    UNDO = "undo-2"
    REDO = "redo-2"
    RIGHT = "chevron-right"
    DOWN = "chevron-down"
    LEFT = "chevron-left"
    UP = "chevron-up"
    MOON = "moon"
    SUN = "sun"
    BATTERY = "battery"
    CONTROLLER = "gamepad-2"
    ACCOUNT = "user"
    DOCUMENT = "file-text"
    EXPORT = "upload"
    IMPORT = "download"
    DELETE = "trash-2"
    EDIT = "pencil"
    HISTORY = "history"
    CLOCK = "clock"
    REPAIR = "wrench"
    REFRESH = "refresh-cw"
    PARCEL = "package"
    PLACE = "map-pin"
    PHOTO = "camera"
    MORE = "ellipsis"
    REMINDER = "bell"
    KEYBOARD = "keyboard"
    LOCK = "lock"
    FOLDER = "folder-open"
    SAMPLE = "flask-conical"
    WATER = "waterdrop"


class Silhouette(StrEnum):
    """The drawn shape of each kind of device; the value is its file name."""

    AIRCRAFT = "aircraft"
    ENTERPRISE_AIRCRAFT = "enterprise-aircraft"
    HANDHELD = "handheld"
    GIMBAL_CAMERA = "gimbal-camera"


def icon(name: IconName, tone: Tone = Tone.TEXT) -> QIcon:
    """Return an icon that paints itself in the tone's colour of whatever scheme is in force; reads no file yet."""
    return QIcon(_TintedEngine(name, tone))


def pixmap(shape: IconName | Silhouette, size: QSize, scale: float, colour: QColor) -> QPixmap:
    """Return a picture of a shape.

    Args:
        shape: which icon or silhouette.
        size: in device-independent pixels.
        scale: the device pixel ratio it will be shown at.
        colour: what `currentColor` becomes.
    """
    key = f"homepoint/{shape.value}/{size.width()}x{size.height()}@{scale}/{colour.name()}"
    found = QPixmap()
    if not QPixmapCache.find(key, found):
        found = _render(shape, size, scale, colour)
        QPixmapCache.insert(key, found)
    return found


def paint(painter: QPainter, rect: QRect, shape: IconName | Silhouette, colour: QColor) -> None:
    """Paint a shape into a rectangle, from within a paintEvent."""
    device = painter.device()
    scale = device.devicePixelRatio() if device is not None else 1.0
    painter.drawPixmap(rect.topLeft(), pixmap(shape, rect.size(), scale, colour))


class _TintedEngine(QIconEngine):
    """Looks the colour up at each paint, so a change of scheme needs no new icons."""

    def __init__(self, name: IconName, tone: Tone) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._tone)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, rect, self._name, self._colour(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, size, 1.0, self._colour(mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        logical = QSize(round(size.width() / scale), round(size.height() / scale))
        return pixmap(self._name, logical, scale, self._colour(mode))

    def _colour(self, mode: QIcon.Mode) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return QColor(theme().colours.disabled)
        return theme().colour(self._tone)


@cache
def _svg(shape: IconName | Silhouette) -> str:
    folder = "icons" if isinstance(shape, IconName) else "silhouettes"
    return resource_path(folder, f"{shape.value}.svg").read_text(encoding="utf-8")


def _render(shape: IconName | Silhouette, size: QSize, scale: float, colour: QColor) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # about 10 ms, so not before a shape is really seen

    renderer = QSvgRenderer(QByteArray(_svg(shape).replace("currentColor", colour.name()).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    picture = QPixmap(round(size.width() * scale), round(size.height() * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(QPoint(0, 0), picture.size()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
