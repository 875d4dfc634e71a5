"""Everyone who waits gets their place by another discipline."""

from collections.abc import Iterable, Iterator, Mapping

from server.domain.branch import Service
from server.domain.discipline import QueueDiscipline
from server.domain.events import Rank
from server.domain.lines import Lines
from server.domain.ticket import Ticket, TicketState


def rank_anew(
    lines: Lines,
    tickets: Mapping[str, Ticket],
    kept: Iterable[Ticket],
    services: Mapping[str, Service],
    discipline: QueueDiscipline,
) -> None:
    """Place all who wait, in each line, as if the discipline had been this one before.

    ``kept`` are tickets as they stood in their lines before a move that may be taken back.
    """
    others = [ticket for ticket in kept if ticket.state is TicketState.WAITING]
    for name in dict.fromkeys((*lines.names(), *(ticket.line for ticket in others))):
        standing = [tickets[ticket] for ticket in lines.tickets(name)]
        away = [ticket for ticket in others if ticket.line == name]
        both = sorted((*standing, *away), key=lambda one: one.rank)
        # Who might come back gives nobody who waits another place than a preview would say.
        ranks = list(new_ranks(standing, services, discipline))
        ranks += [
            (ticket, rank)
            for ticket, rank in new_ranks(both, services, discipline)
            if any(ticket is one for one in away)
        ]
        for ticket in standing:
            lines.leave(ticket)
        for ticket, rank in ranks:
            ticket.rank = rank
        for ticket in standing:
            lines.join(ticket)


def new_ranks(
    line: Iterable[Ticket], services: Mapping[str, Service], discipline: QueueDiscipline
) -> Iterator[tuple[Ticket, Rank]]:
    """The new ranks of a line, given in its old order.

    Who came back after a missed call keeps behind the same person, or goes first when that
    person was called meanwhile; who was placed last counts as having come at that moment.
    """
    # Those who came back share the first two parts of a rank with the person before them.
    behind: dict[tuple[int, int], tuple[int, int]] = {}
    for place, ticket in enumerate(line):
        spot = ticket.rank[:2]
        if ticket.placing == "grace":
            yield ticket, (*behind.get(spot, (0, place)), ticket.rank[2])
            continue
        rank = ticket.rank
        if ticket.placing != "first":
            service = service_of(services, ticket.service)
            # Who stands by arrival has waited since then, who was placed last since that moment.
            since_ms = ticket.waits_since_ms
            rank = discipline.rank(service, ticket.priority, since_ms, ticket.arrival)
        behind[spot] = rank[:2]
        yield ticket, rank


def service_of(services: Mapping[str, Service], code: str) -> Service:
    """A service; one that is gone from the catalogue lets nobody wait, so that who still waits
    for it is served."""
    return services.get(code) or _GONE


_GONE = Service("", {}, letter="", target_wait_s=0)
