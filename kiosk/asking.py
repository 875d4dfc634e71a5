"""What is asked between the service and its number: home, priority, identity.

Each of them can be turned off by the branch, is one page, has a way on that is as easy as any
answer, and a way back. Who does not know the service is not sent home and types no NIK, because
both speak of an errand that this visitor cannot name yet; priority is asked all the same, for it
belongs to the person, and the old and the weak are the first to touch "I do not know".
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kiosk.home_channels import HomeChannel
from kiosk.identity import more, objection_to
from kiosk.told_branch import HELP_NEED, ToldBranch
from kiosk.visit import KioskChoices, Page
from kiosk.visitor import Visit
from protocol.messages import (
    Accepted,
    CheckIn,
    ChooseChannel,
    IssueTicket,
    Priority,
    RecordIdentity,
    Rejected,
    Ticket,
)
from protocol.session import Ask

log = logging.getLogger(__name__)

ASKED = (Page.HOME, Page.PRIORITY, Page.IDENTITY)
"""The pages between service and number, in their order."""


class Asking(ToldBranch, ABC):
    """The answers of one visitor on the way to the number."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        server_now: Callable[[], datetime],
        choices: KioskChoices,
        visit: Visit,
    ) -> None:
        super().__init__(choices)
        self.server_now = server_now
        self.visit = visit
        self._ask, self._new_id = ask, new_id

    # What the visitor's screen adds.

    @property
    @abstractmethod
    def online(self) -> bool:
        """Whether the server can be asked."""

    @abstractmethod
    def touch(self) -> None:
        """Somebody is here."""

    @abstractmethod
    def _may(self, page: Page) -> bool:
        """Whether a touch is meant for this page."""

    @abstractmethod
    def _wish(self, command: IssueTicket | CheckIn) -> None:
        """Ask for the number."""

    # HOME.

    @property
    def home_channel(self) -> HomeChannel | None:
        """HOME, THANKS: the channel whose QR is seen."""
        channels = self.visit.channels
        chosen = (each for each in channels if each.code == self.visit.channel)
        return next(chosen, channels[0] if channels else None)

    def show_channel(self, channel: str) -> None:
        """HOME: see this one's QR."""
        if self._may(Page.HOME) and any(each.code == channel for each in self.visit.channels):
            self.visit.channel = channel
            self.touch()

    def turn_channel(self) -> None:
        """HOME: see the next one's QR, after the last the first's."""
        shown, channels = self.home_channel, self.visit.channels
        if shown is not None and self._may(Page.HOME):
            place = channels.index(shown) + 1
            self.visit.channel = channels[place % len(channels)].code
            self.touch()

    def take_number(self) -> None:
        """HOME: the visitor wants a number all the same."""
        if self._may(Page.HOME):
            self._next_step()

    def use_phone(self) -> None:
        """HOME: the visitor takes the telephone; no number is given."""
        channel, service = self.home_channel, self.visit.service
        if channel is None or service is None or not self._may(Page.HOME):
            return
        # That it is counted matters to the branch, not to who stands here.
        command = ChooseChannel(id=self._new_id(), service=service, channel=channel.code)
        self._ask(command, _note("the channel"))
        self.visit.channel = channel.code
        self.visit.thanked = True
        self.touch()

    # PRIORITY.

    def claim(self, priority: Priority) -> None:
        """PRIORITY: "I am one of these", or touched again: I am not."""
        if self._may(Page.PRIORITY) and any(code == priority for code, _ in self.claims):
            self.visit.priority = "none" if self.visit.priority == priority else priority
            self.touch()

    def toggle_need(self, need: str) -> None:
        """PRIORITY: something that is needed at the counter, or not after all."""
        if self._may(Page.PRIORITY) and any(each.code == need for each in self.aids):
            needs = self.visit.needs
            self.visit.needs = (
                [each for each in needs if each != need] if need in needs else [*needs, need]
            )
            self.touch()

    def turn_choices(self) -> None:
        """PRIORITY: the next choices, after the last the first."""
        if self._may(Page.PRIORITY):
            self.visit.choice_sheet += 1
            self.touch()

    def leave_priority(self) -> None:
        """PRIORITY: on, with what has been chosen, be it nothing."""
        if self._may(Page.PRIORITY):
            self._next_step()

    # IDENTITY.

    def type_identity(self, digit: str) -> None:
        """IDENTITY: one more digit."""
        if self._may(Page.IDENTITY):
            self._set_identity(more(self.visit.identity_digits, digit))

    def erase_identity(self) -> None:
        """IDENTITY: take the last digit away."""
        if self._may(Page.IDENTITY):
            self._set_identity(self.visit.identity_digits[:-1])

    def clear_identity(self) -> None:
        """IDENTITY: begin again."""
        if self._may(Page.IDENTITY):
            self._set_identity("")

    def confirm_identity(self) -> None:
        """IDENTITY: "OK"; what is wrong with the number is said, and nothing else happens."""
        visit = self.visit
        if not self._may(Page.IDENTITY):
            return
        # Of a birthday the branch's midnight or another one makes no difference here.
        today = self.server_now().date()
        visit.identity_objection = objection_to(
            visit.identity_digits, today, visit.identity_objection
        )
        if visit.identity_objection:
            self.touch()
        else:
            self._next_step()

    def skip_identity(self) -> None:
        """IDENTITY: go on without it, whatever has been typed."""
        if self._may(Page.IDENTITY):
            self._forget_identity()
            self._next_step()

    def _set_identity(self, digits: str) -> None:
        self.visit.identity_digits = digits
        self.visit.identity_objection = ""
        self.touch()

    def _forget_identity(self) -> None:
        self.visit.identity_digits = self.visit.identity_objection = ""

    # The steps.

    @property
    def asked_page(self) -> Page | None:
        """The question that stands now, None while there is none."""
        visit = self.visit
        return visit.steps[visit.step] if visit.step < len(visit.steps) else None

    def step_of(self, page: Page) -> tuple[int, int] | None:
        """Which step a page is, and of how many; None where there is only one."""
        visit = self.visit
        if page in ASKED:
            return visit.step + 2, len(visit.steps) + 1
        if page is not Page.SERVICES or self.screened:
            return None
        # Which service it will be nobody knows yet; it may be one with nothing to tell.
        open_ones = [tile.code for tile in self.tiles() if tile.open]
        most = max((len(self._steps_for(code)) for code in open_ones), default=0)
        return (1, most + 1) if most else None

    def _begin_steps(self, service: str, *, unknown: bool = False) -> None:
        """A service was chosen: ask what is to be asked, else take the number at once."""
        visit = self.visit
        visit.service, visit.unknown, visit.remark = service, unknown, None
        visit.channels = self.channels_of(service)
        visit.channel = ""
        visit.steps, visit.step = self._steps_for(service, unknown=unknown), 0
        if visit.steps:
            self.touch()
        else:
            self._wish_number()

    def _steps_for(self, service: str, *, unknown: bool = False) -> tuple[Page, ...]:
        # Without the server nobody knows what works from home now, and a NIK has nowhere to go.
        named = self.online and not unknown
        wanted = {
            Page.HOME: named and bool(self.channels_of(service)),
            Page.PRIORITY: bool(self.claims),
            Page.IDENTITY: named and self.rules.identity,
        }
        return tuple(page for page in ASKED if wanted[page])

    def _next_step(self) -> None:
        visit = self.visit
        if visit.step + 1 < len(visit.steps):
            visit.step += 1
            self.touch()
        else:
            self._wish_number()

    def _step_back(self) -> None:
        visit = self.visit
        if visit.step:
            visit.step -= 1
        else:
            self._leave_steps()
        self.touch()

    def _leave_steps(self) -> None:
        """Back to the services; what was answered stays, should it be asked again."""
        self.visit.steps, self.visit.step = (), 0

    def _wish_number(self) -> None:
        visit = self.visit
        if visit.service is None:
            return
        helps = [HELP_NEED] if visit.unknown and self.knows_help else []
        self._wish(
            IssueTicket(
                id=self._new_id(),
                service=visit.service,
                priority=visit.priority,
                needs=[*helps, *visit.needs],
                language=visit.language,
            )
        )

    def _give_identity(self, ticket: Ticket) -> None:
        """The number is there: hand the NIK on, once, and forget it in the same breath."""
        digits = self.visit.identity_digits
        self._forget_identity()
        # A number that the kiosk gave by itself has no place for it on the server yet.
        if digits and self.online and not ticket.offline:
            command = RecordIdentity(id=self._new_id(), ticket=ticket.id, identifier=digits)
            self._ask(command, _note("an identity"))


def _note(what: str) -> Callable[[Accepted | Rejected], None]:
    """Hear an answer of which the visitor needs to know nothing."""

    def heard(answer: Accepted | Rejected) -> None:
        if isinstance(answer, Rejected):
            log.warning("%s was not written down: %s", what, answer.reason)

    return heard
