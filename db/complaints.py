"""Complaints as the disk has them: those at hand on a day, and lists for the staff."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from db import tables as t

AT_HAND_DAYS = 30
"""So long a closed complaint is still loaded, so that it can be opened again."""

_C = t.complaint.c
_NEXT_DUE = case(
    (
        and_(_C.answered_at_ms.is_(None), _C.answer_due_at_ms < _C.due_at_ms),
        _C.answer_due_at_ms,
    ),
    else_=_C.due_at_ms,
)


def complaints_at_hand(
    connection: Connection, branch: str, before: str, zone: tzinfo
) -> list[Mapping[str, Any]]:
    """Those of earlier days that are open, or were closed not long before a day; oldest first.

    Which they are depends on the day alone and not on when this is asked during it: what is
    closed on the day itself was closed since then, too.
    """
    since = date.fromisoformat(before) - timedelta(AT_HAND_DAYS)
    since_ms = int(datetime.combine(since, time(), zone).timestamp() * 1000)
    found = (
        select(t.complaint)
        .where(
            _C.branch == branch,
            _C.business_date < before,
            or_(_C.closed_at_ms.is_(None), _C.closed_at_ms >= since_ms),
        )
        .order_by(_C.filed_at_ms, _C.id)
    )
    return [dict(row) for row in connection.execute(found).mappings()]


def list_complaints(
    connection: Connection, branch: str, which: str, now_ms: int, most: int | None
) -> tuple[list[Mapping[str, Any]], int]:
    """``open`` and ``overdue`` with the next due first, ``all`` with the newest first; and how
    many there are in all. Each with the ``number`` of its ticket."""
    wanted = [_C.branch == branch]
    if which != "all":
        wanted.append(_C.closed_at_ms.is_(None))
    if which == "overdue":
        wanted.append(now_ms >= _NEXT_DUE)
    order = (_C.filed_at_ms.desc(), _C.id.desc()) if which == "all" else (_NEXT_DUE, _C.id)
    of_ticket = and_(t.ticket.c.branch == _C.branch, t.ticket.c.id == _C.ticket)
    found = (
        select(t.complaint, t.ticket.c.number)
        .select_from(t.complaint.outerjoin(t.ticket, of_ticket))
        .where(*wanted)
        .order_by(*order)
        .limit(most)
    )
    total = connection.scalar(select(func.count()).select_from(t.complaint).where(*wanted))
    return [dict(row) for row in connection.execute(found).mappings()], total or 0
