"""What each event teaches about waiting, before it is folded."""

from copy import copy
from functools import partial

from server.domain import events as e
from server.domain.day_state import DayState


def learn_from(day: DayState, recorded: e.Recorded) -> None:
    """Take the event into the day's experience; the day is as it was before it.

    What a counter may still take back is a lesson only once it may not any more.
    """
    event, at_ms, learned = recorded.event, recorded.at_ms, day.experience
    learned.settle(at_ms - day.rules.undo_s * 1000)
    match event:
        case e.TicketIssued():
            learned.issued(event.service, event.priority, at_ms)
        case e.TicketCalled():
            if (ticket := day.tickets[event.ticket]).first_called_at_ms is None:
                told = partial(learned.called_first, copy(ticket), at_ms)
                learned.await_undo(event.counter, recorded.seq, at_ms, told)
        case e.ServiceStarted():
            learned.await_undo(event.counter, recorded.seq, at_ms, learned.came)
        case e.ServiceFinished() | e.ServiceContinued():
            # The day's end finishes who is still served: nobody knows when that really was.
            if recorded.actor != "server" and event.counter is not None:
                ticket, hour = copy(day.tickets[event.ticket]), day.local_hour(at_ms)
                told = partial(learned.served, ticket, hour, at_ms)
                learned.await_undo(event.counter, recorded.seq, at_ms, told)
        case e.NoShowRecorded(counter=int(counter)):
            told = partial(learned.missed, copy(day.tickets[event.ticket]), at_ms)
            learned.await_undo(counter, recorded.seq, at_ms, told)
        case e.TicketCancelled() | e.TicketExpired():
            learned.left(day.tickets[event.ticket], at_ms)
        case e.LastUndone():
            # An implied start stands right before the finish that is undone.
            learned.unlearn(event.counter, event.undone_seq - 1)
