"""One running window for each library: a second start raises the first one and ends."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

LOCK_NAME: Final = "homepoint.lock"
_PATIENCE_MS: Final = 3000
_PAUSE_MS: Final = 50


class OneInstance(QObject):
    """Holds a lock in the library's folder; another start that finds it knocks under a name made from the folder.

    Only the same user can knock. A lock or a name left behind by a crash is taken over.
    """

    raised = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "homepoint-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
        self._lock = QLockFile(str(folder / LOCK_NAME))
        self._lock.setStaleLockTime(0)  # however long it is open; a dead process's is taken over all the same
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Return True, and call `listen` soon; or raise the window that is open already and return False.

        Where the lock cannot be had and nobody answers, as on a drive that another computer left, it is the first.
        """
        return self._lock.tryLock(0) or not self._knock()

    def listen(self) -> None:
        """Hear other starts from now on. Not before the first paint: this import takes its time."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_knock)
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)

    def close(self) -> None:
        """Let another start be the first."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _knock(self) -> bool:
        """Knock until the other start, which may be painting just now, listens; say whether it did."""
        from PySide6.QtNetwork import QLocalSocket

        until = QDeadlineTimer(_PATIENCE_MS)
        while not until.hasExpired():
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(_PAUSE_MS):
                socket.disconnectFromServer()
                return True
            QThread.msleep(_PAUSE_MS)
        return False

    def _on_knock(self) -> None:
        connection = self._server.nextPendingConnection() if self._server is not None else None
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            self.raised.emit()
