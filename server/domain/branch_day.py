"""One business day of a branch: the state, and the fold of events that makes it.

Deciding lives in the modules beside this one (``issuing``, ``calling``, ``serving``,
``seating``, ``closing``): each takes a day and returns events, changing nothing. ``apply`` is
the only way in which a day changes, live and after a crash alike (law I3).
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from server.domain import events as e
from server.domain.branch import Branch
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


class BranchDay:
    """Everything that the rules need to know, rebuilt from events at any time."""

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
        self.jobs: dict[str, PrintJob] = {}
        self.calls: dict[str, CallNotice] = {}
        self.ratings: dict[str, int] = {}
        # Newest last; the board shows them the other way round.
        self.board: OrderedDict[str, None] = OrderedDict()
        self.missed: OrderedDict[str, None] = OrderedDict()
        self.totals: dict[str, dict[TicketState, int]] = {}
        self._changes = DayChanges(business_date)

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
        changes, self._changes = self._changes, DayChanges(self.business_date)
        return changes

    def apply(self, recorded: e.Recorded) -> None:
        """Fold one event into the day."""
        assert recorded.seq > self.revision, "events are applied once and in order"
        _APPLY[type(recorded.event)](self, recorded.event, recorded.at_ms)
        self.revision = recorded.seq

    def _open_day(self, event: e.DayOpened, at_ms: int) -> None:
        assert event.business_date == self.business_date

    def _close_day(self, event: e.DayClosed, at_ms: int) -> None:
        assert event.business_date == self.business_date
        self.closed = True

    def _sign_in(self, event: e.StaffSignedIn, at_ms: int) -> None:
        self.seats[event.device] = Seat(
            event.device, event.staff, event.name, event.role, event.counter
        )
        if event.counter is not None:
            desk = self.desks[event.counter]
            desk.device, desk.staff = event.device, event.staff

    def _sign_out(self, event: e.StaffSignedOut, at_ms: int) -> None:
        seat = self.seats.pop(event.device)
        if seat.counter is not None:
            desk = self.desks[seat.counter]
            desk.device = desk.staff = None

    def _set_desk(self, number: int, state: str, at_ms: int, reason: str | None = None) -> None:
        desk = self.desks[number]
        if desk.period is not None:
            desk.period.ended_at_ms = at_ms
            self._note_period(desk.period)
        ordinal = desk.period.ordinal + 1 if desk.period else 1
        desk.state, desk.since_ms, desk.reason = state, at_ms, reason
        desk.period = CounterPeriod(number, ordinal, state, at_ms, staff=desk.staff, reason=reason)
        self._note_period(desk.period)

    def _note_period(self, period: CounterPeriod) -> None:
        self._changes.counter_periods[period.counter, period.ordinal] = period

    def _open_counter(self, event: e.CounterOpened, at_ms: int) -> None:
        self._set_desk(event.counter, "open", at_ms)

    def _pause_counter(self, event: e.CounterPaused, at_ms: int) -> None:
        self._set_desk(event.counter, "paused", at_ms, event.reason)

    def _close_counter(self, event: e.CounterClosed, at_ms: int) -> None:
        self._set_desk(event.counter, "closed", at_ms)

    def _issue(self, event: e.TicketIssued, at_ms: int) -> None:
        assert event.ticket not in self.tickets
        assert event.serial > self.serials.get(event.series, 0), "a number is given once"
        self.serials[event.series] = event.serial
        ticket = Ticket(
            id=event.ticket,
            number=event.number,
            series=event.series,
            serial=event.serial,
            service=event.service,
            rank=event.rank,
            link=event.link,
            device=event.device,
            issued_at_ms=at_ms,
            arrival=event.rank[1],
            priority=event.priority,
            needs=tuple(event.needs),
            language=event.language,
            weight=event.weight,
        )
        self.tickets[ticket.id] = ticket
        self.by_link[ticket.link] = ticket.id
        self.lines.join(ticket)
        self._count(ticket, 1)
        self._changes.tickets[ticket.id] = ticket
        self._changes.periods[ticket.id, 1] = ticket.period
        if event.job is not None and event.print_at is not None:
            self._ask_for_paper(ticket, PrintJob(event.job, ticket.id, event.print_at, 1, at_ms))

    def _ask_for_paper(self, ticket: Ticket, job: PrintJob) -> None:
        self.jobs[job.job] = job
        ticket.job, ticket.copies, ticket.printed_at = job.job, job.copy, job.kiosk
        ticket.print = "pending"
        self._changes.tickets[ticket.id] = ticket

    def _reprint(self, event: e.TicketReprinted, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        job = PrintJob(event.job, ticket.id, event.print_at, event.copy, at_ms)
        self._ask_for_paper(ticket, job)

    def _record_print(self, event: e.PrintRecorded, at_ms: int) -> None:
        self.jobs[event.job].outcome = event.outcome
        ticket = self.tickets[event.ticket]
        if ticket.job == event.job:
            ticket.print = event.outcome
            self._changes.tickets[ticket.id] = ticket

    def _count(self, ticket: Ticket, step: int) -> None:
        totals = self.totals.get(ticket.service)
        if totals is None:
            totals = self.totals[ticket.service] = dict.fromkeys(TicketState, 0)
        totals[ticket.state] += step

    def _move(
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
            self._forget_confirmations(ticket)
        if ticket.counter is not None and self.desks[ticket.counter].ticket == ticket.id:
            self.desks[ticket.counter].ticket = None
        self._count(ticket, -1)
        ticket.state, ticket.counter = state, counter
        ticket.staff = staff if staff is not None else ticket.staff
        self._count(ticket, 1)
        # After a no-show the last stretch has ended already: being away is no waiting time.
        if ticket.period.ended_at_ms is None:
            ticket.period.ended_at_ms = at_ms
            self._changes.periods[ticket.id, ticket.period.ordinal] = ticket.period
        if LAWFUL_MOVES[state] and state is not TicketState.NO_SHOW:
            ordinal = ticket.period.ordinal + 1
            ticket.period = TicketPeriod(ticket.id, ordinal, state, at_ms, None, counter, staff)
            self._changes.periods[ticket.id, ordinal] = ticket.period
        else:
            ticket.ended_at_ms = at_ms
        if state in HELD_STATES:
            assert counter is not None
            desk = self.desks[counter]
            assert desk.ticket in (None, ticket.id), "a counter holds one ticket (law I4)"
            desk.ticket = ticket.id
        self._changes.tickets[ticket.id] = ticket

    def _forget_confirmations(self, ticket: Ticket) -> None:
        if ticket.announcement is not None:
            self.calls[ticket.announcement].confirmed.clear()

    def _announce(self, ticket: Ticket, announcement: str, expires_at_ms: int) -> None:
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

    def _call(self, event: e.TicketCalled | e.TicketResumed, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.CALLED, at_ms, event.counter, event.staff)
        ticket.call_count = 1
        ticket.called_at_ms = at_ms
        self._announce(ticket, event.announcement, event.expires_at_ms)

    def _recall(self, event: e.TicketRecalled, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._forget_confirmations(ticket)
        ticket.call_count += 1
        ticket.called_at_ms = at_ms
        self._announce(ticket, event.announcement, event.expires_at_ms)
        self._changes.tickets[ticket.id] = ticket

    def _start(self, event: e.ServiceStarted, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.SERVING, at_ms, event.counter, event.staff)
        ticket.started_at_ms = at_ms

    def _finish(self, event: e.ServiceFinished, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        assert ticket.counter is not None
        assert ticket.started_at_ms is not None
        desk = self.desks[ticket.counter]
        self._move(ticket, TicketState.FINISHED, at_ms, ticket.counter, event.staff)
        desk.last_finished = ticket.id
        desk.finished_count += 1
        desk.service_time_ms += at_ms - ticket.started_at_ms
        ticket.outcome, ticket.category = event.outcome, event.category
        ticket.education, ticket.note = tuple(event.education), event.note or ticket.note

    def _record_no_show(self, event: e.NoShowRecorded, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.NO_SHOW, at_ms, ticket.counter, event.staff)
        ticket.valid_until_ms = event.valid_until_ms
        if event.counter is not None and not ticket.requeued:
            self.missed[ticket.id] = None

    def _requeue(self, event: e.TicketRequeued, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        ticket.requeued = True
        ticket.ended_at_ms = None
        self.missed.pop(ticket.id, None)
        ticket.staff = None
        self._move(ticket, TicketState.WAITING, at_ms)
        ticket.rank = event.rank
        self.lines.join(ticket)

    def _transfer(self, event: e.TicketTransferred, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.WAITING, at_ms)
        self._count(ticket, -1)
        ticket.service = event.service
        self._count(ticket, 1)
        ticket.to_counter, ticket.to_staff = event.counter, event.to_staff
        ticket.staff = None
        ticket.rank = event.rank
        ticket.note = event.note or ticket.note
        self.lines.join(ticket)

    def _park(self, event: e.TicketParked, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.PARKED, at_ms, None, event.staff)
        ticket.reason = event.reason

    def _take_along(self, event: e.TicketTakenAlong, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, ticket.state, at_ms, event.counter, event.staff)

    def _cancel(self, event: e.TicketCancelled, at_ms: int) -> None:
        ticket = self.tickets[event.ticket]
        self._move(ticket, TicketState.CANCELLED, at_ms, ticket.counter, event.staff)
        ticket.reason = event.reason

    def _expire(self, event: e.TicketExpired, at_ms: int) -> None:
        self._move(self.tickets[event.ticket], TicketState.EXPIRED, at_ms)

    def _confirm_announcement(self, event: e.AnnouncementConfirmed, at_ms: int) -> None:
        call = self.calls[event.announcement]
        if self.tickets[call.ticket].announcement == event.announcement:
            call.confirmed[event.device] = event.outcome

    def _rate(self, event: e.ServiceRated, at_ms: int) -> None:
        self.ratings[event.ticket] = event.score


_APPLY: dict[type[Any], Callable[[BranchDay, Any, int], None]] = {
    e.DayOpened: BranchDay._open_day,
    e.DayClosed: BranchDay._close_day,
    e.StaffSignedIn: BranchDay._sign_in,
    e.StaffSignedOut: BranchDay._sign_out,
    e.CounterOpened: BranchDay._open_counter,
    e.CounterPaused: BranchDay._pause_counter,
    e.CounterClosed: BranchDay._close_counter,
    e.TicketIssued: BranchDay._issue,
    e.PrintRecorded: BranchDay._record_print,
    e.TicketReprinted: BranchDay._reprint,
    e.TicketCalled: BranchDay._call,
    e.TicketRecalled: BranchDay._recall,
    e.ServiceStarted: BranchDay._start,
    e.ServiceFinished: BranchDay._finish,
    e.NoShowRecorded: BranchDay._record_no_show,
    e.TicketRequeued: BranchDay._requeue,
    e.TicketTransferred: BranchDay._transfer,
    e.TicketParked: BranchDay._park,
    e.TicketResumed: BranchDay._call,
    e.TicketTakenAlong: BranchDay._take_along,
    e.TicketCancelled: BranchDay._cancel,
    e.TicketExpired: BranchDay._expire,
    e.AnnouncementConfirmed: BranchDay._confirm_announcement,
    e.ServiceRated: BranchDay._rate,
}
