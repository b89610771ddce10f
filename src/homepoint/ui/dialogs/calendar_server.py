"""The dialogs about a calendar on a server: where it is, with a test that offers calendars it finds, and its end."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.calendar_publishing import CalendarReport
from homepoint.application.problems import HomepointError
from homepoint.presentation.calendar_card import (
    WHAT_IS_SENT,
    WHAT_STOPPING_DOES,
    CalendarForm,
    check_calendar,
    found_text,
)
from homepoint.ui.calendar_desk import CalendarDesk
from homepoint.ui.dialogs.fields import line
from homepoint.ui.dialogs.sync_place import PathField
from homepoint.ui.dialogs.working import WorkingDialog
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.flow import WrapLayout
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_EXAMPLE = "https://cloud.example.org/remote.php/dav/calendars/ada/homepoint/"
_ADDRESS_HINT = (
    "The calendar's own address. For Nextcloud: /remote.php/dav/calendars/NAME/ lists them; the test lets you choose."
)
_PASSWORD_HINT = "Best an app password made for Homepoint. It is kept in this computer's keyring, where there is one."
_KEPT_PASSWORD_HINT = "Leave it empty to go on with the password that is kept."
_CERTIFICATE_HINT = (
    "The file with the certificates of your own authority (PEM). Leave it empty for every public server."
)
_LONGEST_NAME = 56
_ASKING = "Asking the server…"


class CalendarServerDialog(WorkingDialog):
    """Asks for a calendar on a server. Publishing begins once the server was found to be well."""

    def __init__(self, calendar: CalendarDesk, parent: QWidget | None = None) -> None:
        """Make the form with what was chosen before."""
        super().__init__("Publish deadlines to a calendar", "Publish", WHAT_IS_SENT, parent)
        self._calendar = calendar
        before = calendar.chosen_server
        self.address = line("Address", before.address, _EXAMPLE)
        self.user = line("User", before.user)
        self.password = SecretField("Password")
        self.certificates = PathField("Certificate file", self._choose_certificates)
        self.certificates.line.setText(before.certificates)
        self.test = Button("Test the connection")
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self._on_test)
        self.found = Label("", wrap=True, selectable=True)
        self.calendars = WrapLayout()
        self.offers: list[Button] = []
        self.add_row("address", "Address", self.address, _ADDRESS_HINT)
        self.add_row("user", "User", self.user)
        hint = _KEPT_PASSWORD_HINT if before.user else _PASSWORD_HINT
        self.add_row("password", "Password", self.password, hint)
        private = Disclosure(title="The server has a certificate of its own")
        private.add_widget(_with_hint(self.certificates))
        private.set_open(bool(before.certificates))
        self.add_row("certificates", "", private)
        self.add_row("test", "", self._test_row())
        for each in (self.address, self.user, self.password.line, self.certificates.line):
            each.textChanged.connect(self._forget_test)
        self._area.verticalScrollBar().rangeChanged.connect(self._scroll_to_found)
        self._forget_test()

    @property
    def form(self) -> CalendarForm:
        """What was typed."""
        return CalendarForm(
            address=self.address.text(),
            user=self.user.text(),
            password=self.password.text,
            certificates=self.certificates.line.text(),
        )

    def entered(self) -> object:
        """Return everything typed."""
        return self.form

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense, by field."""
        return check_calendar(self.form)

    def proceed(self) -> None:
        """Set it up, and stay where something is lacking."""
        self._forget_test()
        self.work_on(self._calendar.set_up(self.form), _ASKING, self._on_set_up, can_cancel=True)

    def show_report(self, report: CalendarReport) -> None:
        """Say what a test found, and offer what would do instead."""
        self._forget_test()
        self.found.setText(found_text(report))
        self.found.set_tone(Tone.OVERDUE if report.lacks else Tone.GOOD)
        self.found.show()
        places = {each.address: each.name for each in report.calendars}
        if report.lacks and not places and not _is_same(report.address, self.address.text()):
            places = {report.address: "the address it named"}
        for address, name in places.items():
            self._offer(address, name or address.rstrip("/").rpartition("/")[2])
        onward = self.offers[0] if self.offers else self.address if report.lacks else self.primary
        onward.setFocus(Qt.FocusReason.OtherFocusReason)  # it was lost while the fields rested
        self.resize(self.width(), max(self.height(), self.sizeHint().height()))

    def _scroll_to_found(self) -> None:
        """Bring what was found before the owner, as soon as it has its place."""
        if not self.found.isHidden():
            self._area.ensureWidgetVisible(self.offers[-1] if self.offers else self.found)

    def problems_from(self, error: HomepointError) -> Mapping[str, str]:
        """Return what is in the way, beside the test: that is where a server is judged."""
        self._forget_test()
        return {"test": f"{error.title} {error.advice}"}

    def _test_row(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        beside = QHBoxLayout()
        beside.addWidget(self.test)
        beside.addStretch(1)
        column.addLayout(beside)
        column.addWidget(self.found)
        column.addLayout(self.calendars)
        holder.setFocusProxy(self.test)
        return holder

    def _on_test(self) -> None:
        problems = self.check()
        self.show_problems(problems)
        if not problems:
            self._forget_test()
            self.work_on(self._calendar.test(self.form), _ASKING, self.show_report, can_cancel=True)

    def _on_set_up(self, report: CalendarReport) -> None:
        if report.lacks:
            self.show_report(report)
        else:
            self.finish()

    def _offer(self, address: str, name: str) -> None:
        button = Button(f"Use {_shortened(name)}")
        button.setAutoDefault(False)
        button.setToolTip(f"{name}\n{address}")
        button.clicked.connect(lambda: self._on_offer(address))
        self.calendars.addWidget(button)
        self.offers.append(button)

    def _on_offer(self, address: str) -> None:
        self.address.setText(address)
        self._on_test()

    def _forget_test(self) -> None:
        """Show nothing: something else was typed."""
        self.found.setText("")
        self.found.hide()
        self.rows["test"].set_fault("")
        for button in self.offers:
            button.hide()
            button.deleteLater()
        self.offers = []

    def _choose_certificates(self) -> str:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Choose the certificate file", "", "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        return chosen


class StopPublishingDialog(WorkingDialog):
    """Asks whether to publish no more, and removes Homepoint's events from the server."""

    def __init__(self, calendar: CalendarDesk, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__("Stop publishing deadlines?", "Stop publishing", WHAT_STOPPING_DOES, parent)
        self._calendar = calendar
        self.leaves = QCheckBox("Leave the events there, for instance because the server is gone")
        self.grid.addWidget(self.leaves, 0, 0, 1, 2)

    def entered(self) -> object:
        """Return nothing: closing loses nothing here."""
        return None

    def proceed(self) -> None:
        """Withdraw, and close when that is done."""
        words = "Stopping…" if self.leaves.isChecked() else "Removing Homepoint's events…"
        job = self._calendar.withdraw(leaving_events=self.leaves.isChecked())
        self.work_on(job, words, lambda _removed: self.finish(), can_cancel=True)


def _with_hint(field: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS)
    column.addWidget(field)
    column.addWidget(Label(_CERTIFICATE_HINT, TextRole.SMALL, Tone.MUTED, wrap=True))
    return holder


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _is_same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.strip().rstrip("/")
