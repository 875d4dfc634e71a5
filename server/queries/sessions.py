"""ListSessions."""

from protocol import messages as m
from server.domain.web_sessions import is_over, seen_by
from server.instants import instant
from server.queries.handler import Fields, Inquiry


def list_sessions(query: m.ListSessions, inquiry: Inquiry) -> Fields:
    """One's own, an admin's word shows all; what has run out is left out."""
    mine = inquiry.session
    assert mine is not None, "the desk has seen whose it is"
    return {
        "sessions": [
            m.SessionView(
                handle=one.handle,
                staff=one.staff,
                name=one.name,
                where=one.where,
                opened_at=instant(one.opened_at_ms),
                mine=one is mine,
            )
            for one in seen_by(inquiry.day, mine)
            if not is_over(inquiry.day, one, inquiry.now_ms)
        ]
    }
