"""GetTicketHistory, GetEarlierTicket: everything that happened to a ticket, also in words.

Notes are left out: what somebody wrote about a person belongs to the desk that serves them.
"""

from datetime import UTC, datetime
from typing import Any

from protocol.asking import Names
from protocol.messages import GetEarlierTicket, GetTicketHistory, HistoryEntry, TicketSpan
from server.device_words import spoken_device
from server.domain import events as e
from server.domain.branch import Branch
from server.domain.errors import QueueRuleError
from server.domain.selection import RESUMED
from server.instants import instant, instant_or_none
from server.queries.handler import Archive, Fields, Inquiry, Reading
from server.queries.line import overtakers_of
from server.texts import in_each
from server.why_words import why_overtook

Told = tuple[str, dict[str, Any]]
"""A code of the table ``[history]`` and the facts that fill its sentence."""

_CLOCKS = {"id": "%H.%M", "en": "%H:%M"}


def of_ticket(query: GetTicketHistory, inquiry: Inquiry) -> Reading:
    """Read from the disk, so that what the day has forgotten is told as well."""
    day = inquiry.day
    ticket, branch, revision = day.ticket(query.ticket), day.branch, day.revision
    ticket_id, business_date = ticket.id, day.business_date
    # Who went before it is known of today alone: looked up here, where the day may be touched.
    passed = overtakers_of(inquiry, ticket)

    def read(archive: Archive) -> Fields:
        found = archive.ticket_events(ticket_id, business_date)
        return passed | {
            "revision": max([revision, *(entry.seq for entry in found)]),
            "history": [_entry(branch, ticket_id, recorded) for recorded in found],
            "spans": _spans(archive, ticket_id, business_date),
        }

    return read


def of_earlier_ticket(query: GetEarlierTicket, inquiry: Inquiry) -> Reading:
    """The same of any day that the disk knows, with what was told of it when that day was over;
    names of services and choices are those of today's catalogue."""
    branch, ticket_id = inquiry.day.branch, query.ticket
    business_date = query.business_date.isoformat()

    def read(archive: Archive) -> Fields:
        found = {
            entry.seq: entry
            for entry in (
                *archive.ticket_events(ticket_id, business_date),
                *archive.events_after_its_day(ticket_id, business_date),
            )
        }
        if not found:
            raise QueueRuleError("unknown-ticket")
        return {
            "history": [_entry(branch, ticket_id, found[seq]) for seq in sorted(found)],
            "spans": _spans(archive, ticket_id, business_date),
        }

    return read


def _spans(archive: Archive, ticket_id: str, business_date: str) -> list[TicketSpan]:
    return [
        TicketSpan(
            state=period.state.value,
            since=instant(period.started_at_ms),
            until=instant_or_none(period.ended_at_ms),
            counter=period.counter,
            staff=period.staff,
            service=period.service,
        )
        for period in archive.ticket_periods(ticket_id, business_date)
    ]


def _entry(branch: Branch, ticket_id: str, recorded: e.Recorded) -> HistoryEntry:
    event = recorded.event
    code, facts = told(branch, ticket_id, event)
    return HistoryEntry(
        at=instant(recorded.at_ms),
        event=type(event).__name__,
        text=in_each(branch.languages, "history", code, facts),
        counter=getattr(event, "counter", None),
        staff=getattr(event, "staff", None),
        why=_why_called(branch, event),
    )


def _why_called(branch: Branch, event: e.AnyEvent) -> Names | None:
    """By which rule it was this one's turn; None where no call was made, or none was noted."""
    match event:
        case e.TicketCalled(rule=str(rule)) if rule:
            return dict(why_overtook(branch, rule))
        case e.TicketResumed():
            return dict(why_overtook(branch, RESUMED))
    return None


