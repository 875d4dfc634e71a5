"""The fold of what happens to tickets, their papers, calls and ratings."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall import PrintJob
from server.domain.ticket import Ticket, TicketState


def issue(day: DayState, event: e.TicketIssued, at_ms: int) -> None:
    assert event.ticket not in day.tickets
    assert event.serial > day.serials.get(event.series, 0), "a number is given once"
    day.serials[event.series] = event.serial
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
        issued_at_ms=at_ms,
        arrival=event.rank[1],
        priority=event.priority,
        needs=tuple(event.needs),
        language=event.language,
        weight=event.weight,
        promised_s=event.promised_s,
    )
    day.tickets[ticket.id] = ticket
    day.by_link[ticket.link] = ticket.id
    day.lines.join(ticket)
    day.count_ticket(ticket, 1)
    day.changes.tickets[ticket.id] = ticket
    day.changes.periods[ticket.id, 1] = ticket.period
    if event.job is not None and event.print_at is not None:
        day.ask_for_paper(ticket, PrintJob(event.job, ticket.id, event.print_at, 1, at_ms))


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
    day.move(ticket, TicketState.CALLED, at_ms, event.counter, event.staff)
    ticket.call_count = 1
    ticket.called_at_ms = at_ms
    day.announce(ticket, event.announcement, event.expires_at_ms)


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


def record_no_show(day: DayState, event: e.NoShowRecorded, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.NO_SHOW, at_ms, ticket.counter, event.staff)
    ticket.valid_until_ms = event.valid_until_ms
    if event.counter is not None and not ticket.requeued:
        day.missed[ticket.id] = None


def requeue(day: DayState, event: e.TicketRequeued, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    ticket.requeued = True
    ticket.ended_at_ms = None
    day.missed.pop(ticket.id, None)
    ticket.staff = None
    day.move(ticket, TicketState.WAITING, at_ms)
    ticket.rank = event.rank
    day.lines.join(ticket)


def transfer(day: DayState, event: e.TicketTransferred, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.WAITING, at_ms)
    day.count_ticket(ticket, -1)
    ticket.service = ticket.period.service = event.service
    day.count_ticket(ticket, 1)
    ticket.to_counter, ticket.to_staff = event.counter, event.to_staff
    ticket.staff = None
    ticket.rank = event.rank
    ticket.note = event.note or ticket.note
    day.lines.join(ticket)


def park(day: DayState, event: e.TicketParked, at_ms: int) -> None:
    ticket = day.tickets[event.ticket]
    day.move(ticket, TicketState.PARKED, at_ms, None, event.staff)
    ticket.reason = event.reason


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
