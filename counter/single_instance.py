"""One window per seat: a second start shows the first one instead of taking its connection."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 2000
"""A busy machine may let the first program wait; only a hung one takes longer."""


class SingleInstance(QObject):
    """Listens under the seat's name, or finds that another program already does."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """``name`` tells this seat from others of the same user."""
        super().__init__(parent)
        self.on_second_start: Callable[[], None] = lambda: None
        self.is_first = not _wake(name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._woken)
        if self.is_first:
            # What a program that was killed left behind would keep the name for ever.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def _woken(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(b"shown\n")
            socket.flush()  # the other side hangs up: closing here could outrun the answer
            self.on_second_start()


def _wake(name: str) -> bool:
    """Whether a living program answers under this name; a hung one does not count."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    answered = False
    if socket.waitForConnected(_ANSWER_MS):
        # The answer may be here already, and then no further one comes to be waited for.
        answered = socket.bytesAvailable() > 0 or socket.waitForReadyRead(_ANSWER_MS)
        answered = answered or socket.bytesAvailable() > 0
    socket.abort()
    return answered
