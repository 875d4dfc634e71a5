"""Calling people to a counter, and what happens when nobody comes."""

from heapq import merge

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnnouncementConfirmed,
    AnyEvent,
    NoShowRecorded,
    Rank,
    TicketCalled,
    TicketRecalled,
    TicketRequeued,
    TicketResumed,
)
from server.domain.hall import Desk
from server.domain.selection import CHOSEN, Choice
from server.domain.ticket import Ticket, TicketState

# From here no number comes back: whoever still needs something takes a new one.
ENDED_FOR_GOOD = (TicketState.FINISHED, TicketState.CANCELLED, TicketState.EXPIRED)


def staff_at(desk: Desk) -> str:
    """Who sits at a counter; handlers have checked that somebody does."""
    assert desk.staff is not None
    return desk.staff


def demand_open(desk: Desk) -> None:
    """A counter calls only while it is open."""
    if desk.state != "open":
        raise QueueRuleError("counter-closed", counter=desk.number)


def demand_free(desk: Desk) -> None:
    """A counter holds one ticket at a time (law I4)."""
    if desk.ticket is not None:
        raise QueueRuleError("counter-busy", ticket=desk.ticket)


def demand_held(day: BranchDay, desk: Desk, ticket_id: str, *states: TicketState) -> Ticket:
    """The ticket, if this counter holds it in one of the states."""
    ticket = day.ticket(ticket_id)
    ticket.demand(*states)
    if desk.ticket != ticket.id:
        raise QueueRuleError("not-yours")
    return ticket


def decide_call_next(
    day: BranchDay, desk: Desk, announcement: str, now_ms: int, *, finishing: bool = False
) -> list[AnyEvent]:
    """Call who is next; nobody waiting is a refusal only when nothing is finished with it."""
    demand_open(desk)
    if not finishing:
        demand_free(desk)
    choice = day.next_choice(desk, now_ms)
    if choice is None:
        if finishing:
            return []
        raise QueueRuleError("queue-empty")
    return [_called(day, desk, choice, announcement, now_ms)]


def decide_call_chosen(
    day: BranchDay, desk: Desk, ticket_id: str, announcement: str, now_ms: int
) -> list[AnyEvent]:
    """Call a ticket out of its turn."""
    demand_open(desk)
    demand_free(desk)
    ticket = day.ticket(ticket_id)
    ticket.demand(TicketState.WAITING)
    return [_called(day, desk, Choice(ticket.id, CHOSEN), announcement, now_ms)]


def _expires_at_ms(day: BranchDay, now_ms: int) -> int:
    return now_ms + day.branch.rules.announcement_life_s * 1000


def _called(
    day: BranchDay, desk: Desk, choice: Choice, announcement: str, now_ms: int
) -> TicketCalled:
    return TicketCalled(
        ticket=choice.ticket,
        counter=desk.number,
        staff=staff_at(desk),
        announcement=announcement,
        expires_at_ms=_expires_at_ms(day, now_ms),
        chosen=choice.rule == CHOSEN,
        rule=choice.rule,
        helping=choice.helping,
    )


def recalls_left(day: BranchDay, ticket: Ticket) -> int | None:
    """How often a called ticket may still be called again; None: as often as one likes."""
    most = day.branch.rules.recalls_most
    return None if most is None else max(0, most + 1 - ticket.call_count)


def _recall_pause_left_ms(day: BranchDay, ticket: Ticket, now_ms: int) -> int:
    assert ticket.called_at_ms is not None
    return ticket.called_at_ms + int(day.branch.rules.recall_pause_s * 1000) - now_ms


def decide_recall(
    day: BranchDay, desk: Desk, ticket_id: str, announcement: str, now_ms: int
) -> list[AnyEvent]:
    """Call the same number again, not sooner than a voice can say it."""
    ticket = demand_held(day, desk, ticket_id, TicketState.CALLED)
    if recalls_left(day, ticket) == 0:
        raise QueueRuleError("too-many", number=ticket.number, times=ticket.call_count)
    left_ms = _recall_pause_left_ms(day, ticket, now_ms)
    if left_ms > 0:
        raise QueueRuleError("too-soon", retry_after_s=left_ms / 1000)
    return [
        TicketRecalled(
            ticket=ticket.id,
            counter=desk.number,
            staff=staff_at(desk),
            announcement=announcement,
            expires_at_ms=_expires_at_ms(day, now_ms),
        )
    ]


