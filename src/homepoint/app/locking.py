"""Opens a locked library: what a kill interrupted first, then the key from keyring or owner, then an errand if any."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from homepoint.app.preferences import KeptPreferences
from homepoint.app.staying import Staying
from homepoint.application.locking import IDLE_CHOICES, wait_after
from homepoint.application.problems import HomepointError
from homepoint.presentation.tray import locked_view
from homepoint.storage.converting import SqliteConverting
from homepoint.system.lock_file import LockFile, WrongSecretError
from homepoint.system.locking import Steps, finish_evidence, is_locked, recover_unfinished
from homepoint.system.secrets import secrets_for
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.dialogs.unlock import UnlockPage
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.tray import Tray
from homepoint.ui.window import MainWindow

IDLE_SETTING: Final = "lock/idle-minutes"
KEYRING_SETTING: Final = "lock/keyring-remembers"

Errand = Callable[[Steps], bytes | None]
"""What is done while nobody has the library open, off the GUI thread; it returns the key to open the library with."""


class LockChoices:
    """What the owner chose about the lock on this computer."""

    def __init__(self, settings: Settings) -> None:
        """Keep choices in the settings file."""
        self._settings = settings

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without a key or a click the window locks itself; 0: never."""
        kept = self._settings.read_text(IDLE_SETTING) or ""
        return int(kept) if kept in {str(each) for each in IDLE_CHOICES} else 0

    def set_idle_minutes(self, minutes: int) -> None:
        """Keep another choice."""
        self._settings.write_text(IDLE_SETTING, str(minutes))

    @property
    def keyring_remembers(self) -> bool:
        """Whether the system's keyring opens the library at the start."""
        return self._settings.read_text(KEYRING_SETTING) == "yes"

    def set_keyring_remembers(self, remembers: bool) -> None:
        """Keep the other choice; the keyring itself is another matter."""
        self._settings.write_text(KEYRING_SETTING, "yes" if remembers else "no")


def secret_name(folder: Path) -> str:
    """Return the name under which a keyring keeps the key of a data folder's library."""
    return f"lock/{LockFile(folder).id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opens:
    """The library can be opened, with this key or plainly."""

    key: bytes | None


