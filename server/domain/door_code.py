"""The code on an officer's slip: it opens the kiosk once, for a while, for one visitor."""

from collections.abc import Callable

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.hall_door import Screening
from server.domain.ticket import TicketState

TRIES = 100
"""Of a million codes a busy branch uses a thousand a day."""

GIVEN_UP = frozenset({TicketState.CANCELLED, TicketState.NO_SHOW, TicketState.EXPIRED})


def free_code(day: BranchDay, new_code: Callable[[], str]) -> str:
    """A code that no screening of today has, used or not."""
    for _ in range(TRIES):
        if (code := new_code()) not in day.codes:
            return code
    raise QueueRuleError("try-again", retry_after_s=1)


def screening_of(day: BranchDay, given: str) -> Screening | None:
    """A screening of today by its id, or by its code as people type it: ``123 456``."""
    if (found := day.screenings.get(given)) is not None:
        return found
    typed = "".join(given.replace("-", " ").split())
    return day.screenings.get(day.codes.get(typed, ""))


def demand_code_opens(day: BranchDay, given: str, now_ms: int) -> Screening:
    """The screening whose code opens the kiosk now, or a refusal that says what to do."""
    found = screening_of(day, given)
    if found is None or found.told.code is None:
        raise QueueRuleError("unknown-screening")
    if found.ticket is not None:
        raise QueueRuleError("code-used")
    until_ms = found.told.code_until_ms
    if until_ms is not None and now_ms >= until_ms:
        raise QueueRuleError("code-expired")
    return found


def demand_unserved(day: BranchDay, given: str) -> Screening:
    """A screening to which the staff may give a number: it has none yet, or that was given up."""
    found = screening_of(day, given)
    if found is None:
        raise QueueRuleError("unknown-screening")
    ticket = day.tickets.get(found.ticket or "")
    if ticket is not None and ticket.state not in GIVEN_UP:
        raise QueueRuleError("code-used")
    return found
