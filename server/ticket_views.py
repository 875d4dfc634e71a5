"""One ticket as words of the protocol: on a screen, and on its paper."""

from protocol import messages as m
from protocol.roles import DeviceRole
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.forecasting import range_of
from server.domain.hall import PrintJob
from server.domain.ticket import Ticket, TicketState
from server.instants import instant, instant_or_none

# The link is a secret between the visitor and the staff; a board never shows it.
LINKED_ROLES = frozenset({DeviceRole.KIOSK, DeviceRole.SCREENING, DeviceRole.COUNTER})


def ticket_view(day: BranchDay, ticket: Ticket, *, linked: bool) -> m.Ticket:
    """A ticket, with its link only where it may be seen."""
    return m.Ticket(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        state=ticket.state.value,
        priority=ticket.priority,
        needs=list(ticket.needs),
        issued_at=instant(ticket.issued_at_ms),
        counter=ticket.counter,
        call_count=ticket.call_count,
        people_ahead=day.people_ahead(ticket),
        estimate=_estimate_of(day, ticket),
        print=ticket.print,
        link=_link(day.branch, ticket) if linked else None,
        called_at=instant_or_none(ticket.called_at_ms),
        started_at=instant_or_none(ticket.started_at_ms),
        weight=ticket.weight,
        language=ticket.language,
        screening=ticket.screening,
        offline=ticket.offline,
    )


def _estimate_of(day: BranchDay, ticket: Ticket) -> m.Estimate | None:
    """The range for a waiting ticket; one that was just issued keeps the one that it was told."""
    if ticket.state is not TicketState.WAITING:
        return None
    if ticket.issued_at_ms == day.at_ms:
        return estimate_view(ticket.promised_s)
    return estimate_view(range_of(day, ticket.id, day.at_ms))


def estimate_view(range_s: tuple[int, int] | None) -> m.Estimate | None:
    """A range as the wire has it."""
    return None if range_s is None else m.Estimate(from_s=range_s[0], to_s=range_s[1])


def ticket_to_print(day: BranchDay, job: PrintJob, resent: int) -> m.TicketToPrint:
    """The facts for a paper; sent again, it is a further copy (CETAK ULANG)."""
    ticket = day.tickets[job.ticket]
    branch = day.branch
    service = branch.services.get(ticket.service)
    view = ticket_view(day, ticket, linked=True)
    return m.TicketToPrint(
        job=job.job,
        copy=job.copy + resent,
        ticket=view,
        branch=branch.name,
        time_zone=branch.time_zone_name,
        service_name=dict(service.name) if service else {},
        people_ahead=view.people_ahead,
        # A paper that is printed again says what holds now.
        estimate=view.estimate,
        papers=[dict(paper) for paper in service.papers] if service else [],
        link=view.link,
        footer=[dict(line) for line in branch.paper_footer],
        language=ticket.language,
    )


def _link(branch: Branch, ticket: Ticket) -> str:
    return f"{branch.link_base_url.rstrip('/')}/t/{ticket.link}"
