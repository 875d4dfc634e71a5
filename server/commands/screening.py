"""RecordScreening and CorrectTicket."""

from collections.abc import Sequence
from typing import Any

from protocol.identifiers import Identifier
from protocol.messages import CorrectTicket, RecordScreening
from protocol.plain_text import plain_text
from server.commands.handler import DAY_MS, Occasion
from server.domain.door_code import free_code
from server.domain.events import AnyEvent, SlipRequested, TicketIssued, VisitorScreened
from server.domain.screening import Received, decide_screening
from server.domain.ticket_correction import decide_ticket_correction
from server.door_views import day_in_words
from server.identifying import identifier_of

KIND = "screening"
NOTE_MAX = 1000


def record_screening(command: RecordScreening, occasion: Occasion) -> list[AnyEvent]:
    """The facts go into the event; who it was and the note go under seal, in the same commit."""
    ids, day = occasion.ids, occasion.day
    who = identifier_of(command.identifier) if command.identifier is not None else None
    note = plain_text(command.note, NOTE_MAX)
    mark = occasion.sealer.fingerprint(who.kind, who.value) if who is not None else None
    if command.print_at is not None:
        occasion.demand_kiosk(command.print_at)
    assert occasion.staff is not None, "the lane has seen that somebody sits there"
    started = command.started_at
    asked = Received(
        screening=ids.new_id(),
        outcome=command.outcome,
        device=occasion.asker.device,
        staff=occasion.staff,
        ticket=ids.new_id(),
        link=ids.new_secret(),
        job=ids.new_id(),
        code=free_code(day, ids.new_code) if command.outcome == "code" else "",
        service=command.service,
        matter=command.matter,
        segment=command.segment,
        membership=command.membership,
        papers=command.papers,
        missing=command.missing,
        priority=command.priority,
        needs=command.needs,
        language=command.language or occasion.asker.language,
        weight=command.weight or 1,
        companion=command.companion,
        reason=command.reason,
        channel=command.channel,
        office=command.office,
        decree_on=command.decree_on,
        born_on=command.born_on,
        facility_changed_on=command.facility_changed_on,
        nik_mismatch=command.nik_mismatch,
        overrides=command.overrides,
        identified=who is not None,
        noted=bool(note),
        visits_before=_visits_before(occasion, mark),
        print_at=command.print_at,
        started_at_ms=None if started is None else int(started.timestamp() * 1000),
    )
    events = decide_screening(day, asked, occasion.now_ms, day_in_words)
    _keep_under_seal(occasion, asked.screening, who, note, mark)
    return events


def _visits_before(occasion: Occasion, mark: bytes | None) -> int:
    if mark is None:
        return 0
    days = occasion.day.branch.rules.repeat_visit_days
    # Those of a moment ago are not on the disk yet.
    just_now = sum(one.fingerprint == mark for one in occasion.pending if one.kind == KIND)
    return just_now + occasion.records.visits_before(mark, occasion.now_ms - days * DAY_MS)


def _keep_under_seal(
    occasion: Occasion, screening: str, who: Identifier | None, note: str, mark: bytes | None
) -> None:
    fields = {"note": note} if note else {}
    if who is not None:
        fields |= {"identifier": who.value, "identifier_kind": who.kind}
    if fields:
        keep_days = occasion.day.branch.rules.keep_screenings_days
        occasion.seal(KIND, screening, fields, keep_days=keep_days, fingerprint=mark)


def what_was_screened(
    command: RecordScreening, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """Which screening it is, and what came of it: a ticket, a code, a slip, or none of them."""
    answer: dict[str, Any] = {"ticket": None, "code": None, "slip": None}
    for event in events:
        match event:
            case VisitorScreened():
                answer |= {"screening": event.screening, "code": event.code}
            case TicketIssued():
                answer["ticket"] = occasion.view(event.ticket)
            case SlipRequested():
                answer["slip"] = event.job
    return answer


def correct_ticket(command: CorrectTicket, occasion: Occasion) -> list[AnyEvent]:
    """The wrong tile was touched, or a priority was not seen."""
    assert occasion.staff is not None, "the lane has seen that somebody sits there"
    return decide_ticket_correction(
        occasion.day,
        command.ticket,
        command.service,
        command.priority,
        occasion.staff,
        occasion.asker.device,
        occasion.now_ms,
    )
