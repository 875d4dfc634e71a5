"""The tickets behind each figure of a day, by exactly the figure's own condition.

They come from the same facts (``db.day_facts``) as the figure, so that a list has as many tickets
as the figure says. ``issued`` is the one exception by intent: the figure is told by the events and
the list by the rows, and where they differ the day does not add up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from db.catalogue_names import CatalogueNames
from db.day_facts import (
    DayFacts,
    Reading,
    is_unscreened,
    paper_said,
    read_facts,
    unspoken_calls,
)
from db.day_records import Record
from db.day_targets import any_took_too_long, leg_waited_too_long, took_too_long, waited_too_long
from db.day_visits import Times, Visit


@dataclass(frozen=True, slots=True)
class Part:
    """Of which tickets: those of a service, of an hour (of their issue), of a class (``priority``
    or ``regular``), of a counter. ``code`` is what figures by code are asked with."""

    service: str | None = None
    hour: int | None = None
    of_class: str | None = None
    counter: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class ListedTicket:
    """A ticket behind a figure; instants in ms, times of the part that was asked for in s."""

    id: str
    number: str
    service: str
    priority: str
    state: str
    counter: int | None
    issued_at_ms: int
    called_at_ms: int | None
    started_at_ms: int | None
    ended_at_ms: int | None
    waiting_s: float | None
    way_s: float | None
    service_s: float | None


class _Day:
    """A day's facts with what conditions look up."""

    def __init__(self, facts: DayFacts) -> None:
        self.facts = facts
        self.aims = facts.aims
        self.records: Mapping[str, Record] = {one.visit.id: one for one in facts.records}
        self.unspoken = frozenset(unspoken_calls(facts))
        self.reprinted = frozenset(facts.events.reprints)
        self.corrected = frozenset(ticket for ticket, _, _ in facts.corrections)

    def legs(self, visit: Visit, part: Part) -> list[tuple[str, Times]]:
        """The parts of a visit, by service, that a figure of times looks at."""
        if part.counter is not None:
            mine = visit.counters.items()
            return [(service, times) for (at, service), times in mine if at == part.counter]
        if part.service is not None:
            times = visit.services.get(part.service)
            return [] if times is None else [(part.service, times)]
        return [("", visit.times)]


Condition = Callable[[_Day, Visit, Part], bool]


def _in_state(*states: str) -> Condition:
    def holds(_day: _Day, visit: Visit, part: Part) -> bool:
        is_there = part.counter is None or visit.counter == part.counter
        return visit.state in states and _is_of_service(visit, part) and is_there

    return holds


def _is_of_service(visit: Visit, part: Part) -> bool:
    return part.service is None or visit.service == part.service


def _plain(condition: Callable[[_Day, Visit, str | None], bool]) -> Condition:
    """Of a whole ticket: its service is the last one."""

    def holds(day: _Day, visit: Visit, part: Part) -> bool:
        here = part.counter is None or any(at == part.counter for at, _ in visit.counters)
        return here and _is_of_service(visit, part) and condition(day, visit, part.code)

    return holds


def _measured(name: str) -> Condition:
    def holds(day: _Day, visit: Visit, part: Part) -> bool:
        return any(getattr(times, name) is not None for _, times in day.legs(visit, part))

    return holds


def _waited_too_long(day: _Day, visit: Visit, part: Part) -> bool:
    if part.counter is None and part.service is None:
        return waited_too_long(visit, day.aims)
    legs = day.legs(visit, part)
    return any(leg_waited_too_long(visit, *leg, day.aims) for leg in legs)


def _took_too_long(day: _Day, visit: Visit, part: Part) -> bool:
    if part.counter is None and part.service is None:
        return any_took_too_long(visit, day.aims)
    return any(took_too_long(*leg, day.aims) for leg in day.legs(visit, part))


def _kept(how: str) -> Condition:
    def holds(_day: _Day, visit: Visit, part: Part) -> bool:
        of_service = part.service is None or visit.first_service == part.service
        return visit.kept == how and of_service

    return holds


def _recorded(condition: Callable[[Record, str | None], bool]) -> Condition:
    def holds(day: _Day, visit: Visit, code: str | None) -> bool:
        record = day.records.get(visit.id)
        return record is not None and condition(record, code)

    return _plain(holds)


def _rated(day: _Day, visit: Visit, code: str | None) -> bool:
    rated = day.facts.ratings.get(visit.id)
    return rated is not None and code in (None, str(rated[0]))


def _rated_for(day: _Day, visit: Visit, code: str | None) -> bool:
    rated = day.facts.ratings.get(visit.id)
    return rated is not None and code in rated[1]


def _called_in(day: _Day, visit: Visit, part: Part) -> bool:
    at_ms = visit.first_called_at_ms
    return at_ms is not None and part.code == f"{day.facts.clock.hour(at_ms):02d}"


def _finished_in(day: _Day, visit: Visit, part: Part) -> bool:
    at_ms = visit.ended_at_ms
    is_finished = visit.state == "finished" and at_ms is not None
    return is_finished and part.code == f"{day.facts.clock.hour(at_ms or 0):02d}"


