"""The fold of what happens at the front door."""

from dataclasses import replace

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall_door import Complaint, Disturbed, Screening, SlipJob, SystemCause

SYSTEM = "system"
"""The cause (of ``choices.cause``) that says "a system outside did not work"."""

CLOSED_COMPLAINTS = frozenset({"solved", "withdrawn"})


def screen(day: DayState, event: e.VisitorScreened, at_ms: int) -> None:
    screening = Screening(event, at_ms)
    day.screenings[event.screening] = screening
    if event.code is not None:
        day.codes[event.code] = event.screening
    day.changes.screenings[event.screening] = screening


def request_slip(day: DayState, event: e.SlipRequested, at_ms: int) -> None:
    slip = SlipJob(event.job, event.kind, event.subject, event.print_at, event.copy, at_ms)
    day.slips[slip.job] = slip
    if (screening := day.screenings.get(event.subject)) is not None:
        screening.slip = slip.job


def record_slip(day: DayState, event: e.SlipRecorded, at_ms: int) -> None:
    day.slips[event.job].outcome = event.outcome


def record_guest(day: DayState, event: e.GuestRecorded, at_ms: int) -> None:
    day.guests += 1


def record_reveal(day: DayState, event: e.RecordRevealed, at_ms: int) -> None:
    day.reveals.setdefault(event.staff, []).append(at_ms)


def only_told(day: DayState, event: e.AnyEvent, at_ms: int) -> None:
    """It is in the history, and changes nothing of the day."""


def file_complaint(day: DayState, event: e.ComplaintFiled, at_ms: int) -> None:
    complaint = Complaint(
        id=event.complaint,
        business_date=day.business_date,
        filed_at_ms=at_ms,
        level=event.level,
        state="open",
        answer_due_at_ms=event.answer_due_at_ms,
        due_at_ms=event.due_at_ms,
        device=event.device,
        staff=event.staff,
        ticket=event.ticket,
        screening=event.screening,
        anonymous=event.anonymous,
        sipp=event.sipp,
        lapor=event.lapor,
    )
    day.complaints[complaint.id] = complaint
    day.changes.complaints[complaint.id] = complaint


def update_complaint(day: DayState, event: e.ComplaintUpdated, at_ms: int) -> None:
    """Told again after a restart, an earlier day's complaint may be closed already: the event
    says whole what it has become, so that it is the same once or twice."""
    before = day.complaints.get(event.complaint)
    if before is None:
        return
    answered_at_ms = before.answered_at_ms
    if answered_at_ms is None and event.state in ("answered", "solved"):
        answered_at_ms = at_ms
    complaint = replace(
        before,
        state=event.state,
        level=event.level,
        answer_due_at_ms=event.answer_due_at_ms,
        due_at_ms=event.due_at_ms,
        answered_at_ms=answered_at_ms,
        closed_at_ms=at_ms if event.state in CLOSED_COMPLAINTS else None,
        sipp=event.sipp,
        lapor=event.lapor,
    )
    day.complaints[complaint.id] = complaint
    day.changes.complaints[complaint.id] = complaint


def declare_disturbance(day: DayState, event: e.DisturbanceDeclared, at_ms: int) -> None:
    """Whoever says it again, it lasts since the first word."""
    lasting = day.disturbances.get(event.system)
    since_ms = at_ms if lasting is None else lasting.since_ms
    day.disturbances[event.system] = Disturbed(event.system, since_ms, event.staff)


def end_disturbance(day: DayState, event: e.DisturbanceEnded, at_ms: int) -> None:
    """What went wrong until now says nothing of what comes."""
    day.disturbances.pop(event.system, None)
    if not event.withdrawn:
        for cause in day.system_causes:
            cause.counts = False


def note_cause(day: DayState, ticket: str, cause: str | None, at_ms: int) -> None:
    """A service ended; its cause may be one of a burst."""
    if cause == SYSTEM:
        day.system_causes.append(SystemCause(ticket, at_ms))


def forget_cause(day: DayState, ticket: str, at_ms: int) -> None:
    """A finish of this instant was taken back, and its cause with it."""
    for place in range(len(day.system_causes) - 1, -1, -1):
        told = day.system_causes[place]
        if told.at_ms < at_ms:
            return
        if (told.ticket, told.at_ms) == (ticket, at_ms):
            del day.system_causes[place]
            return
