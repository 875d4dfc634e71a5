"""The day's figures as a table for people, or as JSON for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

from db.counter_times import CounterTimes
from db.day_account import CounterFigures
from db.leases import Lent
from db.promises import Kept
from db.reports import DaySummary, Figures, Spread, day_summary, last_business_date
from server.administration.door_summary import at_the_door
from server.administration.refusal import RefusedError
from server.domain.branch import Branch
from server.store import Store
from server.texts import Table, in_language, table


def read_summary(store: Store, day: str | None) -> DaySummary:
    """The figures of a day, or of the newest one."""
    zone = store.load_branch().time_zone
    wanted = business_day(store, day)
    with store.database.reading() as connection:
        return day_summary(connection, store.branch_code, wanted, zone)


def business_day(store: Store, day: str | None) -> str:
    """The date that was typed, or the newest business day."""
    if day is not None:
        try:
            return date.fromisoformat(day).isoformat()
        except ValueError as error:
            raise RefusedError(f"{day!r} is no date: write it like 2026-11-20.") from error
    with store.database.reading() as connection:
        newest = last_business_date(connection, store.branch_code)
    if newest is None:
        raise RefusedError("This branch has not had a business day yet.")
    return newest


def as_json(summary: DaySummary) -> str:
    """The figures for programs."""
    return json.dumps({**asdict(summary), "adds_up": summary.adds_up}, default=str)


def as_table(store: Store, summary: DaySummary, language: str) -> list[str]:
    """The figures for people."""
    words, branch = table("summary", language), store.load_branch()
    title = words["title"].format(date=summary.business_date, branch=branch.name)
    if summary.closed_at_ms is None:
        title += f" ({words['open-day']})"
    lines = [title, "", *_services(summary, branch, words, language), "", words["minutes"]]
    if summary.counters:
        lines += ["", *_counters(summary.counters, words)]
    if summary.counter_times:
        lines += ["", *_counter_times(summary.counter_times, branch, words, language)]
    lines += ["", *_promises(summary, words), _overtaken(summary, words)]
    if summary.door.screened or summary.door.guests or summary.door.sent_home:
        lines += ["", *at_the_door(summary.door, branch, language)]
    if summary.lent:
        lines += ["", *_lent(summary.lent, words)]
    lines += ["", *_records(summary, branch, words, language), *_signature(summary, branch, words)]
    return lines if summary.adds_up else [*lines, words["wrong"]]


def _services(summary: DaySummary, branch: Branch, words: Table, language: str) -> list[str]:
    head = [words["service"], *words["columns"].split("|"), words["waiting"], words["serving"]]
    rows = [[*head, words["fits"]]]
    for code, figures in summary.services.items():
        service = branch.services.get(code)
        name = in_language(service.name, language) if service is not None else ""
        rows.append([f"{code} {name}".strip(), *_cells(figures)])
    return aligned([*rows, [words["total"], *_cells(summary.total)]])


def _cells(figures: Figures) -> list[str]:
    counts = (
        figures.issued,
        figures.finished,
        figures.no_show,
        figures.cancelled,
        figures.expired,
        figures.open,
    )
    times = (_times(figures.waiting_time), _times(figures.service_time))
    return [*map(str, counts), *times, _mark(adds_up=figures.adds_up)]


def _times(spread: Spread) -> str:
    times = (spread.average_s, spread.median_s, spread.p90_s)
    return " / ".join("–" if time_s is None else _minutes(time_s) for time_s in times)


def _mark(*, adds_up: bool) -> str:
    return "✓" if adds_up else "✗"


def _counters(counters: Mapping[int, CounterFigures], words: Table) -> list[str]:
    rows = [[words["counter"], *words["counter-columns"].split("|"), words["fits"]]]
    for number, figures in counters.items():
        counts = (
            figures.received,
            figures.finished,
            figures.no_show,
            figures.cancelled,
            figures.open,
            figures.handed_on,
        )
        rows.append([str(number), *map(str, counts), _mark(adds_up=figures.adds_up)])
    return aligned(rows, total=False)


def _counter_times(
    counters: Mapping[int, CounterTimes], branch: Branch, words: Table, language: str
) -> list[str]:
    """How each counter spent its time, the pauses by reason."""
    rows = [[words["counter"], *words["counter-time-columns"].split("|")]]
    names = {
        one.code: in_language(one.name, language) for one in branch.choices.get("pause_reason", ())
    }
    for number, times in counters.items():
        cells = (times.open_s, times.serving_s, times.idle_with_line_s, times.idle_s)
        pauses = ", ".join(
            f"{names.get(code, code)} {_minutes(time_s)}" for code, time_s in times.paused_s.items()
        )
        rows.append([str(number), *map(_minutes, cells), pauses or "–"])
    return aligned(rows, total=False)


def _minutes(time_s: float) -> str:
    return f"{time_s / 60:.1f}"


def _promises(summary: DaySummary, words: Table) -> Iterator[str]:
    promises = summary.promises
    if not promises.total.called:
        yield words["no-promise"]
        return
    called, inside, early, late = _shares(promises.total)
    yield words["promise"].format(inside=inside, early=early, late=late, called=called)
    columns = words["promise-columns"].split("|")
    hours = {f"{hour:02d}": kept for hour, kept in promises.hours.items()}
    for head, parts in (("promise-service", promises.services), ("promise-hour", hours)):
        yield ""
        rows = [[name, *_shares(kept)] for name, kept in parts.items()]
        yield from aligned([[words[head], *columns], *rows], total=False)
    yield ""


def _shares(kept: Kept) -> list[str]:
    """How many were called, and the parts inside, early and late in percent."""
    shares = (kept.share(many) or 0.0 for many in (kept.inside, kept.early, kept.late))
    return [str(kept.called), *(f"{share * 100:.0f}" for share in shares)]


def _overtaken(summary: DaySummary, words: Table) -> str:
    if summary.overtakes_most is None:
        return words["never-overtaken"]
    number, times = summary.overtakes_most
    return words["overtaken"].format(number=number, times=times)


def _lent(lent: Sequence[Lent], words: Table) -> Iterator[str]:
    """One line per kiosk: of its own numbers how many it gave, and how many nobody used."""
    for device in dict.fromkeys(one.device for one in lent):
        mine = [one for one in lent if one.device == device]
        series = ", ".join(f"{one.series} {one.given}" for one in mine if one.given)
        yield words["lent" if series else "lent-unused"].format(
            device=device,
            letter=mine[-1].letter,
            lent=sum(one.lent for one in mine),
            given=sum(one.given for one in mine),
            unused=sum(one.unused for one in mine),
            series=series,
        )


def _records(summary: DaySummary, branch: Branch, words: Table, language: str) -> Iterator[str]:
    records = summary.records
    outcomes = {words.get(f"outcome-{code}", code): n for code, n in records.outcomes.items()}
    for head, counts in (
        ("outcomes", outcomes),
        ("categories", _named(branch, "category", records.categories, language)),
        ("education", _named(branch, "education", records.education, language)),
    ):
        if counts:
            yield f"{words[head]}: {_listed(counts)}."
    for cause, by_category in _named_causes(branch, records.causes, language).items():
        in_category = {name or words["no-category"]: many for name, many in by_category.items()}
        facts = {"many": sum(by_category.values()), "categories": _listed(in_category)}
        yield words["cause"].format(cause=cause, **facts)
    if records.corrections:
        fields = _listed({words[f"field-{one}"]: n for one, n in records.corrections.items()})
        many = sum(records.corrections.values())
        yield words["corrections"].format(many=many, fields=fields)


def _named_causes(
    branch: Branch, causes: Mapping[str, Mapping[str, int]], language: str
) -> dict[str, Mapping[str, int]]:
    """The counts per cause and category with the names of both."""
    names = {one.code: in_language(one.name, language) for one in branch.choices.get("cause", ())}
    return {
        names.get(code, code): _named(branch, "category", counts, language)
        for code, counts in causes.items()
    }


def _named(
    branch: Branch, choice: str, counts: Mapping[str, int], language: str
) -> Mapping[str, int]:
    """The same with the names of the codes, as far as the catalogue still knows them."""
    names = {one.code: in_language(one.name, language) for one in branch.choices.get(choice, ())}
    return {names.get(code, code): many for code, many in counts.items()}


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {many}" for name, many in counts.items())


def _signature(summary: DaySummary, branch: Branch, words: Table) -> Iterator[str]:
    signature = summary.signature
    if signature is not None:
        at = datetime.fromtimestamp(signature.at_ms / 1000, UTC).astimezone(branch.time_zone)
        yield words["signed"].format(staff=signature.staff, at=f"{at:%Y-%m-%d %H:%M}")
        if signature.note:
            yield words["signed-note"].format(note=signature.note)
    elif summary.closed_at_ms is not None:
        yield words["unsigned"]


def aligned(rows: Sequence[Sequence[str]], *, total: bool = True) -> list[str]:
    """Rows as columns: a ruler below the head, and above the last one where it is the total."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    ruler = "  ".join("-" * width for width in widths)
    if not total:
        return [lines[0], ruler, *lines[1:]]
    return [lines[0], ruler, *lines[1:-1], ruler, lines[-1]]
