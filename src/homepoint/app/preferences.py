"""The owner's choices on this computer, kept in the settings file."""

from pathlib import Path

from homepoint.app.starting import SCHEME_SETTING
from homepoint.system.login_start import LoginStart, login_start, start_command
from homepoint.system.settings import Settings

STAYS_SETTING = "window/stays-in-tray"
_SYNC_MINUTES = "sync/minutes"
SYNC_MINUTES_AT_FIRST = 15


class KeptPreferences:
    """`presentation.settings_page.Preferences` on the settings file."""

    def __init__(self, settings: Settings, folder: Path, login: LoginStart | None = None) -> None:
        """Keep choices; `login` is how this system starts programs, unless another one is named."""
        self._settings, self._folder = settings, folder
        self._login = login or login_start(folder)

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
    def stays_in_tray(self) -> bool:
        """Whether closing the window leaves Homepoint in the tray."""
        return self._settings.read_text(STAYS_SETTING) == "yes"

    def set_stays_in_tray(self, stays: bool) -> None:
        """Keep the other choice."""
        self._settings.write_text(STAYS_SETTING, "yes" if stays else "no")

    @property
    def starts_at_login(self) -> bool:
        """Whether the system starts Homepoint at login; the system knows, for it can be changed there too."""
        return self._login.is_on()

    def set_starts_at_login(self, starts: bool) -> None:
        """Tell the system.

        Raises:
            HomepointError: it does not take it.
        """
        if starts:
            self._login.turn_on(start_command(self._folder))
        else:
            self._login.turn_off()

    @property
    def sync_minutes(self) -> int:
        """How many minutes lie between two rounds of synchronising; 0 leaves them to the owner."""
        kept = self._settings.read_text(_SYNC_MINUTES) or ""
        return int(kept) if kept.isdecimal() else SYNC_MINUTES_AT_FIRST

    def set_sync_minutes(self, minutes: int) -> None:
        """Keep another span."""
        self._settings.write_text(_SYNC_MINUTES, str(minutes))
