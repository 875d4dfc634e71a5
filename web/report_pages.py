"""The day's report as a page and as files; the same figures as on the paper."""

import asyncio
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from report.day_document import day_document
from report.document import Document
from report.formats import FORMATS, TYPES, file_of
from report.html import fragment
from web.guarding import Manager, for_managers
from web.ticket_pages import today

LISTED_MOST = 60
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.([a-z]{3,4}))?")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


async def reports(manager: Manager) -> Response:
    """Choose a day; ``?date=`` goes there."""
    given = manager.request.query_params.get("date", "")
    if given:
        return RedirectResponse(f"/report/{_date(given).isoformat()}", 303)
    papers = manager.house.papers
    days = await asyncio.to_thread(papers.days)
    return manager.page(
        "reports.html",
        {
            "today": today(manager),
            "days": [
                {
                    "iso": one.business_date,
                    "words": manager.texts.day(date.fromisoformat(one.business_date), year=True),
                    "signed": one.is_signed,
                }
                for one in days[:LISTED_MOST]
            ],
        },
    )


async def report(manager: Manager) -> Response:
    """``/report/2026-11-23`` the page, ``….pdf`` (xlsx, csv, html) the file."""
    found = _DAY.fullmatch(str(manager.request.path_params["day"]))
    if found is None:
        raise HTTPException(404)
    day, format_ = _date(found[1]), found[2]
    if format_ is not None and format_ not in FORMATS:
        raise HTTPException(404)
    figures = await asyncio.to_thread(manager.house.figures.of_day, day.isoformat())
    if figures.seal is None:
        return manager.page("report_none.html", {"day": day}, 404)
    if format_ == "pdf" and figures.is_closed:
        kept = await manager.house.papers.kept(day.isoformat())
        if kept is not None:
            return file_answer(kept, f"{figures.branch}-{day.isoformat()}", "pdf")
    document = await asyncio.to_thread(
        day_document, figures, manager.texts.language, str(manager.house.zone)
    )
    if format_ is not None:
        return await as_file(document, format_)
    return document_page(
        manager,
        document,
        f"/report/{day.isoformat()}",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today(manager) else None,
        is_open=not figures.is_closed,
        is_unsigned=figures.is_closed and figures.signed is None and day < today(manager),
        is_behind=figures.is_closed and await manager.house.papers.is_behind(day.isoformat()),
    )


def document_page(
    manager: Manager,
    document: Document,
    address: str,
    query: str = "",
    *,
    template: str = "report.html",
    **more: Any,
) -> Response:
    """A page around any report, with its files."""

    def behind(figure: str) -> str | None:
        day = more.get("day")
        return f"/hall/tickets?figure={figure}&date={day.isoformat()}" if day else None

    context = {
        "title": document.title,
        "subtitle": document.subtitle,
        "body": fragment(document, behind),
        "files": [(one, f"{address}.{one}{query}") for one in FORMATS],
        "day": None,
        **more,
    }
    return manager.page(template, context)


async def as_file(document: Document, format_: str) -> Response:
    """A document to be kept elsewhere."""
    made = await asyncio.to_thread(file_of, document, format_)
    return file_answer(made, document.name, format_)


def file_answer(content: bytes, name: str, format_: str) -> Response:
    """Saved, never shown by the browser as a page of ours."""
    kind = "/".join(TYPES[format_])
    plain = _NOT_IN_NAMES.sub("-", name).strip("-.")[:120] or "laporan"
    return Response(
        content,
        media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        headers={
            "Content-Disposition": f'attachment; filename="{quote(plain)}.{format_}"',
            "Cache-Control": "no-store",
        },
    )


def _date(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise HTTPException(404) from None


PAGES: list[BaseRoute] = [
    for_managers("/report", reports),
    for_managers("/report/{day}", report),
]
