"""The survey of a period as a document: index, elements, who answered, comments; ratings apart."""

from collections.abc import Iterator

from report.day import Counted
from report.day_tables import name_of
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
    words,
)
from report.period_words import month_name, period_name
from report.satisfaction import ElementResult, Satisfaction, bounds_of
from report.survey import SurveyReport
from report.wording import Wording

_HALF = 0.5
_DEFINED = ("nrr", "weighted", "value", "unanswered", "needed", "one-tap")


def survey_document(report: SurveyReport, language: str, time_zone: str) -> Document:
    """The report of a survey; without an index it says why there is none."""
    wording = Wording.of(language, time_zone)
    texts = wording.texts
    return Document(
        name=texts("report.survey.file", branch=report.branch, period=report.period.code),
        language=language,
        title=texts(f"report.survey.title-{report.instrument}"),
        subtitle=period_name(report.period, wording),
        branch=report.branch_name,
        time_zone=time_zone,
        head=(
            Fact(
                "instrument",
                texts("report.survey.instrument"),
                words(texts(f"report.survey.law-{report.instrument}")),
            ),
            Fact("weight", texts("report.survey.weight"), words(_weight(report, wording))),
        ),
        headline=tuple(_headline(report, wording)),
        marks=tuple(_marks(report, wording)),
        sections=(
            _element_section(report, wording),
            _service_section(report, wording),
            *_respondent_sections(report, wording),
            _one_tap_section(report, wording),
            _comment_section(report, wording),
        ),
        notes=tuple(_notes(report, wording)),
        definitions=tuple(
            Definition(texts(f"report.survey.term-{one}"), texts(f"report.survey.about-{one}"))
            for one in _DEFINED
        ),
        author=report.branch_name,
        at_ms=report.made_at_ms,
    )


def _weight(report: SurveyReport, wording: Wording) -> str:
    weight = report.result.weight
    if weight.startswith("1/"):
        return wording.texts("report.survey.exact", weight=weight)
    return wording.texts("report.survey.rounded", weight=weight.replace(".", wording.decimal_point))


def _headline(report: SurveyReport, wording: Wording) -> Iterator[Fact]:
    texts, result = wording.texts, report.result
    grade = "–" if result.grade is None else texts(f"report.survey.grade-{result.grade}")
    value = None if result.value is None else float(result.value)
    index = None if result.index is None else float(result.index)
    yield Fact("value", texts("report.survey.value"), Cell(value, Kind.NUMBER, 2))
    yield Fact("grade", texts("report.survey.grade"), words(grade))
    yield Fact("index", texts("report.survey.index"), Cell(index, Kind.NUMBER, 4))
    needed = texts("report.survey.needed", needed=report.needed, population=report.population)
    yield Fact("respondents", texts("report.survey.respondents"), count(report.respondents), needed)
    for which, codes in (("lowest", result.lowest), ("highest", result.highest)):
        if codes and result.lowest != result.highest:
            shown = words(", ".join(code.upper() for code in codes))
            names = ", ".join(texts(f"report.survey.element-{code}") for code in codes)
            yield Fact(which, texts(f"report.survey.{which}"), shown, names)


def _marks(report: SurveyReport, wording: Wording) -> Iterator[Mark]:
    texts = wording.texts
    if not report.respondents:
        yield Mark(texts("report.survey.nobody"), good=False)
        return
    if report.result.index is None:
        names = ", ".join(element_name(code, wording) for code in report.result.unanswered)
        yield Mark(texts("report.survey.no-index", elements=names), good=False)
    key = "enough" if report.is_enough else "too-few"
    yield Mark(texts(f"report.survey.{key}"), report.is_enough)


def _notes(report: SurveyReport, wording: Wording) -> Iterator[str]:
    texts = wording.texts
    key = "population-set" if report.is_own_population else "population-visits"
    yield texts(f"report.survey.{key}", population=wording(count(report.population)))
    if report.others:
        yield texts("report.survey.others", count=report.others)
    bounds = "; ".join(
        f"{grade} {wording.number(float(low), 2)}–{wording.number(float(high), 2)}"
        for grade, low, high in bounds_of(report.instrument)
    )
    yield texts("report.survey.bounds", bounds=bounds)


def element_name(code: str, wording: Wording) -> str:
    """U3 Waktu penyelesaian."""
    return f"{code.upper()} {wording.texts(f'report.survey.element-{code}')}"


def _element_section(report: SurveyReport, wording: Wording) -> Section:
    texts, result = wording.texts, report.result
    columns = (
        Column(texts("report.survey.element")),
        *(
            Column(str(score), Kind.COUNT, group=texts("report.survey.answers"))
            for score in (1, 2, 3, 4)
        ),
        Column(texts("report.survey.answered"), Kind.COUNT),
        Column(texts("report.survey.nrr"), Kind.NUMBER),
        Column(texts("report.survey.weighted"), Kind.NUMBER),
    )
    rows = tuple(_element_row(one, wording) for one in result.elements)
    total = (
        words(texts("report.survey.index")),
        *(count(sum(one.scores[score] for one in result.elements)) for score in (1, 2, 3, 4)),
        count(sum(one.answered for one in result.elements)),
        Cell(None, Kind.NUMBER, 4),
        Cell(None if result.index is None else float(result.index), Kind.NUMBER, 4),
    )
    title = texts("report.survey.elements")
    bars = Bars(
        "element-bars",
        texts("report.survey.nrr-bars"),
        tuple(one.code.upper() for one in result.elements),
        (
            Series(
                texts("report.survey.nrr"),
                tuple(None if one.nrr is None else float(one.nrr) for one in result.elements),
                2,
            ),
        ),
        Kind.NUMBER,
        labelled=columns[0].title,
    )
    table = Table("elements", title, columns, rows, total)
    return Section("elements", title, (), (table,), (bars,) if report.respondents else ())


