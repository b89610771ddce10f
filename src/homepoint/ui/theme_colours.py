"""The two colour schemes: every colour a widget may use, and which texts stand on which backgrounds."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a text, icon or mark means; each tone is one colour in each scheme and never stands without words."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    GOOD = "good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One scheme, each colour as `#rrggbb`."""

    window: str
    surface: str
    sidebar: str
    raised: str
    hover: str
    pressed: str
    line: str
    field: str
    field_line: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    warning_soft: str
    danger_soft: str
    sample_soft: str
    track: str
    overdue: str
    today: str
    soon: str
    later: str
    good: str
    unknown: str

    def of(self, tone: Tone) -> str:
        """Return the colour of a tone as `#rrggbb`."""
        colour: str = getattr(self, tone.value)
        return colour


LIGHT = Colours(
    window="#f5f6f8",
    surface="#ffffff",
    sidebar="#ebeef2",
    raised="#ffffff",
    hover="#e9edf2",
    pressed="#dde3ea",
    line="#dce1e7",
    field="#ffffff",
    field_line="#858f9c",
    text="#161b22",
    muted="#525c69",
    disabled="#8a939f",
    accent="#1d5fb8",
    accent_hover="#184f9a",
    accent_pressed="#133f7c",
    on_accent="#ffffff",
    accent_soft="#e1ebf8",
    warning_soft="#fcefdc",
    danger_soft="#fbe6e4",
    sample_soft="#ece6f8",
    track="#d9dfe6",
    overdue="#ad1f1b",
    today="#9c4004",
    soon="#715300",
    later="#21608c",
    good="#17663a",
    unknown="#545d69",
)

DARK = Colours(
    window="#14171b",
    surface="#1d2126",
    sidebar="#101317",
    raised="#262b31",
    hover="#272c33",
    pressed="#31373f",
    line="#2e343b",
    field="#16191d",
    field_line="#737d89",
    text="#e9ecf0",
    muted="#a7b0bb",
    disabled="#6b747f",
    accent="#82b1ff",
    accent_hover="#9cc2ff",
    accent_pressed="#b6d2ff",
    on_accent="#0a1c36",
    accent_soft="#1f2f47",
    warning_soft="#3a2c17",
    danger_soft="#402221",
    sample_soft="#2f2843",
    track="#373e46",
    overdue="#ff8f86",
    today="#ffb26b",
    soon="#e6ca62",
    later="#8dc5ee",
    good="#79d59c",
    unknown="#a7b0bb",
)

TEXT_TONES = tuple(tone for tone in Tone if tone is not Tone.ON_ACCENT)
TEXT_BACKGROUNDS = ("window", "surface", "sidebar", "raised", "hover", "field", "accent_soft", "warning_soft",
                    "danger_soft", "sample_soft")  # fmt: skip
ACCENT_BACKGROUNDS = ("accent", "accent_hover", "accent_pressed")


def text_pairs(colours: Colours) -> list[tuple[str, str, str]]:
    """Return every text and background that meet on screen, as (name, text colour, background colour)."""
    pairs = [
        (f"{tone} on {background}", colours.of(tone), getattr(colours, background))
        for tone in TEXT_TONES
        for background in TEXT_BACKGROUNDS
    ]
    pairs += [(f"on_accent on {name}", colours.on_accent, getattr(colours, name)) for name in ACCENT_BACKGROUNDS]
    pairs += [("text on pressed", colours.text, colours.pressed)]
    return pairs


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio (1 to 21) of two `#rrggbb` colours."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
