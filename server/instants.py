"""Instants of the domain as the wire has them."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=8192)
def instant(at_ms: int) -> datetime:
    """Milliseconds since 1970 as a time in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def instant_or_none(at_ms: int | None) -> datetime | None:
    """The same where there may be none."""
    return None if at_ms is None else instant(at_ms)
