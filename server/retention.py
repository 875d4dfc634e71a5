"""When what is personal has come to its end, and when its bytes are out of the files (UU PDP)."""

from enum import IntEnum

from server.store import Store

ERASE_EVERY_MS = 3600 * 1000
ERASE_AGAIN_MS = 60 * 1000


class Traces(IntEnum):
    """Where bytes of what was erased may still stand: nowhere, in the log, in the tables too."""

    NONE = 0
    IN_THE_LOG = 1
    EVERYWHERE = 2


class Retention:
    """Remembers when the disk was looked over; the lane decides and tells what was erased."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # For which business day, and when, it was looked for the last time.
        self._looked: tuple[str, int] = ("", 0)
        self._traces = Traces.NONE

    def is_due(self, business_date: str, now_ms: int) -> bool:
        """Whether to look: at the start, when the day turns, and every hour."""
        date, looked_at_ms = self._looked
        if not business_date:
            return False
        return date != business_date or now_ms - looked_at_ms >= ERASE_EVERY_MS

    def look(self, business_date: str, now_ms: int) -> dict[str, int]:
        """How many records of each kind are at the end of their time, to be erased now."""
        if self._looked[0] != business_date:
            self._traces = Traces.EVERYWHERE
        self._looked = business_date, now_ms
        counts = self._store.due(now_ms)
        if counts:
            self._traces = max(self._traces, Traces.IN_THE_LOG)
        return counts

    def look_again_soon(self, now_ms: int) -> None:
        """The disk refused to erase: not an hour later, but in a minute."""
        self._looked = self._looked[0], now_ms - ERASE_EVERY_MS + ERASE_AGAIN_MS

    @property
    def traces_are_left(self) -> bool:
        """Whether files may still hold bytes of what was erased."""
        return self._traces > Traces.NONE

    def clear_traces(self) -> None:
        """Take them out of the files; touches the disk alone, so it may run in its thread."""
        everywhere = self._traces is Traces.EVERYWHERE
        is_clear = self._store.clear_traces(everywhere=everywhere)
        self._traces = Traces.NONE if is_clear else Traces.IN_THE_LOG
