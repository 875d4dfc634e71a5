"""Who sits at a device, from the server's words alone; shared by the counter and the door."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from counter.sign_in_model import SignInModel
from protocol.messages import Notice, QueueSnapshot, ScreeningSnapshot, SignedIn, SignedOut, Welcome
from protocol.session import LinkStatus

S = TypeVar("S", QueueSnapshot, ScreeningSnapshot)


class Desk(Protocol):
    """What a person works at once they sit there."""

    left: Callable[[int], None]

    def on_welcome(self, welcome: Welcome) -> None: ...
    def on_snapshot(self, snapshot: Any) -> None: ...
    def on_link(self, status: LinkStatus) -> None: ...
    def forget(self) -> None: ...
    def tick(self) -> None: ...


class OccupiedSeat(Generic[S]):
    """Hands what the server says to the desk and to the sign-in page beside it."""

    def __init__(self, desk: Desk, sign_in: SignInModel, snapshot: type[S]) -> None:
        """``snapshot`` is the kind that this seat is told."""
        self.changed: Callable[[], None] = lambda: None
        self.sign_in = sign_in
        self.occupied = False
        self.sitting: SignedIn | None = None
        self._desk = desk
        self._snapshot: type[S] = snapshot
        self._revision = -1
        sign_in.signed_in = self._sit
        desk.left = self._leave

    def on_welcome(self, welcome: Welcome) -> None:
        """A sign-in survives a lost connection: the server says whether somebody sits here."""
        self._revision = -1
        self.sign_in.on_welcome(welcome)
        self._desk.on_welcome(welcome)
        self._seat(welcome.signed_in)

    def on_notice(self, notice: Notice) -> None:
        """A snapshot, or that somebody was signed out; other words are not for this seat."""
        if isinstance(notice, SignedOut):
            self._seat(None)
            self.sign_in.on_signed_out(notice.reason, notice.message)
        elif isinstance(notice, self._snapshot) and notice.revision >= self._revision:
            # Older ones were made before the last sign-in or sign-out and would undo it here.
            self._seat(notice.signed_in)
            if self.occupied:
                self._desk.on_snapshot(notice)

    def on_link(self, status: LinkStatus) -> None:
        """The link changed."""
        self.sign_in.on_link(status)
        self._desk.on_link(status)
        self.changed()

    def tick(self) -> None:
        """Time passed."""
        (self._desk if self.occupied else self.sign_in).tick()

    def _sit(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self.occupied = True
        self.changed()

    def _leave(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self._seat(None)

    def _seat(self, sitting: SignedIn | None) -> None:
        if sitting is None and self.occupied:
            self._desk.forget()
        self.sitting = sitting
        self.occupied = sitting is not None
        self.changed()
