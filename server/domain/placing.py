"""Everyone who waits gets their place by another discipline."""

from collections.abc import Iterator, Mapping

from server.domain.branch import Service
from server.domain.discipline import QueueDiscipline
from server.domain.events import Rank
from server.domain.lines import Lines
from server.domain.ticket import Ticket


def rank_anew(
    lines: Lines,
    tickets: Mapping[str, Ticket],
    services: Mapping[str, Service],
    discipline: QueueDiscipline,
) -> None:
    """Place all who wait, in each line, as if the discipline had been this one before."""
    for name in list(lines.names()):
        line = [tickets[ticket] for ticket in lines.tickets(name)]
        ranks = dict(new_ranks(line, services, discipline))
        for ticket in line:
            lines.leave(ticket)
            ticket.rank = ranks[ticket.id]
            lines.join(ticket)


def new_ranks(
    line: list[Ticket], services: Mapping[str, Service], discipline: QueueDiscipline
) -> Iterator[tuple[str, Rank]]:
    """The new ranks of a line, given in its old order.

    Who came back after a missed call keeps behind the same person, or goes first when that
    person was called meanwhile; who was placed last counts as having come at that moment.
    """
    by_arrival: dict[int, Rank] = {}
    for ticket in sorted(line, key=lambda one: one.placing == "grace"):
        service = services.get(ticket.service) or _GONE
        if ticket.placing == "first":
            rank = ticket.rank
        elif ticket.placing == "grace":
            # Behind its anchor, whose arrival is the second part of the rank of the coming back.
            anchor = by_arrival.get(ticket.rank[1])
            rank = (*(anchor[:2] if anchor else (0, ticket.rank[1])), ticket.rank[2])
        else:
            since_ms = ticket.waits_since_ms
            rank = discipline.rank(service, ticket.priority, since_ms, ticket.arrival)
            by_arrival[ticket.rank[1]] = rank
        yield ticket.id, rank


_GONE = Service("", {}, letter="", target_wait_s=0)
