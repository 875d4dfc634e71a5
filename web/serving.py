"""The HTTP server, told when it hears and ended by us alone."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn


class PageServer(uvicorn.Server):
    """Uvicorn without its own answer to signals, which would end the loop under our link."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.hears = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the composition root's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.hears.set()
