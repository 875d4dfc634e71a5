"""Figures from before this system, or from outside it, as they were imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, text

from db import tables as t
from db.rows import put_row


@dataclass(frozen=True, slots=True)
class PastFigure:
    """A value of a period: a year (2014), a quarter (2014-Q1) or a month (2020-01)."""

    series: str
    period: str
    value: Decimal
    source: str


_FIGURES = text(
    "SELECT series, period, value, source FROM past_figure WHERE branch = :branch"
    " ORDER BY series, period"
)
_FORGET = text("DELETE FROM past_figure WHERE branch = :branch AND series = :series")


def past_figures(connection: Connection, branch: str) -> list[PastFigure]:
    """All of them, by series and period."""
    rows = connection.execute(_FIGURES, {"branch": branch})
    return [
        PastFigure(series, period, Decimal(value), source) for series, period, value, source in rows
    ]


def put_past_figures(
    connection: Connection,
    branch: str,
    series: str,
    figures: Mapping[str, tuple[str, str]],
    at: int,
) -> None:
    """Add values (and their sources) by period, in the place of those of the same period; ``at``
    in ms."""
    for period, (value, source) in figures.items():
        row = {"series": series, "period": period, "value": value, "source": source}
        put_row(connection, t.past_figure, branch, {**row, "imported_at_ms": at})


def forget_past_figures(connection: Connection, branch: str, series: str) -> int:
    """Take a series away; returns how many values it had."""
    return connection.execute(_FORGET, {"branch": branch, "series": series}).rowcount
