"""A screening of any day by its id or its ticket's: the row alone does not have all of it."""

from typing import Any

from sqlalchemy import Connection, or_, select

from db.history import EVENT_COLUMNS
from db.tables import business_day, event, screening


def screening_event(
    connection: Connection, branch: str, screening_id: str | None, ticket: str | None, kind: str
) -> tuple[Any, str | None] | None:
    """The row of its event (of this kind), and the ticket that came of it; None: there is none.

    Looks through the rows of all days, so it is asked for now and then only, in a thread.
    """
    row, day, e = screening.c, business_day.c, event.c
    named = [row.id == screening_id] if screening_id is not None else []
    named += [row.ticket == ticket] if ticket is not None else []
    found = connection.execute(
        select(row.id, row.ticket, day.first_seq, day.head_seq)
        .join(
            business_day,
            (day.branch == row.branch) & (day.business_date == row.business_date),
        )
        .where(row.branch == branch, or_(*named))
    ).first()
    if found is None:
        return None
    told = connection.execute(
        select(*EVENT_COLUMNS).where(
            e.branch == branch,
            e.seq.between(found.first_seq, found.head_seq),
            e.type == kind,
            e.body.contains(found.id, autoescape=True),
        )
    ).first()
    return None if told is None else (told, found.ticket)
