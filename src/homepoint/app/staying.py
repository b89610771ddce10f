"""Whether Homepoint stays in the tray when its window is closed, and what makes it end."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from homepoint.ui.window import MainWindow

if TYPE_CHECKING:  # the application is made before the first paint, and this would bring the domain along
    from homepoint.presentation.settings_page import Preferences


class OnClose(StrEnum):
    """What closing the window does."""

    HIDE = "hide"
    QUIT = "quit"


def on_close(*, is_chosen: bool, is_hosted: bool, is_quitting: bool) -> OnClose:
    """Say what closing the window does.

    Args:
        is_chosen: the owner wants Homepoint to stay in the tray.
        is_hosted: the desktop has a tray; without one, the owner could not see what is still running.
        is_quitting: the owner or the session wants the program to end, not only the window to go.
    """
    return OnClose.HIDE if is_chosen and is_hosted and not is_quitting else OnClose.QUIT


def shows_window_at_start(*, hidden_asked: bool, is_hosted: bool, shows_notices: bool) -> bool:
    """Say whether a start that was to be hidden shows the window all the same: nothing else would reach the owner."""
    return not hidden_asked or not (is_hosted or shows_notices)


class HomepointApplication(QApplication):
    """The application; it says that everything is to end before any window is closed for it.

    Signals:
        quitting: the session ends, or the system's own Quit was chosen.
    """

    quitting = Signal()

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.commitDataRequest.connect(self._on_session_end)

    def event(self, event: QEvent) -> bool:
        """Hear of `quit()` and of the Quit in the Dock, which close every window and stay when one of them refuses."""
        if event.type() == QEvent.Type.Quit:
            self.quitting.emit()
        return super().event(event)

    def _on_session_end(self, _session: QSessionManager) -> None:
        self.quitting.emit()


class Staying(QObject):
    """Gives the window its policy, and ends the program when the last reason for it to run is gone."""

    def __init__(
        self, application: QApplication, window: MainWindow, preferences: "Preferences", is_hosted: Callable[[], bool]
    ) -> None:
        """Take over what closing does.

        Args:
            application: the running one.
            window: the one window.
            preferences: knows what the owner chose; asked at each close.
            is_hosted: says whether there is a tray at this moment; panels come and go.
        """
        super().__init__(window)
        self._application, self._window, self._preferences = application, window, preferences
        self._is_hosted = is_hosted
        self._is_quitting = False
        # A dialog that is closed while the window is hidden must not end the program; closing the window says so below.
        application.setQuitOnLastWindowClosed(False)
        window.set_close_policy(self._hides_instead)
        window.quit_asked.connect(self._on_quitting)
        if isinstance(application, HomepointApplication):
            application.quitting.connect(self._on_quitting)

    @property
    def is_leaving(self) -> bool:
        """True when closing the window now ends the program."""
        return not self._would_hide()

    def quit(self) -> None:
        """End the program; the window keeps its place for next time, whether it is seen or not."""
        self._is_quitting = True
        self._window.close()

    def _on_quitting(self) -> None:
        self._is_quitting = True

    def _would_hide(self) -> bool:
        decided = on_close(
            is_chosen=self._preferences.stays_in_tray, is_hosted=self._is_hosted(), is_quitting=self._is_quitting
        )
        return decided is OnClose.HIDE

    def _hides_instead(self) -> bool:
        if self._would_hide():
            return True
        QTimer.singleShot(0, self._application, self._application.quit)  # after the window has gone
        return False
