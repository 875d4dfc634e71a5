"""The tables of a day's report: per service, class, hour and counter, with the same columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from report.day import CounterDay, DayReport, Group, Hour, Measured, TicketCounts
from report.document import (
    Bars,
    Cell,
    Column,
    Kind,
    Section,
    Series,
    Table,
    behind,
    count,
    percent,
    seconds,
    words,
)
from report.wording import Wording, rounded

_STATES = ("issued", "finished", "no_show", "cancelled", "expired", "open")
_LETTERS_MOST = 3
"""How long a service's code may be to stand before its name."""


def name_of(code: str, names: Mapping[str, str], wording: Wording, of: str = "code") -> str:
    """What a code is called: by the branch, else by us (``report.<of>``), else as it is."""
    if names:
        return wording.texts.pick(names)
    key = f"report.{of}.{code}"
    return wording.texts(key) if code and wording.texts.has(key) else code


def service_table(report: DayReport, wording: Wording) -> Table:
    """Per service, with all of them below."""
    rows = tuple(
        _group_row(one, _service_name(one, wording), service=one.code) for one in report.services
    )
    total = _group_row(report.total, wording.texts("report.day.total"))
    columns = _group_columns(wording)
    caption = wording.texts("report.day.by_service")
    return Table("services", caption, columns, rows, total)


def class_table(report: DayReport, wording: Wording) -> Table:
    """Per priority class; the same columns, so that they stand under one heading."""
    rows = tuple(
        _group_row(one, wording.texts(f"report.day.class-{one.code}"), of_class=one.code)
        for one in report.classes
    )
    columns = _group_columns(wording)
    return Table("classes", wording.texts("report.day.by_class"), columns, rows)


def _service_name(group: Group, wording: Wording) -> str:
    name = name_of(group.code, group.names, wording)
    return f"{group.code} {name}" if len(group.code) <= _LETTERS_MOST and name else name


def _group_columns(wording: Wording) -> tuple[Column, ...]:
    texts = wording.texts
    estimate = Column(texts("report.column.inside"), Kind.PERCENT)
    return (
        Column(texts("report.column.group")),
        *(_count_column(one, wording, "tickets") for one in _STATES),
        *_time_columns(wording),
        estimate,
    )


def _count_column(name: str, wording: Wording, group: str) -> Column:
    key = name.replace("_", "-")
    return Column(
        wording.texts(f"report.column.{key}"),
        Kind.COUNT,
        group=wording.texts(f"report.column.{group}"),
    )


def _time_columns(wording: Wording) -> Iterator[Column]:
    texts = wording.texts
    for which in ("waiting", "way", "service"):
        group = texts(f"report.column.{which}")
        for value in ("median", "p90", "average"):
            yield Column(texts(f"report.column.{value}"), Kind.SECONDS, group=group)
        if which != "way":
            yield Column(texts("report.column.above"), Kind.PERCENT, group=group)


def _group_row(group: Group, name: str, **part: str | int) -> tuple[Cell, ...]:
    kept = group.promises
    return (
        words(name),
        *_counts(group.tickets, part),
        *_times(group.waiting, group.way, group.service, part),
        percent(kept.share(kept.inside), behind=behind("estimate-inside", **part)),
    )


def _counts(tickets: TicketCounts, part: Mapping[str, str | int]) -> Iterator[Cell]:
    for one in _STATES:
        yield count(getattr(tickets, one), behind(one.replace("_", "-"), **part))


def _times(
    waiting: Measured, way: Measured, service: Measured, part: Mapping[str, str | int]
) -> Iterator[Cell]:
    for name, measured in (("waiting", waiting), ("way", way), ("service", service)):
        all_of_them = behind(f"{name}-time", **part)
        yield seconds(measured.median_s, all_of_them)
        yield seconds(measured.p90_s, all_of_them)
        yield seconds(measured.average_s, all_of_them)
        if measured is not way:
            yield percent(measured.share_above, behind=behind(f"{name}-above", **part))


