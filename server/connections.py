"""Who is connected as what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from protocol.messages import ReportHealth
from protocol.roles import DeviceRole
from server.commands.handler import Asker
from server.domain.errors import QueueRuleError

OUT_BYTES_MAX = 1024 * 1024
OUT_BYTES_EASY = 64 * 1024


class Wire(Protocol):
    """The socket of a connection: frames out, never waiting for a slow reader."""

    def send(self, frame: bytes) -> None: ...

    def waiting_bytes(self) -> int: ...

    def is_open(self) -> bool: ...

    def close(self, code: int, reason: str) -> None: ...


@dataclass(slots=True, eq=False)
class Connection:
    """An authenticated device at the other end of a socket."""

    wire: Wire
    asker: Asker
    program: str = ""
    # Nothing is told before the Welcome, which is newer than all of it: a client would take a
    # frame before it for somebody else's, and a paper sent into the void would count as sent.
    greeted: bool = False
    # A snapshot was skipped because the peer reads slowly; the next one makes up for it (F20).
    behind: bool = False
    # Commands that are on their way through the lane.
    unanswered: int = 0

    def answer(self, frame: bytes) -> None:
        """Send what a command was answered."""
        self.unanswered -= 1
        self.wire.send(frame)


@dataclass(slots=True)
class Presence:
    """Whether a device is there, and since when."""

    role: DeviceRole
    connected: bool = False
    since_ms: int | None = None
    program: str = ""
    # What the device says of itself (``ReportHealth``); forgotten when it goes.
    health: ReportHealth | None = None


class Connections:
    """All authenticated connections, by device and by role."""

    def __init__(self) -> None:
        self._by_device: dict[str, Connection] = {}
        self._by_role: dict[DeviceRole, dict[str, Connection]] = {role: {} for role in DeviceRole}
        self.presence: dict[str, Presence] = {}

    def add(self, connection: Connection, now_ms: int) -> Connection | None:
        """Take a connection in; returns the older one of the same device, which it replaces."""
        asker = connection.asker
        older = self._by_device.get(asker.device)
        self._by_device[asker.device] = connection
        self._by_role[asker.role][asker.device] = connection
        presence = self.presence.setdefault(asker.device, Presence(asker.role))
        presence.connected, presence.since_ms = True, now_ms
        presence.program = connection.program
        # A program that came anew has yet to say how it is.
        presence.health = None
        return older

    def remove(self, connection: Connection, now_ms: int) -> bool:
        """Forget a connection; False if a newer one of the device has taken its place."""
        asker = connection.asker
        if self._by_device.get(asker.device) is not connection:
            return False
        del self._by_device[asker.device]
        del self._by_role[asker.role][asker.device]
        presence = self.presence[asker.device]
        presence.connected, presence.since_ms = False, now_ms
        presence.health = None
        return True

    def of_device(self, device: str) -> Connection | None:
        """The connection of a device, if it is there."""
        return self._by_device.get(device)

    def of_role(self, role: DeviceRole) -> list[Connection]:
        """Everyone of a role."""
        return list(self._by_role[role].values())

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_device.values()))

    def __len__(self) -> int:
        return len(self._by_device)


def demand_own_health(said: ReportHealth, role: DeviceRole) -> None:
    """A kiosk speaks of its paper, a display of its voice; anything else is refused."""
    if role not in said.roles:
        raise QueueRuleError("not-allowed")
    if role is not DeviceRole.DISPLAY and said.voice is not None:
        raise QueueRuleError("bad-value", field="voice")
    if role is not DeviceRole.KIOSK:
        for name in ("paper", "tickets_left"):
            if getattr(said, name) is not None:
                raise QueueRuleError("bad-value", field=name)
