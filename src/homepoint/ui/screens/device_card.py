"""A device at a glance, as a card that opens it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from homepoint.presentation.overview import DeviceCard
from homepoint.ui.device_looks import CARE_TONES, silhouette_of, urgency_tone
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.status import DeviceSilhouette, Pips, StatusLabel, TimeRing
from homepoint.ui.widgets.text import ElidedLabel, Label


def device_card(card: DeviceCard) -> ActionCard:
    """Return the card of a device: silhouette, names, time left, replacements left, flyaway readiness."""
    made = ActionCard(card.spoken)
    made.setObjectName(f"card/{card.device}")
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)  # as tall as its neighbours
    made.body.addLayout(_top(card))
    care = QHBoxLayout()
    care.setSpacing(Space.S)
    care_tone = Tone.MUTED if card.care_state is None else CARE_TONES[card.care_state]
    care.addWidget(_quiet(StatusLabel(card.care, care_tone)))
    care.addStretch(1)
    if card.uses is not None:
        left, allowed = card.uses
        care.addWidget(_quiet(Pips(left, allowed, card.uses_text)))
        care.addWidget(_quiet(Label(f"{left} of {allowed} left", TextRole.SMALL, Tone.MUTED)))
    made.body.addLayout(care)
    if card.flyaway:
        tone = Tone.GOOD if card.flyaway_ready else Tone.TODAY if card.uses is not None else Tone.MUTED
        made.body.addWidget(_quiet(StatusLabel(card.flyaway, tone, TextRole.SMALL)))
    made.body.addStretch(1)
    return made


def _top(card: DeviceCard) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addStretch(1)
    words.addWidget(_quiet(ElidedLabel(card.name, TextRole.LARGE)))
    model = "" if card.model == card.name else card.model
    serial = f"…{card.serial}" if card.serial else "Serial not known"
    words.addWidget(_quiet(ElidedLabel(f"{model}  {serial}".strip(), tone=Tone.MUTED)))
    words.addStretch(1)
    row = QHBoxLayout()
    row.setSpacing(Space.L)
    row.addWidget(DeviceSilhouette(silhouette_of(card.category), height=52))
    row.addLayout(words, 1)
    if card.ring.share is not None or card.ring.text:
        ring = TimeRing(card.ring.share, card.ring.text, card.ring.sentence, urgency_tone(card.ring.urgency), side=52)
        row.addWidget(_quiet(ring))
    return row


def _quiet(widget: QWidget) -> QWidget:
    """Let the mouse through to the card, which is one button."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return widget
