"""Rows of what was lent to kiosks, and of tickets that were merged when their day was over."""

from db.lane import BatchRows
from server.domain.events import EarlierTicketMerged, NumbersLeased, Recorded
from server.domain.ticket import Ticket, TicketPeriod, TicketState
from server.stored_rows import period_row, ticket_row

OFFLINE_KINDS = frozenset({NumbersLeased.__name__, EarlierTicketMerged.__name__})


def add_offline_rows(rows: BatchRows, branch: str, entry: Recorded) -> None:
    """The rows that follow of one of these events alone."""
    match entry.event:
        case NumbersLeased() as lent:
            rows.leases += [
                (
                    *(branch, entry.business_date, series, lent.device, lent.letter),
                    *(first, last, lent.lease, entry.at_ms),
                )
                for series, (first, last) in lent.ranges.items()
            ]
        case EarlierTicketMerged() as merged:
            ticket = _ticket_of(merged)
            row = ticket_row(branch, merged.of_date, ticket)
            rows.tickets.append((*row[:-1], entry.seq))
            rows.ticket_periods.append(period_row(branch, merged.of_date, ticket.period))


def _ticket_of(event: EarlierTicketMerged) -> Ticket:
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        series=event.series,
        serial=event.serial,
        service=event.service,
        rank=(event.issued_at_ms, 0, 0),
        link=event.link,
        device=event.device,
        issued_at_ms=event.issued_at_ms,
        priority=event.priority,
        needs=tuple(event.needs),
        language=event.language,
        state=TicketState.EXPIRED,
        ended_at_ms=event.ended_at_ms,
        print=event.print,
        copies=event.copies,
        offline=True,
    )
    ticket.period = TicketPeriod(
        *(event.ticket, 1, TicketState.WAITING, event.issued_at_ms, event.ended_at_ms),
        service=event.service,
    )
    return ticket
