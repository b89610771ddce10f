"""The lock of the open library: turned on and off, its passphrase and recovery code, and when it closes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from homepoint.app.idle import Idle
from homepoint.app.locking import Errand, LockChoices, secret_name
from homepoint.app.restarting import Restart
from homepoint.application.problems import HomepointError
from homepoint.domain.facts import Attachment
from homepoint.storage.converting import SqliteConverting
from homepoint.storage.library import SqliteLibrary
from homepoint.system.lock_file import LockFile, NewLock, new_code, new_lock
from homepoint.system.locking import Steps, finish_evidence, turn_off, turn_on
from homepoint.system.secrets import KeptIn, OwnersSecrets
from homepoint.system.settings import Settings
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.window import MainWindow


class Securing(QObject):
    """`ui.screens.settings_security.Security` for the open library."""

    def __init__(
        self,
        window: MainWindow,
        library: SqliteLibrary,
        settings: Settings,
        pool: ThreadPoolExecutor,
        clock: Callable[[], datetime],
        restart: Restart,
        secrets: OwnersSecrets,
    ) -> None:
        """Guard the library of a window."""
        super().__init__(window)
        self._folder, self._library, self._pool, self._restart = library.path.parent, library, pool, restart
        self._lock_file, self._files = LockFile(self._folder), SqliteConverting()
        self._choices = LockChoices(settings)
        self._secrets = secrets
        self._window, self._clock = window, clock
        self._idle: Idle | None = None

    def begin(self) -> None:
        """Offer "Lock now", and watch for idleness, where there is something to lock."""
        if self.is_on and self._idle is None:
            self._window.lock_action.setVisible(True)
            self._window.lock_asked.connect(self.lock)
            self._idle = Idle(lambda: self._choices.idle_minutes, self._clock, self.lock, self)

    @property
    def is_on(self) -> bool:
        """Whether the library is encrypted."""
        return self._library.key is not None

    @property
    def idle_minutes(self) -> int:
        """After how many minutes the window locks itself; 0: never."""
        return self._choices.idle_minutes

    def set_idle_minutes(self, minutes: int) -> None:
        """Keep another choice."""
        self._choices.set_idle_minutes(minutes)

    @property
    def keyring_remembers(self) -> bool:
        """Whether the system's keyring opens the library at the start."""
        return self._choices.keyring_remembers

    def new_lock(self, passphrase: str) -> NewLock:
        """Prepare a lock; nothing is encrypted yet."""
        return new_lock(passphrase)

    def new_code(self) -> str:
        """Return a new recovery code; the one so far still opens the library."""
        return new_code()

    def turn_on(self, lock: NewLock) -> None:
        """Encrypt everything, and open it again."""

        def errand(steps: Steps) -> bytes:
            steps(0, 0, "Encrypting the records…")
            turn_on(self._folder, self._files, lock)
            finish_evidence(self._folder, self._files, lock.key, steps)
            return lock.key

        self._begin_anew(errand)

    def turn_off(self, secret: str) -> None:
        """Decrypt everything, and open it again.

        Raises:
            HomepointError: the passphrase or recovery code does not fit.
        """
        key = self._lock_file.key_by(secret)
        named = [each.sha256 for each in self._library.all(Attachment) if each.sha256]
        name = secret_name(self._folder)
        remembered = self.keyring_remembers
        self._choices.set_keyring_remembers(False)

        def errand(steps: Steps) -> None:
            steps(0, 0, "Decrypting the records…")
            turn_off(self._folder, self._files, key, named, steps)
            if remembered:
                self._secrets.delete(name)

        self._begin_anew(errand)

    def check(self, secret: str) -> None:
        """Refuse a passphrase or recovery code that does not fit.

        Raises:
            HomepointError: it does not.
        """
        self._lock_file.key_by(secret)

    def change_passphrase(self, secret: str, new: str) -> None:
        """Let another passphrase open the library; raises as `LockFile.change_passphrase`."""
        self._lock_file.change_passphrase(secret, new)

    def change_code(self, secret: str, code: str) -> None:
        """Let another recovery code open the library; raises as `LockFile.change_code`."""
        self._lock_file.change_code(secret, code)

    def remember(self, remembers: bool) -> Job[None]:
        """Let the system's keyring open the library at the start, or no more; it may take as long as a keyring does."""
        key, name = self._library.key, secret_name(self._folder)
        assert key is not None, "only an encrypted library has this switch"

        def work(_progress: Progress) -> None:
            if not remembers:
                self._secrets.delete(name)
            elif self._secrets.place().kept_in is not KeptIn.KEYRING:
                raise HomepointError("There is no keyring here.", "The passphrase is asked for at each start.")
            else:
                self._secrets.set(name, key.hex())

        job: Job[None] = Job(work, self)
        job.finished.connect(lambda _none: self._choices.set_keyring_remembers(remembers))
        job.start(self._pool)
        return job

    def place(self) -> Job[str]:
        """Find out where secrets are kept, as a sentence after "Passwords are"."""
        job: Job[str] = Job(lambda _progress: self._secrets.place().sentence, self)
        job.start(self._pool)
        return job

    def lock(self) -> None:
        """Close the library, forget its key, and show the unlock page."""
        if self.is_on:
            self._begin_anew(asks_keyring=False)

    def _begin_anew(self, errand: Errand | None = None, *, asks_keyring: bool = True) -> None:
        """Close everything once the form or menu that asked for it has closed."""
        QTimer.singleShot(0, self, lambda: self._restart(errand=errand, asks_keyring=asks_keyring))

    def close(self) -> None:
        """Watch no more."""
        if self._idle is not None:
            self._idle.stop()
