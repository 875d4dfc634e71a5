"""A batch of the lane as rows: its events chained by their hashes, and all that follows of them."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from db.lane import OPEN_AGAIN, BatchRows
from server.domain.changes import DayChanges
from server.domain.events import Recorded
from server.stored_offline import OFFLINE_KINDS, add_offline_rows
from server.stored_pages import survey_row
from server.stored_records import RememberedAnswer
from server.stored_rows import add_change_rows, correction_row, rating_row, signature_row

_encode = msgspec.json.encode


def genesis(branch: str) -> bytes:
    """What the first event of a branch is chained to."""
    return hashlib.sha256(f"antrean 1 {branch}".encode()).digest()


def chained(before: bytes, link: bytes) -> bytes:
    """The hash of an event: over the hash before it and its own bytes (law I13)."""
    return hashlib.sha256(before + link).digest()


def link_of(row: Sequence[Any]) -> bytes:
    """The bytes of an event that go into the chain: all columns before its hash."""
    return _encode(tuple(row))


class BatchWriting:
    """Turns one batch into rows; ``head`` and ``seq`` are where the history ends before it."""

    def __init__(self, branch: str, head: bytes, seq: int) -> None:
        self.rows = BatchRows()
        self.head = head
        self._branch, self._seq = branch, seq
        self._days: dict[str, list[Any]] = {}
        self._opened: set[str] = set()

    def add(
        self,
        entries: Sequence[Recorded],
        answers: Sequence[RememberedAnswer],
        changes: Sequence[DayChanges],
    ) -> None:
        """Everything that the lane decided; ``head`` is then the hash of its last event."""
        branch, rows = self._branch, self.rows
        for entry in entries:
            self._add_event(entry)
        rows.days = [(branch, date, *day) for date, day in self._days.items()]
        for change in changes:
            add_change_rows(rows, branch, change)
        rows.commands = [
            (branch, a.command_id, a.device, a.body_digest, a.answer, a.business_date, a.at_ms)
            for a in answers
        ]

    def _add_event(self, entry: Recorded) -> None:
        self._seq += 1
        seq = self._seq
        assert entry.seq == seq, f"events have no gap (law I8): {entry.seq} is not {seq}"
        kind = type(entry.event).__name__
        body = _encode(entry.event).decode()
        plain = (
            seq,
            entry.at_ms,
            entry.business_date,
            entry.command_id,
            entry.actor,
            kind,
            body,
        )
        self.head = chained(self.head, link_of(plain))
        self.rows.events.append((self._branch, *plain, self.head))
        self._add_to_day(entry, kind)
        self._add_records(entry, kind)

    def _add_to_day(self, entry: Recorded, kind: str) -> None:
        date = entry.business_date
        day = self._days.setdefault(date, [entry.seq, entry.at_ms, None, entry.seq, self.head])
        day[3:] = entry.seq, self.head
        if kind == "DayOpened":
            self._opened.add(date)
        elif kind == "DayClosed":
            day[2] = entry.at_ms
        elif kind == "DayReopened":
            # Where this batch makes the day's row, nothing has to be taken away from it.
            day[2] = None if date in self._opened else OPEN_AGAIN

    def _add_records(self, entry: Recorded, kind: str) -> None:
        branch, rows = self._branch, self.rows
        if kind == "ServiceRated":
            rows.ratings.append(rating_row(branch, entry))
        elif kind == "RecordCorrected":
            rows.corrections.append(correction_row(branch, entry))
        elif kind == "SurveyAnswered":
            rows.surveys.append(survey_row(branch, entry))
        elif kind in OFFLINE_KINDS:
            add_offline_rows(rows, branch, entry)
        elif kind in ("DayClosed", "DaySigned") and (signed := signature_row(branch, entry)):
            rows.signatures.append(signed)
