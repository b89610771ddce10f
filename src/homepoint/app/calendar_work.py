"""The slow work about the calendar, for any thread but the window's: writing, asking a server, publishing, removing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from homepoint.app.calendar_choices import password_name
from homepoint.app.calendar_gathering import Gathered
from homepoint.application.calendar import IssueState, Kept
from homepoint.application.calendar_publishing import CalendarReport, publish, withdraw
from homepoint.application.problems import HomepointError
from homepoint.application.replication import SecretStore
from homepoint.documents import calendar as text
from homepoint.documents.calendar import MEMORY_NAME, SERVER_MEMORY_NAME, keep_calendar_file, read_memory, write_memory
from homepoint.presentation.calendar import CALENDAR_NAME
from homepoint.presentation.calendar_card import CalendarForm
from homepoint.sync.caldav import CaldavCalendar, DavSession
from homepoint.ui.jobs import Progress

_NAP_S = 0.2


class CalendarWork:
    """Reads and writes the memories beside the library; one file and one server are worked on at a time."""

    def __init__(self, folder: Path, secrets: SecretStore) -> None:
        """Work for the library in a data folder, with passwords from these secrets."""
        self._memory, self._server_memory = folder / MEMORY_NAME, folder / SERVER_MEMORY_NAME
        self._secrets = secrets
        self._writing, self._publishing = Lock(), Lock()

    def write(self, file: Path, gathered: Gathered) -> int:
        """Bring a calendar file up to date and return how many deadlines are in it.

        Raises:
            HomepointError: it cannot be written; what was there before is untouched.
        """
        with self._writing:
            kept = keep_calendar_file(
                file, gathered.events(), read_memory(self._memory), gathered.now, CALENDAR_NAME
            )  # fmt: skip
            write_memory(self._memory, kept)
        return _confirmed(kept)

    def publish(self, server: CalendarForm, gathered: Gathered, progress: Progress) -> int:
        """Bring the calendar on a server up to date and return how many deadlines are in it.

        Raises:
            HomepointError: server or keyring are in the way; the next publishing goes on from there.
            Stopped: the owner cancelled.
        """
        progress(0, 0)
        with self._publishing, self._open(self._with_password(server), progress) as calendar:
            done = publish(gathered.events(), read_memory(self._server_memory), calendar, text, gathered.now, progress)
            write_memory(self._server_memory, done.kept)
        return _confirmed(done.kept)

    def test(self, form: CalendarForm, kept: CalendarForm, progress: Progress) -> CalendarReport:
        """Say what is at an address. A password that was not typed is the kept one, of the same server and user.

        Raises:
            HomepointError: the server is out of reach, or does not let the user in.
            Stopped: the owner gave up waiting.
        """
        with self._open(self._completed(form, kept), progress) as calendar:
            return calendar.test()

    def set_up(self, form: CalendarForm, kept: CalendarForm, progress: Progress) -> CalendarReport:
        """Test, and keep the password where nothing is lacking. Raises as `test`, and where the keyring refuses."""
        whole = self._completed(form, kept)
        with self._open(whole, progress) as calendar:
            report = calendar.test()
        progress(0, 0)
        if report.lacks:
            return report
        self._secrets.set(password_name(whole.address), whole.password)
        if kept.address != whole.address:
            with self._publishing:
                self._server_memory.unlink(missing_ok=True)  # it tells what is in another calendar
            if kept.address:
                with suppress(HomepointError):  # a password too many in the keyring stops nobody
                    self._secrets.delete(password_name(kept.address))
        return report

    def withdraw(self, server: CalendarForm, progress: Progress, *, leaving_events: bool) -> int:
        """Remove Homepoint's events, unless they are to be left, and forget the password.

        Raises:
            HomepointError: the server is in the way; another try removes what is left.
            Stopped: the owner gave up waiting.
        """
        removed = 0
        with self._publishing:
            if not leaving_events:
                with self._open(self._with_password(server), progress) as calendar:
                    removed = withdraw(calendar, progress)
            self._server_memory.unlink(missing_ok=True)
        with suppress(HomepointError):  # the events are gone: a locked keyring must not keep the owner publishing
            self._secrets.delete(password_name(server.address))
        return removed

    @contextmanager
    def _open(self, server: CalendarForm, progress: Progress) -> Iterator[CaldavCalendar]:
        def nap(seconds: float) -> None:
            """Wait for a busy server, and notice within a moment that the owner does not want to."""
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                progress(0, 0)
                time.sleep(min(_NAP_S, left))

        certificates = Path(server.certificates) if server.certificates else None
        calendar = CaldavCalendar(
            server.address, DavSession(server.address, server.user, server.password, certificates, nap)
        )  # fmt: skip
        try:
            yield calendar
        finally:
            calendar.close()

    def _with_password(self, server: CalendarForm) -> CalendarForm:
        password = self._secrets.get(password_name(server.address))
        if password is None and server.user:
            raise HomepointError(
                "The calendar's password is not known any more.", 'Choose "Change…" and type it again.'
            )  # fmt: skip
        return _with(server, password or "")

    def _completed(self, form: CalendarForm, kept: CalendarForm) -> CalendarForm:
        is_kept_one = bool(form.user) and (form.address, form.user) == (kept.address, kept.user)
        if form.password or not is_kept_one:
            return form
        return _with(form, self._secrets.get(password_name(kept.address)) or "")


def problem_of(error: Exception) -> HomepointError:
    """Return what to show of an error in the card; a fault of the program is told apart by its words."""
    if isinstance(error, HomepointError):
        return error
    return HomepointError("Homepoint made a mistake.", "It is in the log, and tried again later.")


def _with(form: CalendarForm, password: str) -> CalendarForm:
    return CalendarForm(address=form.address, user=form.user, password=password, certificates=form.certificates)


def _confirmed(kept: Kept) -> int:
    return sum(each.state is IssueState.CONFIRMED for each in kept.records.values())
