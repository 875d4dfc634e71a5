"""The daily report's speed in a branch with a million past tickets, against bare SQL."""

import statistics
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.bare_report import BareReport, many
from bench.million import NEWEST, million
from bench.table import Figure
from db.catalogue_names import catalogue_names
from db.engine import sqlite_url
from report.day import DayReport, Measured
from report.figures import day_report
from server.store import Store

ROUNDS = 15
ZONE = ZoneInfo("Asia/Jakarta")
LIVE_GOAL_MS = 60.0
_KINDS = {"waiting": "waiting", "called": "way", "serving": "service"}


@cache
def _both(days: int | None = None) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of ours, of ours with a known comparison (of a core), and of the bare side, in
    turns."""
    file = million() if days is None else million(days)
    ours_ms, live_ms, bare_ms = [], [], []
    with Store.open(sqlite_url(file), read_only=True) as store:
        bare = BareReport(file, store.branch_code, NEWEST)
        with store.database.reading() as connection:
            names = catalogue_names(connection, store.branch_code)

            def report(**more: Any) -> DayReport:
                now_ms = int(time.time() * 1000)
                return day_report(
                    connection,
                    store.branch_code,
                    NEWEST,
                    now_ms=now_ms,
                    zone=ZONE,
                    catalogue=names,
                    **more,
                )

            first = report()
            demand_same(first, bare.figures())
            for _ in range(ROUNDS):
                ours_ms.append(_took_ms(report))
                bare_ms.append(_took_ms(bare.figures))
                # Once a second, beside other work: what counts is what it takes of a core.
                began_s = time.process_time()
                report(comparison=first.comparison)
                live_ms.append((time.process_time() - began_s) * 1000)
        bare.close()
    return ours_ms, live_ms, bare_ms


def _took_ms(do: Any) -> float:
    started_s = time.perf_counter()
    do()
    return (time.perf_counter() - started_s) * 1000


async def daily_report(folder: Path) -> Figure:
    """All figures of a day of 1,000 tickets with 999,000 before it; both say the same."""
    ours_ms, _, bare_ms = _both()
    return Figure(
        "daily report, 1,000,000 past tickets",
        "bare SQL of the same figures",
        statistics.median(ours_ms),
        statistics.median(bare_ms),
        "ms",
        at_most=1.5,
    )


async def live_report(folder: Path) -> Figure:
    """The same as the live page asks for it once a second: the earlier days are known."""
    _, live_ms, _ = _both()
    return Figure(
        "the live page's figures, 1,000 tickets today, of a core",
        "the goal",
        statistics.median(live_ms),
        LIVE_GOAL_MS,
        "ms",
        at_most=1,
    )


# Whether the bare side really reckons the same.


def demand_same(report: DayReport, bare: dict[str, Any]) -> None:
    """AssertionError where a figure differs."""
    for name, groups in (
        ("", {"": report.total}),
        ("service", {one.code: one for one in report.services}),
        ("hour", {one.hour: one.group for one in report.hours if one.group.tickets.issued}),
        ("class", {one.code: one for one in report.classes}),
    ):
        _same_times(groups, bare[f"times/{name}"])
        states = Counter({(part, state): n for part, state, n in bare[f"states/{name}"]})
        kept = {row[0]: row[1:] for row in bare[f"kept/{name}"]}
        for part, group in groups.items():
            ours = group.tickets
            for state in ("finished", "no-show", "cancelled", "expired"):
                assert getattr(ours, state.replace("-", "_")) == states[part, state], (part, state)
            told = group.promises
            wanted = kept.get(part, (0, 0, 0))
            assert (told.inside, told.early, told.late) == wanted, (name, part)
    _same_counters(report, bare)
    _same_rest(report, bare)


def _same_times(groups: Any, rows: Any) -> None:
    found = {(row[0], row[1]): row[2:] for row in rows}
    for part, group in groups.items():
        for kind, name in _KINDS.items():
            ours: Measured = getattr(group, name)
            count, average_s, median_s, p90_s, above = found.get((part, kind), (0,) + (None,) * 4)
            assert (ours.count, ours.median_s, ours.p90_s) == (count, median_s, p90_s), (part, kind)
            assert (ours.above or 0) == (above or 0), (part, kind, ours, above)
            assert abs((ours.average_s or 0) - (average_s or 0)) < 1e-6


def _same_counters(report: DayReport, bare: dict[str, Any]) -> None:
    counters = {one.number: one for one in report.counters}
    _same_times(counters, bare["times/counter"])
    ended = Counter({(number, state): n for number, state, n in bare["ended"]})
    for number, received, handed_on in bare["received"]:
        ours = counters[number]
        assert (ours.received, ours.handed_on) == (received, handed_on)
        assert ours.finished == ended[number, "finished"]
    spent: Counter[tuple[int, str]] = Counter()
    for number, state, activity, _reason, ms, _many in bare["counters"]:
        spent[number, activity if state == "open" else "paused"] += ms
    for number, ours in counters.items():
        for name, time_s in (
            ("serving", ours.serving_s),
            ("idle", ours.idle_s),
            ("idle-with-line", ours.idle_with_line_s),
            ("paused", ours.break_s),
        ):
            assert abs(spent[number, name] / 1000 - time_s) < 1e-6, (number, name)
    by_hour = many(bare["open_hours"])
    for hour in report.hours:
        assert abs(hour.open_counters - by_hour[hour.hour]) < 1e-6, hour.hour


def _same_rest(report: DayReport, bare: dict[str, Any]) -> None:
    arrivals, records, papers = report.arrivals, report.records, report.papers
    types, prints = many(bare["types"]), many(bare["prints"])
    issued = {one.code: one.tickets.issued for one in report.services}
    assert issued == many(bare["issued"])
    hours = {one.hour: one for one in report.hours}
    for name in ("issued", "arrived", "called", "finished"):
        for hour, wanted in many(bare[f"{name}_hours"]).items():
            ours = hours[hour].group.tickets.issued if name == "issued" else None
            assert (getattr(hours[hour], name) if ours is None else ours) == wanted, (name, hour)
    assert [one.tickets.issued for one in report.classes] == [n for _, n in bare["issued_classes"]]
    assert arrivals.screened == types["VisitorScreened"]
    assert (arrivals.guests, arrivals.sent_home) == (
        types["GuestRecorded"],
        types["ChannelChosen"],
    )
    assert arrivals.unscreened == bare["unscreened"][0][0]
    assert arrivals.arrived == sum(many(bare["arrived_hours"]).values())
    outcomes: Counter[str] = Counter()
    for row in bare["screenings"]:
        outcomes[row[0]] += row[6]
    assert {one.code: one.many for one in arrivals.outcomes} == outcomes
    assert (arrivals.screening_median_s, arrivals.screening_p90_s) == bare["screening_times"][0]
    missing = {
        (one.service, paper.code): paper.many for one in report.missing for paper in one.papers
    }
    assert missing == {(service, paper): n for service, paper, n in bare["missing"]}
    assert (papers.printed, papers.reprinted) == (bare["printed"][0][0], bare["reprinted"][0][0])
    assert (papers.failed, papers.unknown) == (prints["failed"], prints["unknown"])
    calls = report.announcements
    assert (calls.called, calls.unspoken, calls.tickets) == bare["unspoken"][0]
    categories: Counter[str] = Counter()
    for _outcome, category, _cause, n, _educated in bare["records"]:
        categories[category] += n
    assert {one.code: one.many for one in records.categories} == categories
    assert records.educated == sum(row[4] for row in bare["records"])
    assert {one.code: one.many for one in records.education} == many(bare["education"])
    assert (records.corrections, records.corrected) == bare["corrections"][0]
    assert report.ratings.scores == tuple(many(bare["ratings"])[score] for score in range(1, 5))
    assert {one.code: one.many for one in report.ratings.reasons} == many(bare["reasons"])
    told = report.complaints
    assert (told.filed,) == bare["filed"][0]
    assert (told.open, told.due, told.overdue) == bare["complaints"][0]
    assert report.surveys == bare["surveys"][0][0]
    earlier = [
        (one.business_date, one.issued, one.arrived, one.waiting_median_s, one.waiting_p90_s)
        for one in report.comparison.days
    ]
    assert earlier == [tuple(row[:5]) for row in bare["earlier"]]
    for one, row in zip(report.comparison.days, bare["earlier"], strict=True):
        assert abs((one.share_within or 0) - row[5]) < 1e-9
        assert abs((one.rating or 0) - row[6]) < 1e-9