def _handed_on(_day: _Day, visit: Visit, part: Part) -> bool:
    was_there = any(at == part.counter for at, _ in visit.counters)
    return was_there and visit.counter != part.counter


OPEN_STATES = ("waiting", "called", "serving", "parked")
FIGURES: Mapping[str, Condition] = {
    "issued": _plain(lambda _day, _visit, _code: True),
    "finished": _in_state("finished"),
    "no-show": _in_state("no-show"),
    "cancelled": _in_state("cancelled"),
    "expired": _in_state("expired"),
    "open": _in_state(*OPEN_STATES),
    "waiting": _in_state("waiting"),
    "called": _in_state("called"),
    "serving": _in_state("serving"),
    "parked": _in_state("parked"),
    "unscreened": _plain(lambda _day, visit, _code: is_unscreened(visit)),
    "waiting-time": _measured("waiting_ms"),
    "waiting-above": _waited_too_long,
    "way-time": _measured("way_ms"),
    "service-time": _measured("service_ms"),
    "service-above": _took_too_long,
    "estimate-inside": _kept("inside"),
    "estimate-early": _kept("early"),
    "estimate-late": _kept("late"),
    "called-in-hour": _called_in,
    "finished-in-hour": _finished_in,
    "received": _plain(lambda _day, visit, _code: bool(visit.counters)),
    "handed-on": _handed_on,
    "printed": _plain(lambda _day, visit, _code: visit.print == "printed"),
    "reprinted": _plain(lambda day, visit, _code: visit.id in day.reprinted),
    "print-failed": _plain(lambda day, visit, _code: paper_said("failed", visit, day.facts.events)),
    "print-unknown": _plain(
        lambda day, visit, _code: paper_said("unknown", visit, day.facts.events)
    ),
    "unspoken": _plain(lambda day, visit, _code: visit.id in day.unspoken),
    "priority": _plain(lambda _day, visit, code: visit.priority == code),
    "outcome": _recorded(lambda record, code: record.outcome == code),
    "category": _recorded(lambda record, code: record.category == code),
    "cause": _recorded(lambda record, code: record.cause == code),
    "educated": _recorded(lambda record, _code: bool(record.education)),
    "education": _recorded(lambda record, code: code in record.education),
    "online": _recorded(lambda record, _code: bool(record.online)),
    "rated": _plain(_rated),
    "rating-reason": _plain(_rated_for),
    "corrected": _plain(lambda day, visit, _code: visit.id in day.corrected),
    "offline": _plain(lambda _day, visit, _code: bool(visit.offline)),
    "merged-late": _plain(lambda day, visit, _code: visit.id in day.facts.late),
    "overtaken": _plain(lambda _day, visit, _code: visit.overtakes > 0),
}
"""Every figure that has tickets behind it. ``priority``, ``outcome``, ``category``, ``cause``,
``education``, ``rating-reason`` are asked with their code, ``rated`` may be (a score),
``called-in-hour`` and ``finished-in-hour`` with an hour ("08"); ``handed-on`` needs a counter."""


def tickets_behind(
    connection: Reading,
    branch: str,
    business_date: str,
    figure: str,
    part: Part | None = None,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
) -> list[ListedTicket]:
    """The tickets in the order of their issue; KeyError for a figure that has none."""
    if figure not in FIGURES:
        raise KeyError(figure)
    facts = read_facts(
        connection, branch, business_date, now_ms=now_ms, zone=zone, catalogue=catalogue
    )
    return [] if facts is None else tickets_of(facts, figure, part)


def tickets_of(facts: DayFacts, figure: str, part: Part | None = None) -> list[ListedTicket]:
    """The same of facts that were read already."""
    return list(_listed(_Day(facts), FIGURES[figure], part or Part()))


def _listed(day: _Day, condition: Condition, part: Part) -> Iterator[ListedTicket]:
    for visit in day.facts.visits:
        if part.hour is not None and day.facts.clock.hour(visit.issued_at_ms) != part.hour:
            continue
        if part.of_class is not None and visit.of_class != part.of_class:
            continue
        if condition(day, visit, part):
            yield _row(day, visit, part)


def _row(day: _Day, visit: Visit, part: Part) -> ListedTicket:
    legs = [times for _, times in day.legs(visit, part)]
    return ListedTicket(
        id=visit.id,
        number=visit.number,
        service=visit.service,
        priority=visit.priority,
        state=visit.state,
        counter=visit.counter,
        issued_at_ms=visit.issued_at_ms,
        called_at_ms=visit.first_called_at_ms,
        started_at_ms=visit.started_at_ms,
        ended_at_ms=visit.ended_at_ms,
        waiting_s=_seconds(legs, "waiting_ms"),
        way_s=_seconds(legs, "way_ms"),
        service_s=_seconds(legs, "service_ms"),
    )


def _seconds(legs: list[Times], name: str) -> float | None:
    known = [ms for times in legs if (ms := getattr(times, name)) is not None]
    return sum(known) / 1000 if known else None
