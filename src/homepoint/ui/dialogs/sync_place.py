"""The questions about the storage, shared by setting up and joining, and the button that tries the connection out."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.replication import RemoteKind, RemoteReport
from homepoint.presentation.sync_forms import PlaceForm, check_place, location_of, trial_text
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fields import line
from homepoint.ui.jobs import Job
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, SegmentedControl
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_KINDS = ((RemoteKind.WEBDAV.value, "WebDAV server"), (RemoteKind.FOLDER.value, "Folder"))
_ADDRESS_HINT = "For Nextcloud: its address, then /remote.php/dav/files/NAME/ and a folder for Homepoint."
_PASSWORD_HINT = "Best an app password made for Homepoint. It is kept in this computer's keyring, where there is one."
_FOLDER_HINT = "A folder that Syncthing, Dropbox, a NAS or a USB drive carries to the other computers."


class PathField(QWidget):
    """A line for a path and a button that chooses it."""

    def __init__(self, name: str, choose: Callable[[], str], parent: QWidget | None = None) -> None:
        """Make an empty field; `choose` asks for a path and returns "" where none was chosen."""
        super().__init__(parent)
        self._choose = choose
        self.line = line(name, "")
        self.button = Button("Choose…")
        self.button.setAutoDefault(False)
        self.button.setAccessibleName(f"Choose: {name}")
        self.button.clicked.connect(self._on_choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)

    def _on_choose(self) -> None:
        if chosen := self._choose():
            self.line.setText(chosen)


class PlaceFields(QObject):
    """The rows about the storage in a form. `changed` tells that something else was typed."""

    changed = Signal()

    def __init__(self, form: FormDialog, sync: SyncDesk, *, joining: bool) -> None:
        """Add the rows to a form; `joining` expects a library at the place, otherwise none."""
        super().__init__(form)
        self._form, self._sync, self._joining = form, sync, joining
        self.kind = SegmentedControl("Kind of storage", _KINDS)
        self.address = line("Address", "", "https://cloud.example.org/remote.php/dav/files/ada/Homepoint")
        self.user = line("User", "")
        self.password = SecretField("Password")
        self.folder = PathField("Folder", lambda: QFileDialog.getExistingDirectory(form, "Choose the folder"))
        self.certificates = PathField("Certificate file", self._choose_certificates)
        self.test = TestRow()
        form.add_row("kind", "Kind of storage", self.kind)
        form.add_row("address", "Address", self.address, _ADDRESS_HINT)
        form.add_row("user", "User", self.user)
        form.add_row("password", "Password", self.password, _PASSWORD_HINT)
        form.add_row("folder", "Folder", self.folder, _FOLDER_HINT)
        self._private = Disclosure(title="The server has a certificate of its own")
        self._private.add_widget(_certificate_row(self.certificates))
        form.add_row("certificates", "", self._private)
        form.add_row("test", "", self.test)
        self.kind.chosen.connect(self._on_kind)
        for each in (self.address, self.user, self.password.line, self.folder.line, self.certificates.line):
            each.textEdited.connect(self._on_edited)
            each.textChanged.connect(self._on_edited)
        self.test.asked.connect(self._on_test)
        self._is_visible = True
        self._show_kind()

    def set_visible(self, wanted: bool) -> None:
        """Show or hide all rows about the storage."""
        self._is_visible = wanted
        for key in ("kind", "test"):
            self._form.rows[key].set_visible(wanted)
        self._show_kind()

    @property
    def form(self) -> PlaceForm:
        """What was typed."""
        return PlaceForm(
            kind=RemoteKind(self.kind.current),
            address=self.address.text(),
            user=self.user.text(),
            password=self.password.text if self.kind.current == RemoteKind.WEBDAV else "",
            certificates=self.certificates.line.text(),
            folder=self.folder.line.text(),
        )

    def show_report(self, report: RemoteReport) -> bool:
        """Show what a test found, take over the address the server answers from, and say whether it will do."""
        found = trial_text(report, joining=self._joining)
        if report.address and self.kind.current == RemoteKind.WEBDAV and report.address != self.address.text():
            self.address.setText(report.address)
        self.test.show_result(found.words, is_good=found.is_good)
        return found.is_good

    def _on_kind(self) -> None:
        self._show_kind()
        self._on_edited()

    def _show_kind(self) -> None:
        is_folder = self.kind.current == RemoteKind.FOLDER
        for key in ("address", "user", "password", "certificates"):
            self._form.rows[key].set_visible(self._is_visible and not is_folder)
        self._form.rows["folder"].set_visible(self._is_visible and is_folder)

    def _on_edited(self) -> None:
        self.test.forget()
        self.changed.emit()

    def _on_test(self) -> None:
        problems = check_place(self.form)
        self._form.show_problems(problems)
        if not problems:
            self.test.wait_for(self._sync.test(location_of(self.form), self.form.password), self.show_report)

    def _choose_certificates(self) -> str:
        chosen, _ = QFileDialog.getOpenFileName(
            self._form, "Choose the certificate file", "", "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        return chosen


class TestRow(QWidget):
    """The button that tries the connection out, turning into one that gives up, and what was found."""

    __test__ = False  # pytest takes its name for a test
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a row that has found nothing yet."""
        super().__init__(parent)
        self._job: Job[Any] | None = None
        self._then: Callable[[RemoteReport], object] = lambda _report: None
        self.button = Button("Test the connection")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.words = Label("", wrap=True, selectable=True)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        beside = QHBoxLayout()
        beside.addWidget(self.button)
        beside.addStretch(1)
        row.addLayout(beside)
        row.addWidget(self.words)
        self.words.hide()
        self.setFocusProxy(self.button)

    def wait_for(self, job: Job[RemoteReport], then: Callable[[RemoteReport], object]) -> None:
        """Show that a test is under way, and hand its report on."""
        self._job, self._then = job, then
        self.button.setText("Cancel the test")
        self._say("Asking the storage…", Tone.MUTED)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)

    def show_result(self, words: str, *, is_good: bool) -> None:
        """Show what a test found."""
        self._say(words, Tone.GOOD if is_good else Tone.OVERDUE)

    def forget(self) -> None:
        """Show nothing: something else was typed."""
        self._rest()
        self._say("", Tone.MUTED)

    def _on_clicked(self) -> None:
        if self._job is None:
            self.asked.emit()
        else:
            self.forget()

    def _rest(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = None
        self.button.setText("Test the connection")

    def _on_finished(self, report: RemoteReport) -> None:
        if self.sender() is self._job:
            self._rest()
            self._then(report)

    def _on_failed(self, error: Exception) -> None:
        if self.sender() is not self._job:
            return
        self._rest()
        if not isinstance(error, HomepointError):
            raise error  # a fault of the program: it is logged and shown as one
        self.show_result(f"{error.title} {error.advice}", is_good=False)

    def _say(self, words: str, tone: Tone) -> None:
        self.words.setText(words)
        self.words.set_tone(tone)
        self.words.setVisible(bool(words))


def _certificate_row(field: PathField) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS)
    column.addWidget(field)
    hint = "The file with the certificates of your own authority (PEM). Leave it empty for every public server."
    column.addWidget(Label(hint, TextRole.SMALL, Tone.MUTED, wrap=True))
    return holder
