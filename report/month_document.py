"""A month, a year or any stretch of days as a document."""

from collections.abc import Callable, Iterator, Mapping

from report.document import (
    Bars,
    Cell,
    Column,
    Definition,
    Document,
    Fact,
    Kind,
    Mark,
    Section,
    Series,
    Table,
    count,
    percent,
    seconds,
    words,
)
from report.month_comparison import comparison_section
from report.month_problems import problem_section, spared_section
from report.months import MonthReport, Stretch
from report.period_words import period_name, short_name, stretch_name
from report.series import SeriesReport
from report.series_document import outreach_sections, satisfaction_sections
from report.wording import Wording

# Words of a day's report that mean the same here, and those of months alone.
_OF_A_DAY = (
    *("arrived", "screened", "solved", "issued", "finished", "no-show", "cancelled", "expired"),
    *(
        "adds-up",
        "waiting-time",
        "measured",
        "above-target",
        "repeat-visits",
        "ratings",
        "categories",
    ),
)
PAIRS_MOST = 8
"""So many pairs of bars with their numbers have room beside each other; of more one bar each."""
_OF_MONTHS = ("sums", "spared", "problems", "returned", "cost")


def month_document(
    report: MonthReport, language: str, time_zone: str, series: SeriesReport | None = None
) -> Document:
    """The report of a period; with ``series`` also years beside each other, and outreach."""
    wording = Wording.of(language, time_zone)
    texts = wording.texts
    return Document(
        name=texts("report.month.file", branch=report.branch, period=report.period.code),
        language=language,
        title=texts(f"report.month.title-{report.period.kind}"),
        subtitle=period_name(report.period, wording),
        branch=report.branch_name,
        time_zone=time_zone,
        head=(
            Fact(
                "open-days",
                texts("report.month.open-days"),
                count(report.figures.total.open_days),
            ),
        ),
        headline=tuple(_headline(report, wording)),
        marks=tuple(_marks(report, wording)),
        sections=(
            trend_section(report, wording),
            comparison_section(report, wording),
            problem_section(report, wording),
            spared_section(report.deflected, wording),
            *(satisfaction_sections(series.satisfaction, wording) if series else ()),
            *(outreach_sections(series.outreach, wording) if series else ()),
        ),
        definitions=tuple(_definitions(wording)),
        author=report.branch_name,
        at_ms=report.made_at_ms,
    )


def _marks(report: MonthReport, wording: Wording) -> Iterator[Mark]:
    texts = wording.texts
    key = "adds-up" if report.adds_up else "wrong"
    yield Mark(texts(f"report.month.{key}"), report.adds_up)
    if report.is_running:
        at = texts.day(wording.at(report.made_at_ms).date(), short=True)
        yield Mark(texts("report.month.running", at=at), good=False)


_HEADLINE: Mapping[str, Callable[[Stretch], Cell]] = {
    "arrived": lambda one: count(one.arrived),
    "solved": lambda one: count(one.solved),
    "issued": lambda one: count(one.tickets.issued),
    "finished": lambda one: count(one.tickets.finished),
    "waiting-median": lambda one: seconds(one.waiting.median_s),
    "waiting-p90": lambda one: seconds(one.waiting.p90_s),
    "within": lambda one: percent(one.waiting.share_within),
}


def _headline(report: MonthReport, wording: Wording) -> Iterator[Fact]:
    texts, total = wording.texts, report.figures.total
    before = report.beside[0] if report.beside else None
    for which, cell_of in _HEADLINE.items():
        note = ""
        if before is not None:
            name, then = period_name(before.period, wording), wording(cell_of(before.total))
            note = texts("report.month.before", before=then, period=name)
        yield Fact(which, texts(f"report.day.headline.{which}"), cell_of(total), note)
    given, served = total.ratings.count, total.tickets.finished
    note = texts("report.day.n_of", n=wording(count(given)), all=wording(count(served)))
    rating = Cell(total.ratings.average, Kind.NUMBER, 2)
    yield Fact("rating", texts("report.day.headline.rating"), rating, note)


def trend_section(report: MonthReport, wording: Wording) -> Section:
    """Each day or month of the period; days on which the branch was closed are not there."""
    texts, trend = wording.texts, report.trend
    title = texts("report.month.trend-months" if report.by_month else "report.month.trend-days")
    columns = trend_columns(wording, by_month=report.by_month)
    rows = tuple(
        _trend_row(one, stretch_name(one.code, wording), by_month=report.by_month) for one in trend
    )
    total = _trend_row(report.figures.total, texts("report.day.total"), by_month=report.by_month)
    table = Table("trend", title, columns, rows, total if trend else None)
    series = [Series(texts("report.column.arrived"), tuple(one.arrived for one in trend))]
    if len(trend) <= PAIRS_MOST:
        served = tuple(one.tickets.finished for one in trend)
        series.append(Series(texts("report.column.finished"), served))
    bars = Bars(
        "trend-bars",
        texts("report.month.trend-bars" if len(series) > 1 else "report.month.trend-arrived"),
        tuple(short_name(one.code, wording, alone=report.period.kind == "month") for one in trend),
        tuple(series),
        labelled=columns[0].title,
    )
    return Section("trend", title, tables=(table,), bars=(bars,) if trend else ())


def trend_columns(wording: Wording, *, by_month: bool) -> tuple[Column, ...]:
    """What is said of every day or month."""
    texts = wording.texts

    def column(name: str, kind: Kind = Kind.COUNT, group: str = "") -> Column:
        return Column(texts(f"report.column.{name}"), kind, group=texts(group) if group else "")

    numbers, waiting = "report.column.tickets", "report.column.waiting"
    return (
        Column(texts("report.month.month" if by_month else "report.month.day")),
        *((Column(texts("report.month.days"), Kind.COUNT),) if by_month else ()),
        column("arrived"),
        Column(texts("report.month.spared"), Kind.COUNT),
        column("issued", group=numbers),
        column("finished", group=numbers),
        column("no-show", group=numbers),
        column("cancelled", group=numbers),
        column("expired", group=numbers),
        column("median", Kind.SECONDS, waiting),
        column("p90", Kind.SECONDS, waiting),
        Column(texts("report.month.within"), Kind.PERCENT, group=texts(waiting)),
        Column(texts("report.month.average"), Kind.NUMBER, group=texts("report.month.one-tap")),
        Column("n", Kind.COUNT, group=texts("report.month.one-tap")),
    )


def _trend_row(one: Stretch, name: str, *, by_month: bool) -> tuple[Cell, ...]:
    tickets = one.tickets
    return (
        words(name),
        *((count(one.open_days),) if by_month else ()),
        count(one.arrived),
        count(one.spared),
        count(tickets.issued),
        count(tickets.finished),
        count(tickets.no_show),
        count(tickets.cancelled),
        count(tickets.expired),
        seconds(one.waiting.median_s),
        seconds(one.waiting.p90_s),
        percent(one.waiting.share_within),
        Cell(one.ratings.average, Kind.NUMBER, 2),
        count(one.ratings.count),
    )


def _definitions(wording: Wording) -> Iterator[Definition]:
    texts = wording.texts
    for one in _OF_MONTHS:
        yield Definition(texts(f"report.month.term-{one}"), texts(f"report.month.about-{one}"))
    for one in _OF_A_DAY:
        yield Definition(texts(f"report.term.{one}"), texts(f"report.definition.{one}"))