class Unlocking(QObject):
    """Stands between the start and the library, with a page and a tray that tell nothing of it."""

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        folder: Path,
        then: Callable[[bytes | None], None],
        raise_window: Callable[[], None],
        *,
        hidden: bool = False,
        errand: Errand | None = None,
        asks_keyring: bool = True,
    ) -> None:
        """Prepare; `begin` begins.

        Args:
            window: shows the page.
            settings: knows what the owner chose.
            folder: the data folder.
            then: is called once with the key, or None for a plain library.
            raise_window: brings the window before the owner.
            hidden: the window was not to be shown.
            errand: what is to be done first.
            asks_keyring: False after the owner locked the library by hand: then the passphrase is asked for.
        """
        super().__init__(window)
        self._window, self._folder, self._then, self._raise = window, folder, then, raise_window
        self._settings, self._hidden, self._errand = settings, hidden, errand
        self._asks_keyring = asks_keyring and LockChoices(settings).keyring_remembers
        self._files = SqliteConverting()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="homepoint-unlocking")
        self._wrong = 0
        self._job: Job[_Opens | None] | None = None
        self.page = UnlockPage()
        self.page.unlock_asked.connect(self.unlock)
        self.page.quit_asked.connect(self.quit)
        self.tray: Tray | None = None
        self._staying: Staying | None = None

    def begin(self) -> None:
        """Do the errand, finish what was interrupted, ask the keyring; then open, or ask the owner."""
        if self._errand is not None:
            self._show_page()
            self.page.show_working("One moment…")
        self._start(self._prepare, self._on_prepared, self._on_failed)

    def unlock(self, secret: str) -> None:
        """Try a passphrase or recovery code."""
        self.page.show_working("Unlocking…")

        def work(progress: Progress) -> _Opens:
            key = LockFile(self._folder).key_by(secret)
            finish_evidence(self._folder, self._files, key, progress)
            return _Opens(key=key)

        self._start(work, self._on_prepared, self._on_refused)

    def quit(self) -> None:
        """End the program."""
        if self._staying is not None:
            self._staying.quit()
        else:
            self._window.close()

    def close(self) -> None:
        """Forget what was typed, and let go of page and tray."""
        self.page.forget()
        if self.tray is not None:
            self.tray.close()
            self.tray = None
        self._pool.shutdown(wait=False, cancel_futures=True)

    # In a thread.

    def _prepare(self, progress: Progress) -> _Opens | None:
        if self._errand is not None:
            errand, self._errand = self._errand, None
            return _Opens(key=errand(progress))
        recover_unfinished(self._folder, self._files)
        if not is_locked(self._folder, self._files):
            return _Opens(key=None)
        key = self._kept_key() if self._asks_keyring else None
        if key is None:
            return None
        finish_evidence(self._folder, self._files, key, progress)
        return _Opens(key=key)

    def _kept_key(self) -> bytes | None:
        try:
            kept = secrets_for(self._folder).get(secret_name(self._folder))
            return None if kept is None else bytes.fromhex(kept)
        except (HomepointError, ValueError):
            return None  # the owner can type the passphrase

    # On the GUI thread.

    def _start(
        self,
        work: Callable[[Progress], _Opens | None],
        finished: Callable[[_Opens | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        job: Job[_Opens | None] = Job(work, self)
        job.finished.connect(finished)
        job.failed.connect(failed)
        job.progressed.connect(self._on_progress)
        self._job = job
        job.start(self._pool)

    def _on_progress(self, done: int, total: int, words: str) -> None:
        self._show_page()
        self.page.show_working(f"{words}: {done + 1:,} of {total:,}" if total else words)

    def _on_prepared(self, opens: _Opens | None) -> None:
        if opens is None:
            self._show_page()
            self.page.rest()
            self.page.field.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._window.sidebar.show()
        self._window.stack.removeWidget(self.page)
        self.close()
        self._then(opens.key)
        self.page.deleteLater()
        if self._staying is not None:
            self._staying.deleteLater()  # the program has its own

    def _on_failed(self, error: Exception) -> None:
        """The errand, or what was interrupted, cannot be done: say so, and go on with what is there."""
        show_error(self._window, error)
        if isinstance(error, HomepointError) and not self._window.isHidden():
            self._start(self._prepare, self._on_prepared, self._on_hopeless)
        else:
            self.quit()

    def _on_hopeless(self, error: Exception) -> None:
        show_error(self._window, error)
        self.quit()

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, HomepointError):
            raise error
        self._wrong += isinstance(error, WrongSecretError)
        self.page.show_problem(f"{error.title} {error.advice}", int(wait_after(self._wrong) / timedelta(seconds=1)))

    def _show_page(self) -> None:
        if self._window.stack.indexOf(self.page) < 0:
            self._window.stack.addWidget(self.page)
            self._window.stack.setCurrentWidget(self.page)
            self._window.sidebar.hide()
            self._window.setWindowTitle("Homepoint is locked")
            self._reach_outside()

    def _reach_outside(self) -> None:
        application = QApplication.instance()
        if self.tray is not None or not isinstance(application, QApplication):
            return
        tray = self.tray = Tray(locked_view(), self)
        for wish in (tray.open_asked, tray.report_asked):
            wish.connect(self._raise)
        self._staying = Staying(
            application, self._window, KeptPreferences(self._settings, self._folder), lambda: tray.is_hosted
        )
        tray.quit_asked.connect(self._staying.quit)
        tray.show()
        if self._hidden and not tray.is_hosted:
            QTimer.singleShot(0, self._window, self._window.showMinimized)
