"""A wire between the screens and the server that keeps what is said, and can lose it on the way."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Tapped:
    """What went over one connection: what its client said, and what it was told."""

    said: bytearray = field(default_factory=bytearray)
    told: bytearray = field(default_factory=bytearray)


class Wiretap:
    """Hands every connection on to a port; ``loses_up`` and ``loses_down`` swallow what comes."""

    def __init__(self, server_port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections: list[Tapped] = []
        self.loses_up = False
        """Nothing that a client says arrives."""
        self.loses_down = False
        """Nothing that the server says arrives."""
        self._sockets: list[socket.socket] = []

    @property
    def said(self) -> list[bytes]:
        """What the clients said, connection by connection."""
        return [bytes(one.said) for one in self.connections]

    @property
    def told(self) -> bytes:
        """All that the server told its clients; it does not mask its frames."""
        return b"".join(one.told for one in self.connections)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in (self._listener, *self._sockets):
            with suppress(OSError):  # the other side was quicker
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the wire is taken away
            self._sockets.append(client)
            try:
                server = socket.create_connection(self._server)
            except OSError:
                client.close()
                continue
            self._sockets.append(server)
            tapped = Tapped()
            self.connections.append(tapped)
            for hand_on in (self._up, self._down):
                threading.Thread(target=hand_on, args=(client, server, tapped), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, tapped: Tapped) -> None:
        with suppress(OSError):  # one of them hung up
            while data := client.recv(65536):
                tapped.said += data
                if not self.loses_up:
                    server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _down(self, client: socket.socket, server: socket.socket, tapped: Tapped) -> None:
        with suppress(OSError):  # one of them hung up
            while data := server.recv(65536):
                tapped.told += data
                if not self.loses_down:
                    client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
