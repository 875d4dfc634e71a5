"""Questions: one table from word to handler. They change nothing and never enter the lane."""

from protocol import messages as m
from server.queries import (
    advice,
    bookings,
    complaints,
    door_report,
    history,
    line,
    membership,
    screenings,
    sessions,
    staffing,
    visits,
)
from server.queries.handler import QueryHandler

QUERIES: dict[type[m.Query], QueryHandler] = {
    m.PreviewLine: line.preview,
    m.ExplainTicket: line.explain,
    m.GetTicketHistory: history.of_ticket,
    m.GetEarlierTicket: history.of_earlier_ticket,
    m.AdviseVisitor: advice.advise,
    m.FindMember: membership.find,
    m.ListComplaints: complaints.list_complaints,
    m.GetScreening: screenings.get,
    m.GetDoorReport: door_report.of_day,
    m.AdviseStaffing: staffing.advise,
    m.ListSessions: sessions.list_sessions,
    m.GetVisits: visits.of_links,
    m.GetBookingWindows: bookings.get_windows,
    m.FindBooking: bookings.find,
}
