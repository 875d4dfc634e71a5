"""The kiosk's own desk: it answers for the server while the server cannot be asked (F01, F16).

It stands between the screen's model and the link. While the link is up it only listens. When it is
lost it gives numbers out of the kiosk's lease: first to the disk, then to the screen, then to the
printer. When it is back it has them merged before anything goes its ordinary way again.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kiosk.offline_clock import KnownClock
from kiosk.offline_issuing import Issuing
from kiosk.offline_journal import Given, OfflineJournal, Told
from kiosk.offline_lending import Lending
from kiosk.offline_merging import Merging
from kiosk.offline_papers import HeldPapers, OwnPapers, own_paper
from kiosk.offline_wishes import Wishes
from protocol.messages import (
    Accepted,
    AnyCommand,
    ConfirmPrint,
    IssueTicket,
    KioskSnapshot,
    Notice,
    OfflinePrint,
    RecordIdentity,
    Rejected,
    ReprintTicket,
    TicketToPrint,
    Welcome,
)
from protocol.session import BAD_CERTIFICATE, Ask, LinkState, LinkStatus, OnAnswer

log = logging.getLogger(__name__)

AWAY_S = 1.0
"""A link that is lost is mostly back at once; after this the kiosk goes on by itself."""

FOUND_LOST = frozenset(("unanswered", "silent"))
"""Reasons of a loss that took its time to be found: no more patience for those."""

PAPER_DUE_S = 600.0
"""A paper that nobody could print for so long would come out in front of another visitor."""

LOOK_S = 1.0
OFFLINE = "offline"


class Screen(Protocol):
    """Who shows all this: the choosing model."""

    def on_welcome(self, welcome: Welcome) -> None:
        """The branch's greeting, also that of an earlier day."""

    def on_notice(self, notice: Notice) -> None:
        """Counts, or a paper."""

    def on_link(self, status: LinkStatus) -> None:
        """The link as it is."""

    def on_alone(self, alone: bool) -> None:
        """Whether this kiosk gives its numbers by itself now."""


