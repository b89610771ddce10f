"""The owner's choices about the calendar on this computer, and when it was last brought up to date."""

from datetime import datetime
from pathlib import Path

from homepoint.domain.portable import instant, instant_text
from homepoint.presentation.calendar_card import CalendarForm
from homepoint.system.settings import Settings

_FILE, _WRITTEN, _PUBLISHED = "calendar/file", "calendar/written-at", "calendar/published-at"
_ADDRESS, _USER, _CERTIFICATES = "calendar/address", "calendar/user", "calendar/certificates"


class CalendarChoices:
    """Keeps which file and which calendar on a server are to be kept current. The password lies with the secrets."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def file(self) -> Path | None:
        """The calendar file, None where none is to be kept current."""
        kept = self._text(_FILE)
        return Path(kept) if kept else None

    def set_file(self, file: Path | None) -> None:
        """Keep another file, or none."""
        self._settings.write_text(_FILE, "" if file is None else str(file))
        self._settings.write_text(_WRITTEN, "")

    @property
    def server(self) -> CalendarForm:
        """The calendar on a server, without its password; no address where there is none."""
        return CalendarForm(
            address=self._text(_ADDRESS), user=self._text(_USER), certificates=self._text(_CERTIFICATES)
        )  # fmt: skip

    def set_server(self, form: CalendarForm) -> None:
        """Keep another calendar; one without an address for none."""
        if form.address != self._text(_ADDRESS):
            self._settings.write_text(_PUBLISHED, "")
        self._settings.write_text(_ADDRESS, form.address)
        self._settings.write_text(_USER, form.user)
        self._settings.write_text(_CERTIFICATES, form.certificates)

    @property
    def written_at(self) -> datetime | None:
        """When the file was last brought up to date."""
        return self._instant(_WRITTEN)

    def set_written(self, at: datetime) -> None:
        """Keep when the file was brought up to date."""
        self._settings.write_text(_WRITTEN, instant_text(at))

    @property
    def published_at(self) -> datetime | None:
        """When the calendar on the server was last brought up to date."""
        return self._instant(_PUBLISHED)

    def set_published(self, at: datetime) -> None:
        """Keep when the calendar on the server was brought up to date."""
        self._settings.write_text(_PUBLISHED, instant_text(at))

    def _text(self, key: str) -> str:
        return self._settings.read_text(key) or ""

    def _instant(self, key: str) -> datetime | None:
        try:
            return instant(self._text(key)) if self._text(key) else None
        except ValueError:
            return None


def password_name(address: str) -> str:
    """Return the name of a calendar's password among the secrets."""
    return f"calendar/{address}/password"
