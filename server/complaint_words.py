"""Complaints as the staff sees them, and what they are reminded of."""

from collections.abc import Iterator

from protocol import messages as m
from server.domain.branch_day import BranchDay
from server.domain.complaints import reminders_of, urgency
from server.domain.hall_door import Complaint
from server.instants import instant, instant_or_none
from server.texts import in_each


def view_of(day: BranchDay, complaint_id: str, now_ms: int) -> m.ComplaintView:
    """A complaint that the day knows; the number of its ticket only where that is of today."""
    complaint = day.complaints[complaint_id]
    ticket = day.tickets.get(complaint.ticket or "")
    number = None if ticket is None else ticket.number
    return complaint_view(complaint, number, day.rules.complaint_due_soon_s, now_ms)


def complaint_view(
    complaint: Complaint, number: str | None, due_soon_s: int, now_ms: int
) -> m.ComplaintView:
    """A complaint in words of the protocol, with how urgent it is by now."""
    return m.ComplaintView(
        id=complaint.id,
        level=complaint.level,
        state=complaint.state,
        filed_at=instant(complaint.filed_at_ms),
        answer_due_at=instant(complaint.answer_due_at_ms),
        due_at=instant(complaint.due_at_ms),
        ticket=complaint.ticket,
        number=number,
        screening=complaint.screening,
        anonymous=complaint.anonymous,
        answered_at=instant_or_none(complaint.answered_at_ms),
        closed_at=instant_or_none(complaint.closed_at_ms),
        sipp=complaint.sipp,
        lapor=complaint.lapor,
        staff=complaint.staff,
        urgency=urgency(complaint, due_soon_s, now_ms),
    )


def complaint_counts(day: BranchDay, now_ms: int) -> m.ComplaintCounts:
    """How many there are to look after."""
    found = reminders_of(day, now_ms)
    return m.ComplaintCounts(open=found.open, due_soon=found.due_soon, overdue=found.overdue)


def complaint_alerts(day: BranchDay, counts: m.ComplaintCounts) -> Iterator[m.Alert]:
    """One alert for all that are overdue, one for all that are due soon."""
    for code, many in (
        ("complaints-overdue", counts.overdue),
        ("complaints-due-soon", counts.due_soon),
    ):
        if many:
            message = in_each(day.branch.languages, "alert", code, {"many": many})
            yield m.Alert(code=code, subject=str(many), message=message)
