"""The dialog that invites another computer: a code to scan, the same as a line of text, and the PIN that opens it."""

import secrets

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.sync_forms import PIN_DIGITS, pin_shown
from homepoint.ui.dialogs.fields import line
from homepoint.ui.dialogs.working import WorkingDialog
from homepoint.ui.icons import IconName
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.qr_code import QrCode
from homepoint.ui.widgets.text import Label

_SENTENCE = "On the other computer choose Settings, Sync, Join, and give it a picture of this code, or the line below."
_HOW = (
    "The other computer reads the code from a picture or the clipboard. Do not send code and PIN the same way:"
    " whoever has both, and the password of the storage, can read your records."
)
_QR_SIDE = 260
_TOP = Qt.AlignmentFlag.AlignTop


class SyncInviteDialog(WorkingDialog):
    """Makes an invitation when it opens; closing it makes no difference to who can join."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Ask for an invitation under a new PIN."""
        super().__init__("Invite a computer", "Close", _SENTENCE, parent)
        self._pin_digits = "".join(str(secrets.randbelow(10)) for _ in range(PIN_DIGITS))
        self.cancel.hide()
        self.qr = QrCode("QR code of the invitation. The same stands below as a line of text to copy.", _QR_SIDE)
        self.pin = Label("", TextRole.TITLE, selectable=True, tabular=True)
        self.text = ""
        beside = QVBoxLayout()
        beside.setSpacing(Space.S)
        beside.addWidget(Label("PIN", TextRole.STRONG))
        beside.addWidget(self.pin)
        beside.addWidget(Label("Tell it apart from the code: by voice, or on another way.", tone=Tone.MUTED, wrap=True))
        beside.addSpacing(Space.M)
        beside.addWidget(Label(_HOW, tone=Tone.MUTED, wrap=True))
        beside.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(Space.XL)
        both.addWidget(self.qr, 0, _TOP)
        both.addLayout(beside, 1)
        self.grid.addLayout(both, 0, 0, 1, 2)
        self.line = line("The invitation as text", "")
        self.line.setReadOnly(True)
        self.copy = Button("Copy", IconName.COPY)
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._on_copy)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.line, 1)
        row.addWidget(self.copy)
        self.grid.addLayout(row, 1, 0, 1, 2)
        self.work_on(sync.invite(self._pin_digits), "Making the invitation…", self._on_made, can_cancel=True)

    def entered(self) -> object:
        """Return nothing: nothing is typed here."""
        return None

    def proceed(self) -> None:
        """Close."""
        self.finish()

    def done(self, result: int) -> None:
        """Close, and show the PIN no more."""
        self.pin.setText("")
        super().done(result)

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text)
        self.copy.set_icon(IconName.CHECK)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, "Invitation copied"))

    def _on_made(self, invitation: str) -> None:
        self.text = invitation
        self.qr.show_text(invitation)
        self.pin.setText(pin_shown(self._pin_digits))
        self.pin.setAccessibleName(f"PIN: {' '.join(self._pin_digits)}")
        self.line.setText(invitation)
        self.line.setCursorPosition(0)
        self.copy.setEnabled(True)
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)
