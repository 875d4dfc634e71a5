"""What the figures of a branch are: one SQL question each, over a connection that only reads.

Times are sums over periods (a stretch in one state). A median or p90 is a time that a visitor
really had (nearest rank). Instants come out in milliseconds, durations in seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import Connection, text

from db.afterwards import Records, Signature, records_of, signature_of
from db.counter_times import CounterTimes, times_of_counters
from db.day_account import CounterFigures, figures_of_counters, issued_by_service
from db.door_facts import DoorFacts, door_facts
from db.leases import Lent, lent_on, merged_late
from db.promises import Kept, Promises, promises_of

STATES = (
    "waiting",
    "called",
    "serving",
    "parked",
    "finished",
    "no-show",
    "cancelled",
    "expired",
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; None where nothing was measured."""

    count: int = 0
    average_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The tickets of a day, of one service or of all.

    ``waiting_time`` from issue to call, ``way_time`` from call to arrival, ``service_time`` of
    the finished ones.
    """

    issued: int = 0
    waiting: int = 0
    called: int = 0
    serving: int = 0
    parked: int = 0
    finished: int = 0
    no_show: int = 0
    cancelled: int = 0
    expired: int = 0
    waiting_time: Spread = field(default_factory=Spread)
    way_time: Spread = field(default_factory=Spread)
    service_time: Spread = field(default_factory=Spread)

    @property
    def open(self) -> int:
        """Tickets whose visitor is still there."""
        return self.waiting + self.called + self.serving + self.parked

    @property
    def adds_up(self) -> bool:
        """issued = finished + no-show + cancelled + expired + open (design.md 2)."""
        closed = self.finished + self.no_show + self.cancelled + self.expired
        return self.issued == closed + self.open


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A branch's day in figures. ``issued`` is counted in the events, not in the rows.

    ``overtakes_most``: the number that the most later arrivals were called before, and how many.
    """

    business_date: str
    opened_at_ms: int | None
    closed_at_ms: int | None
    services: Mapping[str, Figures]
    total: Figures
    counters: Mapping[int, CounterFigures] = field(default_factory=dict)
    counter_times: Mapping[int, CounterTimes] = field(default_factory=dict)
    promises: Promises = field(default_factory=lambda: Promises(Kept(), {}, {}))
    records: Records = field(default_factory=Records)
    signature: Signature | None = None
    overtakes_most: tuple[str, int] | None = None
    door: DoorFacts = field(default_factory=DoorFacts)
    # What kiosks had and gave of their own numbers; what they did not give is no gap.
    lent: Sequence[Lent] = ()

    @property
    def adds_up(self) -> bool:
        """Whether nobody is missing: in the total, per service, counter and at the door, and
        between them."""
        parts: list[Figures | CounterFigures | DoorFacts] = [self.total, *self.services.values()]
        parts += [*self.counters.values(), self.door]
        return all(part.adds_up for part in parts) and self.total.issued == sum(
            figures.issued for figures in self.services.values()
        )


_DAY = text(
    "SELECT opened_at_ms, closed_at_ms FROM business_day"
    " WHERE branch = :branch AND business_date = :date"
)
_ISSUED_EVENTS = text(
    """
    SELECT count(*) FROM event
    WHERE branch = :branch AND business_date = :date AND type = 'TicketIssued'
      AND seq >= (SELECT first_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
      AND seq <= (SELECT head_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
    """
)
_STATES = text(
    "SELECT service, state, count(*) FROM ticket"
    " WHERE branch = :branch AND business_date = :date GROUP BY service, state"
)
_OVERTAKEN = text(
    """
    SELECT number, overtakes FROM ticket
    WHERE branch = :branch AND business_date = :date AND overtakes > 0
    ORDER BY overtakes DESC, issued_at_ms, number
    LIMIT 1
    """
)
# One row per ticket and kind of time; a time counts once its last stretch has ended, and the
# wait only of those who were called.
_TIMES = """
    WITH duration AS (
        SELECT {service} AS service, ticket_period.state AS kind,
               sum(ticket_period.ended_at_ms - ticket_period.started_at_ms) AS ms
        FROM ticket JOIN ticket_period
          ON ticket_period.branch = ticket.branch AND ticket_period.ticket = ticket.id
         AND ticket_period.business_date = ticket.business_date
        WHERE ticket.branch = :branch AND ticket.business_date = :date
          AND ticket_period.ended_at_ms IS NOT NULL
          AND (ticket_period.state = 'waiting' AND ticket.called_at_ms IS NOT NULL
               OR ticket_period.state = 'called' AND ticket.started_at_ms IS NOT NULL
               OR ticket_period.state = 'serving' AND ticket.state = 'finished')
        GROUP BY 1, ticket.id, ticket_period.state
    ),
    ranked AS (
        SELECT service, kind, ms,
               row_number() OVER (PARTITION BY service, kind ORDER BY ms) AS place,
               count(*) OVER (PARTITION BY service, kind) AS many
        FROM duration
    )
    SELECT service, kind, max(many) AS many, sum(ms) AS total_ms,
           min(CASE WHEN place * 2 >= many THEN ms END) AS median_ms,
           min(CASE WHEN place * 10 >= many * 9 THEN ms END) AS p90_ms
    FROM ranked GROUP BY service, kind
    """
