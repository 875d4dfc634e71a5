"""A period beside others: all figures, and by service, weekday and hour."""

from collections.abc import Callable, Mapping, Sequence

from report.day_tables import name_of
from report.document import (
    Cell,
    Column,
    Kind,
    Section,
    Table,
    count,
    percent,
    seconds,
    words,
)
from report.months import Figures, MonthReport, Part, Stretch
from report.period_words import period_name, weekday_name
from report.wording import Wording


def comparison_section(report: MonthReport, wording: Wording) -> Section:
    """Everything beside the periods that it is compared with; parts beside the first of them."""
    texts = wording.texts
    before = report.beside[0] if report.beside else None
    tables = (
        *(() if before is None else (_figures_table(report, wording),)),
        _parts_table("services", report.figures, before, wording, _service_name(wording)),
        _parts_table("weekdays", report.figures, before, wording, _weekday_name(wording)),
        _parts_table("hours", report.figures, before, wording, _hour_name(wording)),
    )
    notes = (texts("report.month.shares"),) if before else (texts("report.month.nothing-before"),)
    return Section("comparison", texts("report.month.comparison"), tables=tables, notes=notes)


def _figures_table(report: MonthReport, wording: Wording) -> Table:
    texts = wording.texts
    now = report.figures
    columns = [
        Column(texts("report.day.figure")),
        Column(period_name(now.period, wording), Kind.NUMBER),
    ]
    for one in report.beside:
        name = period_name(one.period, wording)
        columns += [
            Column(texts("report.month.value"), Kind.NUMBER, group=name),
            Column(texts("report.month.change"), Kind.POINTS, group=name),
        ]
    rows = []
    for key, cell_of in _FIGURES.items():
        cell = cell_of(now.total)
        row = [words(texts(key)), cell]
        for one in report.beside:
            then = cell_of(one.total)
            row += [then, change(cell, then)]
        rows.append(tuple(row))
    return Table("comparison", texts("report.month.comparison"), tuple(columns), tuple(rows))


def _per_day(one: Stretch) -> Cell:
    many = one.tickets.issued / one.open_days if one.open_days else None
    return Cell(many, Kind.NUMBER, 1)


_FIGURES: Mapping[str, Callable[[Stretch], Cell]] = {
    "report.month.open-days": lambda one: count(one.open_days),
    "report.term.arrived": lambda one: count(one.arrived),
    "report.term.solved": lambda one: count(one.solved),
    "report.month.spared": lambda one: count(one.spared),
    "report.term.issued": lambda one: count(one.tickets.issued),
    "report.month.per-day": _per_day,
    "report.term.finished": lambda one: count(one.tickets.finished),
    "report.term.no-show": lambda one: count(one.tickets.no_show),
    "report.term.cancelled": lambda one: count(one.tickets.cancelled),
    "report.term.expired": lambda one: count(one.tickets.expired),
    "report.day.headline.waiting-median": lambda one: seconds(one.waiting.median_s),
    "report.day.headline.waiting-p90": lambda one: seconds(one.waiting.p90_s),
    "report.day.headline.within": lambda one: percent(one.waiting.share_within),
    "report.term.repeat-visits": lambda one: count(one.returned),
    "report.day.headline.rating": lambda one: Cell(one.ratings.average, Kind.NUMBER, 2),
    "report.month.ratings": lambda one: count(one.ratings.count),
}


def change(now: Cell, then: Cell) -> Cell:
    """How much more or less, of what it was; of shares the difference. None where that says
    nothing."""
    if not isinstance(now.value, int | float) or not isinstance(then.value, int | float):
        return Cell(None, Kind.POINTS)
    if now.kind is Kind.PERCENT:
        return Cell(now.value - then.value, Kind.POINTS, 1)
    return Cell((now.value - then.value) / then.value if then.value else None, Kind.POINTS)


def _parts_table(
    which: str,
    now: Figures,
    before: Figures | None,
    wording: Wording,
    name: Callable[[Part], str],
) -> Table:
    """The parts of the period, and the same of the one before."""
    texts = wording.texts
    then = {one.code: one for one in _parts(before, which)} if before is not None else {}
    columns = [Column(texts(f"report.month.by-{which}"))]
    shown = [now.period] + ([before.period] if before is not None else [])
    for period in shown:
        group = period_name(period, wording)
        columns += [
            Column(texts("report.column.issued"), Kind.COUNT, group=group),
            Column(texts("report.column.median"), Kind.SECONDS, group=group),
            Column(texts("report.column.p90"), Kind.SECONDS, group=group),
        ]
    if before is not None:
        columns.append(Column(texts("report.month.change"), Kind.POINTS))
    rows = []
    parts = {one.code: one for one in _parts(now, which)}
    for code in _codes(list(parts), list(then), in_order=which == "services"):
        of_now, of_then = parts.get(code), then.get(code)
        one = of_now or of_then
        assert one is not None
        row = [words(name(one)), *_part_cells(of_now)]
        if before is not None:
            row += [*_part_cells(of_then), change(_issued(of_now), _issued(of_then))]
        rows.append(tuple(row))
    caption = texts(f"report.month.by-{which}")
    return Table(f"by-{which}", caption, tuple(columns), tuple(rows))


def _codes(now: Sequence[str], then: Sequence[str], *, in_order: bool) -> list[str]:
    """Those of both; services as the branch has them, weekdays and hours in their order."""
    both = list(dict.fromkeys([*now, *then]))
    return both if in_order else sorted(both)


def _parts(figures: Figures, which: str) -> tuple[Part, ...]:
    found: tuple[Part, ...] = getattr(figures, which)
    return found


def _issued(part: Part | None) -> Cell:
    return count(part.tickets.issued if part is not None else 0)


def _part_cells(part: Part | None) -> tuple[Cell, ...]:
    if part is None:
        return count(0), seconds(None), seconds(None)
    return _issued(part), seconds(part.waiting.median_s), seconds(part.waiting.p90_s)


def _service_name(wording: Wording) -> Callable[[Part], str]:
    return lambda part: f"{part.code} {name_of('', part.names, wording)}".strip()


def _weekday_name(wording: Wording) -> Callable[[Part], str]:
    return lambda part: weekday_name(part.code, wording)


def _hour_name(wording: Wording) -> Callable[[Part], str]:
    return lambda part: wording.texts("report.day.at_hour", hour=part.code)
