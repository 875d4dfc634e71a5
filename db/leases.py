"""What was lent to kiosks, and the tickets that they gave without a link."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from db import tables as t


def leased_before(connection: Connection, branch: str, business_date: str) -> list[Any]:
    """Each series that was lent before a day, once: ``series``, ``device``, ``letter``, the
    highest ``last``, the ``business_date`` and ``since_ms`` of the first time; newest last."""
    c = t.number_lease.c
    found = connection.execute(
        select(
            c.series,
            c.device,
            c.letter,
            func.max(c.last_serial).label("last"),
            func.min(c.business_date).label("business_date"),
            func.min(c.leased_at_ms).label("since_ms"),
        )
        .where(c.branch == branch, c.business_date < business_date)
        .group_by(c.series, c.device, c.letter)
        .order_by(func.max(c.leased_at_ms), c.series)
    )
    return list(found)


def offline_tickets(
    connection: Connection,
    branch: str,
    tickets: Collection[str],
    places: Collection[tuple[str, str, int]],
) -> list[Any]:
    """``id``, ``business_date``, ``series`` and ``serial`` of those that have one of these ids,
    or one of these numbers: business date, series, serial."""
    c = t.ticket.c
    columns = select(c.id, c.business_date, c.series, c.serial)
    asked: list[Select[Any]] = [columns.where(c.branch == branch, c.id.in_(tickets))]
    if places:
        # By dates first: the way to a day's tickets is an index.
        dates = sorted({date for date, _, _ in places})
        one_of = or_(
            *(and_(c.series == series, c.serial == serial) for _, series, serial in places)
        )
        asked.append(columns.where(c.branch == branch, c.business_date.in_(dates), one_of))
    return [row for question in asked for row in connection.execute(question)]
