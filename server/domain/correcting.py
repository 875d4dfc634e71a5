"""Putting a closed ticket's record right: the first version stays beside the newer ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, RecordCorrected
from server.domain.ticket import OPEN_STATES, Ticket, TicketState

OUTCOMES = frozenset({"solved", "pending", "referred"})


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """What stands in a ticket's record, as text: ``category``, ``outcome``, ``education``
    (codes with commas between them), ``note`` and ``cause``; nothing is ""."""

    ticket: str
    number: str
    business_date: str
    state: TicketState
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a manager wants to stand there, and why."""

    field: str
    value: str
    reason: str
    staff: str


def record_of(day: BranchDay, ticket: Ticket) -> TicketRecord:
    """The record of a ticket of today, in its first version."""
    fields = {
        "category": ticket.category or "",
        "outcome": ticket.outcome or "",
        "education": ",".join(ticket.education),
        "note": ticket.note,
        "cause": ticket.cause or "",
    }
    return TicketRecord(ticket.id, ticket.number, day.business_date, ticket.state, fields)


def decide_correction(
    day: BranchDay, record: TicketRecord | None, correction: Correction
) -> list[AnyEvent]:
    """Another value for a field; ``record`` is what is known beside today's corrections.

    A note may stand on every closed ticket, the rest only where a visitor was served.
    """
    if record is None:
        raise QueueRuleError("unknown-ticket")
    served_only = correction.field != "note"
    if record.state in OPEN_STATES or (served_only and record.state is not TicketState.FINISHED):
        raise QueueRuleError("wrong-state", state=record.state.value, number=record.number)
    before = day.corrections.get((record.ticket, correction.field))
    if before is None:
        before = record.fields[correction.field]
    after = _checked(day, correction.field, correction.value)
    if after == before:
        raise QueueRuleError("bad-value", field="value")
    return [
        RecordCorrected(
            ticket=record.ticket,
            of_date=record.business_date,
            field=correction.field,
            before=before,
            after=after,
            reason=correction.reason,
            staff=correction.staff,
        )
    ]


def _checked(day: BranchDay, field: str, value: str) -> str:
    """The value as it is written down; the same codes are right as when a service finishes."""
    right = True
    match field:
        case "category" | "cause":
            right = not value or day.branch.knows(field, value)
        case "outcome":
            right = value in OUTCOMES
        case "education":
            codes = [code.strip() for code in value.split(",") if code.strip()]
            right = all(day.branch.knows("education", code) for code in codes)
            value = ",".join(codes)
    if not right:
        raise QueueRuleError("bad-value", field="value")
    return value
