"""A session with a hand-turned clock and a server that says what the story wants."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from protocol.codec import decode_command, encode
from protocol.messages import (
    Accepted,
    AnyCommand,
    BranchInfo,
    CallNext,
    Choices,
    Hello,
    KioskSnapshot,
    Notice,
    Rejected,
    Welcome,
)
from protocol.roles import DeviceRole
from protocol.session import Deadlines, LinkState, LinkStatus, Session

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
HELLO = Hello(protocol=1, role=DeviceRole.COUNTER, device="counter-1", token="secret")


def welcome(revision: int = 0, server_time: datetime = NOON) -> Welcome:
    return Welcome(
        protocol=1,
        branch=BranchInfo(
            code="1301", name="Cabang Contoh", time_zone="Asia/Jakarta", languages=["id", "en"]
        ),
        server_time=server_time,
        business_date=date(2026, 11, 20),
        revision=revision,
        signed_in=None,
        services=[],
        counters=[],
        choices=Choices(
            priority=[], needs=[], education=[], category=[], pause_reason=[], cancel_reason=[]
        ),
    )


def kiosk_snapshot(revision: int) -> KioskSnapshot:
    return KioskSnapshot(revision=revision, services=[], total=0)


def call_next(number: int) -> CallNext:
    return CallNext(id=UUID(int=number))


class Story:
    """What happens to one device, told step by step; ``now_s`` moves only by ``wait``."""

    def __init__(
        self, random: Callable[[], float] = lambda: 0.5, deadlines: Deadlines | None = None
    ) -> None:
        self.now_s = 1_000.0
        self.states: list[LinkStatus] = []
        self.welcomes: list[Welcome] = []
        self.notices: list[Notice] = []
        self.unreadable: list[str] = []
        self.answers: dict[UUID, list[Accepted | Rejected]] = {}
        self.session = Session(
            HELLO,
            random=random,
            now_s=self.now_s,
            on_state=self.states.append,
            on_welcome=self.welcomes.append,
            on_notice=self.notices.append,
            on_unreadable=self.unreadable.append,
            deadlines=deadlines,
        )

    @property
    def status(self) -> LinkStatus:
        return self.session.status

    @property
    def shown(self) -> tuple[LinkState, str]:
        return self.status.state, self.status.reason

    def ask(self, command: AnyCommand, keep: bool | None = None) -> None:
        answers = self.answers.setdefault(command.id, [])
        self.session.ask(command, answers.append, self.now_s, keep=keep)

    def sent(self) -> list[bytes]:
        """The frames sent since the last look."""
        return self.session.take_frames()

    def sent_commands(self) -> list[int]:
        """The same, as the numbers of the commands."""
        return [decode_command(frame).id.int for frame in self.sent()]

    def hear(self, message: msgspec.Struct) -> None:
        self.session.received(encode(message), self.now_s)

    def accept(self, number: int, revision: int = 1) -> None:
        self.hear(Accepted(id=UUID(int=number), revision=revision))

    def reject(self, number: int, reason: str) -> None:
        self.hear(Rejected(id=str(UUID(int=number)), reason=reason, message="Maaf."))

    def close(self, code: int | None = None, reason: str = "") -> None:
        self.session.closed(code, self.now_s, reason)

    def wait(self, seconds: float) -> None:
        """Let time pass, with a tick at each instant that the session asked for."""
        end_s = self.now_s + seconds
        while (at_s := self.session.wakes_at_s) is not None and at_s <= end_s:
            if at_s <= self.now_s and self._is_waiting_for_the_shell():
                break
            self.now_s = max(self.now_s, at_s)
            self.session.tick(self.now_s)
        self.now_s = end_s
        self.session.tick(self.now_s)

    def _is_waiting_for_the_shell(self) -> bool:
        due_s = self.session.connect_at_s
        return due_s is not None and due_s <= self.now_s

    def open(self) -> None:
        """The shell opens a socket as soon as it may; Hello is sent."""
        assert self.session.connect_at_s is not None
        self.now_s = max(self.now_s, self.session.connect_at_s)
        self.session.opening(self.now_s)
        self.session.opened(self.now_s)
        assert self.sent() == [encode(HELLO)]

    def go_online(self) -> None:
        self.open()
        self.hear(welcome())
        assert self.shown == (LinkState.ONLINE, "")

    def drop(self) -> None:
        """The shell drops its socket, as the session wants it."""
        assert self.session.wants_close
        self.close()
        assert not self.session.wants_close
