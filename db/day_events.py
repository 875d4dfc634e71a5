"""What the events of a day say beside the tables, heard in one pass over them.

Numbers are counted here, so that a row that is missing is missed; printing and announcements
leave no row at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from db.quick_rows import rows_of


@dataclass(frozen=True, slots=True)
class Told:
    """A number as the events have it in the end."""

    issued_at_ms: int
    service: str
    priority: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be spoken."""

    ticket: str
    expires_at_ms: int


@dataclass(slots=True)
class DayEvents:
    """A day's facts. ``calls`` and ``spoken`` by announcement, without those that were taken back.

    ``failed`` and ``unknown`` are tickets of which a paper did not come out, or nobody knows.
    ``target_waits_s`` as they were last in force on the day; None where the day does not say.
    """

    issued: dict[str, Told] = field(default_factory=dict)
    screened_at_ms: list[int] = field(default_factory=list)
    guests_at_ms: list[int] = field(default_factory=list)
    # Instant, service, channel.
    sent_home: list[tuple[int, str, str]] = field(default_factory=list)
    reprints: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    slips_failed: set[str] = field(default_factory=set)
    calls: dict[str, Call] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    booked: int = 0
    target_waits_s: Mapping[str, int] | None = None


class _Body(msgspec.Struct):
    """Whatever is looked at in any of these events."""

    ticket: str = ""
    service: str = ""
    priority: str = "none"
    issued_at_ms: int | None = None
    undone_seq: int = 0
    channel: str = ""
    job: str = ""
    outcome: str = ""
    announcement: str | None = None
    expires_at_ms: int = 0
    target_waits_s: dict[str, int] = {}


_body_of = msgspec.json.Decoder(_Body).decode
_EVENTS = text(
    """
    SELECT seq, at_ms, type, body FROM event
    WHERE branch = :branch AND seq >= :first_seq AND seq <= :last_seq AND business_date = :date
      AND type IN ('TicketIssued', 'TicketCorrected', 'TicketTransferred', 'ServiceContinued',
                   'LastUndone', 'VisitorScreened', 'GuestRecorded', 'ChannelChosen',
                   'PrintRecorded', 'TicketReprinted', 'SlipRecorded', 'TicketCalled',
                   'TicketRecalled', 'TicketResumed', 'AnnouncementConfirmed', 'TicketBooked',
                   'DayOpened', 'BranchConfigured')
    ORDER BY seq
    """
)
# Of these only when they happened is of interest, so that their bodies are not even read.
_INSTANTS = {"VisitorScreened": "screened_at_ms", "GuestRecorded": "guests_at_ms"}


def events_of(
    connection: Connection, branch: str, business_date: str, first_seq: int, last_seq: int
) -> DayEvents:
    """Hear the events of a day from its first to its last."""
    asked = {"branch": branch, "date": business_date}
    hearing = _Hearing()
    span = {**asked, "first_seq": first_seq, "last_seq": last_seq}
    for seq, at_ms, kind, body in rows_of(connection, _EVENTS, span):
        if kind in _INSTANTS:
            getattr(hearing.heard, _INSTANTS[kind]).append(at_ms)
            continue
        try:
            told = _body_of(body)
        except msgspec.MsgspecError:
            continue  # an event that somebody changed is for 'verify' to name
        hearing.hear(seq, at_ms, kind, told)
    return hearing.end()


class _Hearing:
    def __init__(self) -> None:
        self.heard = DayEvents()
        # Per ticket how it was told each time, with the event's place.
        self._told: dict[str, list[tuple[int, Told]]] = {}

    def hear(self, seq: int, at_ms: int, kind: str, body: _Body) -> None:
        heard = self.heard
        match kind:
            case "TicketCalled" | "TicketRecalled" | "TicketResumed":
                if body.announcement is not None:
                    heard.calls[body.announcement] = Call(body.ticket, body.expires_at_ms)
            case "AnnouncementConfirmed":
                if body.outcome == "spoken" and body.announcement is not None:
                    heard.spoken.add(body.announcement)
            case "TicketIssued" | "TicketCorrected" | "TicketTransferred" | "ServiceContinued":
                self._hear_service(seq, at_ms, kind, body)
            case "LastUndone":
                self._undo(body)
            case "PrintRecorded":
                if body.outcome in ("failed", "unknown"):
                    (heard.failed if body.outcome == "failed" else heard.unknown).add(body.ticket)
            case "TicketReprinted":
                heard.reprints.append(body.ticket)
            case "SlipRecorded":
                if body.outcome != "printed":
                    heard.slips_failed.add(body.job)
            case "ChannelChosen":
                heard.sent_home.append((at_ms, body.service, body.channel))
            case "TicketBooked":
                heard.booked += 1
            case _:
                heard.target_waits_s = body.target_waits_s or heard.target_waits_s

    def end(self) -> DayEvents:
        """All of it, once every event was heard."""
        self.heard.issued = {ticket: told[-1][1] for ticket, told in self._told.items() if told}
        return self.heard

    def _hear_service(self, seq: int, at_ms: int, kind: str, body: _Body) -> None:
        known = self._told.setdefault(body.ticket, [])
        if kind == "TicketIssued":
            issued_at_ms = at_ms if body.issued_at_ms is None else body.issued_at_ms
            known.append((seq, Told(issued_at_ms, body.service, body.priority)))
        elif known:
            before = known[-1][1]
            priority = body.priority if kind == "TicketCorrected" else before.priority
            known.append((seq, Told(before.issued_at_ms, body.service, priority)))

    def _undo(self, body: _Body) -> None:
        known = self._told.get(body.ticket, [])
        # At least the issue stays.
        self._told[body.ticket] = [
            one for place, one in enumerate(known) if not place or one[0] < body.undone_seq
        ]
        self.heard.calls.pop(body.announcement or "", None)


# Exactly the condition of their index (``tables.event``).
_RARE = text(
    """
    SELECT at_ms, type, body FROM event
    WHERE branch = :branch AND business_date = :date
      AND type IN ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')
    ORDER BY seq
    """
)


def rare_events(connection: Connection, asked: Mapping[str, str]) -> DayEvents:
    """The same of the few types that have an index: guests, who was sent home, and targets."""
    hearing = _Hearing()
    for at_ms, kind, body in connection.execute(_RARE, asked):
        if kind in _INSTANTS:
            hearing.heard.guests_at_ms.append(at_ms)
            continue
        try:
            told: Any = _body_of(body)
        except msgspec.MsgspecError:
            continue
        hearing.hear(0, at_ms, kind, told)
    return hearing.end()


# The same condition over many days.
_RARE_OF_DAYS = text(
    """
    SELECT business_date, at_ms, type, body FROM event
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
      AND type IN ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')
    ORDER BY business_date, seq
    """
)


def rare_events_of_days(
    connection: Connection, branch: str, first: str, last: str
) -> dict[str, DayEvents]:
    """``rare_events`` of every day from the first to the last that has any."""
    days: dict[str, _Hearing] = {}
    asked = {"branch": branch, "first": first, "last": last}
    for of_date, at_ms, kind, body in connection.execute(_RARE_OF_DAYS, asked):
        hearing = days.setdefault(of_date, _Hearing())
        if kind in _INSTANTS:
            hearing.heard.guests_at_ms.append(at_ms)
            continue
        try:
            told = _body_of(body)
        except msgspec.MsgspecError:
            continue
        hearing.hear(0, at_ms, kind, told)
    return {of_date: hearing.end() for of_date, hearing in days.items()}
