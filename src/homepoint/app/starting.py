"""The start: one instance, the window painted empty, then the library, the terms and the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from homepoint.app.faults import UnforeseenFaults
from homepoint.application.problems import HomepointError
from homepoint.system.paths import LOCK_JOURNAL, LOCK_NAME, data_folder
from homepoint.system.settings import Settings
from homepoint.ui.one_instance import OneInstance
from homepoint.ui.theme import SchemeChoice, theme
from homepoint.ui.window import MainWindow

if TYPE_CHECKING:
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
        self.instance.listen()
        if self.errand is None and not (self.folder / LOCK_NAME).exists() and not (self.folder / LOCK_JOURNAL).exists():
            self.open_library(None, hidden=hidden)
            return
        from homepoint.app.locking import Unlocking  # late: few libraries are locked

        self.unlocking = Unlocking(
            self.window,
            self.settings,
            self.folder,
            lambda key: self.open_library(key, hidden=hidden and self.window.isHidden()),
            self.raise_window,
            hidden=hidden,
            errand=self.errand,
            asks_keyring=self.asks_keyring,
        )
        self.unlocking.begin()

    def open_library(self, key: bytes | None, *, hidden: bool) -> None:
        """Open the library, with its key where it is encrypted, and put the pages into the window."""
        from homepoint.app.wiring import Program  # late: the domain and the terms would delay the first paint
        from homepoint.ui.dialogs.messages import show_error

        self.unlocking = None
        try:
            self.program = Program(self.window, self.settings, self.folder, key=key)
        except HomepointError as error:
            show_error(self.window, error)
            self.window.close()
            return
        self.program.restart = self.restart
        self.program.open()
        self.program.reach_outside(self.raise_window, hidden=hidden)

    def restart(self, errand: "Errand | None" = None, *, asks_keyring: bool = True) -> None:
        """Close the library and the window, and begin anew in a window of its own.

        Args:
            errand: what is done before the library is opened again.
            asks_keyring: whether the keyring may open it again.
        """
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window is open"
        hidden = self.window.isHidden()
        self.close()
        self.successor = start(application, self.folder, hidden=hidden, errand=errand, asks_keyring=asks_keyring)
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
    *,
    hidden: bool = False,
    errand: "Errand | None" = None,
    asks_keyring: bool = True,
) -> Started | None:
    """Show the window, or raise the one that is open already and return None.

    Args:
        application: the running one.
        data: the data folder; None for the usual one.
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
    started.errand, started.asks_keyring = errand, asks_keyring
    if hidden:
        QTimer.singleShot(0, lambda: started.fill(hidden=True))
    else:
        AfterFirstPaint(started.window, started.fill)
        started.window.show()
    application.setProperty("homepoint", started)
    return started
