"""What each event teaches about waiting, before it is folded."""

from server.domain import events as e
from server.domain.day_state import DayState


def learn_from(day: DayState, recorded: e.Recorded) -> None:
    """Take the event into the day's experience; the day is as it was before it."""
    event, at_ms, learned = recorded.event, recorded.at_ms, day.experience
    match event:
        case e.TicketIssued():
            learned.issued(event.service, event.priority, at_ms)
        case e.TicketCalled():
            if (ticket := day.tickets[event.ticket]).first_called_at_ms is None:
                learned.called_first(ticket, at_ms)
        case e.ServiceStarted():
            learned.came()
        case e.ServiceFinished() | e.ServiceContinued():
            # The day's end finishes who is still served: nobody knows when that really was.
            if recorded.actor != "server":
                learned.served(day.tickets[event.ticket], day.local_hour(at_ms), at_ms)
        case e.NoShowRecorded(counter=int()):
            learned.missed(day.tickets[event.ticket], at_ms)
        case e.TicketCancelled() | e.TicketExpired():
            learned.left(day.tickets[event.ticket], at_ms)
