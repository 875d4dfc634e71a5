"""Queries of the pages."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from protocol.asking import MANAGER, WEB, Link, Query, SessionId, TicketId


class GetVisits(Query, kw_only=True, frozen=True):
    """What visitors may see of their tickets, by the secrets of their QRs; unknown ones are left
    out, and so are tickets whose day was closed more than an hour ago."""

    roles = frozenset({WEB})
    links: Annotated[list[Link], Meta(max_length=200)]


class AdviseStaffing(Query, kw_only=True, frozen=True):
    """What one more counter would do to each line, by replaying the people who wait now."""

    roles = frozenset({MANAGER, WEB})


class ListSessions(Query, kw_only=True, frozen=True):
    """Who is signed in with a browser: one's own sessions, an admin's word shows all."""

    roles = frozenset({WEB})
    on_behalf_of: SessionId


class GetBookingWindows(Query, kw_only=True, frozen=True):
    """For which windows of today a place can be booked from home, and how many are left."""

    roles = frozenset({WEB})


class FindBooking(Query, kw_only=True, frozen=True):
    """A booking by its link."""

    roles = frozenset({WEB})
    link: Link


class GetEarlierTicket(Query, kw_only=True, frozen=True):
    """Everything that happened to a ticket of an earlier day, as ``GetTicketHistory`` says it."""

    roles = frozenset({MANAGER, WEB})
    ticket: TicketId
    business_date: date
