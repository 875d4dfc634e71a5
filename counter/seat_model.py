"""Which page the counter shows: signing in, or serving; plain Python over the link's signals."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from counter.serving_model import ServingModel
from counter.sign_in_model import SignInModel
from protocol.messages import Notice, QueueSnapshot, SignedIn, SignedOut, Welcome
from protocol.session import Ask, Inquire, LinkStatus


class SeatModel:
    """Hands what the server says to the two pages, and knows who sits here."""

    def __init__(
        self,
        ask: Ask,
        inquire: Inquire,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
        counter: int | None = None,
        remember_counter: Callable[[int], None] = lambda _number: None,
    ) -> None:
        """``counter`` is the number of last time; see ServingModel for the clocks."""
        self.changed: Callable[[], None] = lambda: None
        self.serving = ServingModel(ask, inquire, new_id=new_id, now_s=now_s, server_now=server_now)
        self.sign_in = SignInModel(
            ask, new_id=new_id, now_s=now_s, counter=counter, remember_counter=remember_counter
        )
        self.occupied = False
        self.sitting: SignedIn | None = None
        self._revision = -1
        self.sign_in.signed_in = self._sit
        self.serving.left = self._leave

    @property
    def page(self) -> str:
        """``sign-in`` or ``serving``."""
        return "serving" if self.occupied else "sign-in"

    def on_welcome(self, welcome: Welcome) -> None:
        """A sign-in survives a lost connection: the server says whether somebody sits here."""
        self._revision = -1
        self.sign_in.on_welcome(welcome)
        self.serving.on_welcome(welcome)
        self._seat(welcome.signed_in)

    def on_notice(self, notice: Notice) -> None:
        """A snapshot, or that somebody was signed out; other words are not for this seat."""
        if isinstance(notice, SignedOut):
            self._seat(None)
            self.sign_in.on_signed_out(notice.reason, notice.message)
        elif isinstance(notice, QueueSnapshot) and notice.revision >= self._revision:
            # Older ones were made before the last sign-in or sign-out and would undo it here.
            self._seat(notice.signed_in)
            if self.occupied:
                self.serving.on_snapshot(notice)

    def on_link(self, status: LinkStatus) -> None:
        """The link changed."""
        self.sign_in.on_link(status)
        self.serving.on_link(status)
        self.changed()

    def tick(self) -> None:
        """Time passed."""
        (self.serving if self.occupied else self.sign_in).tick()

    def _sit(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self.occupied = True
        self.changed()

    def _leave(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self._seat(None)

    def _seat(self, sitting: SignedIn | None) -> None:
        if sitting is None and self.occupied:
            self.serving.forget()
        self.sitting = sitting
        self.occupied = sitting is not None
        self.changed()
