"""Months, years and the satisfaction survey, as pages and as files."""

import asyncio
import re
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from report.document import Document
from report.formats import FORMATS
from report.period_source import PeriodRules, period_document, survey_document_of
from report.periods import NoSuchPeriodError, Period, month_of, read_period, year_of
from web.guarding import Manager, for_managers
from web.report_pages import as_file, document_page
from web.ticket_pages import today

_ADDRESS = re.compile(rf"([0-9.-]{{4,22}}?)(?:\.({'|'.join(FORMATS)}))?")
Maker = Callable[[Manager, Period], Document]


async def months(manager: Manager) -> Response:
    """The form sends here; without a choice it is this month."""
    return _choose(manager, "/months")


async def satisfaction(manager: Manager) -> Response:
    """The same for the survey; without a choice this year, which has the most answers."""
    return _choose(manager, "/satisfaction")


async def month(manager: Manager) -> Response:
    """``/months/2026-11``, ``/months/2026``, ``….xlsx``; ``?with=2025-11`` to compare."""
    return await _page(manager, "/months", _period_document)


async def survey(manager: Manager) -> Response:
    """``/satisfaction/2026`` and its files."""
    return await _page(manager, "/satisfaction", _survey_document)


def _choose(manager: Manager, to: str) -> Response:
    asked = manager.request.query_params
    day = today(manager)
    chosen = month_of(day) if to == "/months" else year_of(day.year)
    if asked.get("from") and asked.get("until"):
        chosen = _read(f"{asked['from']}..{asked['until']}")
    elif asked.get("period"):
        chosen = _read(asked["period"])
    beside = f"?with={_read(asked['with']).code}" if asked.get("with") else ""
    return RedirectResponse(f"{to}/{chosen.code}{beside}", 303)


async def _page(manager: Manager, address: str, make: Maker) -> Response:
    found = _ADDRESS.fullmatch(str(manager.request.path_params["period"]))
    if found is None:
        raise HTTPException(404)
    period, format_ = _read(found[1]), found[2]
    document = await asyncio.to_thread(make, manager, period)
    if format_ is not None:
        return await as_file(document, format_)
    day = today(manager)
    beside = manager.request.query_params.get("with", "")
    return document_page(
        manager,
        document,
        f"{address}/{period.code}",
        f"?with={_read(beside).code}" if beside else "",
        template="period.html",
        base=address,
        period=period,
        earlier=period.before().code,
        is_survey=address == "/satisfaction",
        beside=beside,
        this_month=month_of(day).code,
        this_year=year_of(day.year).code,
        last_year=year_of(day.year - 1).code,
        first=period.first.isoformat(),
        last=min(period.last, day).isoformat() if period.first <= day else period.last.isoformat(),
        most=day.isoformat(),
    )


def _period_document(manager: Manager, period: Period) -> Document:
    house = manager.house
    given = manager.request.query_params.get("with", "")
    return period_document(
        house.database,
        house.branch_code,
        period,
        manager.texts.language,
        _rules(manager),
        _now_ms(manager),
        (_read(given),) if given else None,
    )


def _survey_document(manager: Manager, period: Period) -> Document:
    house = manager.house
    return survey_document_of(
        house.database,
        house.branch_code,
        period,
        manager.texts.language,
        _rules(manager),
        _now_ms(manager),
    )


def _rules(manager: Manager) -> PeriodRules:
    rules = manager.house.branch.rules
    return PeriodRules(
        time_zone=str(manager.house.zone),
        instrument=rules.survey_instrument,
        weight=rules.survey_weight,
        population=rules.survey_population,
        visit_cost_rp=rules.visit_cost_rp,
    )


def _now_ms(manager: Manager) -> int:
    return int(manager.house.branch.now().timestamp() * 1000)


def _read(given: str) -> Period:
    try:
        period = read_period(given)
        # The comparison goes back a year from it, and must still be a date.
        period.year_before()
    except (NoSuchPeriodError, ValueError):
        raise HTTPException(404) from None
    return period


PAGES: list[BaseRoute] = [
    for_managers("/months", months),
    for_managers("/months/{period}", month),
    for_managers("/satisfaction", satisfaction),
    for_managers("/satisfaction/{period}", survey),
]
