"""The settings card about the lock: whether the library is encrypted, what that protects, and what opens it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.locking import IDLE_CHOICES
from homepoint.application.problems import HomepointError
from homepoint.presentation.wording import counted
from homepoint.ui.dialogs.fields import Choice
from homepoint.ui.dialogs.security import NewPassphraseDialog, RecoveryCodeDialog, SecretDialog
from homepoint.ui.jobs import Job
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label

OFF: Final = "Your records are not encrypted. Whoever can read this computer's disk can read them."
ON: Final = "Your records and the files kept as evidence are encrypted on this computer's disk."
_PROTECTS: Final = (
    "Protects what is on the disk: a lost or stolen computer, a drive that is given away, somebody who starts "
    "Homepoint. Does not protect against programs that run while the library is open, and not the files you export. "
    "Backups and copies made before stay as they are: remove them yourself. An SSD may keep old blocks for a while."
)
_ENCRYPT: Final = (
    "Records and evidence are encrypted with a passphrase. It is asked for at each start. If you forget it, "
    "only the recovery code opens them."
)
_DECRYPT: Final = "Records and evidence are decrypted. No passphrase is asked for any more."
_KEYRING: Final = "Whoever can sign in to this computer can then open your records at the start of Homepoint."
_IDLE: Final = "What was typed into an open form and not saved is then lost."


class Lock(Protocol):
    """A lock that is not in place yet."""

    @property
    def code(self) -> str:
        """Its recovery code."""


class Security(Protocol):
    """What the card needs (`app.securing.Securing`). What may take long is a job."""

    @property
    def is_on(self) -> bool:
        """Whether the library is encrypted."""

    @property
    def idle_minutes(self) -> int:
        """After how many minutes the window locks itself; 0: never."""

    def set_idle_minutes(self, minutes: int) -> None:
        """Keep another choice."""

    @property
    def keyring_remembers(self) -> bool:
        """Whether the system's keyring opens the library at the start."""

    def remember(self, remembers: bool) -> Job[None]:
        """Let the keyring open it at the start, or no more."""

    def place(self) -> Job[str]:
        """Find out where secrets are kept."""

    def new_lock(self, passphrase: str) -> Lock:
        """Prepare a lock; raises HomepointError."""

    def turn_on(self, lock: Any) -> None:
        """Encrypt everything; the window begins anew."""

    def turn_off(self, secret: str) -> None:
        """Decrypt everything; the window begins anew. Raises HomepointError."""

    def check(self, secret: str) -> None:
        """Raise HomepointError where a passphrase or recovery code does not fit."""

    def change_passphrase(self, secret: str, new: str) -> None:
        """Let another passphrase open the library; raises HomepointError."""

    def new_code(self) -> str:
        """Return a recovery code that opens nothing yet."""

    def change_code(self, secret: str, code: str) -> None:
        """Let another recovery code open the library; raises HomepointError."""

    def lock(self) -> None:
        """Close the library and show the unlock page."""


