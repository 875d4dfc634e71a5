"""How well the waiting times that visitors were told came true.

Of the tickets with a promise that were called: from the issue to the first call, against the
range that was printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Kept:
    """How many were called inside their range, before it and after it."""

    inside: int = 0
    early: int = 0
    late: int = 0

    @property
    def called(self) -> int:
        """All of them."""
        return self.inside + self.early + self.late

    def share(self, many: int) -> float | None:
        """Their part of all, 0 to 1; None where nobody was called."""
        return many / self.called if self.called else None

    def plus(self, other: "Kept") -> "Kept":
        """Both together."""
        return Kept(self.inside + other.inside, self.early + other.early, self.late + other.late)


@dataclass(frozen=True, slots=True)
class Promises:
    """Of a day: all together, per service, and per hour of the branch's clock (0 to 23)."""

    total: Kept
    services: Mapping[str, Kept]
    hours: Mapping[int, Kept]


# The service of the first stretch is the one that the promise was made for.
_PROMISED = text(
    """
    SELECT coalesce(nullif(first.service, ''), ticket.service) AS service,
           ticket.issued_at_ms AS issued_at_ms,
           ticket.promised_from_s AS from_s, ticket.promised_to_s AS to_s,
           min(call.started_at_ms) AS called_at_ms
    FROM ticket
    JOIN ticket_period AS call
      ON call.branch = ticket.branch AND call.business_date = ticket.business_date
     AND call.ticket = ticket.id AND call.state = 'called'
    JOIN ticket_period AS first
      ON first.branch = ticket.branch AND first.business_date = ticket.business_date
     AND first.ticket = ticket.id AND first.ordinal = 1
    WHERE ticket.branch = :branch AND ticket.business_date = :date
      AND ticket.promised_from_s IS NOT NULL AND ticket.promised_to_s IS NOT NULL
    GROUP BY first.service, ticket.service, ticket.id, ticket.issued_at_ms,
             ticket.promised_from_s, ticket.promised_to_s
    """
)


def promises_of(connection: Connection, asked: Mapping[str, str], zone: tzinfo) -> Promises:
    """``asked``: branch and date; ``zone`` is where the branch stands."""
    total, services, hours = Kept(), dict[str, Kept](), dict[int, Kept]()
    for row in connection.execute(_PROMISED, asked):
        waited_ms = row.called_at_ms - row.issued_at_ms
        early, late = waited_ms < row.from_s * 1000, waited_ms > row.to_s * 1000
        one = Kept(int(not early and not late), int(early), int(late))
        hour = datetime.fromtimestamp(row.issued_at_ms / 1000, UTC).astimezone(zone).hour
        total = total.plus(one)
        services[row.service] = services.get(row.service, Kept()).plus(one)
        hours[hour] = hours.get(hour, Kept()).plus(one)
    return Promises(total, dict(sorted(services.items())), dict(sorted(hours.items())))
