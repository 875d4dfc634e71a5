"""The fold of what happens to tickets, their papers, calls and ratings."""

from server.domain import events as e
from server.domain.arriving import ordinal_of_arrival
from server.domain.day_state import DayState
from server.domain.fold_door import note_cause
from server.domain.hall import CallMade, PrintJob
from server.domain.selection import RESUMED
from server.domain.ticket import Ticket, TicketState


def issue(day: DayState, event: e.TicketIssued, at_ms: int) -> None:
    assert event.ticket not in day.tickets
    issued_at_ms, ordinal = at_ms, day.next_ordinal
    if event.offline:
        assert event.issued_at_ms is not None
        issued_at_ms = event.issued_at_ms
        ordinal = ordinal_of_arrival(day, issued_at_ms, event.rank[1])
        given = day.offline_serials.setdefault(event.series, {})
        assert event.serial not in given, "a number is given once"
        given[event.serial] = event.ticket
        day.offline_last_ms[event.device] = issued_at_ms
    else:
        assert event.serial > day.serials.get(event.series, 0), "a number is given once"
        day.serials[event.series] = event.serial
    day.next_ordinal = max(day.next_ordinal, ordinal + 1)
    day.issued[event.service] = day.issued.get(event.service, 0) + 1
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        series=event.series,
        serial=event.serial,
        service=event.service,
        rank=event.rank,
        link=event.link,
        device=event.device,
        issued_at_ms=issued_at_ms,
        arrival=event.rank[1],
        priority=event.priority,
        needs=tuple(event.needs),
        language=event.language,
        weight=event.weight,
        promised_s=event.promised_s,
        expected_wait_s=event.expected_wait_s,
        ordinal=ordinal,
        screening=event.screening,
        booking=event.booking,
        offline=event.offline,
    )
    day.tickets[ticket.id] = ticket
    if day.arrivals is not None:
        day.arrivals.add((issued_at_ms, ticket.arrival, ticket.id))
    day.by_link[ticket.link] = ticket.id
    day.take_place(ticket)
    day.count_ticket(ticket, 1)
    day.changes.tickets[ticket.id] = ticket
    day.changes.periods[ticket.id, 1] = ticket.period
    if event.job is not None and event.print_at is not None:
        day.ask_for_paper(ticket, PrintJob(event.job, ticket.id, event.print_at, 1, at_ms))
    if event.offline and event.print != "none":
        _note_own_paper(day, ticket, event)
    if event.screening is not None and event.screening in day.screenings:
        screening = day.screenings[event.screening]
        screening.ticket = ticket.id
        day.changes.screenings[screening.id] = screening


def _note_own_paper(day: DayState, ticket: Ticket, event: e.TicketIssued) -> None:
    """The paper that a kiosk made by itself is known by its ticket's id."""
    job = PrintJob(ticket.id, ticket.id, event.device, event.copies, ticket.issued_at_ms)
    day.ask_for_paper(ticket, job)
    job.outcome, job.by_itself = event.print, True
    ticket.print = event.print


