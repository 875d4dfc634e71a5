"""Everything that is read of a day, once: figures and the lists behind them come from the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import Connection

from db.catalogue_names import CatalogueNames
from db.day_details import (
    DayRow,
    ScreeningRow,
    corrections_of,
    day_row,
    merged_late_of,
    ratings_of,
    screenings_of,
)
from db.day_events import DayEvents, Told, events_of
from db.day_records import Corrections, Record, newest_records
from db.day_targets import Targets
from db.day_visits import Clock, Visit, visits_of

Reading = Connection
"""A connection that only reads."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day. ``records`` are the newest ones of the finished tickets, ``ratings`` by ticket,
    ``late`` the tickets that later days told of; ``until_ms`` is the close, or now."""

    row: DayRow
    events: DayEvents
    visits: Sequence[Visit]
    screenings: Sequence[ScreeningRow]
    corrections: Corrections
    records: Sequence[Record]
    ratings: Mapping[str, tuple[int, list[str]]]
    late: frozenset[str]
    clock: Clock
    aims: Targets
    until_ms: int

    @property
    def is_open(self) -> bool:
        """Whether the day goes on."""
        return self.row.closed_at_ms is None

    @property
    def told(self) -> list[Told]:
        """The numbers as events told of them, on the day or afterwards."""
        late = [
            Told(one.issued_at_ms, one.service, one.priority)
            for one in self.visits
            if one.id in self.late
        ]
        return [*self.events.issued.values(), *late]


def read_facts(
    connection: Reading,
    branch: str,
    business_date: str,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
) -> DayFacts | None:
    """None for a day that never was."""
    asked = {"branch": branch, "date": business_date}
    row = day_row(connection, asked)
    if row is None:
        return None
    events = events_of(connection, branch, business_date, row.first_seq, row.head_seq)
    visits = visits_of(connection, asked)
    screenings = screenings_of(connection, asked)
    corrections = corrections_of(connection, asked)
    has_late = any(one.merged_seq is not None for one in visits)
    return DayFacts(
        row=row,
        events=events,
        visits=visits,
        screenings=screenings,
        corrections=corrections,
        records=newest_records(visits, corrections, screenings, catalogue),
        ratings=ratings_of(connection, asked),
        late=frozenset(merged_late_of(connection, asked) if has_late else ()),
        clock=Clock(zone),
        aims=Targets(catalogue, events.target_waits_s or {}),
        until_ms=now_ms if row.closed_at_ms is None else row.closed_at_ms,
    )


def is_unscreened(visit: Visit) -> bool:
    """Whether no screening led to this number."""
    return visit.screening is None


def paper_said(outcome: str, visit: Visit, events: DayEvents) -> bool:
    """Whether a paper of this ticket had this outcome: failed or unknown."""
    told = events.failed if outcome == "failed" else events.unknown
    return visit.id in told or visit.print == outcome


def unspoken_calls(facts: DayFacts) -> Iterator[str]:
    """The ticket of every call that no display spoke, once its time is over."""
    for announcement, call in facts.events.calls.items():
        is_over = not facts.is_open or call.expires_at_ms <= facts.until_ms
        if is_over and announcement not in facts.events.spoken:
            yield call.ticket
