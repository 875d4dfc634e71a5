"""What was lent to kiosks, and the tickets that they gave without a link."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select, text

from db import tables as t


def leased_before(connection: Connection, branch: str, business_date: str) -> list[Any]:
    """Each series that was lent before a day, once: ``series``, ``device``, ``letter``, the
    highest ``last``, the ``business_date`` and ``since_ms`` of the first time; newest last."""
    c = t.number_lease.c
    found = connection.execute(
        select(
            c.series,
            c.device,
            c.letter,
            func.max(c.last_serial).label("last"),
            func.min(c.business_date).label("business_date"),
            func.min(c.leased_at_ms).label("since_ms"),
        )
        .where(c.branch == branch, c.business_date < business_date)
        .group_by(c.series, c.device, c.letter)
        .order_by(func.max(c.leased_at_ms), c.series)
    )
    return list(found)


def offline_tickets(
    connection: Connection,
    branch: str,
    tickets: Collection[str],
    places: Collection[tuple[str, str, int]],
) -> list[Any]:
    """``id``, ``business_date``, ``series`` and ``serial`` of those that have one of these ids,
    or one of these numbers: business date, series, serial."""
    c = t.ticket.c
    columns = select(c.id, c.business_date, c.series, c.serial)
    asked: list[Select[Any]] = [columns.where(c.branch == branch, c.id.in_(tickets))]
    if places:
        # By dates first: the way to a day's tickets is an index.
        dates = sorted({date for date, _, _ in places})
        one_of = or_(
            *(and_(c.series == series, c.serial == serial) for _, series, serial in places)
        )
        asked.append(columns.where(c.branch == branch, c.business_date.in_(dates), one_of))
    return [row for question in asked for row in connection.execute(question)]


@dataclass(frozen=True, slots=True)
class Lent:
    """A series of a kiosk on a day: how many numbers it had, and how many of them it gave.

    Those that were not given are no gaps: nobody else could give them.
    """

    device: str
    letter: str
    series: str
    lent: int
    given: int

    @property
    def unused(self) -> int:
        """How many were not given, as far as the kiosk has told."""
        return max(0, self.lent - self.given)


_LENT = text(
    """
    SELECT device, letter, series, last_serial FROM number_lease
    WHERE branch = :branch AND business_date = :date
    """
)
_GIVEN = text(
    """
    SELECT series, count(*) AS given FROM ticket
    WHERE branch = :branch AND business_date = :date AND offline
    GROUP BY series
    """
)
# A kiosk that did not reach the server all day gave numbers of an earlier lease.
_LENT_BEFORE = text(
    """
    SELECT device, letter, series, last_serial FROM number_lease
    WHERE branch = :branch AND business_date < :date AND series = :series
    ORDER BY business_date DESC LIMIT 1
    """
)


def lent_on(connection: Connection, branch: str, business_date: str) -> list[Lent]:
    """What every kiosk had and gave of its own numbers on a day, by kiosk and series."""
    asked = {"branch": branch, "date": business_date}
    lent = {row.series: row for row in connection.execute(_LENT, asked)}
    given = {row.series: row for row in connection.execute(_GIVEN, asked)}
    for series in given.keys() - lent.keys():
        before = connection.execute(_LENT_BEFORE, {**asked, "series": series}).first()
        if before is not None:
            lent[series] = before
    found = [
        Lent(row.device, row.letter, series, row.last_serial, given[series].given)
        if series in given
        else Lent(row.device, row.letter, series, row.last_serial, 0)
        for series, row in lent.items()
    ]
    return sorted(found, key=lambda one: (one.device, one.series))


_MERGED_LATE = text(
    """
    SELECT ticket.service AS service, count(*) AS many
    FROM ticket JOIN event ON event.branch = ticket.branch AND event.seq = ticket.merged_seq
    WHERE ticket.branch = :branch AND ticket.business_date = :date
      AND ticket.merged_seq IS NOT NULL AND event.type = 'EarlierTicketMerged'
    GROUP BY ticket.service
    """
)


def merged_late(connection: Connection, asked: Mapping[str, str]) -> Counter[str]:
    """How many tickets of each service events of later days told of; ``asked``: branch, date."""
    rows = connection.execute(_MERGED_LATE, asked)
    return Counter({row.service: int(row.many) for row in rows})
