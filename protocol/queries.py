"""Queries: they change nothing and stand outside the command lane; answered ``Answer``."""

from typing import Annotated

from msgspec import Meta

from protocol.asking import (
    COUNTER,
    MANAGER,
    SCREENING,
    WEB,
    CounterNumber,
    Discipline,
    Query,
    Row,
    TicketId,
)


class PreviewLine(Query, kw_only=True, frozen=True):
    """Who will be called next, at one counter (null: by all open counters together).

    With ``discipline`` the same line as it would be under that rule: "what if".
    """

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    counter: CounterNumber | None = None
    discipline: Discipline | None = None
    priority_in_a_row: Row | None = None
    regular_in_a_row: Row | None = None
    count: Annotated[int, Meta(ge=1, le=50)] = 10


class ExplainTicket(Query, kw_only=True, frozen=True):
    """Why a waiting ticket has its place, and who was called before it by which rule."""

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    ticket: TicketId


class GetTicketHistory(Query, kw_only=True, frozen=True):
    """Everything that happened to a ticket of today, in order."""

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    ticket: TicketId
