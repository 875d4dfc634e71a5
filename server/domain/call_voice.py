"""Whether a call was heard: what the displays said of it, or that nobody said anything (I10)."""

from server.domain.branch_day import BranchDay
from server.domain.hall import CallNotice
from server.domain.ticket import Ticket, TicketState

# A display says so within a few seconds; after this the frontliner should call aloud.
LATE_MS = 10_000


def voice_of(day: BranchDay, ticket: Ticket, now_ms: int, displays: int) -> str | None:
    """What became of the last call of a ticket; None while it is not called.

    ``spoken`` when one display spoke it, else ``shown`` when one showed it without a voice, else
    ``failed`` when all ``displays`` that are there could not; nothing said yet is ``waiting``, or
    ``late`` when that has taken too long or there is no display to say it.
    """
    call = day.calls.get(ticket.announcement or "")
    if ticket.state is not TicketState.CALLED or call is None or ticket.called_at_ms is None:
        return None
    is_late = now_ms - ticket.called_at_ms >= LATE_MS
    return _said(call, is_late or len(call.confirmed) >= displays)


def _said(call: CallNotice, no_more_comes: bool) -> str:
    outcomes = set(call.confirmed.values())
    for outcome in ("spoken", "shown"):
        if outcome in outcomes:
            return outcome
    if not no_more_comes:
        return "waiting"
    return "failed" if outcomes else "late"
