"""Which tone and silhouette stand for a state or kind of device, the same on every page."""

from homepoint.domain.assessment import CareState
from homepoint.domain.facts import Category
from homepoint.presentation.wording import Urgency
from homepoint.ui.icons import Silhouette
from homepoint.ui.theme import Tone

CARE_TONES = {
    CareState.ACTIVE: Tone.GOOD,
    CareState.NOT_STARTED: Tone.SOON,
    CareState.USED_UP: Tone.TODAY,
    CareState.EXPIRED: Tone.MUTED,
    CareState.NONE: Tone.UNKNOWN,
}
_URGENCY_TONES = {
    Urgency.OVERDUE: Tone.OVERDUE,
    Urgency.TODAY: Tone.TODAY,
    Urgency.SOON: Tone.SOON,
    Urgency.LATER: Tone.ACCENT,
}


def urgency_tone(urgency: Urgency | None) -> Tone:
    """Return the tone of how near an end is; None has no end."""
    return Tone.ACCENT if urgency is None else _URGENCY_TONES[urgency]


def silhouette_of(category: Category | None) -> Silhouette:
    """Return the shape of a kind of device; one of unknown kind is drawn as an aircraft."""
    return Silhouette.AIRCRAFT if category is None else Silhouette(category.value)
