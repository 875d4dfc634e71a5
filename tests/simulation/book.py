"""The branch's database read by somebody else: plain SQL, its own connection, its own hashes."""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from server.domain.hall_door import Complaint
from server.domain.hall_lease import LeasedSeries
from tests.simulation.broken_law import demand

_EVENTS = """
    SELECT seq, at_ms, business_date, command_id, actor, type, body, hash
    FROM event WHERE branch = ? AND seq > ? ORDER BY seq
"""
# The plus keeps SQLite from walking the whole key of the branch to find what is new.
_COMMANDS = "SELECT rowid, id, answer, business_date FROM command WHERE +branch = ? AND rowid > ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it lies on the disk."""

    seq: int
    at_ms: int
    date: str
    command: bytes | None
    actor: str
    body: dict[str, Any]


def key_of(command_id: str) -> bytes:
    """The 16 bytes of a UUID."""
    return bytes.fromhex(command_id.replace("-", ""))


class Book:
    """Reads what is new after each transaction, and everything now and then."""

    def __init__(self, file: Path, branch: str) -> None:
        self._branch = branch
        self._sqlite = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)
        self._head = self._genesis = hashlib.sha256(f"antrean 1 {branch}".encode()).digest()
        self._last_rowid = 0
        self._first_seq: dict[str, int] = {}
        self.last_seq = 0

    def close(self) -> None:
        """Let go of the file."""
        self._sqlite.close()

    def new_entries(self) -> list[Entry]:
        """Events since the last look; law I8 (no gap) and I13 (the chain) are checked."""
        entries = []
        for row in self._sqlite.execute(_EVENTS, (self._branch, self.last_seq)):
            demand(row[0] == self.last_seq + 1, "I8", "event", row[0], "follows", self.last_seq)
            self._head = _chained(self._head, row)
            demand(row[7] == self._head, "I13", "the chain is broken at event", row[0])
            self.last_seq = row[0]
            self._first_seq.setdefault(row[2], row[0])
            body = msgspec.json.decode(row[6])
            command = None if row[3] is None else key_of(row[3])
            entries.append(Entry(row[0], row[1], row[2], command, row[4], body))
        return entries

    def new_answers(self, anew: bool = False) -> dict[bytes, tuple[bytes, str]]:
        """Answers of commands and their days, since the last look, or all of them."""
        first = 0 if anew else self._last_rowid
        rows = self._sqlite.execute(_COMMANDS, (self._branch, first)).fetchall()
        self._last_rowid = max((row[0] for row in rows), default=first)
        return {row[1]: (row[2], row[3]) for row in rows}

    def demand_nothing_lost(self) -> None:
        """Law I1: what was there is there, and nothing came behind our back."""
        count, last = self._sqlite.execute(
            "SELECT count(*), max(seq) FROM event WHERE branch = ?", (self._branch,)
        ).fetchone()
        seen = (count, last or 0)
        demand(seen == (self.last_seq,) * 2, "I1", "events, last:", seen, "seen:", self.last_seq)

    def demand_whole_chain(self) -> None:
        """Law I13: every event again from the first."""
        head = self._genesis
        for row in self._sqlite.execute(_EVENTS, (self._branch, 0)):
            head = _chained(head, row)
            demand(row[7] == head, "I13", "event", row[0], "was changed")
        demand(head == self._head, "I13", "the history is another one")

    def entries_of(self, date: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a day's events."""
        return self._sqlite.execute(
            "SELECT seq, at_ms, business_date, command_id, actor, body FROM event "
            "WHERE branch = ? AND seq >= ? AND business_date = ? ORDER BY seq",
            (self._branch, self._first_seq.get(date, 0), date),
        )

    def tickets(self, date: str) -> dict[str, tuple[Any, ...]]:
        """Rows of a day's tickets: id to number, service, state, counter, calls, copies."""
        return {
            row[0]: tuple(row[1:])
            for row in self._sqlite.execute(
                "SELECT id, number, service, state, counter, call_count, copies FROM ticket "
                "WHERE branch = ? AND business_date = ? AND merged_seq IS NULL",
                (self._branch, date),
            )
        }

    def bookings(self, date: str) -> dict[str, tuple[Any, ...]]:
        """Rows of a day's bookings: id to service, state and ticket."""
        return {
            row[0]: tuple(row[1:])
            for row in self._sqlite.execute(
                "SELECT id, service, state, ticket FROM booking "
                "WHERE branch = ? AND business_date = ?",
                (self._branch, date),
            )
        }

    def late_tickets(self) -> dict[str, tuple[Any, ...]]:
        """Rows of tickets that were told when their day was over: id to date, number, service,
        state, and from when to when they waited."""
        return {
            row[0]: tuple(row[1:])
            for row in self._sqlite.execute(
                "SELECT t.id, t.business_date, t.number, t.service, t.state, p.started_at_ms, "
                "p.ended_at_ms FROM ticket t JOIN ticket_period p ON p.branch = t.branch "
                "AND p.business_date = t.business_date AND p.ticket = t.id "
                "WHERE t.branch = ? AND t.merged_seq IS NOT NULL",
                (self._branch,),
            )
        }

    def leased_before(self, date: str) -> list[LeasedSeries]:
        """Every series that was lent to a kiosk before a day."""
        return [
            LeasedSeries(*row)
            for row in self._sqlite.execute(
                "SELECT series, device, letter, max(last_serial), min(business_date), "
                "min(leased_at_ms) FROM number_lease WHERE branch = ? AND business_date < ? "
                "GROUP BY series, device, letter",
                (self._branch, date),
            )
        ]

    def complaints(self, before: str) -> list[Complaint]:
        """Complaints of earlier days as their rows say, oldest first."""
        names = [field.name for field in fields(Complaint)]
        columns = ", ".join(names)
        return [
            Complaint(**dict(zip(names, row, strict=True)))
            for row in self._sqlite.execute(
                f"SELECT {columns} FROM complaint "
                "WHERE branch = ? AND business_date < ? ORDER BY filed_at_ms, id",
                (self._branch, before),
            )
        ]

    def counter_periods(self, date: str) -> dict[int, list[tuple[Any, ...]]]:
        """Rows of a day's counters: number to (state, reason, activity, started, ended)."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        for counter, *period in self._sqlite.execute(
            "SELECT counter, state, reason, activity, started_at_ms, ended_at_ms "
            "FROM counter_period WHERE branch = ? AND business_date = ? ORDER BY counter, ordinal",
            (self._branch, date),
        ):
            found.setdefault(counter, []).append(tuple(period))
        return found

    def periods(self, date: str) -> dict[str, list[tuple[Any, ...]]]:
        """Rows of a day's ticket periods: ticket to (state, started, ended) in order."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for ticket, *period in self._sqlite.execute(
            "SELECT ticket, state, started_at_ms, ended_at_ms FROM ticket_period "
            "WHERE branch = ? AND business_date = ? ORDER BY ticket, ordinal",
            (self._branch, date),
        ):
            found.setdefault(ticket, []).append(tuple(period))
        return found


def _chained(head: bytes, row: tuple[Any, ...]) -> bytes:
    return hashlib.sha256(head + msgspec.json.encode(row[:7])).digest()
