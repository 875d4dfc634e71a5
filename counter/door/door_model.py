"""Which page the door's program shows: signing in, or the desk; plain Python over the link."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from counter.door.screening_model import ScreeningModel
from counter.occupied_seat import OccupiedSeat
from counter.remarks import Remark
from counter.sign_in_model import SignInModel
from protocol.messages import Notice, OfficerCall, ScreeningSnapshot
from protocol.session import Ask, Inquire


class DoorModel(OccupiedSeat[ScreeningSnapshot]):
    """The officer's seat: signing in without a counter, and receiving visitors."""

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
        self.screening = ScreeningModel(
            ask,
            inquire,
            new_id=new_id,
            now_s=now_s,
            server_now=server_now,
            kiosk=kiosk,
            remember_kiosk=remember_kiosk,
        )
        sign_in = SignInModel(ask, new_id=new_id, now_s=now_s, at_counter=False)
        super().__init__(self.screening, sign_in, ScreeningSnapshot)

    def on_notice(self, notice: Notice) -> None:
        """A visitor's call rings here whether somebody stands at the desk or not."""
        help_desk = self.screening.help
        if isinstance(notice, OfficerCall):
            help_desk.hear(notice)
            if not self.occupied:
                remark = Remark("no", "help-call.unattended", {"device": notice.device})
                self.sign_in.remark = remark
            self.changed()
            return
        if isinstance(notice, ScreeningSnapshot):
            help_desk.show(notice.help)
        super().on_notice(notice)

    def tick(self) -> None:
        """Time passed."""
        self.screening.help.tick()
        super().tick()
