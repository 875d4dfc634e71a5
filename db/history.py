"""The rows of events: where the history ends, how a day's begin, and those about one ticket."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db import tables as t

EVENT_COLUMNS = tuple(
    t.event.c[name]
    for name in ("seq", "at_ms", "business_date", "command_id", "actor", "type", "body", "hash")
)
"""What an event is read as; its hash was taken over all columns before it."""

_E = t.event.c
_DAY = t.business_day.c


def head_of(connection: Connection, branch: str) -> Any:
    """``seq``, ``hash`` and ``at_ms`` of the newest event; None: there is none yet."""
    return connection.execute(
        select(_E.seq, _E.hash, _E.at_ms)
        .where(_E.branch == branch)
        .order_by(_E.seq.desc())
        .limit(1)
    ).first()


def last_day(connection: Connection, branch: str) -> Any:
    """``business_date`` and ``first_seq`` of the day that was opened last."""
    return connection.execute(
        select(_DAY.business_date, _DAY.first_seq)
        .where(_DAY.branch == branch)
        .order_by(_DAY.business_date.desc())
        .limit(1)
    ).first()


def event_rows(connection: Connection, branch: str, first_seq: int) -> Any:
    """Every event from one on, oldest first, a thousand at a time."""
    return connection.execution_options(yield_per=1000).execute(
        select(*EVENT_COLUMNS).where(_E.branch == branch, _E.seq >= first_seq).order_by(_E.seq)
    )


def events_of_kinds(connection: Connection, branch: str, kinds: Collection[str]) -> Sequence[Any]:
    """Every event of some kinds since the branch was founded, oldest first."""
    wanted = select(*EVENT_COLUMNS).where(_E.branch == branch, _E.type.in_(kinds))
    return connection.execute(wanted.order_by(_E.seq)).all()


def events_naming(
    connection: Connection, branch: str, business_date: str, text: str, also: str
) -> tuple[Sequence[Any], Sequence[Any]]:
    """A day's events whose body has a text, and all of one further kind.

    Reads the whole day's events, without an index for it: asked for now and then only.
    """
    day = connection.execute(
        select(_DAY.first_seq, _DAY.head_seq).where(
            _DAY.branch == branch, _DAY.business_date == business_date
        )
    ).first()
    if day is None:
        return [], []
    of_day = select(*EVENT_COLUMNS).where(
        _E.branch == branch, _E.seq.between(day.first_seq, day.head_seq)
    )
    named = connection.execute(of_day.where(_E.body.contains(text, autoescape=True))).all()
    return named, connection.execute(of_day.where(_E.type == also)).all()
