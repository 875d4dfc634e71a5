"""What the figures of a day have to be, from its recount, as plain facts part by part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from report.day import Counted, CounterDay, DayReport, Group, Measured
from tests.report.recount import OPEN, Recount, Ticket, ranked

Targets = Mapping[str, int]
"""Seconds that a service should take at most."""


def shown(report: DayReport) -> dict[str, Any]:
    """A report as facts to compare with ``expected``."""
    arrivals, records, papers = report.arrivals, report.records, report.papers
    return {
        "total": group_facts(report.total),
        "services": {one.code: group_facts(one) for one in report.services},
        "classes": {one.code: group_facts(one) for one in report.classes},
        "hours": {
            one.hour: (one.arrived, one.called, one.finished, group_facts(one.group))
            for one in report.hours
        },
        "priorities": _many(report.priorities),
        "counters": {one.number: _counter_facts(one) for one in report.counters},
        "arrived": arrivals.arrived,
        "arrivals": (
            arrivals.screened,
            arrivals.unscreened,
            arrivals.sent_home,
            arrivals.guests,
        ),
        "outcomes": _many(arrivals.outcomes),
        "solved": (arrivals.solved, _many(arrivals.solved_reasons)),
        "door": tuple(
            _many(part)
            for part in (
                arrivals.channels,
                arrivals.offices,
                arrivals.segments,
                arrivals.matters,
                arrivals.home_channels,
            )
        ),
        "people": (arrivals.persons, arrivals.companions, arrivals.repeat_visits),
        "screening": (arrivals.screening_median_s, arrivals.screening_p90_s),
        "papers": (
            papers.printed,
            papers.reprints,
            papers.reprinted,
            papers.failed,
            papers.unknown,
            papers.slips_failed,
        ),
        "announcements": (report.announcements.called, report.announcements.spoken),
        "unspoken": (report.announcements.unspoken, report.announcements.tickets),
        "records": tuple(map(_many, (records.outcomes, records.causes, records.education))),
        "categories": {one.code: (one.many, _many(one.causes)) for one in records.categories},
        "educated": records.educated,
        "corrections": (records.corrections, records.corrected),
        "missing": {one.service: _many(one.papers) for one in report.missing},
        "ratings": (report.ratings.count, report.ratings.scores, _many(report.ratings.reasons)),
        "bookings": {
            name: getattr(report.bookings, name)
            for name in ("booked", "checked_in", "cancelled", "lapsed", "open")
        },
        "surveys": report.surveys,
        "filed": report.complaints.filed,
        "offline": (report.offline.given, report.offline.merged_late),
    }


def expected(day: Recount, service_targets_s: Targets, now_ms: int) -> dict[str, Any]:
    """The same from the events."""
    tickets = list(day.tickets.values())
    aims = Aims(day, service_targets_s)
    of_services = {one.service for one in tickets} | {
        stretch.service for one in tickets for stretch in one.stretches if stretch.until is not None
    }
    screenings = list(day.screenings.values())
    took = [at - one["started_at_ms"] for at, one in zip(day.screened_at, screenings, strict=True)]
    finished = [one for one in tickets if one.state == "finished"]
    unscreened = [one for one in tickets if one.screening is None]
    arrived_at = [
        *day.screened_at,
        *day.guests_at,
        *(at for at, _, _ in day.sent_home),
        *(one.issued for one in unscreened),
    ]
    solved = [one for one in screenings if one["outcome"] == "solved"]
    unspoken = [
        ticket
        for announcement, (ticket, until) in day.calls.items()
        if announcement not in day.spoken and (day.closed is not None or until <= now_ms)
    ]
    categories = Counter(day.newest(one, "category") for one in finished)
    del categories[""]
    return {
        "total": _group(tickets, aims),
        "services": {code: _service(tickets, code, aims) for code in of_services},
        "classes": {
            code: _group(of_class, aims)
            for code in ("regular", "priority")
            if (
                of_class := [
                    one for one in tickets if (one.priority == "none") == (code == "regular")
                ]
            )
        },
        "hours": _hours(day, tickets, arrived_at, aims),
        "priorities": Counter(one.priority for one in tickets if one.priority != "none"),
        "counters": {
            number: _counter(day, tickets, number, aims, now_ms)
            for number in {*day.desks, *(one.counter for one in tickets if one.counter is not None)}
            if _had_to_do(day, tickets, number)
        },
        "arrived": len(arrived_at),
        "arrivals": (
            len(day.screened_at),
            len(unscreened),
            len(day.sent_home),
            len(day.guests_at),
        ),
        "outcomes": Counter(one["outcome"] for one in screenings),
        "solved": (len(solved), _by(solved, "reason")),
        "door": (
            *(_by(screenings, name) for name in ("channel", "office", "segment", "matter")),
            Counter(channel for _, _, channel in day.sent_home),
        ),
        "people": (
            sum(one.get("weight", 1) for one in screenings),
            sum(one.get("companion", False) for one in screenings),
            sum(one.get("visits_before", 0) > 0 for one in screenings),
        ),
        "screening": (ranked(took, 5), ranked(took, 9)),
        "papers": (
            sum(day.last_print[one.id] == "printed" for one in tickets),
            len(day.reprints),
            len(set(day.reprints)),
            sum(_said(day, one, "failed") for one in tickets),
            sum(_said(day, one, "unknown") for one in tickets),
            len(day.slips_failed),
        ),
        "announcements": (len(day.calls), sum(one in day.spoken for one in day.calls)),
        "unspoken": (len(unspoken), len(set(unspoken))),
        "records": (
            Counter(day.newest(one, "outcome") for one in finished),
            Counter(cause for one in finished if (cause := day.newest(one, "cause"))),
            Counter(code for one in finished for code in day.newest(one, "education")),
        ),
        "categories": {
            code: (
                many,
                Counter(
                    day.newest(one, "cause")
                    for one in finished
                    if day.newest(one, "category") == code
                ),
            )
            for code, many in categories.items()
        },
        "educated": sum(bool(day.newest(one, "education")) for one in finished),
        "corrections": (len(day.corrections), len({one["ticket"] for one in day.corrections})),
        "missing": _missing(screenings),
        "ratings": (
            len(day.ratings),
            tuple(
                sum(one["score"] == score for one in day.ratings.values()) for score in range(1, 5)
            ),
            Counter(code for one in day.ratings.values() for code in one.get("reasons", [])),
        ),
        "bookings": {
            "booked": len(day.bookings),
            **{
                state: list(day.bookings.values()).count(state)
                for state in ("checked_in", "cancelled", "lapsed", "open")
            },
        },
        "surveys": day.surveys,
        "filed": day.filed,
        "offline": (
            sum(one.offline for one in tickets),
            sum(one.late for one in tickets),
        ),
    }


class Aims:
    """What is too long, in ms."""

    def __init__(self, day: Recount, service_targets_s: Targets) -> None:
        self._day, self._services_s = day, service_targets_s

    def wait(self, ticket: Ticket, service: str) -> int:
        return self._day.targets["" if ticket.priority != "none" else service] * 1000

    def service(self, service: str) -> int:
        return self._services_s[service] * 1000


def group_facts(group: Group) -> dict[str, Any]:
    """The figures of a group."""
    tickets = group.tickets
    return {
        "issued": tickets.issued,
        "states": {
            "finished": tickets.finished,
            "no-show": tickets.no_show,
            "cancelled": tickets.cancelled,
            "expired": tickets.expired,
            **{state: getattr(tickets, state) for state in OPEN},
        },
        "times": tuple(_measure_facts(one) for one in (group.waiting, group.way, group.service)),
        "kept": (group.promises.inside, group.promises.early, group.promises.late),
    }


def _measure_facts(one: Measured) -> tuple[Any, ...]:
    average_s = None if one.average_s is None else round(one.average_s, 6)
    return one.count, average_s, one.median_s, one.p90_s, one.above


def _many(counts: Iterable[Counted]) -> Counter[str]:
    return Counter({one.code: one.many for one in counts})


def _counter_facts(one: CounterDay) -> dict[str, Any]:
    return {
        "tickets": (one.received, one.finished, one.no_show, one.cancelled, one.open),
        "handed_on": one.handed_on,
        "open": round(one.open_s, 3),
        "serving": round(one.serving_s, 3),
        "idle": round(one.idle_s + one.idle_with_line_s, 3),
        "breaks": {part.code: round(part.time_s, 3) for part in one.breaks if part.time_s},
        "times": tuple(_measure_facts(part) for part in (one.waiting, one.way, one.service)),
    }


# From the events.


def _states(tickets: Iterable[Ticket]) -> dict[str, int]:
    states = Counter(one.state for one in tickets)
    return {
        state: states[state] for state in ("finished", "no-show", "cancelled", "expired", *OPEN)
    }


def _kept(tickets: Iterable[Ticket]) -> tuple[int, int, int]:
    inside = early = late = 0
    for one in tickets:
        if one.promised is None or one.first_call is None:
            continue
        waited = one.first_call - one.issued
        early += waited < one.promised[0] * 1000
        late += waited > one.promised[1] * 1000
        inside += one.promised[0] * 1000 <= waited <= one.promised[1] * 1000
    return inside, early, late


def _times(lengths: Iterable[int | None], above: int | None) -> tuple[Any, ...]:
    known = [one for one in lengths if one is not None]
    average = round(sum(known) / len(known) / 1000, 6) if known else None
    return len(known), average, ranked(known, 5), ranked(known, 9), above


def _services_above(ticket: Ticket, aims: Aims, **where: Any) -> bool:
    services = {one.service for one in ticket.stretches}
    return any(
        (took := ticket.total("serving", service=service, **where)) is not None
        and took > aims.service(service)
        for service in services
    )


def _group(tickets: list[Ticket], aims: Aims) -> dict[str, Any]:
    waits_above = sum(
        one.first_call is not None
        and one.first_call - one.issued > aims.wait(one, one.stretches[0].service)
        for one in tickets
    )
    return {
        "issued": len(tickets),
        "states": _states(tickets),
        "times": (
            _times((one.total("waiting") for one in tickets), waits_above),
            _times((one.total("called") for one in tickets), None),
            _times(
                (one.total("serving") for one in tickets),
                sum(_services_above(one, aims) for one in tickets),
            ),
        ),
        "kept": _kept(tickets),
    }


def _service(tickets: list[Ticket], code: str, aims: Aims) -> dict[str, Any]:
    mine = [one for one in tickets if one.service == code]
    waits = {one.id: one.total("waiting", service=code) for one in tickets}
    served = {one.id: one.total("serving", service=code) for one in tickets}
    return {
        "issued": len(mine),
        "states": _states(mine),
        "times": (
            _times(
                waits.values(),
                sum((waits[one.id] or 0) > aims.wait(one, code) for one in tickets),
            ),
            _times((one.total("called", service=code) for one in tickets), None),
            _times(
                served.values(), sum((took or 0) > aims.service(code) for took in served.values())
            ),
        ),
        "kept": _kept(one for one in tickets if one.stretches[0].service == code),
    }


def _hours(
    day: Recount, tickets: list[Ticket], arrived_at: list[int], aims: Aims
) -> dict[int, Any]:
    arrived = Counter(map(day.hour, arrived_at))
    called = Counter(day.hour(one.first_call) for one in tickets if one.first_call is not None)
    finished = Counter(
        day.hour(one.ended) for one in tickets if one.state == "finished" and one.ended
    )
    hours = {*arrived, *called, *finished, *_open_hours(day)}
    return {
        hour: (
            arrived[hour],
            called[hour],
            finished[hour],
            _group([one for one in tickets if day.hour(one.issued) == hour], aims),
        )
        for hour in {*hours, *(day.hour(one.issued) for one in tickets)}
    }


def _open_hours(day: Recount) -> set[int]:
    """Hours in which a counter was open, second by second."""
    found: set[int] = set()
    for desk in day.desks.values():
        edges = [*desk.states, (day.last_at, "end", "")]
        for (since, state, _), (until, _, _) in pairwise(edges):
            if state == "open":
                found |= (
                    {day.hour(at) for at in (*range(since, until, 60_000), until - 1)}
                    if until > since
                    else set()
                )
    return found


def _had_to_do(day: Recount, tickets: list[Ticket], number: int) -> bool:
    times = day.desks[number].states
    return any(state != "closed" for _, state, _ in times) or any(
        stretch.counter == number for one in tickets for stretch in one.stretches
    )


def _waits_at(ticket: Ticket, number: int) -> dict[str, int]:
    """What was waited before each call to a counter, by the service of the call."""
    found: dict[str, int] = {}
    waited: int | None = None
    for stretch in ticket.stretches:
        if stretch.state == "waiting" and stretch.until is not None:
            waited = (waited or 0) + stretch.lasted
        elif stretch.state == "called" and waited is not None:
            if stretch.counter == number:
                found[stretch.service] = found.get(stretch.service, 0) + waited
            waited = None
    return found


def _counter(
    day: Recount, tickets: list[Ticket], number: int, aims: Aims, now_ms: int
) -> dict[str, Any]:
    there = [one for one in tickets if any(part.counter == number for part in one.stretches)]
    here = [one for one in tickets if one.counter == number]
    states = Counter(one.state for one in here)
    ended = [states[state] for state in ("finished", "no-show", "cancelled")]
    waits = {one.id: _waits_at(one, number) for one in there}
    times = day.desk_times(number, now_ms)
    is_above = sum(
        any(ms > aims.wait(one, service) for service, ms in waits[one.id].items()) for one in there
    )
    return {
        "tickets": (len(there), *ended, len(here) - sum(ended)),
        "handed_on": sum(one.counter != number for one in there),
        "open": round(times["open"], 3),
        "serving": round(times["serving"], 3),
        "idle": round(times["open"] - times["serving"], 3),
        "breaks": {reason: round(ms / 1000, 3) for reason, ms in times["paused"].items() if ms},
        "times": (
            _times(
                (sum(waits[one.id].values()) if waits[one.id] else None for one in there), is_above
            ),
            _times((one.total("called", counter=number) for one in there), None),
            _times(
                (one.total("serving", counter=number) for one in there),
                sum(_services_above(one, aims, counter=number) for one in there),
            ),
        ),
    }


def _by(screenings: Iterable[Mapping[str, Any]], name: str) -> Counter[str]:
    return Counter(one[name] for one in screenings if one.get(name) is not None)


def _said(day: Recount, ticket: Ticket, outcome: str) -> bool:
    return outcome in day.print_said[ticket.id] or day.last_print[ticket.id] == outcome


def _missing(screenings: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in screenings:
        for paper in one.get("missing", []):
            found.setdefault(one.get("service") or "", Counter())[paper] += 1
    return found


def differences(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Where two sets of facts differ, by their path."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        told = [f"{where}: {sorted(map(str, found.keys() ^ wanted.keys()))} only on one side"]
        told = told if found.keys() != wanted.keys() else []
        for name in found.keys() & wanted.keys():
            told += differences(found[name], wanted[name], f"{where}/{name}")
        return told
    return [] if found == wanted else [f"{where}: {found} should be {wanted}"]
