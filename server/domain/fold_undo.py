"""The fold of an undo: notes of how tickets were, and putting them back.

Before a move that may be taken back a note keeps its tickets; the undo puts them back into the
same places and stretches of time. The history keeps both: the move and its undo.
"""

from copy import copy
from dataclasses import fields

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.fold_door import forget_cause
from server.domain.hall import UndoNote
from server.domain.ticket import HELD_STATES, Ticket, TicketState

UNDOABLE = (e.ServiceFinished, e.NoShowRecorded, e.TicketTransferred, e.TicketParked)

# What a kiosk or a display said meanwhile stays said.
_KEPT = frozenset({"job", "copies", "printed_at", "print", "moves"})


def note_before(day: DayState, recorded: e.Recorded) -> None:
    """Before an event is folded: keep what an undo of it needs."""
    event = recorded.event
    match event:
        case e.ServiceStarted(implied=True) | e.ServiceFinished() | e.NoShowRecorded():
            _note(day, recorded, event.counter, event.ticket)
        case e.TicketParked():
            _note(day, recorded, event.counter, event.ticket)
        case e.TicketTransferred():
            seat = day.seats.get(recorded.actor)
            _note(day, recorded, seat.counter if seat is not None else None, event.ticket)
        case e.TicketCalled():
            _note_call(day, recorded, event)
        case e.TicketResumed() | e.ServiceContinued():
            day.undo_notes.pop(event.counter, None)
        case e.StaffSignedOut():
            seat = day.seats.get(event.device)
            if seat is not None and seat.counter is not None:
                day.undo_notes.pop(seat.counter, None)


def note_after(day: DayState, recorded: e.Recorded) -> None:
    """After it was folded: how often the ticket had moved then."""
    if isinstance(recorded.event, UNDOABLE):
        for note in day.undo_notes.values():
            if note.seq == recorded.seq:
                note.moves = day.tickets[note.ticket.id].moves


def _note(day: DayState, recorded: e.Recorded, counter: int | None, ticket_id: str) -> None:
    if counter is None:
        return
    name, known = type(recorded.event).__name__, day.undo_notes.get(counter)
    if known is not None and known.command is not None and known.command == recorded.command_id:
        # A finish whose start was only implied: the note has the ticket from before both.
        known.event, known.seq = name, recorded.seq
        return
    desk = day.desks[counter]
    day.undo_notes[counter] = UndoNote(
        seq=recorded.seq,
        at_ms=recorded.at_ms,
        command=recorded.command_id,
        event=name,
        ticket=_as_it_is(day, ticket_id),
        last_finished=desk.last_finished,
        finished_count=desk.finished_count,
        service_time_ms=desk.service_time_ms,
    )


def _note_call(day: DayState, recorded: e.Recorded, event: e.TicketCalled) -> None:
    note = day.undo_notes.get(event.counter)
    if note is None:
        return
    if note.command is not None and note.command == recorded.command_id:
        note.called = _as_it_is(day, event.ticket)
        note.call_index = len(day.calls_made)
    else:
        del day.undo_notes[event.counter]


def _as_it_is(day: DayState, ticket_id: str) -> Ticket:
    ticket = day.tickets[ticket_id]
    kept = copy(ticket)
    kept.period = copy(ticket.period)
    kept.stands = [copy(stand) for stand in ticket.stands]
    if ticket.state is TicketState.WAITING:
        # Calls that others make while it is away do not overtake it.
        kept.stands[-1].to_call = len(day.calls_made)
    kept.overtakes = day.lines.overtakes_of(ticket)
    return kept


def undo(day: DayState, event: e.LastUndone, at_ms: int) -> None:
    """Put everything back."""
    note = day.undo_notes.pop(event.counter)
    if note.called is not None:
        assert note.call_index is not None
        _take_call_back(day, note.call_index)
        _put_back(day, note.called, at_ms)
        day.board.pop(note.called.id, None)
    if note.event == e.ServiceFinished.__name__:
        forget_cause(day, note.ticket.id, note.at_ms)
    _put_back(day, note.ticket, at_ms)
    day.missed.pop(note.ticket.id, None)
    desk = day.desks[event.counter]
    desk.last_finished = note.last_finished
    desk.finished_count, desk.service_time_ms = note.finished_count, note.service_time_ms


def _put_back(day: DayState, was: Ticket, at_ms: int) -> None:
    ticket = day.tickets[was.id]
    day.leave_place(ticket)
    if ticket.counter is not None and day.desks[ticket.counter].ticket == ticket.id:
        day.hold(day.desks[ticket.counter], None, at_ms)
    day.count_ticket(ticket, -1)
    for ordinal in range(was.period.ordinal + 1, ticket.period.ordinal + 1):
        day.changes.periods.pop((ticket.id, ordinal), None)
        day.changes.gone_periods.add((ticket.id, ordinal))
    for one in fields(Ticket):
        if one.name not in _KEPT:
            setattr(ticket, one.name, getattr(was, one.name))
    ticket.moves += 1
    day.changes.periods[ticket.id, ticket.period.ordinal] = ticket.period
    day.changes.tickets[ticket.id] = ticket
    day.count_ticket(ticket, 1)
    day.take_place(ticket)
    if ticket.state in HELD_STATES:
        assert ticket.counter is not None
        day.hold(day.desks[ticket.counter], ticket.id, at_ms)


def _take_call_back(day: DayState, index: int) -> None:
    """A call that was undone overtook nobody, and is not one of its kind in a row."""
    made = day.calls_made[index]
    made.undone = True
    for ticket in day.tickets.values():
        if made.counted and ticket.ordinal < made.ordinal and _stood(ticket, made.lines, index):
            day.lines.forgive(ticket)
    # Another counter may put back somebody who was overtaken before its own move.
    for kept in (ticket for note in day.undo_notes.values() for ticket in note.tickets):
        if made.counted and kept.ordinal < made.ordinal and _stood(kept, made.lines, index):
            kept.overtakes -= 1
    day.runs = day.runs_of_calls()


def _stood(ticket: Ticket, lines: tuple[str, ...], index: int) -> bool:
    return any(
        stand.line in lines
        and stand.from_call <= index
        and (stand.to_call is None or stand.to_call > index)
        for stand in ticket.stands
    )