def told(branch: Branch, ticket_id: str, event: e.AnyEvent) -> Told:
    """What to say about one event of this ticket."""
    match event:
        case e.TicketIssued(offline=True) | e.EarlierTicketMerged():
            return "issued-offline", {"number": event.number, **_service(branch, event.service)}
        case e.TicketIssued():
            who = "by-staff" if event.staff is not None else "by-visitor"
            how = "" if event.screening is None else "-screened"
            how = "-booked" if event.booking is not None else how
            return f"issued-{who}{how}", {"number": event.number, **_service(branch, event.service)}
        case e.PrintRecorded():
            return f"print-{event.outcome}", {}
        case e.TicketReprinted():
            return "reprinted", {"copy": event.copy}
        case e.TicketCalled():
            how = "-chosen" if event.chosen else "-helping" if event.helping else ""
            return f"called{how}", {"counter": event.counter}
        case e.TicketRecalled() | e.TicketResumed() | e.TicketTakenAlong():
            codes = {"TicketRecalled": "recalled", "TicketResumed": "resumed"}
            return codes.get(type(event).__name__, "taken-along"), {"counter": event.counter}
        case e.AnnouncementConfirmed():
            return f"announcement-{event.outcome}", _device(branch, event.device)
        case e.ServiceStarted():
            return "started-implied" if event.implied else "started", {"counter": event.counter}
        case e.TicketCancelled(reason="offline"):
            return "made-way", {}
        case e.TicketCancelled():
            return "cancelled", {"reason": _choice(branch, "cancel_reason", event.reason)}
        case e.TicketExpired():
            return "expired", {}
        case e.BookingCheckedIn():
            return "checked-in", _device(branch, event.device)
        case e.IdentityRecorded():
            return "identity", _device(branch, event.device)
        case e.ServiceRated():
            return "rated", {"score": event.score}
        case e.LastUndone():
            withdrawn = event.called == ticket_id
            return "undone-call" if withdrawn else "undone", {"counter": event.counter}
        case e.TicketCorrected():
            return "put-right", {
                **_service(branch, event.service),
                "priority": _priority(branch, event.priority),
                "staff": event.staff,
            }
        case e.ComplaintFiled():
            return "complaint-filed", {"level": _level(branch, event.level)}
        case e.RecordCorrected():
            return f"corrected-{event.field}", {"staff": event.staff}
    return _told_of_serving(branch, event)


def _told_of_serving(branch: Branch, event: e.AnyEvent) -> Told:
    match event:
        case e.ServiceFinished(counter=None):
            return "finished-by-close", {}
        case e.ServiceFinished():
            how = {"outcome": _names_of("outcome", event.outcome), "counter": event.counter}
            if event.category is None:
                return "finished", how
            return "finished-category", how | {
                "category": _choice(branch, "category", event.category)
            }
        case e.NoShowRecorded(counter=None):
            return "no-show-by-close", {}
        case e.NoShowRecorded():
            until = _clock(branch, event.valid_until_ms)
            return "no-show", {"until": until, "counter": event.counter}
        case e.TicketRequeued():
            return "requeued", {}
        case e.TicketTransferred():
            return _told_of_transfer(branch, event)
        case e.TransferFellBack():
            return "fell-back", {}
        case e.ServiceContinued():
            where = "here" if event.rank is None else "in-line"
            return f"continued-{where}", _service(branch, event.service) | {
                "before": _service(branch, event.before)["service"],
                "counter": event.counter,
            }
        case e.TicketParked(alarm_at_ms=int(alarm_at_ms)):
            reason = _choice(branch, "park_reason", event.reason)
            return "parked-alarm", {"reason": reason, "alarm": _clock(branch, alarm_at_ms)}
        case e.TicketParked():
            return "parked", {"reason": _choice(branch, "park_reason", event.reason)}
    raise AssertionError(f"{type(event).__name__} is about no ticket")


def _told_of_transfer(branch: Branch, event: e.TicketTransferred) -> Told:
    place = {"position": _names_of("position", event.position)}
    if event.counter is not None:
        return "transferred-counter", place | {"counter": event.counter}
    if event.to_staff is not None:
        return "transferred-staff", place | {"to": event.to_staff}
    return "transferred-service", place | _service(branch, event.service)


def _service(branch: Branch, code: str) -> dict[str, Any]:
    service = branch.services.get(code)
    return {"service": dict(service.name) if service is not None else code}


def _device(branch: Branch, device: str) -> dict[str, Any]:
    return {"device": spoken_device(branch.languages, device)}


def _level(branch: Branch, code: str) -> Any:
    level = branch.door.complaint_levels.get(code)
    return code if level is None else dict(level.name)


def _choice(branch: Branch, field: str, code: str) -> Any:
    for choice in branch.choices.get(field, ()):
        if choice.code == code:
            return dict(choice.name)
    return code


def _priority(branch: Branch, code: str) -> Any:
    return _names_of("priority", code) if code == "none" else _choice(branch, "priority", code)


def _names_of(kind: str, code: str) -> dict[str, str]:
    return in_each(_CLOCKS, "history", f"{kind}-{code}", {})


def _clock(branch: Branch, at_ms: int) -> dict[str, str]:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(branch.time_zone)
    return {language: at.strftime(form) for language, form in _CLOCKS.items()}
