"""From tickets to the figures of months: one pass over what ``db.months`` reads."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from db.catalogue_names import CatalogueNames
from db.day_events import DayEvents, rare_events_of_days
from db.day_facts import Reading
from db.day_targets import Targets
from db.months import (
    DoorGroup,
    VisitGroup,
    business_days,
    door_groups,
    rating_scores,
    visit_groups,
    waits_by_service,
)
from report.day import TicketCounts
from report.measuring import measured
from report.months import Figures, OneTap, Part, Stretch
from report.periods import Period

SPARED = ("solved", "channel", "self-service")
"""Outcomes at the door after which nobody needs a counter."""
_NO_EVENTS = DayEvents()


@dataclass(slots=True)
class Tally:
    """Tickets on their way to being a part of a report."""

    states: Counter[str] = field(default_factory=Counter)
    waits_ms: list[int] = field(default_factory=list)
    above: int = 0
    unscreened: int = 0

    def add(self, group: VisitGroup, above: int) -> None:
        """Some more tickets, so many of which waited for longer than their target."""
        self.states[group.state] += group.many
        self.waits_ms.extend(group.waits_ms)
        self.above += above
        self.unscreened += group.unscreened

    def counts(self) -> TicketCounts:
        """What became of them."""
        state = self.states
        return TicketCounts(
            issued=state.total(),
            finished=state["finished"],
            no_show=state["no-show"],
            cancelled=state["cancelled"],
            expired=state["expired"],
            waiting=state["waiting"],
            called=state["called"],
            serving=state["serving"],
            parked=state["parked"],
        )

    def part(self, code: str, names: Mapping[str, str], waits: Sequence[int] | None = None) -> Part:
        """Them as a part; ``waits`` in the place of their own, without targets."""
        if waits is not None:
            return Part(code, self.counts(), measured(waits), names)
        return Part(code, self.counts(), measured(self.waits_ms, self.above), names)


@dataclass(slots=True)
class Facts:
    """Everything that is read of a period once; events by day."""

    period: Period
    days: list[str]
    visits: list[tuple[VisitGroup, int]]
    door: list[DoorGroup]
    rare: Mapping[str, DayEvents]
    ratings: list[tuple[str, int, int]]

    def of_day(self, business_date: str) -> DayEvents:
        """What happened on a day beside the tickets."""
        return self.rare.get(business_date, _NO_EVENTS)


def read_period_facts(
    connection: Reading,
    branch: str,
    period: Period,
    catalogue: CatalogueNames,
    zone: tzinfo | None = None,
) -> Facts:
    """Read them; with ``zone`` the tickets also by hour."""
    first, last = period.first, period.last
    rare = rare_events_of_days(connection, branch, first.isoformat(), last.isoformat())
    aims = {
        of_date: Targets(catalogue, told.target_waits_s or {}) for of_date, told in rare.items()
    }
    usual = Targets(catalogue, {})
    visits = [
        (group, above_target(group, aims.get(group.business_date, usual)))
        for group in visit_groups(connection, branch, first, last, zone)
    ]
    return Facts(
        period=period,
        days=business_days(connection, branch, first, last),
        visits=visits,
        door=door_groups(connection, branch, first, last),
        rare=rare,
        ratings=rating_scores(connection, branch, first, last),
    )


def above_target(group: VisitGroup, aims: Targets) -> int:
    """How many were called first only after the target of what their number was taken for."""
    target_ms = aims.waiting_ms(group.first_service, group.priority)
    return sum(map(target_ms.__lt__, group.first_waits_ms))


def stretches(facts: Facts, code_of: Callable[[str], str]) -> tuple[Stretch, ...]:
    """The period in parts of days; ``code_of``: in which part a business date is. In order."""
    tallies: dict[str, Tally] = {}
    days, screened, solved = Counter[str](), Counter[str](), Counter[str]()
    spared, returned, beside = Counter[str](), Counter[str](), Counter[str]()
    rated, scores = Counter[str](), Counter[str]()
    for of_date in facts.days:
        code, rare = code_of(of_date), facts.of_day(of_date)
        days[code] += 1
        tallies.setdefault(code, Tally())
        beside[code] += len(rare.guests_at_ms) + len(rare.sent_home)
        spared[code] += len(rare.sent_home)
    for group, above in facts.visits:
        tallies.setdefault(code_of(group.business_date), Tally()).add(group, above)
    for one in facts.door:
        code = code_of(one.business_date)
        screened[code] += one.many
        returned[code] += one.returned
        solved[code] += one.many if one.outcome == "solved" else 0
        spared[code] += one.spared if one.outcome in SPARED else 0
    for of_date, score, many in facts.ratings:
        rated[code_of(of_date)] += many
        scores[code_of(of_date)] += score * many
    return tuple(
        Stretch(
            code=code,
            tickets=tally.counts(),
            waiting=measured(tally.waits_ms, tally.above),
            open_days=days[code],
            arrived=screened[code] + tally.unscreened + beside[code],
            screened=screened[code],
            solved=solved[code],
            spared=spared[code],
            returned=returned[code],
            ratings=OneTap(rated[code], scores[code]),
        )
        for code, tally in sorted(tallies.items())
    )


def total_of(facts: Facts) -> Stretch:
    """All of the period."""
    whole = stretches(facts, lambda _: "")
    return whole[0] if whole else Stretch("", TicketCounts(), measured([], 0))


def figures_of(
    connection: Reading, branch: str, facts: Facts, catalogue: CatalogueNames
) -> Figures:
    """The period with its parts; hours only where the facts were read with a zone."""
    first, last = facts.period.first, facts.period.last
    waits = waits_by_service(connection, branch, first, last)
    services = _tallies(facts, lambda one: one.service)
    order = catalogue.order("service")
    hours = _tallies(facts, lambda one: "" if one.hour is None else f"{one.hour:02}")
    weekdays = _tallies(facts, lambda one: str(date.fromisoformat(one.business_date).weekday()))
    return Figures(
        period=facts.period,
        total=total_of(facts),
        services=tuple(
            services.get(code, Tally()).part(
                code, catalogue.names_of("service", code), waits.get(code, [])
            )
            for code in sorted(
                services.keys() | waits.keys(), key=lambda one: (order.get(one, len(order)), one)
            )
        ),
        hours=_parts(hours),
        weekdays=_parts(weekdays),
    )


def _tallies(facts: Facts, code_of: Callable[[VisitGroup], str]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for group, above in facts.visits:
        tallies.setdefault(code_of(group), Tally()).add(group, above)
    return tallies


def _parts(tallies: Mapping[str, Tally]) -> tuple[Part, ...]:
    return tuple(tally.part(code, {}) for code, tally in sorted(tallies.items()) if code)


def channels_of(rows: Iterable[DoorGroup], outcome: str, name: str) -> Counter[str]:
    """Of screenings that came to this and to no number: how often by ``reason`` or ``channel``."""
    counts: Counter[str] = Counter()
    for one in rows:
        if one.outcome == outcome and one.spared:
            counts[getattr(one, name)] += one.spared
    return counts
