"""What a visitor sees and touches at the kiosk, without a window.

The page is a function of what is known: of this visit (a wish on its way, a ticket), of the link
and of the paper. So there is no path into a page that has no way out, and forgetting the visit
forgets the person.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from math import ceil
from uuid import UUID

from kiosk.asking import ASKED
from kiosk.checking_in import UNKNOWN, CheckingIn
from kiosk.officer_call import Calling, OfficerBell
from kiosk.paper_jobs import Paper, PaperJobs
from kiosk.printer import PrintOutcome
from kiosk.service_tiles import ServiceTile
from kiosk.shown_ticket import ShownTicket
from kiosk.slip_code import CodeTries
from kiosk.visit import Absence, KioskChoices, Page, Wish
from kiosk.visitor import Visit
from kiosk.wishing import Wishing
from protocol.messages import (
    Accepted,
    CheckIn,
    IssueTicket,
    KioskSnapshot,
    Notice,
    Rejected,
    ReprintTicket,
    SlipToPrint,
    Ticket,
    TicketToPrint,
    Welcome,
)
from protocol.session import Ask, LinkState, LinkStatus

log = logging.getLogger(__name__)

WRONG_CODE = frozenset(("unknown-screening", "code-used", "code-expired", UNKNOWN))
"""Reasons for which a code opened nothing."""


COUNTED_DOWN = (Page.ISSUED, Page.THANKS)
"""Pages that go away by themselves, and say so on their own button."""


class ChoosingModel(CheckingIn):
    """One visitor at a time, from the first touch to the paper."""

    def __init__(
        self,
        ask: Ask,
        papers: PaperJobs,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
        choices: KioskChoices | None = None,
    ) -> None:
        """``now_s`` is monotonic, ``server_now`` the server's clock."""
        self.changed: Callable[[], None] = lambda: None
        choices = choices or KioskChoices()
        super().__init__(
            ask,
            new_id=new_id,
            server_now=server_now,
            choices=choices,
            visit=Visit(choices.language, now_s()),
        )
        self.patience = self.choices.patience
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self.papers = papers
        papers.changed = self._on_paper
        self._wishing = Wishing(ask, self.patience, now_s)
        self._now_s = now_s
        self._left: Visit | None = None
        self._code_tries = CodeTries(
            tries=self.patience.code_tries,
            window_s=self.patience.code_window_s,
            pause_s=self.patience.code_pause_s,
        )
        self.bell = OfficerBell(ask, new_id=new_id, now_s=now_s, changed=self._settle)
        self._place = (self.page, 0)
        self._place_since_s = now_s()

    # What comes in.

    def on_welcome(self, welcome: Welcome) -> None:
        """A connection is up; its snapshot follows. A visit under way goes on."""
        self.learn_welcome(welcome)
        self._settle()

    def on_notice(self, notice: Notice) -> None:
        """A snapshot or a paper to print; anything else is for other screens."""
        if isinstance(notice, KioskSnapshot):
            if self.learn_snapshot(notice):
                self.bell.learn(notice)
                self._settle()
        elif isinstance(notice, TicketToPrint | SlipToPrint):
            self.papers.on_paper(notice)
            self._settle()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed; what a visitor asked for stays asked."""
        self.link = status
        self._settle()

    def on_alone(self, alone: bool) -> None:
        """Whether this kiosk gives its numbers by itself; then nobody can check a code."""
        self.alone = alone
        if alone and self.visit.coding:
            self.visit.choosing, self.visit.coding = True, False
            self.visit.code.clear()
        if alone and self.visit.checking and self.visit.shown is None:
            self._refuse_alone()
        self._settle()

    def on_printer(self) -> None:
        """The printer has news."""
        self.papers.collect()
        self._settle()

    def tick(self) -> None:
        """Time passed."""
        self.papers.collect()
        self._ask_again()
        self.bell.tick(online=self.online)
        now_s = self._now_s()
        visit = self.visit
        visit.code.rest(now_s)
        visit.booking.rest(now_s)
        if visit.remark is not None and now_s >= visit.remark.until_s:
            visit.remark = None
        shown = visit.shown
        if (
            shown is not None
            and shown.reprint is not None
            and self._wishing.is_hopeless(shown.reprint)
        ):
            shown.reprint = None
            self._say(Rejected(id=None, reason="try-again", message=""))
        if visit.wish is not None and self._wishing.is_hopeless(visit.wish):
            log.warning("a wish was given up after %.0f s without an answer", self.patience.wish_s)
            self._forget()
        elif (left_s := self.time_left_s()) is not None and left_s <= 0:
            self._forget()
        self._settle()

    # What a visitor does.

    def touch(self) -> None:
        """Somebody is here: every touch counts, also one that hits nothing."""
        self.visit.touched_s = self._now_s()
        self._settle()

    def start(self) -> None:
        """IDLE: "touch to take a number", where there is one to take; or for who has a code."""
        if self._may(Page.IDLE) and not self.all_closed:
            self.visit.choosing = True
            self.visit.coding = self.screened
            self.touch()

    def open_code(self) -> None:
        """SERVICES: "I have a code from the officer"."""
        if self._may(Page.SERVICES):
            self.visit.coding = True
            self.visit.remark = None
            self.visit.code.clear()
            self.touch()

    def type_digit(self, digit: str) -> None:
        """CODE: a key of the screen."""
        if self._may(Page.CODE) and not self.code_pause_s:
            self.visit.code.touch(digit)
            self.visit.remark = None
            self.touch()

    def erase_digit(self) -> None:
        """CODE, IDENTITY, BOOKING: take the last sign away."""
        if self.page is Page.IDENTITY:
            self.erase_identity()
        elif self.page is Page.BOOKING:
            self.erase_sign()
        elif self._may(Page.CODE):
            self.visit.code.erase()
            self.touch()

    def confirm_code(self) -> None:
        """CODE: take the number that the officer has prepared, once per intention."""
        if self._may(Page.CODE) and self.visit.code.is_full:
            self._wish_for_code(self.visit.code.digits)

    def type_key(self, signs: str) -> None:
        """Something was typed: by a scanner on any page, by a person where digits are asked."""
        if self.page is Page.IDENTITY:
            for sign in signs:
                self.type_identity(sign)
            return
        shown = self.page is Page.CODE and not self.code_pause_s
        of_booking = self.page is Page.BOOKING and self._takes_signs
        if shown or of_booking:
            self.visit.remark = None
        self.visit.code.type(signs, self._now_s(), shown=shown)
        self.visit.booking.type(signs, self._now_s(), shown=of_booking)
        self.touch()

    def enter_key(self) -> bool:
        """Enter was typed. True if it ended something typed, and so presses nothing."""
        page, code, now_s = self.page, self.visit.code, self._now_s()
        ends = page in (Page.CODE, Page.BOOKING) or code.scans(now_s)
        found, booked = code.enter(now_s), self.visit.booking.enter(now_s)
        if page not in (Page.IDLE, Page.SERVICES, Page.CODE, Page.BOOKING):
            found = booked = None
        # Six figures may be either; which of them, the page says.
        if not self.takes_bookings or (found is not None and page is not Page.BOOKING):
            booked = None
        if booked is not None:
            self._check_in(booked)
        elif found is not None:
            self._end_checking()
            self._wish_for_code(found)
        self.touch()
        return ends

    @property
    def is_scanning(self) -> bool:
        """Whether a scanner is typing now, whose keys press nothing."""
        return self.visit.code.scans(self._now_s())

    def choose_language(self, language: str) -> None:
        """Speak this language until the visit ends."""
        if language in self.languages:
            self.visit.language = language
            self.touch()

    def toggle_large_text(self) -> None:
        """Any page: larger letters until the visit ends, or the usual ones again."""
        self.visit.large_text = not self.visit.large_text
        self.touch()

    def toggle_high_contrast(self) -> None:
        """Any page: black, white and yellow until the visit ends."""
        self.visit.high_contrast = not self.visit.high_contrast
        self.touch()

    def toggle_low_menu(self) -> None:
        """Any page: all that is touched at the foot of the screen, for who sits."""
        self.visit.low_menu = not self.visit.low_menu
        self.touch()

    def toggle_speech(self) -> None:
        """Any page: every page is read out until the visit ends."""
        self.visit.speech = not self.visit.speech
        self.touch()

    def call_officer(self) -> None:
        """Any page: ask for a person; touched again it shows what became of that."""
        self.bell.ring("paper" if self.page is Page.PAPERLESS else "help")
        self.touch()

    def close_call(self) -> None:
        """The words about the call have been read; the call stays made."""
        self.bell.hide()
        self.touch()

    def choose(self, service: str) -> None:
        """SERVICES: towards a number for this service, once per intention."""
        if not self._may(Page.SERVICES):
            return
        if any(tile.code == service and tile.open for tile in self.tiles()):
            self._begin_steps(service)

    def choose_unknown(self) -> None:
        """SERVICES: "I do not know" takes a number of the information service."""
        tile = self.unknown_tile()
        if self._may(Page.SERVICES) and tile is not None and tile.open:
            self._begin_steps(tile.code, unknown=True)

    def turn_sheet(self) -> None:
        """SERVICES: the next sheet of tiles, after the last the first."""
        if self._may(Page.SERVICES):
            self.visit.sheet = (self.visit.sheet + 1) % max(1, self.sheets)
            self.touch()

    def back(self) -> None:
        """One step back; from the first sheet of services to the beginning."""
        if not any(self._may(page) for page in (Page.SERVICES, *ASKED, Page.CODE, Page.BOOKING)):
            return
        if self.page in ASKED:
            self._step_back()
        elif self.page is Page.BOOKING and self.visit.choosing:
            self._end_checking()
            self.touch()
        elif self.page is Page.CODE and self.visit.choosing and not self.screened:
            self.visit.coding = False
            self.visit.remark = None
            self.visit.code.clear()
            self.touch()
        elif self.visit.sheet:
            self.visit.sheet = 0
            self.touch()
        else:
            self._forget()
            self._settle()

    def finish(self) -> None:
        """ISSUED: the visitor has the number and goes."""
        if self._may(Page.ISSUED):
            visit = self.visit
            self._forget()
            # Gone before the paper: should it fail, the number is shown once more.
            is_settled = visit.shown is not None and visit.shown.settled_s is not None
            self._left = None if is_settled else visit
            self._settle()

    def leave_thanks(self) -> None:
        """THANKS: the visitor has what is needed and goes."""
        if self._may(Page.THANKS):
            self._forget()
            self._settle()

    def noted(self) -> None:
        """PAPERLESS: the visitor has written the number down."""
        if self._may(Page.PAPERLESS):
            self._forget()
            self._settle()

    def wait_paper(self) -> None:
        """PAPERLESS: print once more, once per intention."""
        shown = self.visit.shown
        if shown is None or not self._may(Page.PAPERLESS) or not self.can_reprint:
            return
        command = ReprintTicket(id=self._new_id(), ticket=shown.ticket.id)
        shown.reprint = Wish(command, self._now_s())
        self.visit.remark = None
        self._send(shown.reprint)
        self.touch()

    def still_here(self) -> None:
        """The answer to "still here?"; as often as anyone likes."""
        self.touch()

    # What the window shows.

    @property
    def page(self) -> Page:
        """What fills the screen now."""
        visit = self.visit
        if visit.shown is not None:
            return Page.ISSUED if visit.shown.fault is None else Page.PAPERLESS
        if visit.wish is not None:
            return (
                Page.AWAY
                if self._wishing.waits_long(visit.wish) and not self.online
                else Page.MOMENT
            )
        if visit.thanked:  # for a telephone the link of this kiosk does not matter
            return Page.THANKS
        if self.absence is not None:
            return Page.AWAY
        if visit.checking:
            return Page.BOOKING
        if visit.coding or (visit.choosing and self.screened):
            return Page.CODE
        if (asked := self.asked_page) is not None:
            return asked
        return Page.SERVICES if visit.choosing else Page.IDLE

    @property
    def code_pause_s(self) -> int:
        """CODE, BOOKING: whole seconds until codes are taken again, 0 if they are."""
        return ceil(self._code_tries.pause_left_s(self._now_s()))

    @property
    def absence(self) -> Absence | None:
        """Why no number can be given; None while one can, or soon can again."""
        if self.alone:
            return None
        if self.link.state is LinkState.REFUSED:
            return Absence.REFUSED
        if self.visit.wish is not None and not self.online:
            return Absence.ASKING
        if self.welcome is None:
            return Absence.STARTING if self.link.state is not LinkState.LOST else Absence.LOST
        if self.online or self._now_s() < self.link.since_s + self.patience.away_s:
            return None
        return Absence.LOST

    @property
    def online(self) -> bool:
        """Whether the server can be asked."""
        return self.link.state is LinkState.ONLINE

    @property
    def waits_long(self) -> bool:
        """MOMENT: whether to say that the kiosk keeps trying."""
        return self.visit.wish is not None and self._wishing.waits_long(self.visit.wish)

    @property
    def calling(self) -> Calling | None:
        """How far the call for a person has come; None while nobody was called."""
        return self.bell.state(online=self.online)

    @property
    def shows_call(self) -> bool:
        """Whether the words about the call lie over the page."""
        return self.bell.call is not None and self.bell.call.seen

    def sheet_tiles(self) -> list[ServiceTile]:
        """The tiles of the sheet that lies on top."""
        # A catalogue that was just changed may have fewer sheets than the visitor turned.
        first = min(self.visit.sheet, max(0, self.sheets - 1)) * self.tiles_on_a_sheet
        return self.tiles()[first : first + self.tiles_on_a_sheet]

    def fit_tiles(self, count: int) -> None:
        """The screen has room for so many tiles on a sheet; the first one seen stays seen."""
        first = self.visit.sheet * self.tiles_on_a_sheet
        self.tiles_on_a_sheet = max(1, count)
        self.visit.sheet = first // self.tiles_on_a_sheet

    @property
    def can_reprint(self) -> bool:
        """PAPERLESS: whether asking for the paper again makes sense now."""
        shown = self.visit.shown
        if shown is None or not (self.online or (self.alone and shown.ticket.offline)):
            return False
        return not shown.reprinting and not shown.hopeless

    @property
    def prints_for_others(self) -> bool:
        """Whether a paper comes out that is not this visitor's."""
        shown = self.visit.shown
        return self.papers.printing(besides=shown.ticket.id if shown is not None else None)

    def time_left_s(self) -> float | None:
        """Seconds until the visit is forgotten; None while there is nothing to forget."""
        stays_s = self.visit.stays_s(self.patience, self.choices.language)
        if self.shows_call and self.visit.wish is None:
            # Who waits for a person reads that longer than a number of which the paper is out.
            stays_s = max(stays_s or 0.0, self.patience.idle_s + self.patience.question_s)
        return None if stays_s is None else self.visit.touched_s + stays_s - self._now_s()

    def question_left_s(self) -> float | None:
        """Seconds that "still here?" stays, None while it is not asked."""
        if self.page in COUNTED_DOWN and not self.shows_call:
            return None
        left_s = self.time_left_s()
        if left_s is None or left_s > self.patience.question_s:
            return None
        return max(0.0, left_s)

    # Wishes and their answers.

    def _wish_for_code(self, code: str) -> None:
        if self.alone:
            self.visit.choosing = True
            self._say(Rejected(id=None, reason="offline-code", message=""))
            return
        self.visit.coding = True
        if self.code_pause_s:
            self.visit.code.clear()
            self.touch()
            return
        language, home = self.visit.language, self.choices.language
        service = self.any_service()
        if service is None:
            self._say(Rejected(id=None, reason="unknown-screening", message=""))
            return
        # Who chose a language here wants that; else the one that was spoken at the door counts.
        chosen = language if language != home else None
        self._wish(IssueTicket(id=self._new_id(), service=service, screening=code, language=chosen))

    def _wish(self, command: IssueTicket | CheckIn) -> None:
        visit = self.visit
        visit.wish = Wish(command, self._now_s())
        visit.remark = None
        self._send(visit.wish)
        self.touch()

    def _send(self, wish: Wish) -> None:
        self._wishing.send(wish, lambda answer: self._answered(wish, answer))

    def _answered(self, wish: Wish, answer: Accepted | Rejected) -> None:
        visit = self.visit
        shown = visit.shown
        if wish is not visit.wish and (shown is None or wish is not shown.reprint):
            log.info("an answer came after its visit had ended")
            return
        if isinstance(answer, Rejected) and self._wishing.waits_for(wish, answer):
            log.debug("a wish waits: %s", answer.reason)
        elif shown is not None:
            if isinstance(answer, Rejected):
                shown.reprint = None
                self._say(answer)
            else:
                shown.granted(wish)
        else:
            visit.wish = None
            if visit.coding or visit.checking:
                self._learn_of_code(answer)
            if visit.checking:
                self._learn_of_booking(answer)
            if isinstance(answer, Accepted) and isinstance(answer.ticket, Ticket):
                self._show(answer.ticket)
                self._give_identity(answer.ticket)
            elif isinstance(answer, Rejected):
                self._no_number(answer)
            else:
                log.error("a number was accepted without a ticket")
                self._say(Rejected(id=None, reason="internal", message=""))
        self._settle()

    def _learn_of_code(self, answer: Accepted | Rejected) -> None:
        visit = self.visit
        if isinstance(answer, Rejected):
            visit.code.clear()
            if answer.reason in WRONG_CODE:
                self._code_tries.wrong(self._now_s())
            return
        self._code_tries.right()
        ticket = answer.ticket
        spoken_here = visit.language != self.choices.language
        if isinstance(ticket, Ticket) and ticket.language in self.languages and not spoken_here:
            visit.language = ticket.language

    def _ask_again(self) -> None:
        shown = self.visit.shown
        for wish in (self.visit.wish, shown.reprint if shown is not None else None):
            if wish is not None and self._wishing.is_due_again(wish):
                self._send(wish)

    def _show(self, ticket: Ticket) -> None:
        self.visit.shown = ShownTicket(ticket, self.papers, self.patience, self._now_s)
        self.visit.remark = None
        self.visit.touched_s = self._now_s()

    def _no_number(self, answer: Rejected) -> None:
        """Back to the services, where it is said why."""
        self._leave_steps()
        if answer.reason == "not-allowed":
            # The branch asks nobody for priority any more: with it every number would be refused.
            self.visit.priority = "none"
        self._say(answer)

    def _say(self, answer: Rejected) -> None:
        # The connection speaks one language; to a visitor of another one our own words speak.
        words = answer.message if self.visit.language == self.choices.language else ""
        until_s = self._now_s() + self.patience.remark_s
        self.visit.remark = self._remark_of(answer, words, until_s)
        self.visit.touched_s = self._now_s()

    # Papers.

    def _on_paper(self, paper: Paper) -> None:
        self._call_back_who_left(paper)
        shown = self.visit.shown
        if shown is not None and shown.on_paper(paper):
            self.visit.touched_s = self._now_s()
        self._settle()

    def _call_back_who_left(self, paper: Paper) -> None:
        """Who went before the paper came has none: the number is shown again, to nobody else."""
        left, shown = self._left, self._left.shown if self._left is not None else None
        if left is None or shown is None or paper.outcome is None:
            return
        if shown.ticket.id != paper.ticket:
            return
        self._left = None
        fresh = self._now_s() < shown.shown_s + self.patience.paperless_s
        if paper.outcome is not PrintOutcome.PRINTED and fresh and self.page is Page.IDLE:
            self.visit = left

    # The visit.

    def _may(self, page: Page) -> bool:
        """Whether a touch is meant for this page: it is shown, and has been for a moment."""
        if self.page is not page:
            return False
        return self._now_s() >= self._place_since_s + self.patience.guard_s

    def _forget(self) -> None:
        self.bell.forget()
        self.visit = Visit(self.choices.language, self._now_s())
        self._left = None

    def _settle(self) -> None:
        place = (self.page, self.visit.sheet)
        if place != self._place:
            self._place, self._place_since_s = place, self._now_s()
        self.changed()
