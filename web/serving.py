"""The HTTP server, told when it hears and ended by us alone; nobody holds it for nothing."""

import asyncio
import contextlib
import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import uvicorn

CONNECTIONS_MOST = 6000
OF_ONE_ADDRESS_MOST = CONNECTIONS_MOST // 2
"""A whole hall may stand behind one address of the branch's Wi-Fi, and still leave room."""
SILENT_MOST_S = 35.0
"""So long a connection may stand without a whole request (slowloris, F44); one that rests between
two is ended sooner, by uvicorn."""
TICKS_BETWEEN_LOOKS = 10
"""Of a tenth of a second each."""


class PageServer(uvicorn.Server):
    """Uvicorn without its own answer to signals, which would end the loop under our link."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.hears = asyncio.Event()
        # Connections that owe us a request: the one before it, and since when.
        self._silent: dict[Any, tuple[object, float]] = {}

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the composition root's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.hears.set()

    async def on_tick(self, counter: int) -> bool:
        """Uvicorn's own look around, and ours at who holds connections for nothing."""
        if counter % TICKS_BETWEEN_LOOKS == 0:
            self._drop_idlers(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _drop_idlers(self, now_s: float) -> None:
        before, self._silent = self._silent, {}
        by_address: dict[str, list[Any]] = defaultdict(list)
        connections: Iterable[Any] = self.server_state.connections
        for one in connections:
            by_address[one.client[0] if one.client else ""].append(one)
            if _owes_a_request(one):
                known = before.get(one)
                is_same = known is not None and known[0] is one.cycle
                self._silent[one] = known if known is not None and is_same else (one.cycle, now_s)
        dropped = [one for one, (_, at_s) in self._silent.items() if now_s - at_s > SILENT_MOST_S]
        for theirs in by_address.values():
            if (over := len(theirs) - OF_ONE_ADDRESS_MOST) > 0:
                dropped += sorted(theirs, key=lambda one: one not in self._silent)[:over]
        for one in dropped:
            self._silent.pop(one, None)
            one.transport.abort()


def _owes_a_request(connection: Any) -> bool:
    """Whether we wait for the browser: for the head of a request, or for the rest of its body."""
    cycle = connection.cycle
    return cycle is None or bool(cycle.response_complete) or bool(cycle.more_body)