def reprint(day: DayState, event: e.TicketReprinted, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    job = PrintJob(event.job, ticket.id, event.print_at, event.copy, at_ms)
    day.ask_for_paper(ticket, job)


def record_print(day: DayState, event: e.PrintRecorded, at_ms: int) -> None:
    day.jobs[event.job].outcome = event.outcome
    ticket = day.tickets[event.ticket]
    if ticket.job == event.job:
        ticket.print = event.outcome
        day.changes.tickets[ticket.id] = ticket


def call(day: DayState, event: e.TicketCalled | e.TicketResumed, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    _note_call(day, ticket, event, at_ms)
    day.move(ticket, TicketState.CALLED, at_ms, event.counter, event.staff)
    ticket.call_count = 1
    ticket.first_called_at_ms = ticket.called_at_ms = at_ms
    day.announce(ticket, event.announcement, event.expires_at_ms)


def _note_call(
    day: DayState, ticket: Ticket, event: e.TicketCalled | e.TicketResumed, at_ms: int
) -> None:
    """Before the ticket leaves its line: whom this call overtakes."""
    desk, rule, by_rule = day.desks[event.counter], RESUMED, False
    lines = day.lines_of(desk)
    if isinstance(event, e.TicketCalled):
        rule, by_rule = event.rule, not event.chosen
        if event.helping:
            lines += day.help_lines(desk).every
    day.note_call(
        CallMade(
            ticket=ticket.id,
            ordinal=ticket.ordinal,
            counter=desk.number,
            at_ms=at_ms,
            rule=rule,
            lines=lines,
            counted=by_rule and ticket.placing != "first",
            by_rule=by_rule,
            priority=ticket.priority != "none",
            priority_waited=bool(day.lines.priority),
        )
    )


def recall(day: DayState, event: e.TicketRecalled, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.forget_confirmations(ticket)
    ticket.call_count += 1
    ticket.called_at_ms = at_ms
    day.announce(ticket, event.announcement, event.expires_at_ms)
    day.changes.tickets[ticket.id] = ticket


def start(day: DayState, event: e.ServiceStarted, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.SERVING, at_ms, event.counter, event.staff)
    ticket.started_at_ms = at_ms


def finish(day: DayState, event: e.ServiceFinished, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    assert ticket.counter is not None
    assert ticket.started_at_ms is not None
    desk = day.desks[ticket.counter]
    day.move(ticket, TicketState.FINISHED, at_ms, ticket.counter, event.staff)
    desk.last_finished = ticket.id
    desk.finished_count += 1
    desk.service_time_ms += at_ms - ticket.started_at_ms
    ticket.outcome, ticket.category = event.outcome, event.category
    ticket.education, ticket.note = tuple(event.education), event.note or ticket.note
    ticket.cause = event.cause
    note_cause(day, ticket.id, event.cause, at_ms)


def record_no_show(day: DayState, event: e.NoShowRecorded, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.NO_SHOW, at_ms, ticket.counter, event.staff)
    ticket.valid_until_ms = event.valid_until_ms
    if event.counter is not None:
        day.missed[ticket.id] = None


def requeue(day: DayState, event: e.TicketRequeued, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    ticket.requeues += 1
    ticket.ended_at_ms = None
    day.missed.pop(ticket.id, None)
    ticket.staff = None
    day.move(ticket, TicketState.WAITING, at_ms)
    day.place(ticket, "grace", at_ms)
    ticket.rank, ticket.falls_back_at_ms = event.rank, event.falls_back_at_ms
    day.take_place(ticket)


def transfer(day: DayState, event: e.TicketTransferred, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.WAITING, at_ms)
    day.change_service(ticket, event.service)
    ticket.to_counter, ticket.to_staff = event.counter, event.to_staff
    ticket.falls_back_at_ms = event.falls_back_at_ms
    day.place(ticket, event.position, at_ms)
    ticket.staff = None
    ticket.rank = event.rank
    ticket.note = event.note or ticket.note
    day.take_place(ticket)


def correct(day: DayState, event: e.TicketCorrected, at_ms: int) -> None:
    """Another service or priority, with the time of the first arrival."""
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.WAITING, at_ms)
    day.change_service(ticket, event.service)
    ticket.priority = event.priority
    ticket.to_counter = ticket.to_staff = ticket.falls_back_at_ms = None
    day.place(ticket, "arrival", at_ms)
    ticket.staff = None
    ticket.rank = event.rank
    day.take_place(ticket)


def fall_back(day: DayState, event: e.TransferFellBack, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.leave_place(ticket)
    ticket.to_counter = ticket.to_staff = ticket.falls_back_at_ms = None
    if ticket.placing != "first":
        day.place(ticket, "arrival", at_ms)
    ticket.rank = event.rank
    day.take_place(ticket)


def continue_service(day: DayState, event: e.ServiceContinued, at_ms: int) -> None:
    """One errand ends and the next begins: here at once, or in a line like anybody's."""
    ticket, desk = day.tickets[event.ticket], day.desks[event.counter]
    assert ticket.started_at_ms is not None
    desk.finished_count += 1
    desk.service_time_ms += at_ms - ticket.started_at_ms
    ticket.note = event.note or ticket.note
    note_cause(day, ticket.id, event.cause, at_ms)
    if event.rank is None:
        day.move(ticket, TicketState.SERVING, at_ms, event.counter, event.staff)
        day.change_service(ticket, event.service)
        ticket.started_at_ms = ticket.first_called_at_ms = at_ms
        return
    day.move(ticket, TicketState.WAITING, at_ms)
    day.change_service(ticket, event.service)
    ticket.staff = ticket.to_counter = ticket.to_staff = ticket.falls_back_at_ms = None
    day.place(ticket, "arrival", at_ms)
    ticket.rank = event.rank
    day.take_place(ticket)


def park(day: DayState, event: e.TicketParked, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.PARKED, at_ms, None, event.staff)
    ticket.reason = event.reason
    ticket.parked_at_ms, ticket.parked_by_counter = at_ms, event.counter
    ticket.alarm_at_ms = event.alarm_at_ms
    day.take_place(ticket)


def take_along(day: DayState, event: e.TicketTakenAlong, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, ticket.state, at_ms, event.counter, event.staff)


def cancel(day: DayState, event: e.TicketCancelled, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.CANCELLED, at_ms, ticket.counter, event.staff)
    ticket.reason = event.reason


def expire(day: DayState, event: e.TicketExpired, at_ms: int) -> None:
    day.move(day.tickets[event.ticket], TicketState.EXPIRED, at_ms)


def confirm_announcement(day: DayState, event: e.AnnouncementConfirmed, at_ms: int) -> None:
    call = day.calls[event.announcement]
    if day.tickets[call.ticket].announcement == event.announcement:
        call.confirmed[event.device] = event.outcome


def rate(day: DayState, event: e.ServiceRated, at_ms: int) -> None:
    day.ratings[event.ticket] = event.score
