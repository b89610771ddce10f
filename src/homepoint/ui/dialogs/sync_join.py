"""The dialog that joins a shared library from another computer: by passphrase, recovery code or invitation."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.replication import RemoteKind
from homepoint.presentation.sync_forms import check_place, location_of, pin_typed
from homepoint.ui.dialogs.fields import line
from homepoint.ui.dialogs.sync_first_round import FirstRound
from homepoint.ui.dialogs.sync_place import PlaceFields
from homepoint.ui.dialogs.working import StepsDialog
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.buttons import Button, SegmentedControl
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_STEPS = ("How", "Storage and secret", "Done")
_WAYS = (("invitation", "Invitation"), ("passphrase", "Passphrase or recovery code"))
_MERGES = (
    "What is recorded on this computer stays, and is joined with what the others have. Nothing is overwritten unseen:"
    " where two computers changed the same value, the later one counts, and the history keeps both."
)
_FROM_NOW = (
    "From now on Homepoint synchronises by itself, soon after a change and every few minutes. Files kept as evidence"
    " arrive after the records."
)
_INVITE_HINT = "The other computer shows it: Settings, Sync, Invite. Paste its line here, or a picture of its code."
_PIN_HINT = "The six digits that the other computer shows beside the code."
_HOW, _SECRET, _DONE = range(3)


class SyncJoinDialog(StepsDialog):
    """Joins. The invitation names the storage; otherwise the owner types where it is."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Begin at how to join."""
        super().__init__("Join a shared library", _STEPS, parent)
        self._sync = sync
        self._build_how()
        self._build_secret()
        self.begin_page(2, "Close")
        self.first_round = FirstRound(sync, _FROM_NOW)
        self.add_wide(self.first_round)
        self.show_page(_HOW)

    def _build_how(self) -> None:
        self.begin_page(0, "Next")
        self.add_wide(Label(_MERGES, tone=Tone.MUTED, wrap=True))
        self.way = SegmentedControl("How to join", _WAYS)
        self.add_row("way", "Join by", self.way)
        self.invitation = line("Invitation", "", "homepoint1:…")
        self.picture, self.clipboard = Button("Read from a picture…"), Button("Paste")
        self.picture.clicked.connect(self._on_picture)
        self.clipboard.clicked.connect(self._on_paste)
        self.clipboard.setToolTip("Takes a line of text, or a picture of the code, from the clipboard")
        self.add_row("invitation", "Invitation", self.invitation, _INVITE_HINT)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        for button in (self.clipboard, self.picture):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.add_row("reading", "", buttons)
        self.way.chosen.connect(self._show_way)

    def _build_secret(self) -> None:
        self.begin_page(1, "Join", can_go_back=True)
        self.pin = line("PIN", "", "6 digits")
        self.pin.setMaxLength(9)
        self.server_password = SecretField("Password of the storage")
        self.add_row("pin", "PIN", self.pin, _PIN_HINT)
        self.add_row("server_password", "Password", self.server_password)
        self.place = PlaceFields(self, self._sync, joining=True)
        self.secret = SecretField("Passphrase or recovery code")
        self.add_row("secret", "Passphrase", self.secret, "Or the recovery code, with or without its dashes.")

    @property
    def is_invited(self) -> bool:
        """True when joining by an invitation."""
        return self.way.current == "invitation"

    def entered(self) -> object:
        """Return everything typed."""
        secrets = self.secret.text, self.server_password.text
        return self.invitation.text(), self.pin.text(), self.place.form, secrets

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense on this page."""
        if self.page == _HOW and self.is_invited:
            if not self.invitation.text().strip():
                return {"invitation": "Paste the invitation's line, or read it from a picture of its code."}
            if self._sync.place_of(self.invitation.text()) is None:
                return {"invitation": "This is no invitation of Homepoint's. Copy the whole line once more."}
        if self.page != _SECRET:
            return {}
        if self.is_invited:
            return {} if pin_typed(self.pin.text()) else {"pin": "The PIN has six digits."}
        return {**check_place(self.place.form), **({} if self.secret.text.strip() else {"secret": "Type it here."})}

    def proceed(self) -> None:
        """Go on to the next page."""
        if self.page == _HOW:
            self._show_secret()
        elif self.page == _DONE:
            self.finish()
        elif self.is_invited:
            pin = pin_typed(self.pin.text()) or ""
            job = self._sync.accept(self.invitation.text(), pin, self.server_password.text)
            self.work_on(job, "Joining…", self._on_joined)
        else:
            form = self.place.form
            job = self._sync.join(location_of(form), form.password, self.secret.text)
            self.work_on(job, "Joining…", self._on_joined)

    def problems_from(self, error: HomepointError) -> Mapping[str, str]:
        """Show a wrong PIN beside its field."""
        if error.title.startswith("The PIN"):
            return {"pin": f"{error.title} {error.advice}"}
        return super().problems_from(error)

    def reject(self) -> None:
        """Close; once joined there is nothing to ask."""
        if self.page == _DONE:
            self.finish()
        else:
            super().reject()

    def _show_way(self) -> None:
        for key in ("invitation", "reading"):
            self.rows[key].set_visible(self.is_invited)

    def _show_secret(self) -> None:
        place = self._sync.place_of(self.invitation.text()) if self.is_invited else None
        for key in ("pin", "server_password"):
            self.rows[key].set_visible(self.is_invited)
        self.rows["pin"].set_hint(_PIN_HINT)
        self.place.set_visible(not self.is_invited)
        self.rows["secret"].set_visible(not self.is_invited)
        if place is not None and place.kind is RemoteKind.FOLDER:
            hint = (
                f"The folder is {place.address}. If it lies elsewhere on this computer, go back and join by passphrase."
            )
            self.rows["pin"].set_hint(f"{_PIN_HINT} {hint}")
        if place is not None:
            self.rows["server_password"].set_visible(place.kind is RemoteKind.WEBDAV)
            whose = f" of {place.user}" if place.user else ""
            self.rows["server_password"].set_hint(f"The password{whose} at {place.address}")
        self.show_page(_SECRET)

    def _on_joined(self, _result: object) -> None:
        self.show_page(_DONE)
        self.cancel.hide()

    def _on_paste(self) -> None:
        clipboard = QApplication.clipboard()
        image = clipboard.image()
        if image.isNull():
            self._take(clipboard.text())
            return
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        self._read(bytes(buffer.data().data()))

    def _on_picture(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Choose a picture of the code", "", "Pictures (*.png *.jpg *.jpeg *.webp);;All files (*)"
        )
        if not chosen:
            return
        try:
            self._read(Path(chosen).read_bytes())
        except OSError as fault:
            self.show_problems({"invitation": f"The picture cannot be read: {fault.strerror}."})

    def _read(self, picture: bytes) -> None:
        self.work_on(self._sync.read_picture(picture), "Looking for the code…", self._take, can_cancel=True)

    def _take(self, text: str) -> None:
        self.invitation.setText(text.strip())
        self.show_problems(self.check())
