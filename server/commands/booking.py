"""BookTicket, CancelBooking, CheckIn: a place for today from home, and coming to take it."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import BookTicket, CancelBooking, CheckIn
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain import booking as rules
from server.domain.booking import NewBooking, demand_booking
from server.domain.events import AnyEvent, TicketBooked
from server.domain.hall_booking import Booking
from server.domain.issuing import NewTicket, demand_kiosk_may_claim
from server.visit_views import booking_view


def book_ticket(command: BookTicket, occasion: Occasion) -> list[AnyEvent]:
    """From home, for today."""
    asked = NewBooking(
        booking=occasion.ids.new_id(),
        code=rules.free_booking_code(occasion.day, occasion.ids.new_secret),
        link=occasion.ids.new_secret(),
        service=command.service,
        from_ms=round(command.window_from.timestamp() * 1000),
        booker=command.booker,
        device=occasion.asker.device,
        language=command.language or occasion.asker.language,
    )
    return rules.decide_book(occasion.day, asked, occasion.now_ms)


def cancel_booking(command: CancelBooking, occasion: Occasion) -> list[AnyEvent]:
    """Whoever booked does not come."""
    return rules.decide_cancel_booking(occasion.day, command.link, occasion.asker.device)


def with_booking(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """The booking that the command made, or whose link it named."""
    day = occasion.day
    if events and isinstance(events[0], TicketBooked):
        return {"booking": booking_view(day, day.bookings.by_id[events[0].booking])}
    return {"booking": booking_view(day, rules.demand_booking_of_link(day, command.link))}


def check_in(command: CheckIn, occasion: Occasion) -> list[AnyEvent]:
    """Whoever booked is here: a kiosk prints at itself unless it names another; at the door, no
    paper unless a kiosk is named."""
    day, is_kiosk = occasion.day, occasion.asker.role is DeviceRole.KIOSK
    found = _booking(command, occasion, is_kiosk=is_kiosk)
    if is_kiosk:
        demand_kiosk_may_claim(day, command.priority)
    print_at = occasion.paper_at(command.print_at)
    asked = NewTicket(
        ticket=occasion.ids.new_id(),
        link=occasion.ids.new_secret(),
        service=found.service,
        device=occasion.asker.device,
        priority=command.priority,
        language=found.language,
        staff=occasion.staff,
        job=occasion.ids.new_id() if print_at is not None else None,
        print_at=print_at,
        booking=found.id,
    )
    return rules.decide_check_in(day, found, asked, occasion.now_ms)


def _booking(command: CheckIn, occasion: Occasion, *, is_kiosk: bool) -> Booking:
    """The booking; at a kiosk, where anybody can type, wrong codes cost time (F52)."""
    day = occasion.day
    if not is_kiosk:
        return demand_booking(day, command.code)
    device, now_ms = occasion.asker.device, occasion.now_ms
    return occasion.guesses.try_code(device, now_ms, lambda: demand_booking(day, command.code))
