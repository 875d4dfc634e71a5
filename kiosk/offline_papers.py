"""The papers of a kiosk without a link: its own, and those of the server that must wait.

A server that was away may have made a ticket for a wish that this kiosk has granted by itself
meanwhile. Its paper must not come out, so all of its tickets' papers wait until it has said which
of them made way (law I9).
"""

from collections import deque
from collections.abc import Callable

from kiosk.offline_journal import Given, OfflineJournal
from protocol.messages import NumberLease, OfflinePrint, Ticket, TicketToPrint, Welcome

REPLACED_KEPT = 200


def shown_ticket(given: Given) -> Ticket:
    """A ticket of this kiosk as its screen shows it: nobody knows how many are ahead."""
    ticket = given.ticket
    return Ticket(
        id=ticket.ticket,
        number=ticket.number,
        service=ticket.service,
        state="waiting",
        priority=ticket.priority,
        needs=list(ticket.needs),
        issued_at=ticket.issued_at,
        counter=None,
        call_count=0,
        people_ahead=0,
        estimate=None,
        print="pending",
        link=None,
        language=ticket.language,
        offline=True,
    )


def own_paper(
    given: Given, welcome: Welcome, lease: NumberLease | None, copy: int
) -> TicketToPrint:
    """The paper of a ticket of this kiosk."""
    ticket = given.ticket
    services = lease.services if lease is not None else []
    name = next((one.name for one in welcome.services if one.code == ticket.service), {})
    papers = next((one.papers for one in services if one.code == ticket.service), [])
    return TicketToPrint(
        job=ticket.ticket,
        copy=copy,
        ticket=shown_ticket(given),
        branch=welcome.branch.name,
        time_zone=welcome.branch.time_zone,
        service_name=name,
        people_ahead=0,
        estimate=None,
        papers=list(papers),
        link=None,
        footer=list(lease.footer) if lease is not None else [],
        language=ticket.language,
        offline=True,
    )


class OwnPapers:
    """Which papers of this kiosk are still on their way out. A job has the id of its ticket."""

    def __init__(self, journal: OfflineJournal) -> None:
        self._journal = journal
        # Since when a paper is at the printer.
        self._begun_s: dict[str, float] = {}

    def begin(self, ticket: str, now_s: float) -> int:
        """A paper goes to the printer; its copy."""
        self._begun_s[ticket] = now_s
        return self.copies(ticket) + 1

    def end(self, ticket: str, outcome: OfflinePrint) -> None:
        """It came to an end. Raises OSError where the disk cannot keep that."""
        self._begun_s.pop(ticket, None)
        self._journal.paper(ticket, outcome, self.copies(ticket) + 1)

    def copies(self, ticket: str) -> int:
        """How many papers of a ticket came to an end."""
        known = self._journal.papered.get(ticket)
        return 0 if known is None else known.copies

    def begun_s(self, ticket: str) -> float | None:
        """Since when a ticket's paper is on its way, None if none is."""
        return self._begun_s.get(ticket)


class HeldPapers:
    """Papers of the server that wait until it is known which tickets made way."""

    def __init__(self) -> None:
        self._held: list[TicketToPrint] = []
        self._replaced: deque[str] = deque(maxlen=REPLACED_KEPT)

    def hold(self, paper: TicketToPrint) -> None:
        """Not yet."""
        self._held.append(paper)

    def forget(self) -> None:
        """Another connection: the server asks again for what is still due."""
        self._held.clear()

    def replace(self, tickets: list[str]) -> None:
        """These made way: no paper of theirs comes out."""
        self._replaced.extend(tickets)

    def is_replaced(self, paper: TicketToPrint) -> bool:
        """Whether a paper's ticket made way."""
        return paper.ticket.id in self._replaced

    def release(self, print_paper: Callable[[TicketToPrint], None]) -> None:
        """Now, but for those whose tickets made way."""
        held, self._held = self._held, []
        for paper in held:
            if not self.is_replaced(paper):
                print_paper(paper)
