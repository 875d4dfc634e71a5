"""The tickets of a day with their times, read in two questions: what each figure is counted from.

A *wait* is a stretch in the line, the *way* one between call and arrival, *service* one at the
counter. The stretches of a visit belong to the service that they were for and to the counter that
they led to or lie at; in all they are one visit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, text

from db.quick_rows import rows_of

HOUR_MS = 3_600_000
# No zone is moved by less than a quarter of an hour against the others.
QUARTER_MS = HOUR_MS // 4
PRIORITY, REGULAR = "priority", "regular"
"""The classes: who came first, or with a reason to be called before."""


@dataclass(slots=True)
class Times:
    """How long parts of a visit took, in ms; None where there was no such part, or it does not
    count: the wait of who was never called, the way of who never came, service that is not done."""

    waiting_ms: int | None = None
    way_ms: int | None = None
    service_ms: int | None = None


@dataclass(slots=True)
class Visit:
    """A ticket's row, and what its stretches come to.

    ``first_service`` is what the number was taken for, ``first_wait_ms`` the time from the issue
    to the first call; ``counters`` are the parts by counter and service.
    """

    id: str
    number: str
    service: str
    priority: str
    state: str
    counter: int | None
    call_count: int
    issued_at_ms: int
    called_at_ms: int | None
    started_at_ms: int | None
    ended_at_ms: int | None
    print: str
    copies: int
    outcome: str | None
    category: str | None
    education: str
    cause: str | None
    promised_from_s: int | None
    promised_to_s: int | None
    overtakes: int
    screening: str | None
    offline: bool
    merged_seq: int | None
    first_service: str = ""
    first_called_at_ms: int | None = None
    times: Times = field(default_factory=Times)
    services: dict[str, Times] = field(default_factory=dict)
    counters: dict[tuple[int, str], Times] = field(default_factory=dict)

    @property
    def first_wait_ms(self) -> int | None:
        """None for who was never called."""
        called_at_ms = self.first_called_at_ms
        return None if called_at_ms is None else called_at_ms - self.issued_at_ms

    @property
    def of_class(self) -> str:
        """``priority`` or ``regular``."""
        return REGULAR if self.priority == "none" else PRIORITY

    @property
    def kept(self) -> str | None:
        """Whether the range that was told came true: inside, early or late."""
        waited_ms = self.first_wait_ms
        if waited_ms is None or self.promised_from_s is None or self.promised_to_s is None:
            return None
        if waited_ms < self.promised_from_s * 1000:
            return "early"
        return "late" if waited_ms > self.promised_to_s * 1000 else "inside"


# The columns in the order of the fields.
_TICKETS = text(
    """
    SELECT id, number, service, priority, state, counter, call_count,
           issued_at_ms, called_at_ms, started_at_ms, ended_at_ms, print, copies,
           outcome, category, education, cause, promised_from_s, promised_to_s,
           overtakes, screening, offline, merged_seq
    FROM ticket WHERE branch = :branch AND business_date = :date
    """
)
# In the order of the key, so that nothing is sorted.
_STRETCHES = text(
    """
    SELECT ticket, state, started_at_ms, ended_at_ms, counter, service
    FROM ticket_period WHERE branch = :branch AND business_date = :date
    ORDER BY ticket, ordinal
    """
)


def visits_of(connection: Connection, asked: Mapping[str, str]) -> list[Visit]:
    """The tickets of a day in the order of their issue; ``asked``: branch and date."""
    visits = {row[0]: Visit(*row) for row in rows_of(connection, _TICKETS, asked)}
    stretches = rows_of(connection, _STRETCHES, asked)
    for ticket, of_ticket in groupby(stretches, itemgetter(0)):
        visit = visits.get(ticket)
        # A stretch without a ticket is for 'verify' to name.
        if visit is not None:
            _measure(visit, of_ticket)
    return sorted(visits.values(), key=lambda one: (one.issued_at_ms, one.number))


def _measure(visit: Visit, stretches: Any) -> None:
    """Add the stretches of a ticket, in their order."""
    was_called, was_served = visit.called_at_ms is not None, visit.started_at_ms is not None
    is_finished, total = visit.state == "finished", visit.times
    waited_ms: int | None = None
    for _, state, started_at_ms, ended_at_ms, counter, of_service in stretches:
        # Stretches of an older version do not say for which service they were.
        service = of_service or visit.service
        if not visit.first_service:
            visit.first_service = service
        if state == "called" and visit.first_called_at_ms is None:
            visit.first_called_at_ms = started_at_ms
        there = None
        if counter is not None:
            there = visit.counters.get((counter, service))
            if there is None:
                there = visit.counters[counter, service] = Times()
        if state == "called" and there is not None and waited_ms is not None:
            there.waiting_ms = (there.waiting_ms or 0) + waited_ms
            waited_ms = None
        if ended_at_ms is None:
            continue
        ms = ended_at_ms - started_at_ms
        mine = visit.services.get(service)
        if mine is None:
            mine = visit.services[service] = Times()
        if state == "waiting":
            if was_called:
                waited_ms = (waited_ms or 0) + ms
                mine.waiting_ms = (mine.waiting_ms or 0) + ms
                total.waiting_ms = (total.waiting_ms or 0) + ms
        elif state == "called":
            if was_served:
                mine.way_ms = (mine.way_ms or 0) + ms
                total.way_ms = (total.way_ms or 0) + ms
                if there is not None:
                    there.way_ms = (there.way_ms or 0) + ms
        elif state == "serving" and is_finished:
            mine.service_ms = (mine.service_ms or 0) + ms
            total.service_ms = (total.service_ms or 0) + ms
            if there is not None:
                there.service_ms = (there.service_ms or 0) + ms


class Clock:
    """The hours of a place, quickly: most of a day's instants lie in the same few of them."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._hours: dict[int, int] = {}
        self._ends_ms: dict[int, int] = {}

    def hour(self, at_ms: int) -> int:
        """The hour of an instant, 0 to 23."""
        quarter = at_ms // QUARTER_MS
        hour = self._hours.get(quarter)
        if hour is None:
            at = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, UTC).astimezone(self._zone)
            hour = self._hours[quarter] = at.hour
        return hour

    def hour_ends_ms(self, at_ms: int) -> int:
        """When the hour of an instant is over."""
        quarter = at_ms // QUARTER_MS
        ends_ms = self._ends_ms.get(quarter)
        if ends_ms is None:
            at = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, UTC).astimezone(self._zone)
            begun_ms = (at.minute * 60 + at.second) * 1000
            ends_ms = self._ends_ms[quarter] = quarter * QUARTER_MS - begun_ms + HOUR_MS
        return ends_ms