def _trimmed(hours: Sequence[Hour], is_full: Callable[[Hour], bool]) -> Sequence[Hour]:
    """Without the hours before and after the day in which nothing happened."""
    full = [place for place, one in enumerate(hours) if is_full(one)]
    return hours[full[0] : full[-1] + 1] if full else ()


def _has_numbers(hour: Hour) -> bool:
    return hour.group.tickets.issued > 0


def _has_anybody(hour: Hour) -> bool:
    return _has_numbers(hour) or bool(
        hour.arrived or hour.called or hour.finished or rounded(hour.open_counters, 1)
    )


def hour_table(report: DayReport, wording: Wording) -> Table:
    """Per hour in which the numbers were given; the same columns again."""
    texts = wording.texts
    rows = tuple(
        _group_row(one.group, texts("report.day.at_hour", hour=f"{one.hour:02}"), hour=one.hour)
        for one in _trimmed(report.hours, _has_numbers)
    )
    return Table("hours", texts("report.day.by_hour"), _group_columns(wording), rows)


def hour_bars(report: DayReport, wording: Wording) -> Bars:
    """Who came and who was done in each hour, and how many counters were open."""
    texts, hours = wording.texts, _trimmed(report.hours, _has_anybody)

    def column(name: str) -> str:
        return texts(f"report.column.{name}")

    return Bars(
        "flow",
        texts("report.day.hour_bars"),
        tuple(f"{one.hour:02}" for one in hours),
        (
            Series(column("arrived"), tuple(one.arrived for one in hours)),
            Series(column("finished"), tuple(one.finished for one in hours)),
        ),
        below=(
            Series(column("called"), tuple(one.called for one in hours)),
            Series(column("open-counters"), tuple(one.open_counters for one in hours), digits=1),
        ),
        labelled=column("hour"),
    )


# Counters.


def counter_section(report: DayReport, wording: Wording) -> Section:
    """Each counter's tickets and time. Counters are measured, people are not (no ranking)."""
    texts = wording.texts
    states = ("received", "finished", "no_show", "cancelled", "handed_on")
    columns = (
        Column(texts("report.column.counter")),
        *(_count_column(one, wording, "tickets") for one in states),
        *(
            Column(texts(f"report.column.{one}"), Kind.SECONDS, group=texts("report.column.time"))
            for one in ("open-time", "serving", "idle-with-line", "idle", "break")
        ),
        *_time_columns(wording),
    )
    rows = tuple(_counter_row(one) for one in report.counters)
    title = texts("report.day.counters")
    breaks = ", ".join(_breaks(report.counters, wording))
    note = texts("report.day.breaks", breaks=breaks) if breaks else ""
    return Section("counters", title, tables=(Table("counters", title, columns, rows, note=note),))


def _counter_row(one: CounterDay) -> tuple[Cell, ...]:
    part = {"counter": one.number}
    # What is still open here counts with what went elsewhere: then no list is exactly both.
    elsewhere = "" if one.open else behind("handed-on", **part)
    return (
        words(str(one.number)),
        count(one.received, behind("received", **part)),
        count(one.finished, behind("finished", **part)),
        count(one.no_show, behind("no-show", **part)),
        count(one.cancelled, behind("cancelled", **part)),
        count(one.handed_on + one.open, elsewhere),
        seconds(one.open_s),
        seconds(one.serving_s),
        seconds(one.idle_with_line_s),
        seconds(one.idle_s),
        seconds(one.break_s),
        *_times(one.waiting, one.way, one.service, part),
    )


def _breaks(counters: Sequence[CounterDay], wording: Wording) -> Iterator[str]:
    """All counters' breaks by reason, the longest first."""
    names: dict[str, str] = {}
    times: dict[str, float] = {}
    many: dict[str, int] = {}
    for one in counters:
        for pause in one.breaks:
            names[pause.code] = name_of(pause.code, pause.names, wording)
            times[pause.code] = times.get(pause.code, 0.0) + pause.time_s
            many[pause.code] = many.get(pause.code, 0) + pause.many
    for code in sorted(times, key=lambda one: -times[one]):
        name = names[code] or wording.texts("report.day.no_reason")
        yield f"{name} {many[code]} × ({wording.duration(times[code])})"
