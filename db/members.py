"""The imported list of members: found by keyed hash, replaced as a whole."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from db import tables as t

CHUNK_ROWS = 2_000
_MEMBER = t.member.c


class MemberRow(NamedTuple):
    """Who somebody is, under seal; ``fingerprint`` is the keyed hash of NIK or card number."""

    fingerprint: bytes
    sealed: bytes
    imported_at_ms: int


def member_row(connection: Connection, branch: str, fingerprint: bytes) -> MemberRow | None:
    """The row of a number; None if the list has nobody with it."""
    found = connection.execute(
        select(_MEMBER.fingerprint, _MEMBER.sealed, _MEMBER.imported_at_ms).where(
            _MEMBER.branch == branch, _MEMBER.fingerprint == fingerprint
        )
    ).one_or_none()
    return None if found is None else MemberRow(*found)


def some_members(connection: Connection, branch: str, most: int) -> list[MemberRow]:
    """A few rows of the list."""
    rows = select(_MEMBER.fingerprint, _MEMBER.sealed, _MEMBER.imported_at_ms)
    found = connection.execute(rows.where(_MEMBER.branch == branch).limit(most))
    return [MemberRow(*row) for row in found]


def has_members(connection: Connection, branch: str) -> bool:
    """Whether any list was imported."""
    return imported_at_ms(connection, branch) is not None


def imported_at_ms(connection: Connection, branch: str) -> int | None:
    """When the list was imported; None if none was."""
    return connection.scalar(
        select(_MEMBER.imported_at_ms).where(_MEMBER.branch == branch).limit(1)
    )


def replace_members(connection: Connection, branch: str, rows: Iterable[MemberRow]) -> None:
    """Put a new list in the place of the old one; lists are long, so a few rows at a time."""
    connection.execute(delete(t.member).where(_MEMBER.branch == branch))
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append({"branch": branch, **row._asdict()})
        if len(chunk) == CHUNK_ROWS:
            connection.execute(insert(t.member), chunk)
            chunk = []
    if chunk:
        connection.execute(insert(t.member), chunk)
