"""GetScreening: what the door captured, so that nobody is asked twice, with the number masked."""

import logging
from collections.abc import Callable, Mapping
from typing import cast

from msgspec.structs import replace

from protocol.identifiers import Identifier, IdentifierKind, masked
from protocol.messages import GetScreening, ScreeningFacts, ScreeningView
from protocol.roles import DeviceRole
from server.domain.errors import QueueRuleError
from server.domain.hall_door import Screening
from server.domain.revealing import screenings_at
from server.door_snapshots import facts_of, facts_of_kiosk
from server.ports import SealBrokenError, SealedRecord, Sealer
from server.queries.handler import Archive, Fields, Inquiry, Reading

log = logging.getLogger(__name__)


def get(query: GetScreening, inquiry: Inquiry) -> Reading:
    """By the screening's id or by its ticket's, of today or of an earlier day."""
    if query.screening is None and query.ticket is None:
        raise QueueRuleError("missing-field", field="screening")
    of_today, sealer, now_ms = _of_today(query, inquiry), inquiry.sealer, inquiry.now_ms
    typed = _typed_at_kiosk(query, inquiry)
    is_theirs = _whose_note(inquiry)

    def read(archive: Archive) -> Fields:
        found = of_today or archive.past_screening(query.screening, query.ticket)
        if typed is not None and (found is None or not found.told.identified):
            return {"screening": _with_typed(typed, found, archive, sealer, now_ms, is_theirs)}
        if found is None:
            raise QueueRuleError("unknown-screening", words="unknown-screening-record")
        return {"screening": _of_door(found, archive, sealer, now_ms, is_theirs)}

    return read


def _of_door(
    found: Screening,
    archive: Archive,
    sealer: Sealer,
    now_ms: int,
    is_theirs: Callable[[SealedRecord], bool],
) -> ScreeningView:
    record = archive.sealed(found.id)
    view = _view(facts_of(found), record, sealer, now_ms)
    return view if record is None or is_theirs(record) else replace(view, note="")


def _typed_at_kiosk(query: GetScreening, inquiry: Inquiry) -> ScreeningFacts | None:
    """What stands for a visitor who typed a number at the kiosk today."""
    day = inquiry.day
    screening = day.screenings.get(query.screening or "")
    wanted = query.ticket or (screening.ticket if screening is not None else None)
    if wanted is None:
        wanted = next((t for t, record in day.identities.items() if record == query.screening), "")
    identity, ticket = day.identities.get(wanted), day.tickets.get(wanted)
    return None if identity is None or ticket is None else facts_of_kiosk(ticket, identity)


def _with_typed(
    typed: ScreeningFacts,
    found: Screening | None,
    archive: Archive,
    sealer: Sealer,
    now_ms: int,
    is_theirs: Callable[[SealedRecord], bool],
) -> ScreeningView:
    """The number from the kiosk, beside what the door captured of the same visitor, if it did."""
    of_kiosk = _view(typed, archive.sealed(typed.id), sealer, now_ms)
    if found is None:
        return of_kiosk
    of_door = _of_door(found, archive, sealer, now_ms, is_theirs)
    facts = replace(of_door.facts, identified=True, identity=typed.identity)
    return replace(of_door, facts=facts, masked=of_kiosk.masked)


def _whose_note(inquiry: Inquiry) -> Callable[[SealedRecord], bool]:
    """Who reads a note: as far as they may open the record, for nobody is told that they did.

    Looked up here, because the thread that reads must not touch the day.
    """
    day, seat = inquiry.day, inquiry.day.seats.get(inquiry.device)
    if inquiry.role is DeviceRole.MANAGER:
        return lambda record: True
    if inquiry.role is DeviceRole.SCREENING:
        today = day.business_date
        return lambda record: record.business_date == today
    counter = seat.counter if seat is not None else None
    if counter is None:
        return lambda record: False
    theirs = screenings_at(day, counter, inquiry.now_ms)
    return lambda record: record.id in theirs


def _of_today(query: GetScreening, inquiry: Inquiry) -> Screening | None:
    """It is in the day already, so the disk has it; the facts of an event do not change."""
    day = inquiry.day
    ticket = day.tickets.get(query.ticket or "")
    named = query.screening or (ticket.screening if ticket is not None else None)
    return day.screenings.get(named or "")


def _view(
    facts: ScreeningFacts, record: SealedRecord | None, sealer: Sealer, now_ms: int
) -> ScreeningView:
    if record is None or record.erase_at_ms <= now_ms:
        return ScreeningView(facts=facts, erased=facts.identified or facts.noted)
    fields = _opened(record, sealer)
    return ScreeningView(facts=facts, masked=_masked(fields), note=fields.get("note", ""))


def _opened(record: SealedRecord, sealer: Sealer) -> Mapping[str, str]:
    try:
        return sealer.open(record.kind, record.id, record.sealed)
    except SealBrokenError:
        # The facts still help; what is wrong is for whoever looks after the server.
        log.error("the seal of record %s does not open: is it this branch's key?", record.id)
        return {}


def _masked(fields: Mapping[str, str]) -> str:
    if "identifier" not in fields:
        return ""
    kind = cast(IdentifierKind, fields["identifier_kind"])
    return masked(Identifier(kind, fields["identifier"]))
