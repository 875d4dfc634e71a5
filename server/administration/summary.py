"""The day's figures as a table for people, or as JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from db.reports import DaySummary, Figures, Spread, day_summary, last_business_date
from server.administration.refusal import RefusedError
from server.store import Store

_WORDS: dict[str, dict[str, str]] = {
    "id": {
        "title": "Ringkasan hari {date}, {branch}",
        "open_day": "hari belum ditutup",
        "service": "Layanan",
        "total": "Jumlah",
        "columns": "Diambil|Selesai|Tidak hadir|Batal|Kedaluwarsa|Masih ada",
        "waiting": "Tunggu rata2/median/p90",
        "serving": "Layan rata2/median/p90",
        "minutes": "Waktu dalam menit.",
        "wrong": "PERHATIAN: jumlahnya tidak cocok; jalankan 'antrean-server verify'.",
    },
    "en": {
        "title": "Summary of {date}, {branch}",
        "open_day": "the day is not closed yet",
        "service": "Service",
        "total": "Total",
        "columns": "Issued|Finished|No-show|Cancelled|Expired|Open",
        "waiting": "Wait mean/median/p90",
        "serving": "Serve mean/median/p90",
        "minutes": "Times in minutes.",
        "wrong": "ATTENTION: the figures do not add up; run 'antrean-server verify'.",
    },
}


def read_summary(store: Store, day: str | None) -> DaySummary:
    """The figures of a day, or of the newest one."""
    if day is not None:
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError as error:
            raise RefusedError(f"{day!r} is no date: write it like 2026-11-20.") from error
    with store.database.reading() as connection:
        wanted = day or last_business_date(connection, store.branch_code)
        if wanted is None:
            raise RefusedError("This branch has not had a business day yet.")
        return day_summary(connection, store.branch_code, wanted)


def as_json(summary: DaySummary) -> str:
    """The figures for programs."""
    return json.dumps({**asdict(summary), "adds_up": summary.adds_up}, default=str)


def as_table(store: Store, summary: DaySummary, language: str) -> list[str]:
    """The figures for people."""
    words = _WORDS.get(language, _WORDS["id"])
    branch = store.load_branch()
    head = [words["service"], *words["columns"].split("|"), words["waiting"], words["serving"]]
    body = []
    for code, figures in summary.services.items():
        service = branch.services.get(code)
        name = service.name.get(language, service.name["id"]) if service is not None else ""
        body.append([f"{code} {name}".strip(), *_cells(figures)])
    body.append([words["total"], *_cells(summary.total)])
    title = words["title"].format(date=summary.business_date, branch=branch.name)
    if summary.closed_at_ms is None:
        title += f" ({words['open_day']})"
    lines = [title, "", *_aligned([head, *body]), "", words["minutes"]]
    return lines if summary.adds_up else [*lines, words["wrong"]]


def _cells(figures: Figures) -> list[str]:
    counts = (
        figures.issued,
        figures.finished,
        figures.no_show,
        figures.cancelled,
        figures.expired,
        figures.open,
    )
    return [*map(str, counts), _times(figures.waiting_time), _times(figures.service_time)]


def _times(spread: Spread) -> str:
    times = (spread.average_s, spread.median_s, spread.p90_s)
    return " / ".join("–" if time_s is None else f"{time_s / 60:.1f}" for time_s in times)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    ruler = "  ".join("-" * width for width in widths)
    return [lines[0], ruler, *lines[1:-1], ruler, lines[-1]]