class SecurityCard(Card):
    """Encryption on or off, and what belongs to it."""

    def __init__(self, security: Security, parent: QWidget | None = None) -> None:
        """Make the card for the library as it is; turning encryption on or off makes a new window."""
        super().__init__("Security", parent=parent)
        self._security = security
        self.body.setSpacing(Space.M)
        self.switch = Button("Decrypt…" if security.is_on else "Encrypt…")
        self.switch.clicked.connect(self._ask_off if security.is_on else self._ask_on)
        self._add("Encryption", ON if security.is_on else OFF, self.switch)
        self.body.addWidget(Label(_PROTECTS, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
        if security.is_on:
            self._add_rows_of_lock()
        self.body.addWidget(Line())
        self.place = Label("", tone=Tone.MUTED, wrap=True, selectable=True)
        self.body.addWidget(self.place)
        self._begin(security.place(), self._on_place, lambda error: self.place.setText(str(error)))

    def _add_rows_of_lock(self) -> None:
        self.lock_now = Button("Lock now")
        self.lock_now.clicked.connect(self._security.lock)
        words = [(each, f"After {counted(each, 'minute')}" if each else "Never") for each in IDLE_CHOICES]
        self.idle: Choice[int] = Choice("Lock when idle", words, self._security.idle_minutes)
        self.idle.setMinimumContentsLength(16)
        self.idle.activated.connect(lambda _index: self._security.set_idle_minutes(self.idle.value))
        self._line_and("Lock", "Ctrl+L closes the library and forgets its key.", self.lock_now)
        self._line_and("Lock when idle", _IDLE, self.idle)
        self.passphrase = Button("Change passphrase…")
        self.passphrase.clicked.connect(self._ask_passphrase)
        self.code = Button("New recovery code…")
        self.code.clicked.connect(self._ask_code)
        self._line_and(
            "What opens it", "The passphrase, and the recovery code you wrote down.", self.passphrase, self.code
        )
        self.keyring = QCheckBox("Unlock with this computer's keyring at the start")
        self.keyring.setChecked(self._security.keyring_remembers)
        self.keyring.toggled.connect(self._on_keyring)
        self.keyring_note = Label(_KEYRING, tone=Tone.MUTED, wrap=True, selectable=True)
        self.body.addWidget(Line())
        self.body.addWidget(self.keyring)
        self.body.addWidget(self.keyring_note)

    def _line_and(self, name: str, sentence: str, *controls: QWidget) -> None:
        self.body.addWidget(Line())
        self._add(name, sentence, *controls)

    def _add(self, name: str, sentence: str, *controls: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, TextRole.STRONG))
        words.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True, selectable=True))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        row.addSpacing(Space.L)
        for control in controls:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)

    # Turning it on and off.

    def _ask_on(self) -> None:
        def prepare(_old: str, new: str) -> None:
            lock = self._security.new_lock(new)
            code = RecoveryCodeDialog(lock.code, "Encrypt now", partial(self._security.turn_on, lock), self.window())
            asked.accepted.connect(code.open)

        asked = NewPassphraseDialog("Encrypt", "Next", _ENCRYPT, prepare, asks_old=False, parent=self.window())
        asked.open()

    def _ask_off(self) -> None:
        SecretDialog("Decrypt", "Decrypt now", _DECRYPT, self._security.turn_off, self.window()).open()

    def _ask_passphrase(self) -> None:
        sentence = "The recovery code stays. Nothing has to be encrypted anew."
        NewPassphraseDialog(
            "Change passphrase", "Change", sentence, self._security.change_passphrase, asks_old=True,
            parent=self.window(),
        ).open()  # fmt: skip

    def _ask_code(self) -> None:
        def show(secret: str) -> None:
            self._security.check(secret)
            code = self._security.new_code()
            take = partial(self._security.change_code, secret, code)
            shown = RecoveryCodeDialog(code, "Use this code", take, self.window())
            asked.accepted.connect(shown.open)

        sentence = "The code so far opens nothing any more once the new one is confirmed."
        asked = SecretDialog("New recovery code", "Next", sentence, show, self.window())
        asked.open()

    # The keyring.

    def _on_keyring(self, remembers: bool) -> None:
        self.keyring.setEnabled(False)
        job = self._security.remember(remembers)
        self._begin(job, lambda _none: self._rest(_KEYRING, Tone.MUTED), self._on_keyring_failed)

    def _on_keyring_failed(self, error: Exception) -> None:
        if not isinstance(error, HomepointError):
            raise error
        self._rest(f"{error.title} {error.advice}", Tone.OVERDUE)
        with QSignalBlocker(self.keyring):
            self.keyring.setChecked(self._security.keyring_remembers)

    def _rest(self, words: str, tone: Tone) -> None:
        self.keyring.setEnabled(True)
        self.keyring_note.setText(words)
        self.keyring_note.set_tone(tone)

    def _on_place(self, sentence: str) -> None:
        self.place.setText(f"Passwords are {sentence}.")

    def _begin(self, job: Job[Any], finished: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Hear of a job that has begun."""
        job.finished.connect(finished)
        job.failed.connect(failed)
