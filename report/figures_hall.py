"""The counters of a day and its hours. A counter is measured, never who sits there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from db.catalogue_names import CatalogueNames
from db.day_details import Stretch
from db.day_targets import Targets, leg_waited_too_long, took_too_long
from db.day_visits import Clock, Times, Visit
from report.day import Break, CounterDay, Group, Hour
from report.figures_tickets import Part
from report.measuring import measured

HOUR_MS = 3_600_000


def counter_days(
    visits: Sequence[Visit], stretches: Sequence[Stretch], aims: Targets, catalogue: CatalogueNames
) -> tuple[CounterDay, ...]:
    """The counters that had anything to do with a ticket, or were open or paused."""
    parts: dict[int, list[tuple[Visit, list[tuple[str, Times]]]]] = {}
    ended = defaultdict[int, Counter[str]](Counter)
    handed_on: Counter[int] = Counter()
    for visit in visits:
        mine: dict[int, list[tuple[str, Times]]] = {}
        for (number, service), times in visit.counters.items():
            mine.setdefault(number, []).append((service, times))
        for number, legs in mine.items():
            parts.setdefault(number, []).append((visit, legs))
            handed_on[number] += visit.counter != number
        if visit.counter is not None:
            ended[visit.counter][visit.state] += 1
    doing, breaks = _doing(stretches), _breaks(stretches, catalogue)
    numbers = sorted({*parts, *ended, *doing, *breaks})
    return tuple(
        CounterDay(
            number=number,
            received=len(parts.get(number, ())),
            handed_on=handed_on[number],
            **_ended(ended[number]),
            **doing.get(number, {}),
            breaks=breaks.get(number, ()),
            **_times(parts.get(number, ()), aims),
        )
        for number in numbers
    )


def _ended(states: Mapping[str, int]) -> dict[str, Any]:
    named = {"finished": "finished", "no-show": "no_show", "cancelled": "cancelled"}
    counts: Counter[str] = Counter()
    for state, many in states.items():
        counts[named.get(state, "open")] += many
    return dict(counts)


def _times(parts: Iterable[tuple[Visit, list[tuple[str, Times]]]], aims: Targets) -> dict[str, Any]:
    """What the parts of each visit at a counter took together; above: any of them was."""
    part = Part()
    for visit, legs in parts:
        part.add(legs[0][1] if len(legs) == 1 else _together([times for _, times in legs]))
        part.waits_above += any(leg_waited_too_long(visit, *leg, aims) for leg in legs)
        part.services_above += any(took_too_long(*leg, aims) for leg in legs)
    return {
        "waiting": measured(part.waits_ms, part.waits_above),
        "way": measured(part.ways_ms),
        "service": measured(part.services_ms, part.services_above),
    }


def _together(parts: Sequence[Times]) -> Times:
    def total(lengths: Iterable[int | None]) -> int | None:
        known = [ms for ms in lengths if ms is not None]
        return sum(known) if known else None

    return Times(
        total(one.waiting_ms for one in parts),
        total(one.way_ms for one in parts),
        total(one.service_ms for one in parts),
    )


def _doing(stretches: Sequence[Stretch]) -> dict[int, dict[str, Any]]:
    names = {"serving": "serving_s", "idle-with-line": "idle_with_line_s", "idle": "idle_s"}
    found = defaultdict[int, Counter[str]](Counter)
    for one in stretches:
        if one.state == "paused":
            continue
        of_counter, ms = found[one.counter], one.ended_at_ms - one.started_at_ms
        of_counter["open_s"] += ms
        # Stretches of an older version do not say what was done.
        if one.activity in names:
            of_counter[names[one.activity]] += ms
    return {
        number: {name: ms / 1000 for name, ms in of_counter.items()}
        for number, of_counter in found.items()
    }


def _breaks(
    stretches: Sequence[Stretch], catalogue: CatalogueNames
) -> dict[int, tuple[Break, ...]]:
    times_ms: dict[int, dict[str, list[int]]] = {}
    for one in stretches:
        if one.state == "paused":
            of_counter = times_ms.setdefault(one.counter, {})
            of_counter.setdefault(one.reason, []).append(one.ended_at_ms - one.started_at_ms)
    return {
        number: tuple(
            Break(
                code=reason,
                names=catalogue.names_of("choice.pause_reason", reason),
                time_s=sum(lengths) / 1000,
                many=len(lengths),
            )
            for reason, lengths in sorted(by_reason.items())
        )
        for number, by_reason in times_ms.items()
    }


def hours_of(
    groups: Mapping[int, Group],
    arrivals_ms: Iterable[int],
    visits: Sequence[Visit],
    stretches: Sequence[Stretch],
    clock: Clock,
    now_ms: int | None,
) -> tuple[Hour, ...]:
    """Every hour in which anything was; ``now_ms`` cuts the hour that runs, None: none runs."""
    arrived = Counter(map(clock.hour, arrivals_ms))
    called = Counter(
        clock.hour(one.first_called_at_ms) for one in visits if one.first_called_at_ms is not None
    )
    finished = Counter(
        clock.hour(one.ended_at_ms)
        for one in visits
        if one.state == "finished" and one.ended_at_ms is not None
    )
    open_counters = open_counters_by_hour(stretches, clock, now_ms)
    hours = sorted({*groups, *arrived, *called, *finished, *open_counters})
    return tuple(
        Hour(
            hour=hour,
            arrived=arrived[hour],
            called=called[hour],
            finished=finished[hour],
            open_counters=open_counters.get(hour, 0.0),
            group=groups.get(hour, Group(f"{hour:02d}")),
        )
        for hour in hours
    )


def open_counters_by_hour(
    stretches: Sequence[Stretch], clock: Clock, now_ms: int | None
) -> dict[int, float]:
    """How many counters were open on average in each hour that has begun."""
    open_ms: Counter[int] = Counter()
    for one in stretches:
        if one.state == "paused":
            continue
        started_at_ms = one.started_at_ms
        while started_at_ms < one.ended_at_ms:
            until_ms = min(one.ended_at_ms, clock.hour_ends_ms(started_at_ms))
            open_ms[clock.hour(started_at_ms)] += until_ms - started_at_ms
            started_at_ms = until_ms
    lengths_ms: dict[int, int] = {}
    if now_ms is not None:
        # Of the hour that runs only the part that is over.
        since_ms = clock.hour_ends_ms(now_ms) - HOUR_MS
        lengths_ms[clock.hour(now_ms)] = max(1, now_ms - since_ms)
    return {hour: ms / lengths_ms.get(hour, HOUR_MS) for hour, ms in sorted(open_ms.items())}
