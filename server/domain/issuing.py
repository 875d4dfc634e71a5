"""Taking a number, and its paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.branch import Service
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, PrintRecorded, TicketIssued, TicketReprinted
from server.domain.forecasting import promise
from server.domain.hall import PrintJob
from server.domain.numbering import next_serial, printed_number, series_of
from server.domain.opening import Closed
from server.domain.openness import why_closed
from server.domain.ticket import OPEN_STATES, Ticket, TicketState

# A paper that nobody could print for so long would come out in front of another visitor.
PAPER_DUE_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a visitor asks for, and the ids that were made for it outside."""

    ticket: str
    link: str
    service: str
    device: str
    priority: str = "none"
    needs: Sequence[str] = ()
    language: str = "id"
    weight: int = 1
    staff: str | None = None
    job: str | None = None
    print_at: str | None = None
    # The screening at the door that it comes from; an officer sent this visitor, so the kiosk
    # gives the number as an officer would.
    screening: str | None = None
    # The place booked from home that it comes of: quota and capacity were kept for it.
    booking: str | None = None


def decide_issue(
    day: BranchDay, asked: NewTicket, now_ms: int, *, after: int = 0
) -> list[AnyEvent]:
    """Give the next number of the service's series (law I2), if the service gives any now.

    Somebody of the staff may give one past the last ticket, the quota and the capacity, and who
    booked from home gets the one that was kept. So many events stand before it in the same
    commit as ``after`` says: its arrival is its own place.
    """
    kept = asked.staff is not None or asked.screening is not None or asked.booking is not None
    service = demand_number_is_given(day, asked.service, asked.priority, now_ms, by_staff=kept)
    for need in asked.needs:
        _demand_choice(day, "needs", need)
    if asked.priority != "none":
        _demand_choice(day, "priority", asked.priority)
    series = series_of(day.branch, service, asked.priority)
    serial = next_serial(day.branch, series, day.last_serial(series))
    told = promise(day, service.code, asked.priority, asked.weight, now_ms)
    return [
        TicketIssued(
            ticket=asked.ticket,
            number=printed_number(day.branch, series, serial),
            series=series,
            serial=serial,
            service=service.code,
            rank=day.discipline.rank(service, asked.priority, now_ms, day.revision + 1 + after),
            link=asked.link,
            device=asked.device,
            priority=asked.priority,
            needs=list(asked.needs),
            language=asked.language,
            weight=asked.weight,
            staff=asked.staff,
            job=asked.job if asked.print_at is not None else None,
            print_at=asked.print_at,
            promised_s=None if told is None else told.range_s,
            expected_wait_s=None if told is None else round(told.expected_s),
            screening=asked.screening,
            booking=asked.booking,
        )
    ]


def demand_number_is_given(
    day: BranchDay,
    code: str,
    priority: str,
    now_ms: int,
    *,
    by_staff: bool,
    has_number: bool = False,
) -> Service:
    """The service, if it gives a number now, or a refusal that says why not.

    ``has_number``: the visitor keeps one of another series, so a range that is used up is none
    of theirs.
    """
    service = day.branch.services.get(code)
    if service is None:
        raise QueueRuleError("unknown-service", service=code)
    closed = why_closed(day, service, now_ms, priority=priority, by_staff=by_staff)
    if closed is not None and not (has_number and closed.code == "numbers-used-up"):
        raise _refusal(day, service, priority, closed)
    return service


def _refusal(day: BranchDay, service: Service, priority: str, closed: Closed) -> QueueRuleError:
    if closed.code == "numbers-used-up":
        return QueueRuleError("numbers-exhausted", series=series_of(day.branch, service, priority))
    return QueueRuleError("service-closed", service_name=service.name, closed=closed)


def _demand_choice(day: BranchDay, field: str, code: str) -> None:
    if not day.branch.knows(field, code):
        raise QueueRuleError("bad-value", field=field)


def decide_print_outcome(day: BranchDay, device: str, job_id: str, outcome: str) -> list[AnyEvent]:
    """Write down what became of a paper (law I9)."""
    job = day.jobs.get(job_id)
    if job is None:
        raise QueueRuleError("bad-value", field="job")
    if job.kiosk != device:
        raise QueueRuleError("not-yours")
    if job.outcome == outcome:
        return []
    return [PrintRecorded(ticket=job.ticket, job=job.job, outcome=outcome)]


def paper_is_due(day: BranchDay, job: PrintJob, now_ms: int) -> bool:
    """Whether a kiosk should still print this: nobody said what became of it, and it is wanted."""
    # What a kiosk printed without a link it was never asked for.
    return not job.by_itself and _is_awaited(day, job, now_ms)


def _is_awaited(day: BranchDay, job: PrintJob, now_ms: int) -> bool:
    """Whether a word on this paper may still come."""
    ticket = day.tickets[job.ticket]
    return (
        job.outcome == "pending"
        and ticket.job == job.job
        and ticket.state in OPEN_STATES
        and now_ms - job.asked_at_ms < PAPER_DUE_MS
    )


def waits_without_paper(day: BranchDay, ticket: Ticket, now_ms: int) -> bool:
    """Whether a ticket is known to wait without paper, or its kiosk has been silent too long."""
    if ticket.state is not TicketState.WAITING or ticket.print == "printed":
        return False
    if ticket.print == "pending":
        job = day.jobs.get(ticket.job or "")
        return job is None or not _is_awaited(day, job, now_ms)
    return True


def demand_kiosk_may_claim(day: BranchDay, priority: str) -> None:
    """A visitor at a kiosk claims a priority only where the branch lets them, and never that it
    is urgent: that is for a person to see."""
    if priority == "none":
        return
    if priority == "urgent" or not day.branch.rules.kiosk_priority_claim:
        raise QueueRuleError("not-allowed", words="kiosk-priority")


def demand_own_fresh_ticket(day: BranchDay, ticket: Ticket, device: str, now_ms: int) -> None:
    """A kiosk touches only what it issued itself, and not for long."""
    if ticket.device != device:
        raise QueueRuleError("not-yours")
    if now_ms - ticket.issued_at_ms > day.branch.rules.kiosk_own_ticket_s * 1000:
        raise QueueRuleError("too-late", number=ticket.number)


def decide_reprint(
    day: BranchDay, ticket_id: str, job: str, print_at: str, staff: str | None = None
) -> list[AnyEvent]:
    """Ask for the paper once more; the ticket and its place stay."""
    ticket = day.ticket(ticket_id)
    ticket.demand(*OPEN_STATES)
    copy = ticket.copies + 1
    return [TicketReprinted(ticket=ticket.id, job=job, copy=copy, print_at=print_at, staff=staff)]
