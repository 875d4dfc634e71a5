"""Years of satisfaction, and the office beside outreach, as parts of a document."""

from collections.abc import Iterator
from decimal import Decimal

from report.document import Bars, Cell, Column, Kind, Section, Series, Table, count, words
from report.period_words import month_name
from report.series import Imported, OutreachMonth, OutreachSeries, Own, SatisfactionSeries
from report.wording import Wording


def satisfaction_sections(series: SatisfactionSeries, wording: Wording) -> Iterator[Section]:
    """One column each for what was imported, the survey and one-tap ratings; never one line."""
    if not series.periods:
        return
    texts = wording.texts
    title = texts("report.series.satisfaction")
    imported = {one.period: one for one in series.imported}
    own = {one.period: one for one in series.own}
    columns = (
        Column(texts("report.series.year")),
        Column(texts("report.series.imported"), Kind.PERCENT),
        Column(texts("report.series.source")),
        Column(texts(f"report.survey.{series.instrument}"), Kind.NUMBER),
        Column(texts("report.series.weight")),
        Column("n", Kind.COUNT, group=texts("report.series.forms")),
        Column(texts("report.series.good"), Kind.PERCENT),
        Column("n", Kind.COUNT, group=texts("report.series.ratings")),
    )
    rows = tuple(
        (words(period), *_imported_cells(imported.get(period)), *_own_cells(own.get(period)))
        for period in series.periods
    )
    table = Table("satisfaction", title, columns, rows)
    years = [period for period in series.periods if len(period) == 4]
    bars = Bars(
        "satisfaction-bars",
        title,
        tuple(years),
        (
            Series(columns[1].title, tuple(_share(imported.get(one)) for one in years), 1),
            Series(columns[6].title, tuple(_good(own.get(one)) for one in years), 1),
        ),
        Kind.PERCENT,
        labelled=columns[0].title,
    )
    notes = (texts("report.series.apart"),)
    yield Section("satisfaction", title, (), (table,), (bars,) if years else (), notes)


def _imported_cells(one: Imported | None) -> tuple[Cell, ...]:
    return Cell(_share(one), Kind.PERCENT, 1), words(one.source if one is not None else "")


def _own_cells(one: Own | None) -> tuple[Cell, ...]:
    if one is None:
        nothing = Cell(None, Kind.NUMBER, 2)
        return nothing, words(""), count(None), Cell(None, Kind.PERCENT, 1), count(None)
    value, forms = one.survey.value, one.forms
    return (
        Cell(None if value is None else float(value), Kind.NUMBER, 2),
        words(one.survey.weight if forms else ""),
        count(forms),
        Cell(_good(one), Kind.PERCENT, 1),
        count(one.ratings),
    )


def _share(one: Imported | None) -> float | None:
    # Decimals end here, once: the cell shows one digit of what has few.
    return None if one is None else float(one.percent / 100)


def _good(one: Own | None) -> float | None:
    share: Decimal | None = None if one is None else one.good_percent
    return None if share is None else float(share / 100)


def outreach_sections(series: OutreachSeries, wording: Wording) -> Iterator[Section]:
    """Every month, also those without activity; the office in the same table and chart."""
    if not series.months:
        return
    texts = wording.texts
    title = texts("report.series.outreach")
    office = texts("report.series.office")
    columns = (
        Column(texts("report.month.month")),
        *(Column(_kind_name(kind), Kind.COUNT) for kind in series.kinds),
        Column(office, Kind.COUNT),
    )
    totals = series.totals()
    known = [one.office for one in series.months if one.office is not None]
    table = Table(
        "outreach",
        title,
        columns,
        tuple(_outreach_row(one, series.kinds, wording) for one in series.months),
        (
            words(texts("report.day.total")),
            *(count(totals[kind]) for kind in series.kinds),
            count(sum(known) if known else None),
        ),
    )
    bars = Bars(
        "outreach-bars",
        texts("report.series.beside"),
        tuple(month_name(one.month, wording, short=True) for one in series.months),
        (
            Series(office, tuple(one.office for one in series.months)),
            *(
                Series(_kind_name(kind), tuple(one.outreach[kind] for one in series.months))
                for kind in series.kinds
            ),
        ),
        labelled=columns[0].title,
    )
    notes: tuple[str, ...] = (texts("report.series.zeros"),)
    if any(one.office_was_imported for one in series.months):
        notes += (texts("report.series.office-imported"),)
    yield Section("outreach", title, (), (table,), (bars,), notes)


def _outreach_row(one: OutreachMonth, kinds: tuple[str, ...], wording: Wording) -> tuple[Cell, ...]:
    return (
        words(month_name(one.month, wording)),
        *(count(one.outreach[kind]) for kind in kinds),
        count(one.office),
    )


def _kind_name(kind: str) -> str:
    """MCS-OC: short names as the branch imported them, in capitals."""
    return kind.upper()