def _element_row(one: ElementResult, wording: Wording) -> tuple[Cell, ...]:
    return (
        words(element_name(one.code, wording)),
        *(count(one.scores[score]) for score in (1, 2, 3, 4)),
        count(one.answered),
        Cell(None if one.nrr is None else float(one.nrr), Kind.NUMBER, 4),
        Cell(None if one.weighted is None else float(one.weighted), Kind.NUMBER, 4),
    )


def _service_section(report: SurveyReport, wording: Wording) -> Section:
    texts = wording.texts
    columns = (
        Column(texts("report.column.service")),
        Column("n", Kind.COUNT),
        Column(texts("report.survey.value"), Kind.NUMBER),
        Column(texts("report.survey.grade")),
        Column(texts("report.survey.lowest")),
    )
    rows = tuple(
        (
            words(
                f"{one.code} {name_of('', one.names, wording)}".strip()
                or texts("report.survey.no-service")
            ),
            count(one.respondents),
            Cell(_value(one.result), Kind.NUMBER, 2),
            words(one.result.grade or "–"),
            words(", ".join(code.upper() for code in one.result.lowest)),
        )
        for one in report.services
    )
    title = texts("report.survey.by-service")
    if not rows:
        return Section("by-service", title, notes=(texts("report.list.nothing"),))
    return Section("by-service", title, tables=(Table("by-service", title, columns, rows),))


def _value(result: Satisfaction) -> float | None:
    return None if result.value is None else float(result.value)


def _respondent_sections(report: SurveyReport, wording: Wording) -> Iterator[Section]:
    about = report.about
    for which, groups in (
        ("sex", about.sex),
        ("age", about.age),
        ("education", about.education),
        ("work", about.work),
    ):
        yield _group_section(which, groups, report.respondents, wording)


def _group_section(
    which: str, groups: tuple[Counted, ...], people: int, wording: Wording
) -> Section:
    texts = wording.texts
    title = texts(f"report.survey.{which}")
    columns = (Column(title), Column("n", Kind.COUNT), Column("%", Kind.PERCENT))
    rows = tuple(
        (
            words(_group_name(which, one.code, wording)),
            count(one.many),
            percent(one.many / people if people else None),
        )
        for one in groups
    )
    return Section(which, title, tables=(Table(which, title, columns, rows),), width=_HALF)


def _group_name(which: str, code: str, wording: Wording) -> str:
    texts = wording.texts
    if not code:
        return texts("report.survey.unsaid")
    key = f"report.survey.{which}-{code}"
    return texts(key) if texts.has(key) else code


def _comment_section(report: SurveyReport, wording: Wording) -> Section:
    texts = wording.texts
    title = texts("report.survey.comments")
    if not report.comments:
        return Section("comments", title, notes=(texts("report.list.nothing"),))
    columns = (
        Column(texts("report.month.month")),
        Column(texts("report.column.service")),
        Column(texts("report.survey.comment")),
    )
    rows = tuple(
        (words(month_name(one.month, wording)), words(one.service), words(one.words))
        for one in report.comments
    )
    note = texts("report.survey.hidden", count=report.hidden) if report.hidden else ""
    return Section("comments", title, tables=(Table("comments", title, columns, rows, note=note),))


def _one_tap_section(report: SurveyReport, wording: Wording) -> Section:
    """One-tap ratings are no survey: another question, asked of others."""
    texts, one_tap = wording.texts, report.one_tap
    facts = (
        Fact("one-tap-n", "n", count(one_tap.count)),
        Fact(
            "one-tap-average",
            texts("report.day.rating"),
            Cell(one_tap.average, Kind.NUMBER, 2),
        ),
        Fact("one-tap-good", texts("report.series.good"), percent(one_tap.share_good, 1)),
        *(
            Fact(
                f"score-{score}",
                texts(f"report.day.score-{score}"),
                count(one_tap.scores[score - 1]),
            )
            for score in (4, 3, 2, 1)
        ),
    )
    columns = (
        Column(texts("report.column.service")),
        Column("n", Kind.COUNT),
        Column(texts("report.day.rating"), Kind.NUMBER),
    )
    rows = tuple(
        (
            words(f"{one.code} {name_of('', one.names, wording)}".strip()),
            count(one.many),
            Cell(average, Kind.NUMBER, 2),
        )
        for one, average in one_tap.services
    )
    title = texts("report.survey.one-tap")
    tables = (Table("one-tap", title, columns, rows),) if rows else ()
    return Section("one-tap", title, facts, tables, (), (texts("report.survey.one-tap-apart"),))
