"""Problems that come back, by category and segment; and visits that needed no number."""

from collections.abc import Iterable, Sequence

from report.day import Counted
from report.day_tables import name_of
from report.document import Cell, Column, Fact, Kind, Section, Table, count, percent, words
from report.month_comparison import change
from report.months import Deflected, MonthReport, Recurring
from report.period_words import month_name
from report.wording import Wording

MONTHS_SHOWN = 12


def problem_section(report: MonthReport, wording: Wording) -> Section:
    """What people came for, of which segments, why, and whether it is becoming more."""
    texts, problems = wording.texts, report.problems
    title = texts("report.month.problems")
    if not problems:
        return Section("problems", title, notes=(texts("report.list.nothing"),))
    tables = [_problem_table(problems, wording), _segment_table(problems, wording)]
    months = sorted({month for one in problems for month, _ in one.months})
    if 1 < len(months) <= MONTHS_SHOWN:
        tables.append(_month_table(problems, months, wording))
    return Section("problems", title, tables=tuple(tables))


def _problem_table(problems: Sequence[Recurring], wording: Wording) -> Table:
    texts = wording.texts
    all_of_them = sum(one.many for one in problems)
    columns = (
        Column(texts("report.list.category")),
        Column(texts("report.column.many"), Kind.COUNT),
        Column(texts("report.month.share"), Kind.PERCENT),
        Column(texts("report.month.before-this"), Kind.COUNT),
        Column(texts("report.month.change"), Kind.POINTS),
        Column(texts("report.month.returned"), Kind.COUNT),
        Column(texts("report.list.causes")),
    )
    rows = tuple(
        (
            words(_name(one, wording)),
            count(one.many),
            percent(one.many / all_of_them),
            count(one.before),
            change(count(one.many), count(one.before)),
            count(one.returned),
            words(_listed(one.causes, texts("report.list.no-cause"), wording)),
        )
        for one in problems
    )
    return Table("problems", texts("report.month.problems"), columns, rows)


def _segment_table(problems: Sequence[Recurring], wording: Wording) -> Table:
    """Category by segment: a column for each segment that there was."""
    texts = wording.texts
    segments: dict[str, Counted] = {}
    for one in problems:
        for segment in one.segments:
            segments.setdefault(segment.code, segment)
    ordered = sorted(code for code in segments if code) + ([""] if "" in segments else [])
    unknown = texts("report.month.no-segment")
    columns = (
        Column(texts("report.list.category")),
        *(
            Column(
                _name(segments[code], wording) if code else unknown, Kind.COUNT, short=code or "–"
            )
            for code in ordered
        ),
    )
    rows = tuple(
        (
            words(_name(one, wording)),
            *(count(_many(one.segments, code)) for code in ordered),
        )
        for one in problems
    )
    return Table("problem-segments", texts("report.month.by-segment"), columns, rows)


def _month_table(problems: Sequence[Recurring], months: Sequence[str], wording: Wording) -> Table:
    texts = wording.texts
    columns = (
        Column(texts("report.list.category")),
        *(Column(month_name(one, wording, short=True), Kind.COUNT) for one in months),
    )
    rows = tuple(
        (words(_name(one, wording)), *(count(dict(one.months).get(month, 0)) for month in months))
        for one in problems
    )
    return Table("problem-months", texts("report.month.by-month"), columns, rows)


def spared_section(deflected: Deflected, wording: Wording) -> Section:
    """Who needed no number, and what that saved, if the branch said what a visit costs."""
    texts = wording.texts
    facts = [Fact("spared", texts("report.month.spared"), count(deflected.count))]
    notes: tuple[str, ...] = ()
    if deflected.saved_rp is not None:
        cost = Cell(deflected.visit_cost_rp, Kind.RUPIAH)
        facts += [
            Fact("visit-cost", texts("report.month.visit-cost"), cost),
            Fact("saved", texts("report.month.saved"), Cell(deflected.saved_rp, Kind.RUPIAH)),
        ]
    else:
        notes = (texts("report.month.no-cost"),)
    rows = [
        *_rows("solved", deflected.solved, wording),
        *_rows("channel", deflected.channels, wording),
        *_rows("home", deflected.home, wording),
    ]
    if deflected.self_service:
        rows.append((words(texts("report.month.how-self-service")), words(""), _count(deflected)))
    columns = (
        Column(texts("report.month.how")),
        Column(texts("report.month.why")),
        Column(texts("report.column.many"), Kind.COUNT),
    )
    total = (words(texts("report.day.total")), words(""), count(deflected.count))
    title = texts("report.month.spared")
    tables = (Table("spared", title, columns, tuple(rows), total),) if rows else ()
    return Section("spared", title, tuple(facts), tables, (), notes)


def _count(deflected: Deflected) -> Cell:
    return count(deflected.self_service)


def _rows(how: str, counted: Iterable[Counted], wording: Wording) -> list[tuple[Cell, ...]]:
    said = wording.texts(f"report.month.how-{how}")
    return [(words(said), words(_name(one, wording)), count(one.many)) for one in counted]


def _name(one: Counted | Recurring, wording: Wording) -> str:
    return name_of(one.code, one.names, wording)


def _many(counted: Iterable[Counted], code: str) -> int:
    return sum(one.many for one in counted if one.code == code)


def _listed(counted: Iterable[Counted], nothing: str, wording: Wording) -> str:
    return ", ".join(f"{_name(one, wording) or nothing} {one.many}" for one in counted)
