"""Complaints: filed at the door or a counter, answered, solved, and reminded of until then.

What is personal is not here: who complains about what stands under seal. A complaint is open until
it is solved or withdrawn; one that went on to a higher place is still ours to follow.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server.domain.branch_day import BranchDay
from server.domain.door import ComplaintLevel
from server.domain.due_times import answer_due_ms, solved_due_ms
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ComplaintFiled, ComplaintUpdated, SlipRequested
from server.domain.fold_door import CLOSED_COMPLAINTS
from server.domain.hall_door import Complaint
from server.domain.ticket import Ticket

LAW_DAYS = 30
"""A complaint is made within so many days of the service (UU 25/2009 Art. 40); later ones are
taken all the same, and noted as such."""

REOPENED_WITHIN_DAYS = 30
"""So long a closed complaint stays at hand, to be opened again."""

# From which states a step may be taken, and what becomes of the complaint.
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "answered": (frozenset({"open"}), "answered"),
    "solved": (frozenset({"open", "answered", "escalated"}), "solved"),
    "withdrawn": (frozenset({"open", "answered", "escalated"}), "withdrawn"),
    "escalated": (frozenset({"open", "answered"}), "escalated"),
    "reopened": (frozenset({"solved", "withdrawn", "escalated"}), "open"),
}
# Letters and digits with single marks between them: what SIPP and LAPOR! give as numbers.
_REFERENCE = re.compile(r"[0-9A-Za-z]+(?:[-./][0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What is known when a complaint is filed; ``served_on`` is the day of the service."""

    complaint: str
    level: str
    device: str
    staff: str
    ticket: str | None = None
    screening: str | None = None
    served_on: str | None = None
    anonymous: bool = False
    sipp: str = ""
    lapor: str = ""
    # Since when its times run; None: from now on.
    since_ms: int | None = None


def decide_file(day: BranchDay, asked: NewComplaint, now_ms: int) -> list[AnyEvent]:
    """Take a complaint in: from now on its times run."""
    level = _level(day, asked.level)
    since_ms = now_ms if asked.since_ms is None else asked.since_ms
    demand_reference("sipp", asked.sipp)
    demand_reference("lapor", asked.lapor)
    return [
        ComplaintFiled(
            complaint=asked.complaint,
            level=level.code,
            answer_due_at_ms=answer_due_ms(day.branch, level, since_ms),
            due_at_ms=solved_due_ms(day.branch, level, since_ms),
            device=asked.device,
            staff=asked.staff,
            ticket=asked.ticket,
            screening=asked.screening,
            anonymous=asked.anonymous,
            sipp=asked.sipp,
            lapor=asked.lapor,
            days_after=days_after(day, asked.served_on),
        )
    ]


@dataclass(frozen=True, slots=True)
class Times:
    """By when a complaint of a level is to be answered and solved."""

    level: str
    answer_due_at_ms: int
    due_at_ms: int


def is_complaint(day: BranchDay, ticket: Ticket) -> bool:
    """Whether the door was told that this visitor comes to complain."""
    screening = day.screenings.get(ticket.screening or "")
    matter = day.branch.door.matters.get((screening.told.matter if screening else None) or "")
    return matter is not None and matter.complaint


def times_of_ticket(day: BranchDay, ticket: Ticket) -> Times | None:
    """Level and times of a ticket that is a complaint, before anybody has written it down.

    The catalogue's last level is the mildest; the times run from the issue of the number, so that
    waiting in the hall is part of them. None: it is no complaint, or was filed already.
    """
    levels = list(day.branch.door.complaint_levels.values())
    if not levels or not is_complaint(day, ticket):
        return None
    if any(one.ticket == ticket.id for one in day.complaints.values()):
        return None
    answer_ms = answer_due_ms(day.branch, levels[-1], ticket.issued_at_ms)
    due_ms = solved_due_ms(day.branch, levels[-1], ticket.issued_at_ms)
    return Times(levels[-1].code, answer_ms, due_ms)


def days_after(day: BranchDay, served_on: str | None) -> int:
    """How many days after the service a complaint comes, where that is more than the law asks."""
    if served_on is None:
        return 0
    days = (date.fromisoformat(day.business_date) - date.fromisoformat(served_on)).days
    return days if days > LAW_DAYS else 0


