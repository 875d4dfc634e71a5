"""A screening of any day, read back from its event: the row alone does not have all of it."""

from sqlalchemy import Connection, or_, select

from db import tables as t
from server.domain.events import VisitorScreened
from server.domain.hall_door import Screening
from server.stored_rows import recorded_of


def stored_screening(
    connection: Connection, branch: str, screening: str | None, ticket: str | None
) -> Screening | None:
    """By its id, or by the ticket that came of it; None: there is none. Asked for seldom."""
    row = t.screening.c
    named = [row.id == screening] if screening is not None else []
    named += [row.ticket == ticket] if ticket is not None else []
    found = connection.execute(
        select(row.id, row.business_date, row.ticket).where(row.branch == branch, or_(*named))
    ).first()
    if found is None:
        return None
    day, event = t.business_day.c, t.event.c
    bounds = connection.execute(
        select(day.first_seq, day.head_seq).where(
            day.branch == branch, day.business_date == found.business_date
        )
    ).one()
    told = connection.execute(
        select(
            *(event.seq, event.at_ms, event.business_date, event.command_id, event.actor),
            *(event.type, event.body, event.hash),
        ).where(
            event.branch == branch,
            event.seq.between(bounds.first_seq, bounds.head_seq),
            event.type == VisitorScreened.__name__,
            event.body.contains(found.id, autoescape=True),
        )
    ).first()
    if told is None:
        return None
    recorded = recorded_of(told)
    assert isinstance(recorded.event, VisitorScreened)
    return Screening(recorded.event, recorded.at_ms, found.ticket)
