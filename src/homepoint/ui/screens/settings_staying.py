"""The settings card about the tray: whether closing the window leaves Homepoint there, and whether login starts it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.presentation.settings_page import Preferences
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label

STAYS: Final = "Keep running in the tray when the window is closed"
_STAYS_MEANS: Final = "Reminders then reach you without the window. Quit is in the tray's menu."
_NO_TRAY: Final = "This desktop shows no tray at the moment; closing the window ends Homepoint all the same."
STARTS: Final = "Start at login"
_STARTS_MEANS: Final = "Homepoint starts without its window, for the reminders."


class StayingCard(Card):
    """Two switches, both off until the owner chooses; each takes effect at once."""

    def __init__(
        self, preferences: Preferences, has_tray: Callable[[], bool] = lambda: True, parent: QWidget | None = None
    ) -> None:
        """Make the card.

        Args:
            preferences: keeps what is chosen here for this computer.
            has_tray: says whether the desktop shows a tray now.
            parent: the widget it lies in.
        """
        super().__init__("Tray and start", parent=parent)
        self._preferences, self._has_tray = preferences, has_tray
        self.body.setSpacing(Space.M)
        self.stays, self.stays_note = self._add(STAYS)
        self.body.addWidget(Line())
        self.starts, self.starts_note = self._add(STARTS)
        self.stays.toggled.connect(self._on_stays)
        self.starts.toggled.connect(self._on_starts)
        self.redraw()

    def redraw(self) -> None:
        """Show what is chosen now; start at login may have been changed in the system's own settings."""
        self._show(self.stays, self._preferences.stays_in_tray)
        self._show(self.starts, self._preferences.starts_at_login)
        self._say_stays()
        self._say_starts(_STARTS_MEANS, Tone.MUTED)

    def _add(self, text: str) -> tuple[QCheckBox, Label]:
        box, note = QCheckBox(text), Label(tone=Tone.MUTED, wrap=True, selectable=True)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        column.addWidget(box)
        column.addWidget(note)
        self.body.addLayout(column)
        return box, note

    def _show(self, box: QCheckBox, is_on: bool) -> None:
        with QSignalBlocker(box):
            box.setChecked(is_on)

    def _say_stays(self) -> None:
        lacks_tray = self.stays.isChecked() and not self._has_tray()
        words = _NO_TRAY if lacks_tray else _STAYS_MEANS
        self.stays_note.setText(words)
        self.stays_note.set_tone(Tone.TODAY if lacks_tray else Tone.MUTED)
        self.stays.setAccessibleDescription(words)

    def _say_starts(self, words: str, tone: Tone) -> None:
        self.starts_note.setText(words)
        self.starts_note.set_tone(tone)
        self.starts.setAccessibleDescription(words)

    def _on_stays(self, is_on: bool) -> None:
        self._preferences.set_stays_in_tray(is_on)
        self._say_stays()

    def _on_starts(self, is_on: bool) -> None:
        try:
            self._preferences.set_starts_at_login(is_on)
        except HomepointError as error:
            self._show(self.starts, self._preferences.starts_at_login)
            self._say_starts(f"{error.title} {error.advice}".strip(), Tone.OVERDUE)
            return
        self._say_starts(_STARTS_MEANS, Tone.MUTED)
