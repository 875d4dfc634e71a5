"""Records of earlier days: a day and its signature, a ticket and what was put right since."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from db import tables as t
from db.history import EVENT_COLUMNS


def past_day(connection: Connection, branch: str, business_date: str) -> Any:
    """``business_date`` and ``signed_by``: only the signature under its last close counts."""
    d, c = t.business_day.c, t.day_signature.c
    signed = (
        select(c.staff)
        .where(
            c.branch == d.branch,
            c.business_date == d.business_date,
            c.at_ms >= func.coalesce(d.closed_at_ms, 0),
        )
        .order_by(c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return connection.execute(
        select(d.business_date, signed.label("signed_by")).where(
            d.branch == branch, d.business_date == business_date
        )
    ).first()


def past_ticket(
    connection: Connection, branch: str, ticket: str
) -> tuple[Any, Mapping[str, str]] | None:
    """A ticket's row as its day left it, and the newer values of fields that were put right."""
    c, k = t.ticket.c, t.correction.c
    row = connection.execute(
        select(
            *(c.number, c.business_date, c.state, c.category, c.outcome),
            *(c.education, c.note, c.cause),
        ).where(c.branch == branch, c.id == ticket)
    ).first()
    if row is None:
        return None
    newer = connection.execute(
        select(k.field, k.after).where(k.branch == branch, k.ticket == ticket).order_by(k.seq)
    )
    return row, {one.field: one.after for one in newer}


def ticket_periods(
    connection: Connection, branch: str, business_date: str, ticket: str
) -> Sequence[Any]:
    """The stretches of a ticket of one day, oldest first; found by the key of their table."""
    c = t.ticket_period.c
    return connection.execute(
        select(c.ordinal, c.state, c.started_at_ms, c.ended_at_ms, c.counter, c.staff, c.service)
        .where(c.branch == branch, c.business_date == business_date, c.ticket == ticket)
        .order_by(c.ordinal)
    ).all()


def events_after_its_day(
    connection: Connection, branch: str, business_date: str, ticket: str
) -> Sequence[Any]:
    """What was written of a ticket when its day was over: that a kiosk had given it, and what was
    put right. Found by the tables that those events fill."""
    c, k, e = t.ticket.c, t.correction.c, t.event.c
    of_day = select(c.merged_seq).where(
        c.branch == branch, c.id == ticket, c.business_date == business_date
    )
    put_right = select(k.seq).where(
        k.branch == branch, k.ticket == ticket, k.business_date == business_date
    )
    return connection.execute(
        select(*EVENT_COLUMNS)
        .where(e.branch == branch, e.seq.in_(of_day) | e.seq.in_(put_right))
        .order_by(e.seq)
    ).all()
