"""The branch's disk: the shipped store on a real file, with a disk that may say no (F03-F05)."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, SupportsIndex, overload

from db.engine import sqlite_url
from db.lane import BatchRows, Row
from server.domain.changes import DayChanges
from server.domain.events import Recorded
from server.ports import Erasure, SealedRecord
from server.store import RememberedAnswer, Store, StoreBusy


class DiskFault(StrEnum):
    """What happens to the next batch. BUSY passes, the others end the server."""

    BUSY_AT_ONCE = "busy-at-once"
    BUSY_HALFWAY = "busy-halfway"
    BROKEN_HALFWAY = "broken-halfway"
    POWER_BEFORE = "power-before"
    POWER_AFTER = "power-after"


class MadeUpBusyError(Exception):
    """Looks to the store like "too many connections": asking again later is right."""

    sqlstate = "53300"


class MadeUpDiskError(Exception):
    """Looks like nothing that the store knows: the server has to stop."""


class PowerCutError(Exception):
    """The process is dead; nobody hears this."""


class _BreakingRows(list[Row]):
    """Rows of which the last never reaches the database."""

    def __init__(self, rows: Sequence[Row], error: Exception) -> None:
        super().__init__(rows)
        self._error = error

    def __iter__(self) -> Iterator[Row]:
        yield from list(self[:-1])
        raise self._error

    @overload
    def __getitem__(self, place: SupportsIndex) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        return list.__getitem__(self, place)


class FaultyStore(Store):
    """The shipped store; a fault that was ordered strikes the next batch."""

    fault: DiskFault | None = None
    on_committed: Callable[[], None] = staticmethod(lambda: None)
    on_power_cut: Callable[[], None] = staticmethod(lambda: None)
    is_powered = True

    def commit(
        self,
        entries: Sequence[Recorded],
        answers: Sequence[RememberedAnswer],
        changes: Sequence[DayChanges],
        sealed: Sequence[SealedRecord] = (),
        erasure: Erasure | None = None,
    ) -> None:
        """As the store's own, under the fault that was ordered."""
        if not self.is_powered:
            raise PowerCutError
        if self.fault is DiskFault.BUSY_AT_ONCE:
            self.fault = None
            raise StoreBusy("made up")
        if self.fault is DiskFault.POWER_BEFORE:
            self._cut_power()
        super().commit(entries, answers, changes, sealed, erasure)
        self.on_committed()
        if self.fault is DiskFault.POWER_AFTER:
            self._cut_power()

    def _cut_power(self) -> None:
        self.fault = None
        self.on_power_cut()
        raise PowerCutError

    def _batch_rows(
        self,
        entries: Sequence[Recorded],
        answers: Sequence[RememberedAnswer],
        changes: Sequence[DayChanges],
    ) -> tuple[BatchRows, bytes]:
        rows, head = super()._batch_rows(entries, answers, changes)
        error: Exception | None = None
        if self.fault is DiskFault.BUSY_HALFWAY:
            error = MadeUpBusyError()
        elif self.fault is DiskFault.BROKEN_HALFWAY:
            error = MadeUpDiskError()
        if error is not None:
            self.fault = None
            # The last table that has rows: everything before it is written already.
            name = "commands" if rows.commands else "events"
            setattr(rows, name, _BreakingRows(getattr(rows, name), error))
        return rows, head


class Disk:
    """A folder, best in memory, whose database outlives every server that is built on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "branch.db"
        self._open: FaultyStore | None = None

    def open(self) -> FaultyStore:
        """A server starts: it opens what the last one left."""
        self.close()
        self._open = FaultyStore.open(sqlite_url(self.file))
        return self._open

    def close(self) -> None:
        """The process that had it open is gone; what it had begun is rolled back."""
        if self._open is not None:
            self._open.is_powered = False
            with contextlib.suppress(Exception):  # a dead process complains to nobody
                self._open.close()
            self._open = None
