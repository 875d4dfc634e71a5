"""Which page the door's program shows: signing in, or the desk; plain Python over the link."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from counter.door.screening_model import ScreeningModel
from counter.sign_in_model import SignInModel
from protocol.messages import Notice, ScreeningSnapshot, SignedIn, SignedOut, Welcome
from protocol.session import Ask, Inquire, LinkStatus


class DoorModel:
    """Hands what the server says to the two pages, and knows who stands at the door."""

    def __init__(
        self,
        ask: Ask,
        inquire: Inquire,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
        kiosk: str = "",
        remember_kiosk: Callable[[str], None] = lambda _kiosk: None,
    ) -> None:
        """``kiosk`` is the one that printed last time; see ScreeningModel for the clocks."""
        self.changed: Callable[[], None] = lambda: None
        self.screening = ScreeningModel(
            ask,
            inquire,
            new_id=new_id,
            now_s=now_s,
            server_now=server_now,
            kiosk=kiosk,
            remember_kiosk=remember_kiosk,
        )
        self.sign_in = SignInModel(ask, new_id=new_id, now_s=now_s, at_counter=False)
        self.sitting: SignedIn | None = None
        self.occupied = False
        self._revision = -1
        self.sign_in.signed_in = self._sit
        self.screening.left = self._leave

    def on_welcome(self, welcome: Welcome) -> None:
        """A sign-in survives a lost connection: the server says whether somebody stands here."""
        self._revision = -1
        self.sign_in.on_welcome(welcome)
        self.screening.on_welcome(welcome)
        self._seat(welcome.signed_in)

    def on_notice(self, notice: Notice) -> None:
        """A snapshot, or that somebody was signed out."""
        if isinstance(notice, SignedOut):
            self._seat(None)
            self.sign_in.on_signed_out(notice.reason, notice.message)
        elif isinstance(notice, ScreeningSnapshot) and notice.revision >= self._revision:
            self._seat(notice.signed_in)
            if self.occupied:
                self.screening.on_snapshot(notice)

    def on_link(self, status: LinkStatus) -> None:
        """The link changed."""
        self.screening.on_link(status)
        self.sign_in.on_link(status)
        self.changed()

    def tick(self) -> None:
        """Time passed."""
        (self.screening if self.occupied else self.sign_in).tick()

    def _sit(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self.occupied = True
        self.changed()

    def _leave(self, revision: int) -> None:
        self._revision = max(self._revision, revision)
        self._seat(None)

    def _seat(self, sitting: SignedIn | None) -> None:
        if sitting is None and self.occupied:
            self.screening.forget()
        self.sitting = sitting
        self.occupied = sitting is not None
        self.changed()
