"""The state of a business day: what is known of it, and the steps that change it."""

from collections import OrderedDict

from server.domain.branch import Branch, Skills
from server.domain.changes import CounterPeriod, DayChanges
from server.domain.discipline import QueueDiscipline, discipline_of
from server.domain.errors import QueueRuleError
from server.domain.hall import CallNotice, Desk, PrintJob, Seat
from server.domain.lines import Lines
from server.domain.ticket import (
    HELD_STATES,
    LAWFUL_MOVES,
    Ticket,
    TicketPeriod,
    TicketState,
)

BOARD_CALLS_MAX = 50


class DayState:
    """What is known of a day, and the few steps in which it changes; only the fold takes them."""

    def __init__(self, branch: Branch, business_date: str) -> None:
        self.branch = branch
        self.business_date = business_date
        self.discipline: QueueDiscipline = discipline_of(branch.rules)
        self.revision = 0
        self.closed = False
        self.tickets: dict[str, Ticket] = {}
        self.by_link: dict[str, str] = {}
        self.lines = Lines()
        self.desks = {number: Desk(number) for number in sorted(branch.counters)}
        self.seats: dict[str, Seat] = {}
        self.serials: dict[str, int] = {}
        # How many numbers were given per service, whatever became of them.
        self.issued: dict[str, int] = {}
        # Services that give no numbers for a while, each with the reason for people.
        self.paused_services: dict[str, str] = {}
        # What the manager changed for the rest of the day, instead of the branch's own.
        self.counter_skills: dict[int, Skills] = {}
        self.staff_skills: dict[str, Skills] = {}
        # Who signed the close of today, and of which earlier days who did so today.
        self.signed_by: str | None = None
        self.signed_dates: dict[str, str] = {}
        # The newest version of what was put right today: by ticket and field.
        self.corrections: dict[tuple[str, str], str] = {}
        self.jobs: dict[str, PrintJob] = {}
        self.calls: dict[str, CallNotice] = {}
        self.ratings: dict[str, int] = {}
        # Newest last; the board shows them the other way round.
        self.board: OrderedDict[str, None] = OrderedDict()
        self.missed: OrderedDict[str, None] = OrderedDict()
        self.totals: dict[str, dict[TicketState, int]] = {}
        self.changes = DayChanges(business_date)

    # Reading.

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket of today, or a refusal."""
        found = self.tickets.get(ticket_id)
        if found is None:
            raise QueueRuleError("unknown-ticket")
        return found

    def desk_of(self, device: str) -> Desk:
        """The counter at which this device's person sits, or a refusal."""
        seat = self.seats.get(device)
        if seat is None or seat.counter is None:
            raise QueueRuleError("not-signed-in")
        return self.desks[seat.counter]

    def lines_of(self, desk: Desk) -> list[str]:
        """The lines from which a counter may call."""
        counter = self.branch.counters[desk.number]
        lines = [f"service:{service}" for service in counter.services]
        lines.append(f"counter:{desk.number}")
        if desk.staff is not None:
            lines.append(f"staff:{desk.staff}")
        return lines

    def skills_of_counter(self, number: int) -> Skills:
        """What a counter serves today, whoever sits there."""
        return self.counter_skills.get(number) or self.branch.counters[number].skills

    def next_ticket(self, desk: Desk) -> Ticket | None:
        """Who is next for a counter."""
        found = self.lines.first_of(self.lines_of(desk))
        return None if found is None else self.tickets[found]

    def people_ahead(self, ticket: Ticket) -> int:
        """How many are called before a waiting ticket, in its line."""
        return self.lines.ahead_of(ticket) if ticket.state is TicketState.WAITING else 0

    def seat_of_staff(self, staff: str) -> Seat | None:
        """Where a person sits now."""
        return next((seat for seat in self.seats.values() if seat.staff == staff), None)

    def count(self, service: str, state: TicketState) -> int:
        """How many tickets of a service are in a state."""
        return self.totals.get(service, {}).get(state, 0)

    # Changing.

    def take_changes(self) -> DayChanges:
        """The rows that changed since this was last asked."""
        changes, self.changes = self.changes, DayChanges(self.business_date)
        return changes

    def set_desk(self, number: int, state: str, at_ms: int, reason: str | None = None) -> None:
        """Bring a counter into a state; its stretch before ends."""
        desk = self.desks[number]
        if desk.period is not None:
            desk.period.ended_at_ms = at_ms
            self._note_period(desk.period)
        ordinal = desk.period.ordinal + 1 if desk.period else 1
        desk.state, desk.since_ms, desk.reason = state, at_ms, reason
        desk.period = CounterPeriod(number, ordinal, state, at_ms, staff=desk.staff, reason=reason)
        self._note_period(desk.period)

    def _note_period(self, period: CounterPeriod) -> None:
        self.changes.counter_periods[period.counter, period.ordinal] = period

    def ask_for_paper(self, ticket: Ticket, job: PrintJob) -> None:
        """A kiosk has to print this."""
        self.jobs[job.job] = job
        ticket.job, ticket.copies, ticket.printed_at = job.job, job.copy, job.kiosk
        ticket.print = "pending"
        self.changes.tickets[ticket.id] = ticket

    def count_ticket(self, ticket: Ticket, step: int) -> None:
        """Count a ticket in its service and state."""
        totals = self.totals.get(ticket.service)
        if totals is None:
            totals = self.totals[ticket.service] = dict.fromkeys(TicketState, 0)
        totals[ticket.state] += step

    def move(
        self,
        ticket: Ticket,
        state: TicketState,
        at_ms: int,
        counter: int | None = None,
        staff: str | None = None,
    ) -> None:
        """Bring a ticket into a state: its line, its desk, its period and the totals follow."""
        assert state in LAWFUL_MOVES[ticket.state], (ticket.state, state)
        assert at_ms >= ticket.period.started_at_ms, "no duration is negative (law I11)"
        if ticket.state is TicketState.WAITING:
            self.lines.leave(ticket)
        if ticket.state is TicketState.CALLED and state is not TicketState.CALLED:
            self.forget_confirmations(ticket)
        if ticket.counter is not None and self.desks[ticket.counter].ticket == ticket.id:
            self.desks[ticket.counter].ticket = None
        self.count_ticket(ticket, -1)
        ticket.state, ticket.counter = state, counter
        ticket.staff = staff if staff is not None else ticket.staff
        self.count_ticket(ticket, 1)
        # After a no-show the last stretch has ended already: being away is no waiting time.
        if ticket.period.ended_at_ms is None:
            ticket.period.ended_at_ms = at_ms
            self.changes.periods[ticket.id, ticket.period.ordinal] = ticket.period
        if LAWFUL_MOVES[state] and state is not TicketState.NO_SHOW:
            ordinal = ticket.period.ordinal + 1
            ticket.period = TicketPeriod(
                ticket.id, ordinal, state, at_ms, None, counter, staff, ticket.service
            )
            self.changes.periods[ticket.id, ordinal] = ticket.period
        else:
            ticket.ended_at_ms = at_ms
        if state in HELD_STATES:
            assert counter is not None
            desk = self.desks[counter]
            assert desk.ticket in (None, ticket.id), "a counter holds one ticket (law I4)"
            desk.ticket = ticket.id
        self.changes.tickets[ticket.id] = ticket

    def forget_confirmations(self, ticket: Ticket) -> None:
        """Who confirmed the last call is not asked any more."""
        if ticket.announcement is not None:
            self.calls[ticket.announcement].confirmed.clear()

    def announce(self, ticket: Ticket, announcement: str, expires_at_ms: int) -> None:
        """A call that displays show and speak."""
        assert ticket.counter is not None
        ticket.announcement = announcement
        self.calls[announcement] = CallNotice(
            announcement, ticket.id, ticket.counter, ticket.call_count, expires_at_ms
        )
        self.missed.pop(ticket.id, None)
        self.board[ticket.id] = None
        self.board.move_to_end(ticket.id)
        if len(self.board) > BOARD_CALLS_MAX:
            self.board.popitem(last=False)
