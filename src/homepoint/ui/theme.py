"""The look of the whole program: schemes, palettes, type, spacing; restyles the living windows at once.

The one way to reach it: `theme()` returns the `Theme` that belongs to the running QApplication (kept there as a
property, made on first use). A widget asks for colours and fonts while it paints, or derives from
`Label`/`Button`, which follow by themselves; it never stores a colour.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from homepoint.ui.theme_colours import DARK, LIGHT, Colours, Tone

__all__ = ["Scheme", "SchemeChoice", "Space", "TextRole", "Theme", "Tone", "resource_path", "theme"]

_PROPERTY: Final = "homepoint_theme"
_FAMILY: Final = "Inter"
_FONT_FILES: Final = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
_USUAL_SYSTEM_POINTS: Final = {"win32": 9.0, "darwin": 13.0}


class Space:
    """The only distances used in layouts, in device-independent pixels."""

    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24


class Scheme(StrEnum):
    """The scheme in force."""

    LIGHT = "light"
    DARK = "dark"


class SchemeChoice(StrEnum):
    """What the owner chose in Settings."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class TextRole(StrEnum):
    """The type scale: what a text is, from which its size and weight follow."""

    SMALL = "small"
    BODY = "body"
    STRONG = "strong"
    LARGE = "large"
    HEADING = "heading"
    TITLE = "title"


_PIXELS: Final = {
    TextRole.SMALL: 12,
    TextRole.BODY: 14,
    TextRole.STRONG: 14,
    TextRole.LARGE: 16,
    TextRole.HEADING: 18,
    TextRole.TITLE: 24,
}
_WEIGHTS: Final = {
    TextRole.SMALL: QFont.Weight.Normal,
    TextRole.BODY: QFont.Weight.Normal,
    TextRole.STRONG: QFont.Weight.DemiBold,
    TextRole.LARGE: QFont.Weight.Medium,
    TextRole.HEADING: QFont.Weight.DemiBold,
    TextRole.TITLE: QFont.Weight.DemiBold,
}


def resource_path(*parts: str) -> Path:
    """Return the path of a file shipped in `homepoint/resources`."""
    return Path(__file__).parent.parent.joinpath("resources", *parts)


class Theme(QObject):
    """Colours, fonts and style sheet of one QApplication."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        """Take the application over: Fusion style, the bundled font, palette and style sheet."""
        super().__init__(app)
        self._app = app
        self._choice = SchemeChoice.SYSTEM
        self._text_scale = _system_text_scale(app.font())
        self._families = _load_fonts(app.font())
        if app.style().name() != "fusion":
            app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._scheme = self._wanted_scheme()
        app.setProperty(_PROPERTY, self)  # before it is applied: widgets that are there already ask for it then
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """Return the scheme in force."""
        return self._scheme

    @property
    def choice(self) -> SchemeChoice:
        """Return what the owner chose."""
        return self._choice

    @property
    def colours(self) -> Colours:
        """Return the colours of the scheme in force."""
        return DARK if self._scheme is Scheme.DARK else LIGHT

    @property
    def text_scale(self) -> float:
        """Return the factor on all text sizes (1.0 is the designed size)."""
        return self._text_scale

    def choose_scheme(self, choice: SchemeChoice) -> None:
        """Use the light, the dark or the system's scheme from now on; open windows change at once."""
        self._choice = choice
        self._follow()

    def set_text_scale(self, factor: float) -> None:
        """Enlarge all text by a factor between 1.0 and 2.0; open windows change at once."""
        self._text_scale = min(2.0, max(1.0, factor))
        self._apply()

    def colour(self, tone: Tone) -> QColor:
        """Return the colour of a tone in the scheme in force."""
        return QColor(self.colours.of(tone))

    def font(self, role: TextRole = TextRole.BODY, *, tabular: bool = False) -> QFont:
        """Return the font of a role; `tabular` makes all digits equally wide, for columns and countdowns."""
        font = QFont(self._families)
        font.setPixelSize(self.pixels(_PIXELS[role]))
        font.setWeight(_WEIGHTS[role])
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def pixels(self, designed: int) -> int:
        """Return a length that grows with the text: icon sizes, control heights, column widths."""
        return round(designed * self._text_scale)

    def _wanted_scheme(self) -> Scheme:
        if self._choice is SchemeChoice.SYSTEM:
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return Scheme.DARK if dark else Scheme.LIGHT
        return Scheme(self._choice.value)

    def _on_system_scheme_changed(self) -> None:
        self._follow()

    def _follow(self) -> None:
        wanted = self._wanted_scheme()
        if wanted is not self._scheme:
            self._scheme = wanted
            self._apply()

    def _apply(self) -> None:
        self._app.setPalette(_palette(self.colours))
        self._app.setFont(self.font())
        self._app.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _style_sheet(self) -> str:
        """Fill the colours (`$name`) and lengths (`$12px`, scaled with the text) into the sheet."""
        text = resource_path("style.qss").read_text(encoding="utf-8")
        colours = self.colours
        icons = resource_path("icons").as_posix()
        names = {name: getattr(colours, name) for name in Colours.__slots__}
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(f"${name};", f"{names[name]};")
        for length in (8, 16, 20, 24):
            text = text.replace(f"${length}px", f"{self.pixels(length)}px")
        return text.replace("$icons", icons).replace("$scheme", self._scheme.value)


def theme() -> Theme:
    """Return the theme of the running QApplication, making it on first use.

    Raises:
        RuntimeError: there is no QApplication yet.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("A QApplication must exist before the theme is asked for.")
    found = app.property(_PROPERTY)
    return found if isinstance(found, Theme) else Theme(app)


def _system_text_scale(system: QFont) -> float:
    """Take over a text size that the owner enlarged in the system; small differences are only taste."""
    usual = _USUAL_SYSTEM_POINTS.get(sys.platform, 10.0)
    factor = system.pointSizeF() / usual if system.pointSizeF() > 0 else 1.0
    return min(2.0, factor) if factor >= 1.2 else 1.0


def _load_fonts(system: QFont) -> list[str]:
    """Register the bundled font and return it with the system's family behind it, for other scripts."""
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
    return [_FAMILY, QFontInfo(system).family()]


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.surface), QColor(colours.window))
    for which, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.field),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.overdue),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Light, colours.surface),
        (role.Midlight, colours.hover),
        (role.Mid, colours.line),
        (role.Dark, colours.field_line),
        (role.Shadow, colours.line),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return palette
