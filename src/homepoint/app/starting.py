"""The start: one instance, the window painted empty, then the library, the terms and the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from homepoint.app.faults import UnforeseenFaults
from homepoint.application.problems import HomepointError
from homepoint.system.paths import LOCK_JOURNAL, LOCK_NAME, RESTORE_JOURNAL, data_folder
from homepoint.system.settings import Settings
from homepoint.ui.one_instance import OneInstance
from homepoint.ui.theme import SchemeChoice, theme
from homepoint.ui.window import MainWindow

if TYPE_CHECKING:
    from homepoint.app.damaged import DamagedLibrary
    from homepoint.app.locking import Errand, Unlocking
    from homepoint.app.wiring import Program

SCHEME_SETTING = "appearance/scheme"


class Started(QObject):
    """What lives as long as the window: it fills the window after the first paint."""

    def __init__(self, folder: Path, settings: Settings, instance: OneInstance) -> None:
        super().__init__()
        self.folder = folder
        self.settings = settings
        self.instance = instance
        self.program: Program | None = None
        self.suspected = ""
        self.is_hidden = False
        self.key: bytes | None = None
        self.damaged: DamagedLibrary | None = None
        self.unlocking: Unlocking | None = None
        self.successor: Started | None = None
        self.errand: Errand | None = None
        self.asks_keyring = True
        self._is_closed = False
        choice = settings.read_text(SCHEME_SETTING)
        if choice in list(SchemeChoice):
            theme().choose_scheme(SchemeChoice(choice))
        self.window = MainWindow(settings)
        self.faults = UnforeseenFaults(self.window, folder)
        instance.raised.connect(self.raise_window)

    def raise_window(self) -> None:
        """Bring the window before the owner, as a second start asks for."""
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def fill(self, *, hidden: bool = False) -> None:
        """Open the library and put the pages into the window; `hidden` says that it was not to be shown."""
        self.is_hidden = hidden
        self.instance.listen()
        if self.errand is None and not (self.folder / LOCK_NAME).exists() and not (self.folder / LOCK_JOURNAL).exists():
            self._open_library()
            return
        from homepoint.app.locking import Unlocking  # late: few libraries are locked

        self.unlocking = Unlocking(
            self.window,
            self.settings,
            self.folder,
            self._open_with,
            self.raise_window,
            hidden=hidden,
            errand=self.errand,
            asks_keyring=self.asks_keyring,
        )
        self.unlocking.begin()

    def _open_with(self, key: bytes | None) -> None:
        """Open the library, with its key where it is encrypted, and put the pages into the window."""
        self.key, self.is_hidden = key, self.is_hidden and self.window.isHidden()
        self._open_library()

    def _open_library(self) -> None:
        from homepoint.app.wiring import Program  # late: the domain and the terms would delay the first paint
        from homepoint.storage.copying import is_damage
        from homepoint.ui.dialogs.messages import show_error

        self.unlocking = None
        if self.suspected:
            problem, self.suspected = self.suspected, ""
            self.show_damage(problem)
            return
        try:
            if (self.folder / RESTORE_JOURNAL).exists():
                self._finish_restore()
            self.program = Program(self.window, self.settings, self.folder, key=self.key)
        except HomepointError as error:
            if is_damage(error):
                self.show_damage(error.title)
            else:
                show_error(self.window, error)
                self.window.close()
            return
        self.faults.secrets = self.program.secrets.seen
        self.program.restart = self.restart
        self.program.damage_found.connect(lambda words: self.restart(suspected=words))
        self.program.open()
        self.program.reach_outside(self.raise_window, hidden=self.is_hidden)

    def _finish_restore(self) -> None:
        from homepoint.system.restoring import recover_unfinished

        recover_unfinished(self.folder)

    def show_damage(self, problem: str) -> None:
        """Offer the ways on from a damaged library, and open what came of it."""
        from homepoint.app.damaged import DamagedLibrary

        if self.is_hidden:
            self.raise_window()
        self.damaged = DamagedLibrary(
            self.window, self.folder, self.settings, problem, then=self._open_library, give_up=self.window.close
        )
        self.damaged.open()

    def restart(
        self,
        between: Callable[[], None] | None = None,
        *,
        suspected: str = "",
        errand: "Errand | None" = None,
        asks_keyring: bool = True,
    ) -> None:
        """Close the library and the window, and open the program anew in a window of its own.

        Args:
            between: what to do to the library's files while nobody has it open.
            suspected: how the library was found to be damaged; the new window then begins with the ways on from that.
            errand: what the new window does, visibly, before the library is opened again.
            asks_keyring: whether the keyring may unlock it again.
        """
        from homepoint.ui.dialogs.messages import show_error

        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window is open"
        hidden = self.window.isHidden()
        self.close()
        try:
            if between is not None:
                between()
        except HomepointError as error:
            show_error(self.window, error)
        self.successor = start(
            application, self.folder, suspected, hidden=hidden, errand=errand, asks_keyring=asks_keyring
        )
        if self.successor is not None:
            self.successor.window.restoreGeometry(self.window.saveGeometry())
        self.window.set_close_policy(lambda: False)
        self.window.close()
        self.window.deleteLater()  # with all that was shown

    def close(self) -> None:
        """Let go of the library and of what stands in for Python's own report of errors; once is enough."""
        if self.successor is not None:
            self.successor.close()
        if self._is_closed:
            return
        self._is_closed = True
        self.faults.close()
        if self.unlocking is not None:
            self.unlocking.close()
        if self.program is not None:
            self.program.close()
        self.instance.close()


class AfterFirstPaint(QObject):
    """Calls a function once, right after a window was painted for the first time."""

    def __init__(self, window: MainWindow, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return super().eventFilter(watched, event)


def start(
    application: QApplication,
    data: Path | None,
    suspected: str = "",
    *,
    hidden: bool = False,
    errand: "Errand | None" = None,
    asks_keyring: bool = True,
) -> Started | None:
    """Show the window, or raise the one that is open already and return None.

    Args:
        application: the running one.
        data: the data folder; None for the usual one.
        suspected: see `Started.restart`.
        hidden: begin in the tray.
        errand, asks_keyring: see `Started.restart`.
    """
    application.setApplicationName("Homepoint")
    application.setDesktopFileName("homepoint")
    QGuiApplication.setApplicationDisplayName("Homepoint")
    folder = data_folder(data)
    instance = OneInstance(folder)
    if not instance.is_first():
        return None
    started = Started(folder, Settings(folder / "settings.json"), instance)
    started.suspected = suspected
    started.errand, started.asks_keyring = errand, asks_keyring
    if hidden:
        QTimer.singleShot(0, lambda: started.fill(hidden=True))
    else:
        AfterFirstPaint(started.window, started.fill)
        started.window.show()
    application.setProperty("homepoint", started)
    return started
