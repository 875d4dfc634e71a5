"""Taking the last move of a counter back (protocol.md, ``UndoLast``)."""

from server.domain.branch_day import BranchDay
from server.domain.calling import staff_at
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, LastUndone
from server.domain.hall import Desk, UndoNote
from server.domain.ticket import HELD_STATES, TicketState


def decide_undo(day: BranchDay, desk: Desk, now_ms: int) -> list[AnyEvent]:
    """Take the counter's last finish, no-show, transfer or park back, while that is possible."""
    note = undoable(day, desk, now_ms)
    if note is None:
        raise QueueRuleError("too-late", number="")
    called = note.called
    return [
        LastUndone(
            ticket=note.ticket.id,
            counter=desk.number,
            staff=staff_at(desk),
            undone_seq=note.seq,
            called=called.id if called is not None else None,
            announcement=None if called is None else day.tickets[called.id].announcement,
        )
    ]


def undoable(day: BranchDay, desk: Desk, now_ms: int) -> UndoNote | None:
    """The move that this counter may take back now.

    Not after its time, nor when somebody moved or rated the ticket since, nor once the service
    of the next one has begun, nor while the counter is not open. Whoever is called there
    otherwise, or sits down there, ends the note.
    """
    note = day.undo_notes.get(desk.number)
    if note is None or now_ms - note.at_ms > day.rules.undo_s * 1000:
        return None
    ticket, called = day.tickets[note.ticket.id], note.called
    if ticket.moves != note.moves or ticket.id in day.ratings:
        return None
    if called is not None:
        next_one = day.tickets[called.id]
        if next_one.state is not TicketState.CALLED or desk.ticket != next_one.id:
            return None
    return note if note.ticket.state not in HELD_STATES or desk.state == "open" else None
