"""What a visitor's own page is told of its ticket: nothing of anybody else, no name (I12, F55)."""

from collections.abc import Mapping, Sequence
from datetime import date

from protocol import messages as m
from server.domain.branch_day import BranchDay
from server.domain.forecasting import range_of
from server.domain.hall_booking import Booking
from server.domain.skills import service_line
from server.domain.survey import is_asked
from server.domain.ticket import HELD_STATES, Ticket, TicketState
from server.domain.visiting import NEAR, dies_at_ms, may_cancel, may_rate
from server.instants import instant, instant_or_none
from server.ports import Sealer
from server.ticket_views import estimate_view

MARK = "survey"


def survey_mark(sealer: Sealer, ticket: str) -> str:
    """What stands for a ticket in its answered survey; nobody can tell it without the key."""
    return sealer.fingerprint(MARK, ticket).hex()


class VisitViews:
    """The pages of many visitors at one instant; what they share is worked out once."""

    def __init__(self, day: BranchDay, sealer: Sealer, now_ms: int) -> None:
        self._day, self._sealer, self._now_ms = day, sealer, now_ms
        self._today = date.fromisoformat(day.business_date)
        self._dies_at = instant_or_none(dies_at_ms(day))
        self._last_called = _last_called(day)
        self._open = _open_counters(day)

    def of(self, ticket: Ticket) -> m.VisitView:
        """One visitor's page."""
        day, now_ms = self._day, self._now_ms
        rules = day.branch.rules
        waits = ticket.state is TicketState.WAITING
        ahead = day.people_ahead(ticket) if waits else None
        held = ticket.state in HELD_STATES
        rated = day.ratings.get(ticket.id)
        may_come_back = (
            ticket.state is TicketState.NO_SHOW
            and ticket.valid_until_ms is not None
            and now_ms < ticket.valid_until_ms
        )
        service = day.branch.services.get(ticket.service)
        return m.VisitView(
            link=ticket.link,
            ticket=ticket.id,
            number=ticket.number,
            service=ticket.service,
            service_name=dict(service.name) if service else {},
            state=ticket.state.value,
            business_date=self._today,
            issued_at=instant(ticket.issued_at_ms),
            people_ahead=ahead,
            estimate=estimate_view(range_of(day, ticket.id, now_ms)) if waits else None,
            last_called=self._last_called.get(ticket.service),
            counter=ticket.counter if held else None,
            called_at=instant_or_none(ticket.called_at_ms) if held else None,
            call_count=ticket.call_count,
            two_left=ahead is not None and ahead <= NEAR,
            papers=[dict(paper) for paper in service.papers] if service else [],
            language=ticket.language,
            valid_until=instant_or_none(ticket.valid_until_ms) if may_come_back else None,
            comes_back_behind=rules.grace_places if may_come_back else 0,
            may_cancel=may_cancel(day, ticket),
            may_rate=may_rate(day, ticket),
            rated=rated,
            may_answer_survey=self._may_answer(ticket),
            review_link="" if rated is None else rules.rating_review_link,
            waiting=day.count(ticket.service, TicketState.WAITING),
            counters_open=self._open.get(service_line(ticket.service), 0),
            dies_at=self._dies_at,
        )

    def _may_answer(self, ticket: Ticket) -> bool:
        day = self._day
        return is_asked(day, ticket) and survey_mark(self._sealer, ticket.id) not in day.surveyed


def _last_called(day: BranchDay) -> dict[str, str]:
    """Per service the number that was called last, at whatever counter."""
    found: dict[str, str] = {}
    # A service that was never called today would let this look at every call of the day.
    left = {code for code, states in day.totals.items() if any(states.values())}
    for made in reversed(day.calls_made):
        ticket = day.tickets[made.ticket]
        if not made.undone and ticket.service not in found:
            found[ticket.service] = ticket.number
            left.discard(ticket.service)
            if not left:
                break
    return found


def _open_counters(day: BranchDay) -> Mapping[str, int]:
    """Per line how many open counters call from it."""
    found: dict[str, int] = {}
    for desk in day.desks.values():
        if desk.state == "open":
            for line in day.lines_of(desk):
                found[line] = found.get(line, 0) + 1
    return found


def booking_view(day: BranchDay, booking: Booking) -> m.BookingView:
    """A place that was booked, for the page of whoever booked it."""
    service = day.branch.services.get(booking.service)
    ticket = day.tickets.get(booking.ticket or "")
    papers: Sequence[Mapping[str, str]] = service.papers if service else ()
    return m.BookingView(
        booking=booking.id,
        code=booking.code,
        link=booking.link,
        service=booking.service,
        service_name=dict(service.name) if service else {},
        state=booking.state,
        window_from=instant(booking.from_ms),
        window_until=instant(booking.until_ms),
        check_in_from=instant(booking.check_in_from_ms),
        check_in_until=instant(booking.check_in_until_ms),
        papers=[dict(paper) for paper in papers],
        ticket_link=None if ticket is None else ticket.link,
        number=None if ticket is None else ticket.number,
        language=booking.language,
    )
