"""The papers of this kiosk between the server, which asks for them, and the printer.

Paper is made from ``TicketToPrint`` and ``SlipToPrint`` alone, and what became of it is always
told (law I9).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from kiosk.printer import PaperToPrint, PrinterReason, PrintOutcome, TicketPrinter
from protocol.messages import Accepted, ConfirmPrint, Names, Rejected, TicketToPrint
from protocol.session import Ask

log = logging.getLogger(__name__)

PAPERS_KEPT = 100
"""Finished papers that are remembered; a visitor asks about the last one only (I14)."""


@dataclass(slots=True)
class Paper:
    """One copy of one job. ``told`` is true when the server has heard the outcome.

    ``ticket`` is None for a slip, which belongs to nobody at this screen.
    """

    ticket: str | None
    job: str
    copy: int
    have_ready: list[Names]
    begun_s: float
    outcome: PrintOutcome | None = None
    reason: PrinterReason | None = None
    told: bool = False
    # The server could not take the outcome now; it is asked again with the next look.
    untold: ConfirmPrint | None = None


class PaperJobs:
    """Hands papers to the printer and its outcomes to the server."""

    def __init__(
        self,
        printer: TicketPrinter,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        self.printer = printer
        # Told whenever something about a paper changed.
        self.changed: Callable[[Paper], None] = lambda _paper: None
        self._ask, self._new_id, self._now_s = ask, new_id, now_s
        self._papers: dict[str, Paper] = {}

    def on_paper(self, notice: PaperToPrint) -> None:
        """The server wants this paper.

        A job that is at the printer, or whose outcome the server has yet to hear, was sent again
        only because the link broke: its answer is on the way, and a second paper would be waste.
        """
        known = self._papers.get(notice.job)
        if known is not None and not known.told:
            return
        if isinstance(notice, TicketToPrint):
            ticket, papers = notice.ticket.id, list(notice.papers)
        else:
            ticket, papers = None, []
        paper = Paper(ticket, notice.job, notice.copy, papers, self._now_s())
        # The newest stands last, as of_ticket promises.
        self._papers.pop(notice.job, None)
        self._papers[notice.job] = paper
        self.printer.submit(notice)
        self.changed(paper)
        self.collect()

    def collect(self) -> None:
        """Take what the printer has finished, and tell the server."""
        for result in self.printer.poll():
            paper = self._papers.get(result.job)
            if paper is None or paper.copy != result.copy or paper.outcome is not None:
                continue
            paper.outcome, paper.reason = result.outcome, result.reason
            self.changed(paper)
            self._confirm(
                paper, ConfirmPrint(id=self._new_id(), job=paper.job, outcome=result.outcome.value)
            )
        for paper in self._papers.values():
            if paper.untold is not None:
                self._confirm(paper, paper.untold)
        self._forget_old()

    def of_ticket(self, ticket: str) -> list[Paper]:
        """Every paper of a ticket, the newest first."""
        return [paper for paper in reversed(self._papers.values()) if paper.ticket == ticket]

    def printing(self, besides: str | None = None) -> bool:
        """Whether a paper is on its way out, other than for the ticket ``besides``."""
        return any(
            paper.outcome is None and (paper.ticket is None or paper.ticket != besides)
            for paper in self._papers.values()
        )

    def _confirm(self, paper: Paper, command: ConfirmPrint) -> None:
        paper.untold = None
        self._ask(command, lambda answer: self._confirmed(paper, command, answer))

    def _confirmed(self, paper: Paper, command: ConfirmPrint, answer: Accepted | Rejected) -> None:
        if isinstance(answer, Rejected):
            if answer.reason == "try-again":
                # Not at once: an asker that is full refuses at once, and this would never end.
                paper.untold = command
                return
            log.warning("the server does not want to hear of job %s: %s", paper.job, answer.reason)
        paper.told = True
        self.changed(paper)

    def _forget_old(self) -> None:
        finished = [job for job, paper in self._papers.items() if paper.told]
        for job in finished[: max(0, len(self._papers) - PAPERS_KEPT)]:
            del self._papers[job]
