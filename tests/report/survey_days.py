"""A branch whose visitors rate and fill in questionnaires, written by the rules and the store."""

from datetime import date
from zoneinfo import ZoneInfo

from db.catalogue_names import catalogue_names
from report.periods import Period
from report.survey import SurveyReport, survey_report
from server.domain.events import SurveyAnswered
from server.store import Store
from tests.server.stored_day import StoredDay

DAY = date(2026, 11, 20)
PERIOD = Period(DAY, DAY)
ZONE = ZoneInfo("Asia/Jakarta")


class SurveyDay(StoredDay):
    """A day with questionnaires."""

    def __init__(self, store: Store, day: date = DAY, now_ms: int | None = None) -> None:
        if now_ms is None:
            super().__init__(store, day.isoformat())
        else:
            super().__init__(store, day.isoformat(), now_ms)
        self._forms = 0

    def fill_in(self, answers: dict[str, int], instrument: str = "skm-2017", **about: str) -> None:
        self._forms += 1
        self.record(
            SurveyAnswered(
                survey=f"{self.day.business_date}-form-{self._forms:04d}",
                instrument=instrument,
                answers=answers,
                device="web-1",
                **about,
            )
        )

    def serve_and_rate(self, score: int | None) -> None:
        ticket = self.issue()
        self.serve()
        if score is not None:
            self.rate(ticket, score)


def reported(
    store: Store, instrument: str = "skm-2017", weight: str = "exact", population: int | None = None
) -> SurveyReport:
    """The survey of the day."""
    with store.database.reading() as connection:
        return survey_report(
            connection,
            store.branch_code,
            PERIOD,
            now_ms=0,
            catalogue=catalogue_names(connection, store.branch_code),
            instrument=instrument,
            weight=weight,
            population=population,
        )
