"""GetBookingWindows and FindBooking: what can be booked from home for today, and one booking."""

from protocol import messages as m
from server.domain.booking import Window, demand_booking_of_link, windows
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.visiting import page_lives
from server.instants import instant
from server.queries.handler import Fields, Inquiry
from server.visit_views import booking_view


def get_windows(query: m.GetBookingWindows, inquiry: Inquiry) -> Fields:
    """Every window that is not over; full ones, too, so that people see there are any."""
    found = windows(inquiry.day, inquiry.now_ms)
    return {"windows": [_window(inquiry.day, one) for one in found]}


def find(query: m.FindBooking, inquiry: Inquiry) -> Fields:
    """A booking by its link, as long as pages of today live."""
    day = inquiry.day
    if not page_lives(day, inquiry.now_ms):
        raise QueueRuleError("unknown-booking")
    return {"booking": booking_view(day, demand_booking_of_link(day, query.link))}


def _window(day: BranchDay, window: Window) -> m.BookingWindow:
    return m.BookingWindow(
        service=window.service,
        service_name=dict(day.branch.services[window.service].name),
        window_from=instant(window.from_ms),
        window_until=instant(window.until_ms),
        left=window.left,
    )
