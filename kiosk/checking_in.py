"""Coming with a place that was booked from home: its code is typed, or its QR is scanned.

It is the server alone that knows bookings. Where one opens nothing any more an ordinary number is
offered, so that nobody stands before a page that only says no.
"""

from abc import ABC, abstractmethod
from datetime import timedelta

from kiosk.asking import Asking
from kiosk.paper_layout import branch_zone
from kiosk.visit import Page, Remark
from protocol.messages import Accepted, CheckIn, Rejected

UNKNOWN = "unknown-booking"
OFFLINE = "offline-booking"
OVER = frozenset(("booking-over", "not-allowed"))
"""Reasons after which no other try with this booking would help."""


class CheckingIn(Asking, ABC):
    """The page for who booked from home."""

    # What the visitor's screen adds.

    @property
    @abstractmethod
    def code_pause_s(self) -> int:
        """Whole seconds until codes are taken again, 0 if they are."""

    @abstractmethod
    def _say(self, answer: Rejected) -> None:
        """Show why a wish was not granted."""

    @property
    def takes_bookings(self) -> bool:
        """Whether the branch lets people book from home."""
        return self.rules.booking

    def open_booking(self) -> None:
        """IDLE: "I have booked from home"."""
        if not self._may(Page.IDLE) or not self.takes_bookings:
            return
        if self.alone:
            self._refuse_alone()
        else:
            self._begin_checking()
        self.touch()

    def type_sign(self, sign: str) -> None:
        """BOOKING: a key of the screen."""
        if self._may(Page.BOOKING) and self._takes_signs:
            self.visit.booking.touch(sign)
            self.visit.remark = None
            self.touch()

    def erase_sign(self) -> None:
        """BOOKING: take the last sign away."""
        if self._may(Page.BOOKING):
            self.visit.booking.erase()
            self.touch()

    def confirm_booking(self) -> None:
        """BOOKING: take the number of this booking, once per intention."""
        if self._may(Page.BOOKING) and self.visit.booking.is_full:
            self._check_in(self.visit.booking.digits)

    def take_ordinary(self) -> None:
        """BOOKING: the booking is of no use any more, an ordinary number is."""
        visit = self.visit
        if self._may(Page.BOOKING) and visit.offers_number and not self.all_closed:
            self._end_checking()
            visit.choosing, visit.coding = True, self.screened
            self.touch()

    @property
    def _takes_signs(self) -> bool:
        """BOOKING: whether what is typed goes into the boxes."""
        return not self.code_pause_s and not self.visit.offers_number

    def _begin_checking(self) -> None:
        self._end_checking()
        self.visit.checking = True

    def _end_checking(self) -> None:
        visit = self.visit
        visit.checking = visit.offers_number = False
        visit.remark = None
        visit.booking.clear()

    def _refuse_alone(self) -> None:
        """Without the server nobody knows who booked: on to the services, where it is said."""
        visit = self.visit
        self._end_checking()
        visit.choosing = True
        if isinstance(visit.wish.command if visit.wish is not None else None, CheckIn):
            visit.wish = None
        self._say(Rejected(id=None, reason=OFFLINE, message=""))

    def _check_in(self, code: str) -> None:
        """Ask for the number of a booking, by its code or by the secret of its page."""
        if self.alone:
            self._refuse_alone()
            return
        visit = self.visit
        visit.checking, visit.offers_number = True, False
        if self.code_pause_s:
            visit.booking.clear()
            self.touch()
            return
        self._wish(CheckIn(id=self._new_id(), code=code))

    def _learn_of_booking(self, answer: Accepted | Rejected) -> None:
        if isinstance(answer, Rejected):
            self.visit.booking.clear()
            # The services are closed or the quota is used up: then there is no other number.
            self.visit.offers_number = answer.reason in OVER and not self.all_closed

    def _remark_of(self, answer: Rejected, words: str, until_s: float) -> Remark:
        """What is said of it; what offers something else stays until somebody has chosen."""
        stays = float("inf") if self.visit.offers_number else until_s
        welcome, wait_s = self.welcome, answer.retry_after_s
        if answer.reason != "too-early" or welcome is None or not isinstance(wait_s, int | float):
            return Remark(answer.reason, words, stays)
        # To the nearest minute: two clocks never agree to the second.
        at = self.server_now() + timedelta(seconds=wait_s + 30)
        local = at.astimezone(branch_zone(welcome.branch.time_zone))
        return Remark(answer.reason, words, stays, local.replace(second=0, microsecond=0))
