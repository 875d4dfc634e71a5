"""Giving the server what a kiosk gave without a link: in the order of issue, nothing twice.

One command at a time, the same one until it is answered, since its answer names the tickets that
made way. A ticket that the server cannot take does not stop the others: it is set aside until the
next connection, and stays in the journal; the officer at the door is called, because its visitor
waits in no line.
"""

import logging
from collections.abc import Callable
from itertools import takewhile
from uuid import UUID

from msgspec.structs import replace

from kiosk.offline_journal import Given, OfflineJournal
from kiosk.offline_papers import OwnPapers
from protocol.messages import (
    OFFLINE_TICKETS_MAX,
    Accepted,
    CallOfficer,
    MergeOffline,
    OfflineTicket,
    Rejected,
)
from protocol.session import Ask

log = logging.getLogger(__name__)

AGAIN_S = 0.5
FAULTS_MAX = 3
"""So often a fault of the server is taken for one that passes."""

REFUSED_S = 600.0
"""So long a ticket that the server did not take is left out, unless the link is made anew."""

PAPER_WAIT_S = 8.0
"""So long a ticket waits for the end of its paper, so that the server hears of both at once."""

PASSING = frozenset(("try-again", "rate-limited"))
"""Refusals that concern the moment. The others concern a ticket, perhaps with a better time."""


class Merging:
    """Asks the server to take in the journal, as long as there is something left."""

    def __init__(
        self,
        ask: Ask,
        journal: OfflineJournal,
        papers: OwnPapers,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        # Told with the ids of the tickets that made way.
        self.replaced: Callable[[list[str]], None] = lambda _tickets: None
        self._ask, self._journal, self._papers = ask, journal, papers
        self._new_id, self._now_s = new_id, now_s
        self._command: MergeOffline | None = None
        self._is_asked = False
        self._again_s = 0.0
        self._faults = 0
        self._most = OFFLINE_TICKETS_MAX
        # Until when a ticket is left out, by its id.
        self._set_aside: dict[str, float] = {}
        self._told_of: set[str] = set()

    @property
    def is_done(self) -> bool:
        """Whether the server has all that it can take."""
        return self._command is None and not self._open()

    def has(self, ticket: str) -> bool:
        """Whether the server has been asked to take this ticket."""
        command = self._command
        is_asked = command is not None and any(one.ticket == ticket for one in command.tickets)
        return is_asked or self._journal.is_merged(ticket)

    def connected(self) -> None:
        """Another connection: what was set aside gets another chance."""
        self._set_aside.clear()
        self._faults = 0
        self._most = OFFLINE_TICKETS_MAX
        self._again_s = 0.0

    def go_on(self) -> None:
        """Ask for what is next; to be called while there is a link."""
        if self._is_asked or self._now_s() < self._again_s:
            return
        self._command = self._command or self._next()
        if self._command is None:
            return
        self._is_asked = True
        command = self._command
        self._ask(command, lambda answer: self._answered(command, answer))

    def _open(self) -> list[Given]:
        now_s, aside = self._now_s(), self._set_aside
        return [one for one in self._journal.unmerged if now_s >= aside.get(one.ticket.ticket, 0.0)]

    def _next(self) -> MergeOffline | None:
        ready = list(takewhile(self._is_ready, self._open()[: self._most]))
        if not ready:
            return None
        lease = ready[0].lease
        same = list(takewhile(lambda one: one.lease == lease, ready))
        return MergeOffline(id=self._new_id(), lease=lease, tickets=[*map(self._as_told, same)])

    def _is_ready(self, given: Given) -> bool:
        """Whether its paper has come to an end, or has been waited for long enough."""
        begun_s = self._papers.begun_s(given.ticket.ticket)
        return begun_s is None or self._now_s() >= begun_s + PAPER_WAIT_S

    def _as_told(self, given: Given) -> OfflineTicket:
        ticket, papers = given.ticket.ticket, self._papers
        if papers.begun_s(ticket) is not None:
            # Its end is told later, by ``ConfirmPrint``.
            return replace(given.ticket, print="pending", copies=papers.copies(ticket) + 1)
        papered = self._journal.papered.get(ticket)
        if papered is None:
            return given.ticket
        return replace(given.ticket, print=papered.outcome, copies=papered.copies)

    def _answered(self, command: MergeOffline, answer: Accepted | Rejected) -> None:
        self._is_asked = False
        if isinstance(answer, Rejected):
            self._refused(command, answer)
            return
        tickets = [one.ticket for one in command.tickets]
        if isinstance(answer.replaced, list):
            self.replaced(answer.replaced)
        try:
            self._journal.merge(tickets)
        except OSError as error:
            # It stays open and is told again, which changes nothing at the server.
            log.error("the journal cannot keep what was merged: %s", error)
            self._again_s = self._now_s() + AGAIN_S
            return
        log.info("%d tickets were taken in by the server", len(tickets))
        self._command, self._faults, self._most = None, 0, OFFLINE_TICKETS_MAX
        self.go_on()

    def _refused(self, command: MergeOffline, answer: Rejected) -> None:
        passes = answer.reason in PASSING
        if answer.reason == "internal":
            self._faults += 1
            passes = self._faults < FAULTS_MAX
        if passes:
            self._again_s = self._now_s() + _named_s(answer, AGAIN_S)
            return
        self._command, self._faults = None, 0
        if len(command.tickets) > 1:
            self._most = len(command.tickets) // 2
            return
        (refused,) = command.tickets
        log.error("the server does not take %s: %s", refused.number, answer.reason)
        self._set_aside[refused.ticket] = self._now_s() + _named_s(answer, REFUSED_S)
        self._most = OFFLINE_TICKETS_MAX
        self._tell_officer(refused.ticket)

    def _tell_officer(self, ticket: str) -> None:
        """Somebody waits in vain with this number: a person must know, once."""
        if ticket in self._told_of:
            return
        self._told_of.add(ticket)
        call = CallOfficer(id=self._new_id(), reason="number")
        self._ask(call, lambda _answer: None)


def _named_s(answer: Rejected, else_s: float) -> float:
    named = answer.retry_after_s
    return float(named) if isinstance(named, int | float) else else_s
