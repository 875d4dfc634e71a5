"""The memory of commands: what each was answered, until its day is long closed (law I6)."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from db import tables as t

_C = t.command.c
# Made once: retries are many when a branch comes back from a bad link.
_REMEMBERED = select(
    *(_C.id, _C.device, _C.body_digest, _C.answer, _C.at_ms, _C.business_date)
).where(_C.branch == bindparam("of_branch"), _C.id == bindparam("of_id"))


def remembered(connection: Connection, branch: str, command_id: bytes) -> Any:
    """The answer to a command, if it has one."""
    return connection.execute(_REMEMBERED, {"of_branch": branch, "of_id": command_id}).first()


def known_ids(connection: Connection, branch: str) -> set[bytes]:
    """The ids of all remembered commands, 16 bytes each."""
    return set(connection.scalars(select(_C.id).where(_C.branch == branch)))


def forget(connection: Connection, branch: str, closed_before_ms: int) -> int:
    """Drop the answers of days that were closed before an instant; says how many."""
    days = t.business_day.c
    over = select(days.business_date).where(
        days.branch == branch, days.closed_at_ms < closed_before_ms
    )
    gone = connection.execute(
        delete(t.command).where(_C.branch == branch, _C.business_date.in_(over))
    )
    return gone.rowcount
