"""Domain objects as rows of the tables, and events back from theirs.

Tuples stand in the order of the tables' columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import msgspec

from db.lane import BatchRows, Row
from server.domain.changes import CounterPeriod, DayChanges
from server.domain.events import (
    AnyEvent,
    DayClosed,
    DaySigned,
    RecordCorrected,
    Recorded,
    ServiceRated,
)
from server.domain.hall_door import Complaint, Screening
from server.domain.ticket import Ticket, TicketPeriod, TicketState
from server.ports import Erasure, SealedRecord
from server.stored_pages import booking_row

_encode = msgspec.json.encode
_event_of = msgspec.json.Decoder(AnyEvent).decode


def recorded_of(row: Any) -> Recorded:
    """An event from its row."""
    seq, at_ms, business_date, command_id, actor, _, body, _ = row
    return Recorded(
        seq=seq,
        at_ms=at_ms,
        business_date=business_date,
        event=_event_of(body),
        actor=actor,
        command_id=command_id,
    )


def period_of(ticket_id: str, row: Any) -> TicketPeriod:
    """A ticket's stretch from its row."""
    return TicketPeriod(
        ticket=ticket_id,
        ordinal=row.ordinal,
        state=TicketState(row.state),
        started_at_ms=row.started_at_ms,
        ended_at_ms=row.ended_at_ms,
        counter=row.counter,
        staff=row.staff,
        service=row.service,
    )


def add_change_rows(rows: BatchRows, branch: str, change: DayChanges) -> None:
    """The rows of tickets and periods that changed."""
    date = change.business_date
    rows.tickets += [ticket_row(branch, date, one) for one in change.tickets.values()]
    rows.ticket_periods += [period_row(branch, date, one) for one in change.periods.values()]
    rows.counter_periods += [
        _counter_period(branch, date, one) for one in change.counter_periods.values()
    ]
    rows.screenings += [_screening(branch, date, one) for one in change.screenings.values()]
    rows.complaints += [_complaint(branch, one) for one in change.complaints.values()]
    rows.bookings += [booking_row(branch, date, one) for one in change.bookings.values()]
    rows.gone_periods += [(branch, date, *gone) for gone in sorted(change.gone_periods)]


def rating_row(branch: str, entry: Recorded) -> Row:
    """The row of a rating, from its event."""
    event = entry.event
    assert isinstance(event, ServiceRated)
    reasons = _list(event.reasons)
    return (
        branch,
        entry.business_date,
        event.ticket,
        event.score,
        reasons,
        event.device,
        entry.at_ms,
    )


def correction_row(branch: str, entry: Recorded) -> Row:
    """The row of a correction, from its event."""
    event = entry.event
    assert isinstance(event, RecordCorrected)
    return (
        branch,
        entry.seq,
        event.of_date,
        event.ticket,
        event.field,
        event.before,
        event.after,
        event.reason,
        event.staff,
        entry.at_ms,
    )


def signature_row(branch: str, entry: Recorded) -> Row | None:
    """The row of a signed close, from its event; None when nobody signed."""
    match entry.event:
        case DayClosed(business_date=date, staff=str(staff), note=note):
            return (branch, entry.seq, date, staff, note, entry.at_ms)
        case DaySigned(signed_date=date, staff=staff, note=note):
            return (branch, entry.seq, date, staff, note, entry.at_ms)
    return None


def as_bytes(found: object) -> bytes:
    # SQLite gives back whatever somebody wrote there, text too.
    return found if isinstance(found, bytes) else str(found).encode()


def sealed_row(branch: str, record: SealedRecord) -> Row:
    """The row of what stands under seal."""
    return (
        branch,
        record.id,
        record.kind,
        record.business_date,
        record.at_ms,
        record.fingerprint,
        record.sealed,
        record.erase_at_ms,
    )


def add_erasure_rows(rows: BatchRows, branch: str, erasure: Erasure) -> None:
    """What is taken away."""
    if erasure.until_ms is not None:
        rows.due.append((branch, erasure.until_ms))
    rows.gone_sealed += [(branch, record) for record in erasure.records]
    rows.gone_members += [(branch, fingerprint) for fingerprint in erasure.members]


def _list(codes: Sequence[str]) -> str:
    return _encode(codes).decode() if codes else "[]"


def ticket_row(branch: str, business_date: str, ticket: Ticket) -> Row:
    """The row of a ticket in its newest form."""
    return (
        branch,
        ticket.id,
        business_date,
        ticket.number,
        ticket.series,
        ticket.serial,
        ticket.service,
        ticket.priority,
        _list(ticket.needs),
        ticket.language,
        ticket.weight,
        str(ticket.state),  # three times as fast as .value
        ticket.counter,
        ticket.staff,
        ticket.call_count,
        ticket.issued_at_ms,
        ticket.called_at_ms,
        ticket.started_at_ms,
        ticket.ended_at_ms,
        ticket.requeued,
        ticket.print,
        ticket.copies,
        ticket.link,
        ticket.outcome,
        ticket.category,
        _list(ticket.education),
        ticket.note,
        ticket.reason,
        ticket.device,
        *(ticket.promised_s or (None, None)),
        ticket.overtakes,
        ticket.screening,
        ticket.cause,
        ticket.offline,
        None,
    )


def period_row(branch: str, business_date: str, period: TicketPeriod) -> Row:
    return (
        branch,
        business_date,
        period.ticket,
        period.ordinal,
        str(period.state),
        period.started_at_ms,
        period.ended_at_ms,
        period.counter,
        period.staff,
        period.service,
    )


def _counter_period(branch: str, business_date: str, period: CounterPeriod) -> Row:
    return (
        branch,
        business_date,
        period.counter,
        period.ordinal,
        period.state,
        period.started_at_ms,
        period.ended_at_ms,
        period.staff,
        period.reason,
        period.activity,
    )


def _screening(branch: str, business_date: str, screening: Screening) -> Row:
    told = screening.told
    return (
        branch,
        business_date,
        screening.id,
        screening.at_ms,
        told.started_at_ms,
        told.outcome,
        told.service,
        told.matter,
        told.segment,
        told.membership,
        _list(told.papers),
        _list(told.missing),
        told.priority,
        told.reason,
        told.channel,
        told.office,
        _list(told.advice),
        _encode(told.overrides).decode(),
        told.companion,
        told.weight,
        told.identified,
        told.visits_before,
        screening.ticket,
        told.device,
        told.staff,
    )


def _complaint(branch: str, complaint: Complaint) -> Row:
    return (
        branch,
        complaint.id,
        complaint.business_date,
        complaint.filed_at_ms,
        complaint.ticket,
        complaint.screening,
        complaint.level,
        complaint.state,
        complaint.anonymous,
        complaint.answer_due_at_ms,
        complaint.due_at_ms,
        complaint.answered_at_ms,
        complaint.closed_at_ms,
        complaint.sipp,
        complaint.lapor,
        complaint.device,
        complaint.staff,
    )


def complaint_of(row: Mapping[str, Any]) -> Complaint:
    """A complaint from its row."""
    found = {one.name: row[one.name] for one in fields(Complaint)}
    # SQLite has no truth values of its own.
    return Complaint(**found | {"anonymous": bool(row["anonymous"])})