class OfflineDesk:
    """One kiosk with or without its server."""

    def __init__(
        self,
        ask: Ask,
        journal: OfflineJournal,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        wall_now: Callable[[], datetime],
        soon: Callable[[Callable[[], None]], None],
        withdraw: Callable[[UUID], object] = lambda _command: None,
    ) -> None:
        """``soon`` calls back after the running turn, ``withdraw`` takes back what was asked."""
        # Told with each greeting that the screen gets, also with one of an earlier day.
        self.greeted: Callable[[Welcome], None] = lambda _welcome: None
        self.alone = False
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self.clock = KnownClock(wall_now, now_s)
        self._link_ask, self._soon = ask, soon
        self._journal, self._now_s = journal, now_s
        told = journal.told
        if told is not None:
            issued = (given.ticket.issued_at for given in journal.given.values())
            self.clock.restore(told.ahead_s, max([told.at, *issued]))
        self._papers = OwnPapers(journal)
        self._held = HeldPapers()
        self._merging = Merging(ask, journal, self._papers, new_id=new_id, now_s=now_s)
        self._merging.replaced = self._held.replace
        lease = told.lease if told is not None else None
        self._lending = Lending(ask, lease, new_id=new_id, now_s=now_s)
        self._lending.changed = self._lent
        self._issuing = Issuing(journal, self._lending, self.clock, new_id=new_id, now_s=now_s)
        self._welcome: Welcome | None = None
        self._snapshot: KioskSnapshot | None = None
        # Of the server's counts on this connection; its first ones are yet to come.
        self._revision = 0
        self._ahead_s = 0.0
        if told is not None:
            self._snapshot, self._ahead_s = told.snapshot, told.ahead_s
            self._learn(told.welcome)
            if told.snapshot is not None:
                self._issuing.learn_closed(told.snapshot, told.at)
        self._wishes = Wishes(ask, withdraw, self._issuing, now_s=now_s, soon=soon)
        self._wishes.given = self._print
        self._wishes.settled = self._look
        self._is_greeted = False
        # Whether this connection's greeting has come.
        self._is_connected = False
        self._shown: KioskSnapshot | None = None
        self._look_again_s = 0.0

    def serve(self, screen: Screen) -> None:
        """Begin, for this screen."""
        self._screen = screen

    def resume_papers(self) -> None:
        """Papers that a crash kept from coming out do so now, if it is not too late for them; the
        printer's own journal knows which of them had begun."""
        if self._welcome is not None:
            self.greeted(self._welcome)
        for given in self._journal.unmerged:
            if given.ticket.ticket in self._journal.papered:
                continue
            age_s = (self.clock.now() - given.ticket.issued_at).total_seconds()
            if self._welcome is not None and age_s < PAPER_DUE_S:
                self._print(given)
            else:
                self._end_paper(given.ticket.ticket, "unknown")

    # From the link.

    def on_welcome(self, welcome: Welcome) -> None:
        """A connection is up; its snapshot and its papers follow."""
        self._issuing.put_right(welcome.server_time)
        self._ahead_s = self.clock.learn(welcome.server_time)
        self._learn(welcome)
        self._revision = 0
        self._keep_told()
        self._is_connected = True
        self._held.forget()
        self._merging.connected()
        self._lending.connected()
        self._greet(welcome)
        self._look()

    def on_notice(self, notice: Notice) -> None:
        """What the server tells; while numbers are to be merged, counts and papers wait."""
        if isinstance(notice, KioskSnapshot):
            self._snapshot, self._revision = notice, notice.revision
            self._issuing.learn_closed(notice, self.clock.now())
            if self.alone:
                return
        elif isinstance(notice, TicketToPrint):
            if self._papers_wait:
                self._held.hold(notice)
                return
            if self._held.is_replaced(notice):
                return
        self._screen.on_notice(notice)

    def on_link(self, status: LinkStatus) -> None:
        """The link changed."""
        was_online = self.link.state is LinkState.ONLINE
        self.link = self._wishes.link = status
        self._is_connected = self._is_connected and status.state is LinkState.ONLINE
        self._screen.on_link(status)
        if was_online:
            self._keep_told()
        self._look()

    def tick(self) -> None:
        """Time passed."""
        self._look()

    # From the screen.

    def ask(self, command: AnyCommand, on_answer: OnAnswer) -> None:
        """How the screen asks: of the server, or of this kiosk itself."""
        match command:
            case IssueTicket():
                self._wishes.ask(command, on_answer)
            case ConfirmPrint(job=job, outcome=outcome) if job in self._journal.given:
                self._end_paper(job, outcome)
                if self._merging.has(job):
                    self._link_ask(command, on_answer)
                else:
                    self._soon(lambda: on_answer(Accepted(id=command.id, revision=0)))
            case ReprintTicket(ticket=ticket) if self._prints_itself(ticket):
                self._print(self._journal.given[ticket])
                self._soon(lambda: on_answer(Accepted(id=command.id, revision=0)))
            case RecordIdentity(ticket=ticket) if self.alone or self._is_own(ticket):
                # It would have to be kept on this disk until then: rather not at all.
                no = Rejected(id=str(command.id), reason=OFFLINE, message="")
                self._soon(lambda: on_answer(no))
            case _:
                self._link_ask(command, on_answer)

    # Papers.

    @property
    def _papers_wait(self) -> bool:
        """Whether a ticket of the server might yet make way for one of this kiosk."""
        return self._wishes.waiting or not self._merging.is_done

    def _is_own(self, ticket: str) -> bool:
        """Whether the server knows nothing of a ticket yet."""
        return ticket in self._journal.given and not self._merging.has(ticket)

    def _prints_itself(self, ticket: str) -> bool:
        """Whether the server cannot be asked for a ticket's paper."""
        is_away = self.link.state is not LinkState.ONLINE
        return self._is_own(ticket) or (is_away and ticket in self._journal.given)

    def _print(self, given: Given) -> None:
        if self._welcome is None:
            return
        copy = self._papers.begin(given.ticket.ticket, self._now_s())
        self._screen.on_notice(own_paper(given, self._welcome, self._lending.lease, copy))

    def _end_paper(self, ticket: str, outcome: OfflinePrint) -> None:
        try:
            self._papers.end(ticket, outcome)
        except OSError as error:
            log.error("the journal cannot keep what became of a paper: %s", error)

    # With or without the server.

    def _look(self) -> None:
        """Do what is due."""
        if self._is_connected:
            self._merging.go_on()
            self._lending.go_on(self._journal.used, self._issuing.today)
        self._be_alone(self._goes_alone())
        if self._wishes.grant_late():
            self._be_alone(self._goes_alone())
        if not self._papers_wait:
            self._held.release(self._screen.on_notice)

    def _goes_alone(self) -> bool:
        if self._welcome is None or not self._issuing.can_give:
            return False
        match self.link:
            case LinkStatus(state=LinkState.ONLINE):
                return not self._merging.is_done
            case LinkStatus(state=LinkState.REFUSED, reason=reason):
                return reason == BAD_CERTIFICATE
            case LinkStatus(state=LinkState.LOST, since_s=since_s, reason=reason):
                return reason in FOUND_LOST or self._now_s() >= since_s + AWAY_S
        return False

    def _be_alone(self, alone: bool) -> None:
        if alone != self.alone:
            log.info("numbers come from %s", "this kiosk" if alone else "the server")
            self.alone = self._wishes.alone = alone
            self._shown = None
            if alone and not self._is_greeted and self._welcome is not None:
                self._greet(self._welcome)
            self._screen.on_alone(alone)
            if not alone and self._snapshot is not None and self._revision:
                self._screen.on_notice(self._snapshot)
        if alone and (self._shown is None or self._now_s() >= self._look_again_s):
            self._show_services()

    def _greet(self, welcome: Welcome) -> None:
        self._is_greeted = True
        self.greeted(welcome)
        self._screen.on_welcome(welcome)

    def _show_services(self) -> None:
        self._look_again_s = self._now_s() + LOOK_S
        disturbance = self._snapshot.disturbance if self._snapshot is not None else None
        shown = self._issuing.snapshot(self._revision, disturbance)
        if shown is not None and shown != self._shown:
            self._shown = shown
            self._screen.on_notice(shown)

    # What is kept.

    def _learn(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self._issuing.learn_zone(welcome.branch.time_zone)

    def _lent(self) -> None:
        """What was refused as not ours may be ours now: a server that was set up again."""
        self._merging.connected()
        if self._snapshot is not None and self._revision:
            self._issuing.learn_closed(self._snapshot, self.clock.now())
        self._keep_told()

    def _keep_told(self) -> None:
        if self._welcome is None:
            return
        told = Told(
            self._welcome, self._snapshot, self._lending.lease, self._ahead_s, self.clock.now()
        )
        try:
            self._journal.keep_told(told)
        except OSError as error:
            log.error("what the server told cannot be kept: %s", error)
