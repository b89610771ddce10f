"""The dialog that begins to share a library: where, under which passphrase, with which recovery code, done."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from homepoint.application.replication import RemoteReport
from homepoint.presentation.sync_forms import (
    WHAT_A_PASSPHRASE_DOES,
    WHAT_THE_KEEPER_LEARNS,
    check_passphrases,
    check_place,
    location_of,
    strength_text,
)
from homepoint.ui.dialogs.dialog import Row
from homepoint.ui.dialogs.sync_code import RecoveryCode
from homepoint.ui.dialogs.sync_first_round import FirstRound
from homepoint.ui.dialogs.sync_place import PlaceFields
from homepoint.ui.dialogs.working import StepsDialog
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Tone
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_STEPS = ("Storage", "Passphrase and recovery code", "Done")
_WHERE, _PASSPHRASE, _CODE, _DONE = range(4)
_FROM_NOW = (
    "From now on Homepoint synchronises by itself, soon after a change and every few minutes. On the next computer"
    " choose Settings, Sync, Join; or invite it from here."
)


class SyncSetupDialog(StepsDialog):
    """Sets Sync up. Nothing is written before the passphrase was chosen; then the recovery code is shown once."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Begin at the storage."""
        super().__init__("Set up Sync", _STEPS, parent)
        self._sync = sync
        self.begin_page(0, "Next")
        self.add_wide(Label(WHAT_THE_KEEPER_LEARNS, tone=Tone.MUTED, wrap=True))
        self.place = PlaceFields(self, sync, joining=False)
        self.begin_page(1, "Set up", can_go_back=True)
        self.add_wide(Label(WHAT_A_PASSPHRASE_DOES, wrap=True))
        self.passphrase, self.again = SecretField("Passphrase"), SecretField("Passphrase again")
        self._strength = self.add_row("passphrase", "Passphrase", self.passphrase, strength_text("").words)
        self.add_row("again", "Once more", self.again)
        self.passphrase.line.textChanged.connect(lambda text: show_strength(self._strength, text))
        self.begin_page(1, "Go on")
        self.code = RecoveryCode(sync)
        self.add_wide(self.code)
        self.begin_page(2, "Close")
        self.first_round = FirstRound(sync, _FROM_NOW)
        self.add_wide(self.first_round)
        self.show_page(_WHERE)

    def entered(self) -> object:
        """Return everything typed."""
        return self.place.form, self.passphrase.text, self.again.text, self.page

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense on this page."""
        if self.page == _WHERE:
            return check_place(self.place.form)
        if self.page == _PASSPHRASE:
            return check_passphrases(self.passphrase.text, self.again.text)
        if self.page == _CODE and not self.code.is_confirmed:
            return {"": "These are not the last four signs of the code above."}
        return {}

    def proceed(self) -> None:
        """Go on to the next page."""
        location, password = location_of(self.place.form), self.place.form.password
        if self.page == _WHERE:
            self.place.test.forget()
            self.work_on(self._sync.test(location, password), "Asking the storage…", self._on_tested, can_cancel=True)
        elif self.page == _PASSPHRASE:
            job = self._sync.set_up(location, password, self.passphrase.text)
            self.work_on(job, "Setting up. This takes a few seconds…", self._on_set_up)
        elif self.page == _CODE:
            self._begin_rounds()
        else:
            self.finish()

    def reject(self) -> None:
        """Close; while the recovery code is not confirmed, ask first."""
        if self.page == _DONE:
            self.finish()
            return
        if self.page == _CODE:
            self.question.setText("Sync is set up, but the recovery code is not confirmed. It is not shown again.")
            self.discard.setText("Close all the same")
        super().reject()

    def done(self, result: int) -> None:
        """Close; what was set up goes on."""
        if self.page == _CODE:
            self._sync.sync_now()
        super().done(result)

    def _on_tested(self, report: RemoteReport) -> None:
        if self.place.show_report(report):
            self.show_page(_PASSPHRASE)

    def _on_set_up(self, code: str) -> None:
        self.passphrase.forget()
        self.again.forget()
        self.code.show_code(code)
        self.show_page(_CODE)
        self.cancel.hide()  # there is no way back any more

    def _begin_rounds(self) -> None:
        self.code.forget()
        self._sync.sync_now()
        self.show_page(_DONE)


def show_strength(row: Row, passphrase: str) -> None:
    """Say below a passphrase how well it resists guessing."""
    row.set_hint(strength_text(passphrase).words)