@dataclass(frozen=True, slots=True)
class Update:
    """What is said of a complaint; None is "as it was"."""

    step: str | None = None
    level: str | None = None
    sipp: str | None = None
    lapor: str | None = None
    noted: bool = False


def decide_update(
    day: BranchDay, complaint_id: str, said: Update, device: str, staff: str, now_ms: int
) -> list[AnyEvent]:
    """A step of a complaint, or its level and numbers put right; the event says it whole.

    A level's times count from the filing; those of a complaint that is opened again from now.
    """
    before = day.complaints.get(complaint_id)
    if before is None:
        raise QueueRuleError("unknown-record")
    state = _state_after(before, said.step)
    level, answer_ms, due_ms = before.level, before.answer_due_at_ms, before.due_at_ms
    if said.level not in (None, level) or said.step == "reopened":
        known = _level(day, said.level or level)
        from_ms = now_ms if said.step == "reopened" else before.filed_at_ms
        level, due_ms = known.code, solved_due_ms(day.branch, known, from_ms)
        answer_ms = answer_due_ms(day.branch, known, from_ms)
    sipp = before.sipp if said.sipp is None else demand_reference("sipp", said.sipp)
    lapor = before.lapor if said.lapor is None else demand_reference("lapor", said.lapor)
    told = (state, level, answer_ms, due_ms, sipp, lapor)
    if told == _told(before) and not said.noted:
        return []
    return [
        ComplaintUpdated(
            complaint=before.id,
            state=state,
            level=level,
            answer_due_at_ms=answer_ms,
            due_at_ms=due_ms,
            device=device,
            staff=staff,
            sipp=sipp,
            lapor=lapor,
            noted=said.noted,
        )
    ]


def _told(one: Complaint) -> tuple[str, str, int, int, str, str]:
    return one.state, one.level, one.answer_due_at_ms, one.due_at_ms, one.sipp, one.lapor


def _state_after(before: Complaint, step: str | None) -> str:
    if step is None:
        return before.state
    lawful_from, after = STEPS[step]
    if before.state not in lawful_from:
        raise QueueRuleError("wrong-state", words="wrong-state-complaint", state=before.state)
    return after


def _level(day: BranchDay, code: str) -> ComplaintLevel:
    found = day.branch.door.complaint_levels.get(code)
    if found is None:
        raise QueueRuleError("bad-value", field="level")
    return found


def demand_reference(field: str, text: str) -> str:
    """A number given elsewhere, as it stands there, or a refusal; empty is none."""
    if text and _REFERENCE.fullmatch(text) is None:
        raise QueueRuleError("bad-value", field=field, words="bad-reference")
    return text


def slip_of(complaint: str, job: str, print_at: str) -> SlipRequested:
    """The receipt (UU 25/2009 Art. 44)."""
    return SlipRequested(job=job, kind="complaint", subject=complaint, print_at=print_at)


# Reminders.


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many complaints are open, and of these due soon and overdue."""

    open: int = 0
    due_soon: int = 0
    overdue: int = 0


def urgency(complaint: Complaint, due_soon_s: int, now_ms: int) -> str:
    """``overdue``, ``answer-overdue``, ``due-soon`` or empty, by the clock alone."""
    if complaint.state in CLOSED_COMPLAINTS:
        return ""
    if now_ms >= complaint.due_at_ms:
        return "overdue"
    next_due_ms = complaint.due_at_ms
    if complaint.answered_at_ms is None:
        if now_ms >= complaint.answer_due_at_ms:
            return "answer-overdue"
        next_due_ms = min(next_due_ms, complaint.answer_due_at_ms)
    return "due-soon" if next_due_ms - now_ms <= due_soon_s * 1000 else ""


def reminders(complaints: Iterable[Complaint], due_soon_s: int, now_ms: int) -> Reminders:
    """Those that somebody has to look after now."""
    is_open = due_soon = overdue = 0
    for complaint in complaints:
        if complaint.state in CLOSED_COMPLAINTS:
            continue
        is_open += 1
        found = urgency(complaint, due_soon_s, now_ms)
        due_soon += found == "due-soon"
        overdue += found.endswith("overdue")
    return Reminders(is_open, due_soon, overdue)


def reminders_of(day: BranchDay, now_ms: int) -> Reminders:
    """The same of all that the day knows."""
    return reminders(day.complaints.values(), day.rules.complaint_due_soon_s, now_ms)
