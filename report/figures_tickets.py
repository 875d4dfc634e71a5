"""The tickets of a day in all, per service, hour and priority class."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from db.catalogue_names import CatalogueNames
from db.day_events import Told
from db.day_targets import (
    Targets,
    any_took_too_long,
    leg_waited_too_long,
    took_too_long,
    waited_too_long,
)
from db.day_visits import PRIORITY, REGULAR, Clock, Times, Visit
from db.promises import Kept
from db.reports import STATES
from report.day import Counted, Group, Names, TicketCounts
from report.measuring import counted, measured


@dataclass(slots=True)
class Part:
    """What a group is reckoned from: tickets as told, their rows, and the times that count."""

    told: int = 0
    states: Counter[str] = field(default_factory=Counter)
    waits_ms: list[int] = field(default_factory=list)
    ways_ms: list[int] = field(default_factory=list)
    services_ms: list[int] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    waits_above: int = 0
    services_above: int = 0

    def add(self, times: Times) -> None:
        """What a visit, or a part of it, took."""
        if times.waiting_ms is not None:
            self.waits_ms.append(times.waiting_ms)
        if times.way_ms is not None:
            self.ways_ms.append(times.way_ms)
        if times.service_ms is not None:
            self.services_ms.append(times.service_ms)

    def group(self, code: str, names: Names) -> Group:
        """The figures."""
        # A state that somebody made up is none of them, so that the sum is wrong.
        states = {state.replace("-", "_"): self.states[state] for state in STATES}
        return Group(
            code=code,
            names=names,
            tickets=TicketCounts(issued=self.told, **states),
            waiting=measured(self.waits_ms, self.waits_above),
            way=measured(self.ways_ms),
            service=measured(self.services_ms, self.services_above),
            promises=Kept(self.kept["inside"], self.kept["early"], self.kept["late"]),
        )


@dataclass(frozen=True, slots=True)
class TicketGroups:
    """All groups of a day; hours by their number."""

    total: Group
    services: tuple[Group, ...]
    hours: Mapping[int, Group]
    classes: tuple[Group, ...]
    priorities: tuple[Counted, ...]


def ticket_groups(
    told: Sequence[Told],
    visits: Sequence[Visit],
    clock: Clock,
    aims: Targets,
    catalogue: CatalogueNames,
) -> TicketGroups:
    """Sort everything into its groups, each ticket once into each kind."""
    total, hours = Part(), defaultdict[int, Part](Part)
    services, classes = defaultdict[str, Part](Part), defaultdict[str, Part](Part)
    for one in told:
        of_class = REGULAR if one.priority == "none" else PRIORITY
        parts = (total, services[one.service], hours[clock.hour(one.issued_at_ms)])
        for part in (*parts, classes[of_class]):
            part.told += 1
    for visit in visits:
        hour, kept = clock.hour(visit.issued_at_ms), visit.kept
        waits_above = waited_too_long(visit, aims)
        services_above = any_took_too_long(visit, aims)
        for part in (total, hours[hour], classes[visit.of_class]):
            part.states[visit.state] += 1
            part.add(visit.times)
            part.waits_above += waits_above
            part.services_above += services_above
            if kept is not None:
                part.kept[kept] += 1
        services[visit.service].states[visit.state] += 1
        if kept is not None:
            services[visit.first_service].kept[kept] += 1
        for service, times in visit.services.items():
            part = services[service]
            part.add(times)
            part.waits_above += leg_waited_too_long(visit, service, times, aims)
            part.services_above += took_too_long(service, times, aims)
    priorities = Counter(visit.priority for visit in visits if visit.priority != "none")
    names_of = catalogue.names_of
    return TicketGroups(
        total=total.group("", {}),
        services=tuple(
            services[code].group(code, names_of("service", code))
            for code in in_order(services, catalogue.order("service"))
        ),
        hours={hour: hours[hour].group(f"{hour:02d}", {}) for hour in sorted(hours)},
        classes=tuple(
            classes[code].group(code, {}) for code in (REGULAR, PRIORITY) if code in classes
        ),
        priorities=counted(priorities, catalogue, "choice.priority"),
    )


def in_order(codes: Iterable[str], places: Mapping[str, int]) -> list[str]:
    """In the order of the branch, unknown ones behind."""
    return sorted(codes, key=lambda code: (places.get(code, len(places)), code))
