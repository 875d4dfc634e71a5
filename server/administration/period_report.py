"""``antrean-server report --month``, ``--year``, ``--period`` and ``--survey``."""

from report.document import Document
from report.period_source import PeriodRules, period_document, survey_document_of
from report.periods import NoSuchPeriodError, Period, read_period
from server.administration.refusal import RefusedError
from server.store import Store


def read_period_document(
    store: Store, period: str, against: str | None, language: str, now_ms: int
) -> Document:
    """The report of a period, beside another one if somebody asks; raises RefusedError."""
    beside = (_period(against),) if against is not None else None
    return period_document(
        store.database,
        store.branch_code,
        _period(period),
        language,
        period_rules(store),
        now_ms,
        beside,
    )


def read_survey_document(store: Store, period: str, language: str, now_ms: int) -> Document:
    """The report of the survey of a period; raises RefusedError."""
    rules = period_rules(store)
    return survey_document_of(
        store.database, store.branch_code, _period(period), language, rules, now_ms
    )


def period_rules(store: Store) -> PeriodRules:
    """What the settings say of surveys and of the cost of a visit."""
    settings = store.settings()
    return PeriodRules(
        time_zone=store.load_branch().time_zone_name,
        instrument=settings.get("survey.instrument"),
        weight=settings.get("survey.weight"),
        population=settings.get("survey.population"),
        visit_cost_rp=settings.get("report.visit_cost_rp"),
    )


def _period(text: str) -> Period:
    try:
        return read_period(text)
    except NoSuchPeriodError as error:
        raise RefusedError(str(error)) from error
