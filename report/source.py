"""Days of a branch as documents, from its database: for the keeper and the command line."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from db.catalogue_names import catalogue_names
from db.closed_days import ClosedDay, closed_days
from db.engine import Database
from report.day_document import day_document
from report.document import Document
from report.figures import day_report
from report.sending import SendingRules


class BranchDays:
    """Reads of one branch alone, over connections that cannot write. ``now_ms``: for a day that
    is still open."""

    def __init__(
        self,
        database: Database,
        branch: Callable[[], str],
        rules: Callable[[], SendingRules],
        now_ms: Callable[[], int],
    ) -> None:
        self._database = database
        self._branch = branch
        self._rules = rules
        self._now_ms = now_ms

    def days(self) -> Sequence[ClosedDay]:
        """Every day that was closed, the newest first."""
        with self._database.reading() as connection:
            return closed_days(connection, self._branch())

    def rules(self) -> SendingRules:
        """What the branch set, as of now."""
        return self._rules()

    def document(self, business_date: str, language: str) -> Document:
        """The report of a day."""
        time_zone, branch = self._rules().time_zone, self._branch()
        with self._database.reading() as connection:
            report = day_report(
                connection,
                branch,
                business_date,
                now_ms=self._now_ms(),
                zone=ZoneInfo(time_zone),
                catalogue=catalogue_names(connection, branch),
            )
        return day_document(report, language, time_zone)
