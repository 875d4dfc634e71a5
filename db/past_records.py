"""Records of earlier days: a day and its signature, a ticket and what was put right since."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from db import tables as t


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
