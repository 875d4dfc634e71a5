"""What stands under seal, read: one record, the longest kept, and how often somebody came."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from db import tables as t

_C = t.sealed_record.c
_COLUMNS = (_C.id, _C.kind, _C.business_date, _C.at_ms, _C.fingerprint, _C.sealed, _C.erase_at_ms)


def sealed_record(connection: Connection, branch: str, record_id: str) -> Any:
    """The record of a screening, a guest or a complaint; None: there is none any more."""
    return connection.execute(
        select(*_COLUMNS).where(_C.branch == branch, _C.id == record_id)
    ).first()


def longest_kept(connection: Connection, branch: str, most: int) -> Sequence[Any]:
    """A few records, those first that are kept longest."""
    return connection.execute(
        select(*_COLUMNS).where(_C.branch == branch).order_by(_C.erase_at_ms.desc()).limit(most)
    ).all()


def told_of(connection: Connection, branch: str, record_id: str) -> bool:
    """Whether a screening or a complaint of this id was told, whatever is left of it."""
    return any(
        connection.scalar(
            select(func.count()).where(table.c.branch == branch, table.c.id == record_id)
        )
        for table in (t.screening, t.complaint)
    )


def visits_since(connection: Connection, branch: str, fingerprint: bytes, since_ms: int) -> int:
    """How often the same person was screened since an instant."""
    found = connection.scalar(
        select(func.count()).where(
            _C.branch == branch,
            _C.fingerprint == fingerprint,
            _C.at_ms >= since_ms,
            _C.kind == "screening",
        )
    )
    return found or 0
