"""Which page the counter shows: signing in, or serving; plain Python over the link's signals."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from counter.occupied_seat import OccupiedSeat
from counter.serving_model import ServingModel
from counter.sign_in_model import SignInModel
from protocol.messages import QueueSnapshot
from protocol.session import Ask, Inquire


class SeatModel(OccupiedSeat[QueueSnapshot]):
    """A frontliner's seat: signing in at a counter, and serving there."""

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
        self.serving = ServingModel(ask, inquire, new_id=new_id, now_s=now_s, server_now=server_now)
        sign_in = SignInModel(
            ask, new_id=new_id, now_s=now_s, counter=counter, remember_counter=remember_counter
        )
        super().__init__(self.serving, sign_in, QueueSnapshot)

    @property
    def page(self) -> str:
        """``sign-in`` or ``serving``."""
        return "serving" if self.occupied else "sign-in"
