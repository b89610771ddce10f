"""One running window for each library: a second start raises the first one and ends."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1000


class OneInstance(QObject):
    """Listens under a name made from the library's folder; another start knocks there.

    Only the same user can knock. A name left behind by a crash is taken over.
    """

    raised = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "homepoint-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_knock)

    def is_first(self) -> bool:
        """Return True and listen from now on; or raise the window that is open already and return False."""
        knock = QLocalSocket()
        knock.connectToServer(self._name)
        if knock.waitForConnected(_PATIENCE_MS):
            knock.disconnectFromServer()
            return False
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
        return True

    def _on_knock(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            self.raised.emit()