# A visit with several services: each stretch belongs to the service that it was for, and in all
# it is one visit. Stretches of an older version do not say for which service they were.
_TIMES_BY_SERVICE = text(
    _TIMES.format(service="coalesce(nullif(ticket_period.service, ''), ticket.service)")
)
_TIMES_IN_ALL = text(_TIMES.format(service="''"))
_KINDS = {"waiting": "waiting_time", "called": "way_time", "serving": "service_time"}


def last_business_date(connection: Connection, branch: str) -> str | None:
    """The newest day that was opened."""
    found: str | None = connection.execute(
        text("SELECT max(business_date) FROM business_day WHERE branch = :branch"),
        {"branch": branch},
    ).scalar()
    return found


def day_summary(
    connection: Connection, branch: str, business_date: str, zone: tzinfo = UTC
) -> DaySummary:
    """The figures of a day; all zero for a day that never was. Hours are those of ``zone``."""
    asked = {"branch": branch, "date": business_date}
    day = connection.execute(_DAY, asked).first()
    states: dict[str, dict[str, int]] = {}
    for service, state, count in connection.execute(_STATES, asked):
        states.setdefault(service, {})[state] = count
    times = _spreads(connection, _TIMES_BY_SERVICE, asked)
    late = merged_late(connection, asked)
    told = issued_by_service(connection, asked) + late
    services = {
        service: _figures(states.get(service, {}), told[service], times.get(service, {}))
        for service in sorted(states.keys() | told.keys())
    }
    totals = {state: sum(counts.get(state, 0) for counts in states.values()) for state in STATES}
    issued = (connection.execute(_ISSUED_EVENTS, asked).scalar() or 0) + late.total()
    in_all = _spreads(connection, _TIMES_IN_ALL, asked).get("", {})
    overtaken = connection.execute(_OVERTAKEN, asked).first()
    return DaySummary(
        business_date=business_date,
        opened_at_ms=day.opened_at_ms if day is not None else None,
        closed_at_ms=day.closed_at_ms if day is not None else None,
        services=services,
        total=_figures(totals, issued, in_all),
        counters=figures_of_counters(connection, asked),
        counter_times=times_of_counters(connection, asked),
        promises=promises_of(connection, asked, zone),
        records=records_of(connection, asked),
        signature=signature_of(connection, asked),
        overtakes_most=(overtaken.number, overtaken.overtakes) if overtaken is not None else None,
        door=door_facts(connection, branch, business_date),
        lent=lent_on(connection, branch, business_date),
    )


def _spreads(
    connection: Connection, question: Any, asked: Mapping[str, str]
) -> dict[str, dict[str, Spread]]:
    spreads: dict[str, dict[str, Spread]] = {}
    for row in connection.execute(question, asked):
        spreads.setdefault(row.service, {})[_KINDS[row.kind]] = Spread(
            count=row.many,
            average_s=float(row.total_ms) / row.many / 1000,
            median_s=float(row.median_ms) / 1000,
            p90_s=float(row.p90_ms) / 1000,
        )
    return spreads


def _figures(counts: Mapping[str, int], issued: int, times: Mapping[str, Spread]) -> Figures:
    none = Spread()
    return Figures(
        issued=issued,
        waiting=counts.get("waiting", 0),
        called=counts.get("called", 0),
        serving=counts.get("serving", 0),
        parked=counts.get("parked", 0),
        finished=counts.get("finished", 0),
        no_show=counts.get("no-show", 0),
        cancelled=counts.get("cancelled", 0),
        expired=counts.get("expired", 0),
        waiting_time=times.get("waiting_time", none),
        way_time=times.get("way_time", none),
        service_time=times.get("service_time", none),
    )


_OPEN_BY_SERVICE = text(
    """
    SELECT service, count(*) AS many FROM ticket
    WHERE branch = :branch AND state IN ('waiting', 'called', 'serving', 'parked')
      AND business_date IN (SELECT business_date FROM business_day
                            WHERE branch = :branch AND closed_at_ms IS NULL)
    GROUP BY service
    """
)


def open_tickets_by_service(connection: Connection, branch: str) -> dict[str, int]:
    """How many tickets of each service are open in a day that is not closed."""
    rows = connection.execute(_OPEN_BY_SERVICE, {"branch": branch})
    return {row.service: row.many for row in rows}
