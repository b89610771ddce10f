"""What the card and the dialogs about the calendar work with: how it stands, and everything that can be asked of it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from homepoint.application.calendar_publishing import CalendarReport
from homepoint.presentation.calendar_card import CalendarForm, CalendarPage
from homepoint.ui.jobs import Job


class CalendarDesk(QObject):
    """Handed to screens and dialogs by the composition root, which implements it; all of it is for the GUI thread.

    What may take long is returned as a job that has begun already: connect to its signals at once.

    Signals:
        changed: `page` is another.
    """

    changed = Signal()

    @property
    def page(self) -> CalendarPage:
        """How file and server stand."""
        raise NotImplementedError

    @property
    def chosen_server(self) -> CalendarForm:
        """What was chosen about the server; the password is not in it."""
        raise NotImplementedError

    def choose_file(self, file: Path) -> None:
        """Keep this calendar file current from now on."""
        raise NotImplementedError

    def stop_file(self) -> None:
        """Keep no calendar file current any more; the file stays."""
        raise NotImplementedError

    def publish_now(self) -> None:
        """Bring the calendar on the server up to date."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop publishing at the next event; what was sent stays, the rest follows another time."""
        raise NotImplementedError

    def test(self, form: CalendarForm) -> Job[CalendarReport]:
        """Look whether a calendar is there; nothing is changed."""
        raise NotImplementedError

    def set_up(self, form: CalendarForm) -> Job[CalendarReport]:
        """Test, and where nothing is lacking, keep the choice with its password and begin to publish."""
        raise NotImplementedError

    def withdraw(self, *, leaving_events: bool = False) -> Job[Any]:
        """Remove Homepoint's events from the server, unless they are to be left, and forget the choice."""
        raise NotImplementedError
