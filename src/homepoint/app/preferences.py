"""The owner's choices on this computer, kept in the settings file."""

from pathlib import Path

from homepoint.app.starting import SCHEME_SETTING
from homepoint.system.settings import Settings

_SYNC_MINUTES = "sync/minutes"
SYNC_MINUTES_AT_FIRST = 15


class KeptPreferences:
    """`presentation.settings_page.Preferences` on the settings file."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder

    @property
    def theme(self) -> str:
        """One of the keys of `THEMES`; the system's until another was chosen."""
        return self._settings.read_text(SCHEME_SETTING) or "system"

    def set_theme(self, theme: str) -> None:
        """Keep another theme."""
        self._settings.write_text(SCHEME_SETTING, theme)

    @property
    def data_folder(self) -> str:
        """The folder of library and settings."""
        return str(self._folder)

    @property
    def sync_minutes(self) -> int:
        """How many minutes lie between two rounds of synchronising; 0 leaves them to the owner."""
        kept = self._settings.read_text(_SYNC_MINUTES) or ""
        return int(kept) if kept.isdecimal() else SYNC_MINUTES_AT_FIRST

    def set_sync_minutes(self, minutes: int) -> None:
        """Keep another span."""
        self._settings.write_text(_SYNC_MINUTES, str(minutes))
