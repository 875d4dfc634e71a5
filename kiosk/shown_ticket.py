"""A visitor's ticket on the screen, and what is known of its paper."""

from collections.abc import Callable

from kiosk.paper_jobs import Paper, PaperJobs
from kiosk.printer import PrinterReason, PrintOutcome
from kiosk.visit import Fault, Patience, Wish
from protocol.messages import Names, Ticket

LIKELY_PAPER_S = 1.5
"""About how long a paper takes; the bar that shows it slows down rather than lie."""


class ShownTicket:
    """The number that was given, in front of the person who has it."""

    def __init__(
        self, ticket: Ticket, papers: PaperJobs, patience: Patience, now_s: Callable[[], float]
    ) -> None:
        self.ticket = ticket
        # The visitor's wish for the paper once more, while it is on its way.
        self.reprint: Wish | None = None
        # Since when it is shown, and since when the end of its paper is known.
        self.shown_s = now_s()
        self.settled_s: float | None = None
        self._jobs, self._patience, self._now_s = papers, patience, now_s
        if self._ended() is not None:
            self.settled_s = self.shown_s

    @property
    def have_ready(self) -> list[Names]:
        """The papers that the visitor should have ready, as far as the server has said."""
        newest = self._newest()
        return newest.have_ready if newest is not None else []

    @property
    def paper_is_out(self) -> bool:
        """Whether the paper can be taken."""
        ended = self._ended()
        return ended is not None and ended.outcome is PrintOutcome.PRINTED

    @property
    def fault(self) -> Fault | None:
        """Why there is no paper; None while it may still come, or came.

        While it is printed once more, the fault of the copy before stays.
        """
        ended, newest = self._ended(), self._newest()
        if ended is not None and ended.outcome is not None:
            if ended.outcome is PrintOutcome.PRINTED:
                return None
            return Fault(ended.reason, ended.outcome, ended.told)
        since_s = newest.begun_s if newest is not None else self.shown_s
        late = self._now_s() >= since_s + self._patience.paper_s
        if late or (self.ticket.print == "none" and newest is None):
            return Fault(None, PrintOutcome.UNKNOWN, told=False)
        return None

    @property
    def reprinting(self) -> bool:
        """Whether the paper is on its way once more."""
        if self.reprint is not None:
            return True
        newest = self._newest()
        return (
            newest is not None
            and newest.outcome is None
            and self.fault is not None
            and self._now_s() < newest.begun_s + self._patience.paper_s
        )

    @property
    def hopeless(self) -> bool:
        """Whether printing once more cannot help: this kiosk has no printer."""
        fault = self.fault
        return fault is not None and fault.reason is PrinterReason.NO_PRINTER

    def progress(self) -> float:
        """How far the paper probably is, 0 to 1; never 1 before it is out."""
        if self.paper_is_out:
            return 1.0
        waited_s = self._now_s() - self.shown_s
        return 0.95 * waited_s / (waited_s + LIKELY_PAPER_S)

    def granted(self, wish: Wish) -> None:
        """The reprint was accepted; it ends when its paper begins, which may have been before."""
        newest = self._newest()
        if newest is not None and newest.begun_s >= wish.asked_s:
            self.reprint = None

    def on_paper(self, paper: Paper) -> bool:
        """A paper changed; whether one of this ticket's came to its end."""
        if paper.ticket != self.ticket.id:
            return False
        if paper.outcome is None:
            self.reprint = None
            return False
        if paper.told:
            return False
        self.settled_s = self._now_s()
        return True

    def _newest(self) -> Paper | None:
        return next(iter(self._jobs.of_ticket(self.ticket.id)), None)

    def _ended(self) -> Paper | None:
        papers = self._jobs.of_ticket(self.ticket.id)
        return next((paper for paper in papers if paper.outcome is not None), None)
