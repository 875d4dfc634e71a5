"""The unit of work: what the lane decided becomes durable here, and comes back after a restart.

The only file that turns rows into domain objects, with ``stored_*.py`` beside it; the SQL itself
stands in ``db/``. ``commit`` runs in the lane's own thread; everything that reads has connections
of its own and sees only what is on the disk.
"""

import logging
import sqlite3
from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from datetime import tzinfo
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import Connection, Table

from db import answers as db_answers
from db import history as db_history
from db import past_records, sealed
from db import tables as t
from db.complaints import complaints_at_hand, list_complaints
from db.door_facts import DoorFacts, door_facts
from db.engine import Database, open_database
from db.erasing import count_due, empty_log, write_sealed_anew
from db.lane import BatchRows, LaneWriter
from db.leases import leased_before, offline_tickets
from db.members import some_members
from db.migrations import demand_current, migrate
from db.past_days import sums_of_past_days
from db.refusals import DatabaseRefusedError, DiskFailedError
from db.rows import all_rows, branches, rows_with
from db.screenings import screening_event
from server.config import Settings
from server.domain.branch import Branch
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
from server.domain.hall_lease import LeasedSeries
from server.domain.merging import OnDisk, Place
from server.domain.outlook import Habits
from server.domain.ticket import TicketPeriod, TicketState
from server.membership import KIND
from server.ports import Erasure, SealedRecord
from server.stored_batch import BatchWriting, chained, genesis, link_of
from server.stored_branch import CatalogueRows, branch_of, codes_of
from server.stored_records import (
    DeviceRecord,
    LoadedDay,
    RememberedAnswer,
    StaffRecord,
    StoredEvent,
)
from server.stored_rows import (
    add_erasure_rows,
    as_bytes,
    complaint_of,
    period_of,
    recorded_of,
    sealed_row,
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


class StoreBusy(Exception):
    """Nothing was written and nothing is lost: asking again later is right."""


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
        writing = BatchWriting(self.branch_code, self._last_hash, self._last_seq)
        writing.add(entries, answers, changes)
        return writing.rows, writing.head

    def _head(self) -> tuple[int, bytes, int]:
        with self.database.reading() as connection:
            row = db_history.head_of(connection, self.branch_code)
        return (row.seq, row.hash, row.at_ms) if row else (0, genesis(self.branch_code), 0)

    def load_day(self) -> LoadedDay:
        """The last opened day, read from the disk; the next batch is chained to its end."""
        self._last_seq, self._last_hash, self._last_at_ms = self._head()
        entries: list[Recorded] = []
        with self.database.reading() as connection:
            day = db_history.last_day(connection, self.branch_code)
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
        also = AnnouncementConfirmed.__name__
        with self.database.reading() as connection:
            named, confirmed = db_history.events_naming(
                connection, self.branch_code, business_date, ticket_id, also
            )
        # A note or a reason may name the ticket in an event that is about another one.
        entries = [
            entry
            for entry in map(recorded_of, named)
            if ticket_id in (_of(entry, "ticket"), _of(entry, "called"))
        ]
        # What displays say of a call names the announcement alone. An undo names the next
        # one's, which was announced by its own call.
        calls = {
            _of(entry, "announcement")
            for entry in entries
            if not isinstance(entry.event, LastUndone)
        } - {None}
        entries += [
            entry for entry in map(recorded_of, confirmed) if _of(entry, "announcement") in calls
        ]
        return sorted(entries, key=lambda entry: entry.seq)

    def ticket_periods(self, ticket_id: str, business_date: str) -> list[TicketPeriod]:
        """A ticket's stretches in one state each, oldest first."""
        with self.database.reading() as connection:
            rows = past_records.ticket_periods(
                connection, self.branch_code, business_date, ticket_id
            )
        return [period_of(ticket_id, row) for row in rows]

    def events_after_its_day(self, ticket_id: str, business_date: str) -> list[Recorded]:
        """What was told of a ticket when its day was over, oldest first."""
        with self.database.reading() as connection:
            rows = past_records.events_after_its_day(
                connection, self.branch_code, business_date, ticket_id
            )
        return [recorded_of(row) for row in rows]

    def door_facts(self, business_date: str) -> DoorFacts:
        """What the front door did on a day; asked of the disk, so in a thread."""
        with self.database.reading() as connection:
            return door_facts(connection, self.branch_code, business_date)

    # Earlier days.

    def past_day(self, business_date: str) -> PastDay | None:
        """A day that was opened; only the signature under its last close counts."""
        with self.database.reading() as connection:
            row = past_records.past_day(connection, self.branch_code, business_date)
        return PastDay(row.business_date, row.signed_by) if row is not None else None

    def past_ticket(self, ticket: str) -> TicketRecord | None:
        """A ticket's record with everything that was put right since."""
        with self.database.reading() as connection:
            found = past_records.past_ticket(connection, self.branch_code, ticket)
        if found is None:
            return None
        row, newer = found
        fields = {
            "category": row.category or "",
            "outcome": row.outcome or "",
            "education": ",".join(codes_of(row.education)),
            "note": row.note,
            "cause": row.cause or "",
        }
        return TicketRecord(
            ticket, row.number, row.business_date, TicketState(row.state), fields | dict(newer)
        )

    def sealed(self, record_id: str) -> SealedRecord | None:
        """What stands under seal of a screening, a guest or a complaint."""
        with self.database.reading() as connection:
            row = sealed.sealed_record(connection, self.branch_code, record_id)
        return SealedRecord(*row) if row is not None else None

    def told_of(self, record_id: str) -> bool:
        """Whether a screening or a complaint of this id was told, whatever is left of it."""
        with self.database.reading() as connection:
            return sealed.told_of(connection, self.branch_code, record_id)

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
        with self.database.reading() as connection:
            return sealed.visits_since(connection, self.branch_code, fingerprint, since_ms)

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

    # What kiosks gave without a link.

    def leased_before(self, business_date: str) -> list[LeasedSeries]:
        """Every series that was lent to a kiosk before a day, the newest last."""
        with self.database.reading() as connection:
            rows = leased_before(connection, self.branch_code, business_date)
        return [LeasedSeries(**row._mapping) for row in rows]

    def offline_on_disk(self, tickets: Collection[str], places: Collection[Place]) -> OnDisk:
        """What is known of these tickets, and who has these numbers."""
        with self.database.reading() as connection:
            rows = offline_tickets(connection, self.branch_code, tickets, places)
        found = {row.id: (row.business_date, row.series, row.serial) for row in rows}
        return OnDisk(found, {place: ticket for ticket, place in found.items()})

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
            row = db_answers.remembered(connection, self.branch_code, command_id)
        return RememberedAnswer(*row) if row else None

    def known_command_ids(self) -> set[bytes]:
        """The ids of all remembered commands, 16 bytes each."""
        with self.database.reading() as connection:
            return db_answers.known_ids(connection, self.branch_code)

    def forget_commands(self, closed_before_ms: int) -> int:
        """Drop the answers of days that were closed before an instant; says how many."""
        with self.database.writing() as connection:
            return db_answers.forget(connection, self.branch_code, closed_before_ms)

    def some_sealed(self, most: int) -> list[tuple[str, str, bytes]]:
        """A few records under seal, those first that are kept longest; without any, members of
        the list. Kind, id and seal, as a sealer opens them."""
        with self.database.reading() as connection:
            records = sealed.longest_kept(connection, self.branch_code, most)
            members = some_members(connection, self.branch_code, most) if not records else ()
        found = [(row.kind, row.id, row.sealed) for row in records]
        return found + [(KIND, one.fingerprint.hex(), one.sealed) for one in members]

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
        with self.database.reading() as connection:
            return rows_with(connection, table, self.branch_code, column, values)

    def events_of(self, *kinds: type[AnyEvent]) -> list[Recorded]:
        """Every event of some kinds since the branch was founded, oldest first."""
        names = [kind.__name__ for kind in kinds]
        with self.database.reading() as connection:
            rows = db_history.events_of_kinds(connection, self.branch_code, names)
        return [recorded_of(row) for row in rows]

    def _in_position(self, table: Table) -> list[dict[str, Any]]:
        return sorted(self.rows(table), key=lambda row: int(row["position"]))

    # Proof.

    def history(
        self, connection: Connection, first_seq: int = 1
    ) -> Generator[StoredEvent, None, None]:
        """Every event from one on, as a connection sees it stored, oldest first."""
        with closing(db_history.event_rows(connection, self.branch_code, first_seq)) as rows:
            for row in rows:
                try:
                    recorded = recorded_of(row)
                except (msgspec.MsgspecError, TypeError):
                    recorded = None
                yield StoredEvent(
                    *(row.seq, row.business_date, recorded),
                    *(link_of(row[:-1]), as_bytes(row.hash)),
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


def _of(entry: Recorded, field: str) -> str | None:
    """A field of an event, where it has one."""
    return getattr(entry.event, field, None)
