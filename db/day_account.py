"""Whether nobody is missing: a day's tickets by service as the events tell them, and by counter.

``issued`` of a service are the tickets that belong to it in the end: handed on, they count where
they were handed to. ``received`` of a counter are the tickets that were ever called to it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class CounterFigures:
    """What became of the tickets that were called to a counter.

    ``handed_on`` are those that ended or wait elsewhere: transferred, parked, taken along, back
    in the line.
    """

    received: int = 0
    finished: int = 0
    no_show: int = 0
    cancelled: int = 0
    open: int = 0
    handed_on: int = 0

    @property
    def adds_up(self) -> bool:
        """received = finished + no-show + cancelled + open + handed on."""
        ended = self.finished + self.no_show + self.cancelled
        return self.received == ended + self.open + self.handed_on


class _Told(msgspec.Struct):
    """What an event says of the service of a ticket."""

    ticket: str
    service: str = ""
    undone_seq: int = 0


_told_of = msgspec.json.Decoder(_Told).decode

_SERVICE_EVENTS = text(
    """
    SELECT seq, type, body FROM event
    WHERE branch = :branch AND business_date = :date
      AND type IN ('TicketIssued', 'TicketCorrected', 'TicketTransferred', 'ServiceContinued',
                   'LastUndone')
      AND seq >= (SELECT first_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
      AND seq <= (SELECT head_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
    ORDER BY seq
    """
)
_ENDED = text(
    """
    SELECT counter, state, count(*) AS many FROM ticket
    WHERE branch = :branch AND business_date = :date AND counter IS NOT NULL
    GROUP BY counter, state
    """
)
_RECEIVED = text(
    """
    SELECT been.counter AS counter, count(*) AS received,
           sum(CASE WHEN ticket.counter = been.counter THEN 0 ELSE 1 END) AS handed_on
    FROM (SELECT DISTINCT counter, ticket FROM ticket_period
          WHERE branch = :branch AND business_date = :date AND counter IS NOT NULL) AS been
    JOIN ticket ON ticket.branch = :branch AND ticket.id = been.ticket
    GROUP BY been.counter
    """
)


def issued_by_service(connection: Connection, asked: Mapping[str, str]) -> Counter[str]:
    """How many tickets the events gave to each service; ``asked``: branch and date."""
    services: dict[str, list[tuple[int, str]]] = {}
    for seq, kind, body in connection.execute(_SERVICE_EVENTS, asked):
        try:
            told = _told_of(body)
        except msgspec.MsgspecError:
            continue  # an event that somebody changed is for 'verify' to name
        before = services.setdefault(told.ticket, [])
        if kind == "LastUndone":
            # At least the issue stays.
            kept = [one for one in before[1:] if one[0] < told.undone_seq]
            services[told.ticket] = before[:1] + kept
        else:
            before.append((seq, told.service))
    return Counter(before[-1][1] for before in services.values() if before)


def figures_of_counters(
    connection: Connection, asked: Mapping[str, str]
) -> dict[int, CounterFigures]:
    """The counters that had anything to do with a ticket, by number."""
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(_RECEIVED, asked):
        found[row.counter] = {"received": int(row.received), "handed_on": int(row.handed_on)}
    for row in connection.execute(_ENDED, asked):
        state = row.state.replace("-", "_")
        kind = state if state in ("finished", "no_show", "cancelled") else "open"
        figures = found.setdefault(row.counter, {})
        figures[kind] = figures.get(kind, 0) + row.many
    return {number: CounterFigures(**found[number]) for number in sorted(found)}
