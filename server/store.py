"""The unit of work: what the lane decided becomes durable here, and comes back after a restart.

The only file that turns rows into domain objects. ``commit`` runs in the lane's own thread;
everything that reads has connections of its own and sees only what is on the disk.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import tzinfo
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, func, select

from db import tables as t
from db.complaints import complaints_at_hand, list_complaints
from db.door_facts import DoorFacts, door_facts
from db.engine import Database, open_database
from db.erasing import count_due, empty_log, write_sealed_anew
from db.lane import OPEN_AGAIN, BatchRows, LaneWriter
from db.migrations import demand_current, migrate
from db.past_days import sums_of_past_days
from db.refusals import DatabaseRefusedError, DiskFailedError
from db.rows import all_rows, branches
from db.screenings import screening_event
from server.config import Settings
from server.domain.branch import ALL_SERVICES, Branch
from server.domain.changes import DayChanges
from server.domain.closing import PastDay
from server.domain.correcting import TicketRecord
from server.domain.events import (
    AnnouncementConfirmed,
    AnyEvent,
    LastUndone,
    Recorded,
    VisitorScreened,
)
from server.domain.experience import PastDays
from server.domain.hall_door import Complaint, Screening
from server.domain.outlook import Habits
from server.domain.ticket import TicketState
from server.ports import Erasure, SealedRecord
from server.stored_branch import CatalogueRows, branch_of, codes_of
from server.stored_rows import (
    add_change_rows,
    add_erasure_rows,
    as_bytes,
    complaint_of,
    correction_row,
    rating_row,
    recorded_of,
    sealed_row,
    signature_row,
)

__all__ = [
    "DatabaseRefusedError",
    "DeviceRecord",
    "DiskFailedError",
    "LoadedDay",
    "RememberedAnswer",
    "StaffRecord",
    "Store",
    "StoreBusy",
    "StoredEvent",
    "chained",
    "genesis",
]

log = logging.getLogger(__name__)

_encode = msgspec.json.encode

# Made once: retries are many when a branch comes back from a bad link.
_COMMAND = t.command.c
_REMEMBERED = select(
    *(_COMMAND.id, _COMMAND.device, _COMMAND.body_digest),
    *(_COMMAND.answer, _COMMAND.at_ms, _COMMAND.business_date),
).where(_COMMAND.branch == bindparam("of_branch"), _COMMAND.id == bindparam("of_id"))


class StoreBusy(Exception):
    """Nothing was written and nothing is lost: asking again later is right."""


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """What a command was answered; ``command_id`` are the 16 bytes of its UUID (law I6)."""

    command_id: bytes
    device: str
    body_digest: bytes
    answer: bytes
    at_ms: int
    business_date: str


@dataclass(frozen=True, slots=True)
class LoadedDay:
    """The last day that was opened, as the disk has it; no day at all when the date is None."""

    business_date: str | None
    entries: list[Recorded]
    last_seq: int
    last_hash: bytes
    last_at_ms: int


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A device of the branch; ``token_hash`` is the sha256 of its token, in hex."""

    name: str
    role: str
    token_hash: str
    counter: int | None
    added_at_ms: int
    revoked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A person who may sign in; ``pin_hash`` is argon2id's own text."""

    code: str
    name: str
    role: str
    pin_hash: str
    disabled: bool
    added_at_ms: int
    services: str = f'["{ALL_SERVICES}"]'
    preference: str = "{}"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies there: ``recorded`` is None if it cannot be read any more.

    ``link`` are the bytes that its ``hash`` was taken over, after the hash before it.
    """

    seq: int
    business_date: str
    recorded: Recorded | None
    link: bytes
    hash: bytes


class Store:
    """The branch's memory."""

    def __init__(self, database: Database, branch_code: str) -> None:
        self.database = database
        self.branch_code = branch_code
        self._lane = None if database.read_only else LaneWriter(database)
        self._last_seq, self._last_hash, self._last_at_ms = self._head()

    @classmethod
    def open(cls, url: str, branch_code: str | None = None, *, read_only: bool = False) -> Self:
        """Open a branch's database; a new one is made and given the example branch.

        ``read_only`` works beside a running server, too. Raises DatabaseRefusedError with a
        sentence: a second server, a newer database, not ours.
        """
        database = open_database(url, read_only=read_only)
        try:
            if read_only:
                with database.reading() as connection:
                    demand_current(connection)
            else:
                migrate(database)
            return cls(database, _the_branch(database, branch_code))
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # The lane.

    def commit(
        self,
        entries: Sequence[Recorded],
        answers: Sequence[RememberedAnswer],
        changes: Sequence[DayChanges],
        sealed: Sequence[SealedRecord] = (),
        erasure: Erasure | None = None,
    ) -> None:
        """Make a batch durable, whole or not at all.

        Raises StoreBusy if the same batch may be tried again later. After any other error
        (DiskFailedError when the disk failed, F04) the database must be opened afresh.
        """
        assert self._lane is not None, "opened read-only"
        rows, last_hash = self._batch_rows(entries, answers, changes)
        rows.sealed = [sealed_row(self.branch_code, one) for one in sealed]
        if erasure is not None:
            add_erasure_rows(rows, self.branch_code, erasure)
        try:
            self._lane.write(rows)
        except Exception as error:
            if _passes(error):
                raise StoreBusy(str(error)) from error
            raise
        if entries:
            self._last_seq, self._last_at_ms = entries[-1].seq, entries[-1].at_ms
            self._last_hash = last_hash

    def _batch_rows(
        self,
        entries: Sequence[Recorded],
        answers: Sequence[RememberedAnswer],
        changes: Sequence[DayChanges],
    ) -> tuple[BatchRows, bytes]:
        branch, rows = self.branch_code, BatchRows()
        head, seq = self._last_hash, self._last_seq
        days: dict[str, list[Any]] = {}
        opened: set[str] = set()
        for entry in entries:
            seq += 1
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
            head = chained(head, _encode(plain))
            rows.events.append((branch, *plain, head))
            day = days.setdefault(entry.business_date, [seq, entry.at_ms, None, seq, head])
            day[3:] = seq, head
            if kind == "DayOpened":
                opened.add(entry.business_date)
            elif kind == "DayClosed":
                day[2] = entry.at_ms
            elif kind == "DayReopened":
                # Where this batch makes the day's row, nothing has to be taken away from it.
                day[2] = None if entry.business_date in opened else OPEN_AGAIN
            elif kind == "ServiceRated":
                rows.ratings.append(rating_row(branch, entry))
            elif kind == "RecordCorrected":
                rows.corrections.append(correction_row(branch, entry))
            if kind in ("DayClosed", "DaySigned") and (signed := signature_row(branch, entry)):
                rows.signatures.append(signed)
        rows.days = [(branch, date, *day) for date, day in days.items()]
        for change in changes:
            add_change_rows(rows, branch, change)
        rows.commands = [
            (branch, a.command_id, a.device, a.body_digest, a.answer, a.business_date, a.at_ms)
            for a in answers
        ]
        return rows, head

    def _head(self) -> tuple[int, bytes, int]:
        c = t.event.c
        with self.database.reading() as connection:
            row = connection.execute(
                select(c.seq, c.hash, c.at_ms)
                .where(c.branch == self.branch_code)
                .order_by(c.seq.desc())
                .limit(1)
            ).first()
        return (row.seq, row.hash, row.at_ms) if row else (0, genesis(self.branch_code), 0)

    def load_day(self) -> LoadedDay:
        """The last opened day, read from the disk; the next batch is chained to its end."""
        self._last_seq, self._last_hash, self._last_at_ms = self._head()
        c = t.business_day.c
        entries: list[Recorded] = []
        with self.database.reading() as connection:
            day = connection.execute(
                select(c.business_date, c.first_seq)
                .where(c.branch == self.branch_code)
                .order_by(c.business_date.desc())
                .limit(1)
            ).first()
            if day is not None:
                entries = self._entries_since(connection, day.first_seq)
        date = day.business_date if day is not None else None
        return LoadedDay(date, entries, self._last_seq, self._last_hash, self._last_at_ms)

    def _entries_since(self, connection: Connection, first_seq: int) -> list[Recorded]:
        """A day's events; what cannot be read is refused, what was changed is told to the log."""
        entries: list[Recorded] = []
        before: bytes | None = genesis(self.branch_code) if first_seq == 1 else None
        with closing(self.history(connection, max(first_seq - 1, 1))) as events:
            for event in events:
                if before is not None and event.hash != chained(before, event.link):
                    log.error("event %d was changed: run 'antrean-server verify'", event.seq)
                before = event.hash
                if event.seq < first_seq:
                    continue
                if event.recorded is None:
                    raise DatabaseRefusedError(
                        f"Event {event.seq} of {self.database.name} cannot be read. Keep the "
                        "file, run 'antrean-server verify', and put the newest good backup in "
                        "its place with 'antrean-server restore FILE'."
                    )
                entries.append(event.recorded)
        return entries

    def ticket_events(self, ticket_id: str, business_date: str) -> list[Recorded]:
        """What happened to a ticket on a day, oldest first; asked of the disk, so in a thread.

        Reads the whole day's events once, without an index for it: asked for now and then only.
        """
        c = t.event.c
        with self.database.reading() as connection:
            day = connection.execute(
                select(t.business_day.c.first_seq, t.business_day.c.head_seq).where(
                    t.business_day.c.branch == self.branch_code,
                    t.business_day.c.business_date == business_date,
                )
            ).first()
            if day is None:
                return []
            of_day = select(*_EVENT_COLUMNS).where(
                c.branch == self.branch_code, c.seq.between(day.first_seq, day.head_seq)
            )
            named = c.body.contains(ticket_id, autoescape=True)
            # A note or a reason may name the ticket in an event that is about another one.
            entries = [
                entry
                for entry in map(recorded_of, connection.execute(of_day.where(named)))
                if ticket_id in (_of(entry, "ticket"), _of(entry, "called"))
            ]
            # What displays say of a call names the announcement alone. An undo names the next
            # one's, which was announced by its own call.
            calls = {
                _of(entry, "announcement")
                for entry in entries
                if not isinstance(entry.event, LastUndone)
            } - {None}
            confirmed = c.type == AnnouncementConfirmed.__name__
            entries += [
                entry
                for entry in map(recorded_of, connection.execute(of_day.where(confirmed)))
                if isinstance(entry.event, AnnouncementConfirmed)
                and entry.event.announcement in calls
            ]
        return sorted(entries, key=lambda entry: entry.seq)

    def door_facts(self, business_date: str) -> DoorFacts:
        """What the front door did on a day; asked of the disk, so in a thread."""
        with self.database.reading() as connection:
            return door_facts(connection, self.branch_code, business_date)

    # Earlier days.

    def past_day(self, business_date: str) -> PastDay | None:
        """A day that was opened; only the signature under its last close counts."""
        d, c = t.business_day.c, t.day_signature.c
        signed = (
            select(c.staff)
            .where(
                c.branch == d.branch,
                c.business_date == d.business_date,
                c.at_ms >= func.coalesce(d.closed_at_ms, 0),
            )
            .order_by(c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        with self.database.reading() as connection:
            row = connection.execute(
                select(d.business_date, signed.label("signed_by")).where(
                    d.branch == self.branch_code, d.business_date == business_date
                )
            ).first()
        return PastDay(row.business_date, row.signed_by) if row is not None else None

    def past_ticket(self, ticket: str) -> TicketRecord | None:
        """A ticket's record with everything that was put right since."""
        c, k = t.ticket.c, t.correction.c
        with self.database.reading() as connection:
            row = connection.execute(
                select(
                    *(c.number, c.business_date, c.state, c.category, c.outcome),
                    *(c.education, c.note, c.cause),
                ).where(c.branch == self.branch_code, c.id == ticket)
            ).first()
            newer = connection.execute(
                select(k.field, k.after)
                .where(k.branch == self.branch_code, k.ticket == ticket)
                .order_by(k.seq)
            ).all()
        if row is None:
            return None
        fields = {
            "category": row.category or "",
            "outcome": row.outcome or "",
            "education": ",".join(codes_of(row.education)),
            "note": row.note,
            "cause": row.cause or "",
        }
        fields.update((one.field, one.after) for one in newer)
        return TicketRecord(ticket, row.number, row.business_date, TicketState(row.state), fields)

    def sealed(self, record_id: str) -> SealedRecord | None:
        """What stands under seal of a screening, a guest or a complaint."""
        c = t.sealed_record.c
        with self.database.reading() as connection:
            row = connection.execute(
                select(
                    *(c.id, c.kind, c.business_date, c.at_ms, c.fingerprint, c.sealed),
                    c.erase_at_ms,
                ).where(c.branch == self.branch_code, c.id == record_id)
            ).first()
        return SealedRecord(*row) if row is not None else None

    def told_of(self, record_id: str) -> bool:
        """Whether a screening or a complaint of this id was told, whatever is left of it."""
        with self.database.reading() as connection:
            return any(
                connection.scalar(
                    select(func.count()).where(
                        table.c.branch == self.branch_code, table.c.id == record_id
                    )
                )
                for table in (t.screening, t.complaint)
            )

    def past_screening(self, screening: str | None, ticket: str | None) -> Screening | None:
        """A screening of any day by its id or by its ticket's."""
        kind = VisitorScreened.__name__
        with self.database.reading() as connection:
            found = screening_event(connection, self.branch_code, screening, ticket, kind)
        if found is None:
            return None
        recorded = recorded_of(found[0])
        assert isinstance(recorded.event, VisitorScreened)
        return Screening(recorded.event, recorded.at_ms, found[1])

    def visits_before(self, fingerprint: bytes, since_ms: int) -> int:
        """How often the same person was screened since an instant."""
        c = t.sealed_record.c
        with self.database.reading() as connection:
            found = connection.scalar(
                select(func.count()).where(
                    c.branch == self.branch_code,
                    c.fingerprint == fingerprint,
                    c.at_ms >= since_ms,
                    c.kind == "screening",
                )
            )
        return found or 0

    def past_days(self, before: str, branch: Branch) -> PastDays:
        """What the days before a date taught about waiting."""
        with self.database.reading() as connection:
            found = sums_of_past_days(
                connection, self.branch_code, before, branch.time_zone, Habits().group_share
            )
        if found is None:
            return PastDays()
        occupancy, (called, missed, missed_total_s), promises = found
        return PastDays(
            occupancy=[
                (service, int(hour), float(count), float(total_s), float(squares))
                for service, hour, count, total_s, squares in occupancy
            ],
            called=float(called),
            missed=float(missed),
            missed_total_s=missed_total_s,
            promises=[(from_s, to_s, float(waited_s)) for from_s, to_s, waited_s in promises],
        )

    # Complaints.

    def complaints_at_hand(self, business_date: str, zone: tzinfo) -> list[Complaint]:
        """Complaints of the days before a date that are open, or were closed not long ago."""
        if not business_date:
            return []
        with self.database.reading() as connection:
            rows = complaints_at_hand(connection, self.branch_code, business_date, zone)
        return [complaint_of(row) for row in rows]

    def complaints(
        self, which: str, now_ms: int, most: int | None = None
    ) -> tuple[list[tuple[Complaint, str | None]], int]:
        """Complaints (``open``, ``overdue`` or ``all``), each with the number of its ticket, and
        how many there are in all."""
        with self.database.reading() as connection:
            rows, total = list_complaints(connection, self.branch_code, which, now_ms, most)
        return [(complaint_of(row), row["number"]) for row in rows], total

    # The memory of commands (law I6).

    def remembered(self, command_id: bytes) -> RememberedAnswer | None:
        """What a command was answered, if it was."""
        with self.database.reading() as connection:
            row = connection.execute(
                _REMEMBERED, {"of_branch": self.branch_code, "of_id": command_id}
            ).first()
        return RememberedAnswer(*row) if row else None

    def known_command_ids(self) -> set[bytes]:
        """The ids of all remembered commands, 16 bytes each."""
        c = t.command.c
        with self.database.reading() as connection:
            return set(connection.scalars(select(c.id).where(c.branch == self.branch_code)))

    def forget_commands(self, closed_before_ms: int) -> int:
        """Drop the answers of days that were closed before an instant; says how many."""
        days, c = t.business_day.c, t.command.c
        over = select(days.business_date).where(
            days.branch == self.branch_code, days.closed_at_ms < closed_before_ms
        )
        with self.database.writing() as connection:
            gone = connection.execute(
                delete(t.command).where(c.branch == self.branch_code, c.business_date.in_(over))
            )
            return gone.rowcount

    def some_sealed(self, most: int) -> list[SealedRecord]:
        """A few records under seal, those first that are kept longest."""
        c = t.sealed_record.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(
                    *(c.id, c.kind, c.business_date, c.at_ms, c.fingerprint, c.sealed),
                    c.erase_at_ms,
                )
                .where(c.branch == self.branch_code)
                .order_by(c.erase_at_ms.desc())
                .limit(most)
            ).all()
        return [SealedRecord(*row) for row in rows]

    # Erasing (UU PDP Art. 43).

    def due(self, until_ms: int) -> dict[str, int]:
        """How many records of each kind under seal are at the end of their time."""
        with self.database.reading() as connection:
            return count_due(connection, self.branch_code, until_ms)

    def clear_traces(self, *, everywhere: bool) -> bool:
        """Take the bytes of what was erased out of the files; False: a reader is in the way.

        ``everywhere``: out of the gaps between rows too, which takes longer.
        """
        if everywhere:
            write_sealed_anew(self.database)
        return empty_log(self.database)

    # The branch.

    def settings(self) -> Settings:
        """What was set, and the defaults for the rest."""
        stored = {row["key"]: row["value"] for row in self.rows(t.setting)}
        return Settings({**stored, "branch.code": self.branch_code})

    def load_branch(self) -> Branch:
        """The branch as the domain knows it: catalogue and settings."""
        return branch_of(
            self.branch_code,
            self.settings(),
            CatalogueRows(
                services=self._in_position(t.service),
                counters=self.rows(t.counter),
                choices=self._in_position(t.choice),
                staff=self.rows(t.staff),
                entries=self._in_position(t.catalogue_entry),
            ),
        )

    def devices(self) -> list[DeviceRecord]:
        """All devices, the revoked ones too, by name."""
        return [DeviceRecord(**row) for row in self.rows(t.device)]

    def staff(self) -> list[StaffRecord]:
        """Everyone who may or might sign in, by code."""
        return [StaffRecord(**row) for row in self.rows(t.staff)]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """This branch's rows of a table, in the order of its key."""
        with self.database.reading() as connection:
            return all_rows(connection, table, self.branch_code)

    def rows_with(self, table: Table, column: str, values: Collection[Any]) -> list[dict[str, Any]]:
        """This branch's rows of a table in which a column has one of these values."""
        wanted = select(table).where(
            table.c.branch == self.branch_code, table.c[column].in_(values)
        )
        with self.database.reading() as connection:
            return [row._asdict() for row in connection.execute(wanted)]

    def events_of(self, *kinds: type[AnyEvent]) -> list[Recorded]:
        """Every event of some kinds since the branch was founded, oldest first."""
        c = t.event.c
        wanted = select(*_EVENT_COLUMNS).where(
            c.branch == self.branch_code, c.type.in_([kind.__name__ for kind in kinds])
        )
        with self.database.reading() as connection:
            return [recorded_of(row) for row in connection.execute(wanted.order_by(c.seq))]

    def _in_position(self, table: Table) -> list[dict[str, Any]]:
        return sorted(self.rows(table), key=lambda row: int(row["position"]))

    # Proof.

    def history(
        self, connection: Connection, first_seq: int = 1
    ) -> Generator[StoredEvent, None, None]:
        """Every event from one on, as a connection sees it stored, oldest first."""
        with closing(_event_rows(connection, self.branch_code, first_seq)) as rows:
            for row in rows:
                try:
                    recorded = recorded_of(row)
                except (msgspec.MsgspecError, TypeError):
                    recorded = None
                plain = tuple(row)[:-1]
                yield StoredEvent(
                    row.seq, row.business_date, recorded, _encode(plain), as_bytes(row.hash)
                )


_PASSING_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_NOMEM")
# PostgreSQL's classes: transaction rolled back, out of resources, object in use.
_PASSING_POSTGRES = ("40", "53", "55")


def _passes(error: Exception) -> bool:
    """Whether the same batch may well be written a moment later."""
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorname", "") or "").startswith(_PASSING_SQLITE)
    return (getattr(error, "sqlstate", None) or "").startswith(_PASSING_POSTGRES)


def _the_branch(database: Database, wanted: str | None) -> str:
    """Which branch of this database is meant; a new database gets the example branch."""
    with database.reading() as connection:
        found = branches(connection)
    if not found and not database.read_only:
        # Imported here, because only a new database needs it.
        from server.administration.founding import found_branch

        return found_branch(database, wanted)
    if wanted is None and len(found) == 1:
        return found[0]
    if wanted is not None and wanted in found:
        return wanted
    raise DatabaseRefusedError(
        f"This database has the branches: {', '.join(found) or 'none'}. Say which one is meant."
    )


def genesis(branch: str) -> bytes:
    """What the first event of a branch is chained to."""
    return hashlib.sha256(f"antrean 1 {branch}".encode()).digest()


def chained(before: bytes, link: bytes) -> bytes:
    """The hash of an event: over the hash before it and its own bytes (law I13)."""
    return hashlib.sha256(before + link).digest()


def _of(entry: Recorded, field: str) -> str | None:
    """A field of an event, where it has one."""
    return getattr(entry.event, field, None)


_EVENT_COLUMNS = tuple(
    t.event.c[name]
    for name in ("seq", "at_ms", "business_date", "command_id", "actor", "type", "body", "hash")
)


def _event_rows(connection: Connection, branch: str, first_seq: int) -> Any:
    c = t.event.c
    return connection.execution_options(yield_per=1000).execute(
        select(*_EVENT_COLUMNS).where(c.branch == branch, c.seq >= first_seq).order_by(c.seq)
    )
