"""FileComplaint and UpdateComplaint.

Who complains about what stands under seal, in one record for each complaint: later notes are put
beside the first text there, so that whoever may look sees all of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from protocol.identifiers import without_identifiers
from protocol.messages import FileComplaint, UpdateComplaint
from protocol.plain_text import plain_line, plain_text
from server.commands.handler import Occasion
from server.complaint_words import view_of
from server.domain import complaints
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ComplaintFiled, SlipRequested

KIND = "complaint"
NOTES_MOST = 50
DESCRIPTION_MAX, WISH_MAX, NOTE_MAX = 2000, 1000, 1000
NAME_MAX, ADDRESS_MAX, PHONE_MAX = 120, 300, 40


def file_complaint(command: FileComplaint, occasion: Occasion) -> list[AnyEvent]:
    """Take a complaint in; with ``print_at`` its receipt is printed."""
    day, staff = occasion.day, occasion.staff
    assert staff is not None, "the lane has seen that somebody sits there"
    personal = _personal(command)
    screening, served_on = _about(command, occasion)
    kiosk = None if command.print_at is None else occasion.demand_kiosk(command.print_at)
    asked = complaints.NewComplaint(
        complaint=occasion.ids.new_id(),
        level=command.level,
        device=occasion.asker.device,
        staff=staff,
        ticket=command.ticket,
        screening=screening,
        served_on=served_on,
        anonymous=command.anonymous,
        sipp=_reference("sipp", command.sipp),
        lapor=_reference("lapor", command.lapor),
        since_ms=_since_ms(command, occasion),
    )
    events = complaints.decide_file(day, asked, occasion.now_ms)
    _seal(occasion, asked.complaint, personal)
    if kiosk is not None:
        events.append(complaints.slip_of(asked.complaint, occasion.ids.new_id(), kiosk))
    return events


def _about(command: FileComplaint, occasion: Occasion) -> tuple[str | None, str | None]:
    """The screening that it belongs to, and the day of the service."""
    day, screening, served_on = occasion.day, command.screening, None
    if screening is not None:
        if screening not in day.screenings:
            raise QueueRuleError("unknown-record")
        served_on = day.business_date
    if command.ticket is not None:
        if (ticket := day.tickets.get(command.ticket)) is not None:
            screening, served_on = screening or ticket.screening, day.business_date
        elif (record := occasion.records.past_ticket(command.ticket)) is not None:
            served_on = record.business_date
        else:
            raise QueueRuleError("unknown-ticket")
    return screening, served_on


def _since_ms(command: FileComplaint, occasion: Occasion) -> int | None:
    """Of a visitor who came to complain the times run from the number; else from now on."""
    ticket = occasion.day.tickets.get(command.ticket or "")
    if ticket is None or complaints.times_of_ticket(occasion.day, ticket) is None:
        return None
    return ticket.issued_at_ms


def _personal(command: FileComplaint) -> dict[str, str]:
    """The texts as they are kept: readable, and without a name where none is wanted."""
    fields = {
        "description": plain_text(command.description, DESCRIPTION_MAX),
        "wish": plain_text(command.wish, WISH_MAX),
        "name": plain_line(command.name, NAME_MAX),
        "address": plain_line(command.address, ADDRESS_MAX),
        "phone": plain_line(command.phone, PHONE_MAX),
    }
    if not fields["description"]:
        raise QueueRuleError("bad-value", field="description", words="complaint-text")
    if command.anonymous:
        for field in ("name", "address", "phone"):
            if fields[field]:
                raise QueueRuleError("bad-value", field=field, words="complaint-anonymous")
    elif not any(char.isalpha() for char in fields["name"]):
        raise QueueRuleError("bad-value", field="name", words="complaint-name")
    return {name: text for name, text in fields.items() if text}


def _reference(field: str, text: str) -> str:
    """A number given elsewhere; a person's number is none, and must not enter an event."""
    plain = plain_line(text, 40)
    if without_identifiers(plain) != plain:
        raise QueueRuleError("bad-value", field=field, words="bad-reference")
    return plain


def update_complaint(command: UpdateComplaint, occasion: Occasion) -> list[AnyEvent]:
    """A step of a complaint, or its level and numbers put right; a note goes under its seal."""
    staff, note = occasion.staff, plain_text(command.note, NOTE_MAX)
    assert staff is not None, "the lane has seen that somebody sits there"
    said = complaints.Update(
        command.step,
        command.level,
        None if command.sipp is None else _reference("sipp", command.sipp),
        None if command.lapor is None else _reference("lapor", command.lapor),
        bool(note),
    )
    events = complaints.decide_update(
        occasion.day, command.complaint, said, occasion.asker.device, staff, occasion.now_ms
    )
    if note:
        _add_note(occasion, command.complaint, note)
    return events


def _add_note(occasion: Occasion, complaint: str, note: str) -> None:
    """Behind what stands under seal already. It does not make the complaint one of today."""
    record = occasion.sealed_record(complaint)
    if record is None:
        _seal(occasion, complaint, {"note-1": note})
        return
    kept = occasion.opened(record)
    notes = sum(name.startswith("note-") for name in kept)
    if notes >= NOTES_MOST:
        raise QueueRuleError("bad-value", field="note")
    keep_days = occasion.day.branch.rules.keep_complaints_days
    occasion.seal_anew(record, {**kept, f"note-{notes + 1}": note}, keep_days=keep_days)


def _seal(occasion: Occasion, complaint: str, fields: Mapping[str, str]) -> None:
    keep_days = occasion.day.branch.rules.keep_complaints_days
    occasion.seal(KIND, complaint, fields, keep_days=keep_days)


def with_complaint(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """The complaint as it stands now, and the job of its receipt where one is printed."""
    fields: dict[str, Any] = {}
    complaint = command.complaint if isinstance(command, UpdateComplaint) else ""
    for event in events:
        match event:
            case ComplaintFiled():
                complaint = event.complaint
            case SlipRequested():
                fields["slip"] = event.job
    return fields | {"complaint": view_of(occasion.day, complaint, occasion.now_ms)}
