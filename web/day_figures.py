"""A day's figures from the branch's database; whoever asks does so from a thread."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from db.catalogue_names import CatalogueNames, catalogue_names
from db.day_details import day_row
from db.engine import Database
from db.ticket_lists import ListedTicket, Part, tickets_behind
from report.day import DayReport
from report.figures import day_report


class DayFigures:
    """Reads of one branch alone, over connections that cannot write."""

    def __init__(
        self,
        database: Database,
        branch: Callable[[], str],
        zone: Callable[[], ZoneInfo],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._branch = branch
        self._zone = zone
        self._now = now

    def of_day(self, business_date: str, before: DayReport | None = None) -> DayReport:
        """The figures of a day, as the paper has them; ``before`` are those of a moment ago, with
        which nobody has to read the same weekdays of eight weeks again."""
        branch = self._branch()
        known = before if before and before.business_date == business_date else None
        with self._database.reading() as connection:
            return day_report(
                connection,
                branch,
                business_date,
                now_ms=int(self._now().timestamp() * 1000),
                zone=self._zone(),
                catalogue=catalogue_names(connection, branch),
                comparison=None if known is None else known.comparison,
            )

    def head(self, business_date: str) -> int:
        """The number of the day's last event: while it is the same, so are its figures."""
        with self._database.reading() as connection:
            row = day_row(connection, {"branch": self._branch(), "date": business_date})
        return 0 if row is None else row.head_seq

    def tickets(self, business_date: str, figure: str, part: Part) -> list[ListedTicket]:
        """The tickets behind a figure of a day; KeyError for a figure that has none."""
        branch = self._branch()
        with self._database.reading() as connection:
            return tickets_behind(
                connection,
                branch,
                business_date,
                figure,
                part,
                now_ms=int(self._now().timestamp() * 1000),
                zone=self._zone(),
                catalogue=catalogue_names(connection, branch),
            )

    def ticket(self, business_date: str, ticket: str) -> ListedTicket | None:
        """One ticket of a day of this branch."""
        issued = self.tickets(business_date, "issued", Part())
        return next((one for one in issued if one.id == ticket), None)

    def names(self) -> CatalogueNames:
        """What the branch calls things."""
        with self._database.reading() as connection:
            return catalogue_names(connection, self._branch())
