"""Nothing reaches a device before its Welcome, and nothing due is lost by that."""

from dataclasses import dataclass, field

import msgspec

from protocol.roles import DeviceRole
from server.commands.handler import Asker
from server.connections import Connection, Connections
from server.notices import Notices
from tests.server.branch_example import HandTurnedDay


@dataclass
class Wire:
    """Remembers what was sent."""

    frames: list[dict[str, object]] = field(default_factory=list)

    def send(self, frame: bytes) -> None:
        self.frames.append(msgspec.json.decode(frame))

    def waiting_bytes(self) -> int:
        return 0

    def is_open(self) -> bool:
        return True

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(reason)

    @property
    def heard(self) -> list[object]:
        return [frame["type"] for frame in self.frames]


class Hall:
    """A branch day, and devices that come."""

    def __init__(self) -> None:
        self.day = HandTurnedDay()
        self.connections = Connections()
        self.notices = Notices(self.connections, lambda: self.day.day, lambda: self.day.now_ms)

    def connect(self, device: str, role: DeviceRole) -> tuple[Connection, Wire]:
        wire = Wire()
        connection = Connection(wire, Asker(device, role))
        self.connections.add(connection, self.day.now_ms)
        return connection, wire

    def tell_all(self) -> None:
        self.notices.tell(self.day.entries)
        self.notices.flush()


def test_the_first_that_a_display_hears_is_welcome_and_then_what_is_due() -> None:
    hall = Hall()
    connection, wire = hall.connect("tv-1", DeviceRole.DISPLAY)
    hall.day.issue("A")
    hall.day.call_next(hall.day.seat(1))
    hall.tell_all()
    assert wire.heard == []
    hall.notices.greet(connection)
    assert wire.heard == ["Welcome", "BoardSnapshot", "Announcement"]


def test_a_paper_that_was_due_before_the_welcome_is_no_second_copy() -> None:
    """Law I9: CETAK ULANG on the only paper would be wrong."""
    hall = Hall()
    connection, wire = hall.connect("kiosk-1", DeviceRole.KIOSK)
    hall.day.issue("A", job="job-1", print_at="kiosk-1")
    hall.tell_all()
    assert wire.heard == []
    hall.notices.greet(connection)
    assert wire.heard == ["Welcome", "KioskSnapshot", "TicketToPrint"]
    assert wire.frames[-1]["copy"] == 1


def test_after_the_welcome_everything_is_told_at_once() -> None:
    hall = Hall()
    connection, wire = hall.connect("kiosk-1", DeviceRole.KIOSK)
    hall.notices.greet(connection)
    hall.day.issue("A", job="job-1", print_at="kiosk-1")
    hall.tell_all()
    assert wire.heard == ["Welcome", "KioskSnapshot", "TicketToPrint", "KioskSnapshot"]
