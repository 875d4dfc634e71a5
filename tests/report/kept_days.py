"""A branch's closed days by hand, for the keeper: what is told of them can be changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from db.closed_days import ClosedDay
from report.day import DayReport
from report.day_document import day_document
from report.document import Document
from report.sending import SendingRules
from tests.report.busy_monday import ZONE, busy_monday

CLOSED_MS = 1_795_424_580_000
"""Monday 23 November 2026, 16.03 in Jakarta."""
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class KeptDays:
    """The days by their date; ``documents`` counts how often one was asked for."""

    def __init__(self, *dates: str) -> None:
        self.reports = {one: self._report(one) for one in dates or ("2026-11-23",)}
        self.closings = dict.fromkeys(self.reports, 1)
        self.laters = dict.fromkeys(self.reports, 1)
        self.sending = SendingRules(time_zone=ZONE)
        self.documents = 0

    def days(self) -> Sequence[ClosedDay]:
        return [
            ClosedDay(
                one, report.closed_at_ms or 0, True, str(self.closings[one]), str(self.laters[one])
            )
            for one, report in sorted(self.reports.items(), reverse=True)
        ]

    def document(self, business_date: str, language: str) -> Document:
        self.documents += 1
        return day_document(self.reports[business_date], language, ZONE)

    def rules(self) -> SendingRules:
        return self.sending

    def correct(self, business_date: str = "2026-11-23") -> None:
        """A record was put right afterwards."""
        report = self.reports[business_date]
        records = replace(report.records, corrections=report.records.corrections + 1)
        self.reports[business_date] = replace(report, records=records)
        self.laters[business_date] += 1

    def sign_again(self, business_date: str = "2026-11-23") -> None:
        """The day was opened again and closed again, a minute later."""
        report = self.reports[business_date]
        closed_at_ms = (report.closed_at_ms or 0) + 60_000
        self.reports[business_date] = replace(report, closed_at_ms=closed_at_ms)
        self.closings[business_date] += 1

    def _report(self, business_date: str) -> DayReport:
        days = (date.fromisoformat(business_date) - date(2026, 11, 23)).days
        closed_at_ms = CLOSED_MS + days * DAY_MS
        return replace(busy_monday(), business_date=business_date, closed_at_ms=closed_at_ms)