def decide_resume(
    day: BranchDay, desk: Desk, ticket_id: str, announcement: str, now_ms: int
) -> list[AnyEvent]:
    """Call a parked ticket back to this counter."""
    demand_open(desk)
    demand_free(desk)
    ticket = day.ticket(ticket_id)
    ticket.demand(TicketState.PARKED)
    return [
        TicketResumed(
            ticket=ticket.id,
            counter=desk.number,
            staff=staff_at(desk),
            announcement=announcement,
            expires_at_ms=_expires_at_ms(day, now_ms),
        )
    ]


def decide_no_show(day: BranchDay, desk: Desk, ticket_id: str, now_ms: int) -> list[AnyEvent]:
    """Nobody came; the number may come back within the published grace time."""
    ticket = demand_held(day, desk, ticket_id, TicketState.CALLED)
    _demand_patience(day, ticket, now_ms)
    return [
        NoShowRecorded(
            ticket=ticket.id,
            valid_until_ms=now_ms + day.branch.rules.grace_s * 1000,
            counter=desk.number,
            staff=staff_at(desk),
        )
    ]


def _demand_patience(day: BranchDay, ticket: Ticket, now_ms: int) -> None:
    """A visitor was called often and long enough before the number is given up."""
    rules = day.branch.rules
    assert ticket.first_called_at_ms is not None
    left_ms = max(0, ticket.first_called_at_ms + rules.no_show_s_least * 1000 - now_ms)
    # Where recalls are limited, no more calls are asked for than are allowed.
    may_call_again = recalls_left(day, ticket) != 0
    if ticket.call_count < rules.no_show_calls_least and may_call_again:
        left_ms = max(left_ms, _recall_pause_left_ms(day, ticket, now_ms))
        words = "too-soon-no-show-call"
    elif left_ms:
        words = "too-soon-no-show-time"
    else:
        return
    raise QueueRuleError("too-soon", words=words, retry_after_s=left_ms / 1000)


def may_come_back(day: BranchDay, ticket: Ticket, now_ms: int) -> bool:
    """Whether a missed number is let in again (the published grace rule)."""
    return (
        ticket.state is TicketState.NO_SHOW
        and ticket.valid_until_ms is not None
        and ticket.requeues < day.branch.rules.grace_times
        and now_ms <= ticket.valid_until_ms
    )


def decide_requeue(
    day: BranchDay, ticket_id: str, staff: str, now_ms: int, *, always: bool = False
) -> list[AnyEvent]:
    """Let a visitor who missed the call back in, some places down the line.

    ``always``: a manager's word counts also when the grace is over, or was used before.
    """
    ticket = day.ticket(ticket_id)
    if ticket.state in ENDED_FOR_GOOD:
        state = ticket.state.value
        raise QueueRuleError("wrong-state", words="not-no-show", state=state, number=ticket.number)
    ticket.demand(TicketState.NO_SHOW)
    if not always and not may_come_back(day, ticket, now_ms):
        raise QueueRuleError("too-late", number=ticket.number)
    to_one = ticket.to_counter is not None or ticket.to_staff is not None
    return [
        TicketRequeued(
            ticket=ticket.id,
            rank=_grace_rank(day, ticket),
            staff=staff,
            falls_back_at_ms=falls_back_at_ms(day, now_ms) if to_one else None,
        )
    ]


def _grace_rank(day: BranchDay, ticket: Ticket) -> Rank:
    """Behind the first few who wait, or at the end of a shorter line; before all with none.

    Others who came back are not counted among the few, so that those who come back one after
    the other stand behind each other and not behind ever more people.
    """
    order, standing = day.revision + 1, day.lines.several([ticket.line])
    behind = day.rank_by_arrival(ticket, ticket.service)
    if not standing:
        return behind
    (line,) = standing
    # Whom somebody placed first stands before all the others and is counted, too.
    places = day.branch.rules.grace_places - len(line.front)
    for rank, other in merge(line.regular, line.priority):
        counts = day.tickets[other].placing != "grace"
        if counts and places <= 0:
            return (rank[0] - 1, order, 0)
        behind, places = rank, places - counts
        if counts and not places:
            break
    return (behind[0], behind[1], order)


def falls_back_at_ms(day: BranchDay, now_ms: int) -> int | None:
    """When a visitor who waits for one counter or person from now on is everybody's again."""
    after_s = day.branch.rules.transfer_fallback_s
    return None if after_s is None else now_ms + after_s * 1000


def decide_announcement_outcome(
    day: BranchDay, announcement: str, device: str, outcome: str
) -> list[AnyEvent]:
    """Write down what became of an announcement (law I10)."""
    call = day.calls.get(announcement)
    if call is None:
        raise QueueRuleError("bad-value", field="announcement")
    if call.confirmed.get(device) == outcome:
        return []
    return [AnnouncementConfirmed(announcement=announcement, device=device, outcome=outcome)]
