"""Queries of the front door: advice, membership, screenings, complaints, the day's facts."""

from datetime import date
from typing import Literal

from protocol.asking import COUNTER, MANAGER, SCREENING, WEB, Code, Codes, Query, TicketId
from protocol.door_commands import RawIdentifier


class AdviseVisitor(Query, kw_only=True, frozen=True):
    """Which papers are needed, what the rules say, and where else it can be done now."""

    roles = frozenset({SCREENING, COUNTER})
    matter: Code | None = None
    service: Code | None = None
    segment: Code | None = None
    membership: Code | None = None
    papers: Codes = []
    missing: Codes = []
    decree_on: date | None = None
    born_on: date | None = None
    facility_changed_on: date | None = None
    nik_mismatch: bool = False


class FindMember(Query, kw_only=True, frozen=True):
    """What the membership directory knows of a NIK or card number, within its deadline."""

    roles = frozenset({SCREENING, COUNTER})
    asks_outside = True
    personal = True
    identifier: RawIdentifier

    def __repr__(self) -> str:  # an identifier must not reach a log or a crash note
        return f"FindMember(id={self.id})"


class GetScreening(Query, kw_only=True, frozen=True):
    """What the door captured of a screening or of a ticket, with the identifier masked."""

    roles = frozenset({SCREENING, COUNTER, MANAGER})
    screening: TicketId | None = None
    ticket: TicketId | None = None


class ListComplaints(Query, kw_only=True, frozen=True):
    """Complaints: all that are open, those that are overdue, or the newest of any state."""

    roles = frozenset({SCREENING, COUNTER, MANAGER, WEB})
    which: Literal["open", "overdue", "all"] = "open"


class GetDoorReport(Query, kw_only=True, frozen=True):
    """The door's facts of a day; null is today."""

    roles = frozenset({SCREENING, MANAGER, WEB})
    business_date: date | None = None
