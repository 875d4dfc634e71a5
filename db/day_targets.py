"""What the times of a day are held against, and whether they were longer."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.catalogue_names import CatalogueNames
from db.day_visits import Times, Visit


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of waiting as the day says them, else those of the catalogue."""

    catalogue: CatalogueNames
    of_day: Mapping[str, int]

    def waiting_ms(self, service: str, priority: str) -> int:
        """A priority class has one target for all services."""
        if priority != "none":
            return self.of_day.get("", self.catalogue.priority_target_s) * 1000
        known = self.catalogue.target_waits_s.get(service, 0)
        return self.of_day.get(service, known) * 1000

    def service_ms(self, service: str) -> int | None:
        """As the catalogue has it now."""
        target_s = self.catalogue.target_services_s.get(service)
        return None if target_s is None else target_s * 1000


def waited_too_long(visit: Visit, aims: Targets) -> bool:
    """Whether the first call came later than the target of what the number was taken for."""
    waited_ms = visit.first_wait_ms
    if waited_ms is None or visit.times.waiting_ms is None:
        return False
    return waited_ms > aims.waiting_ms(visit.first_service, visit.priority)


def took_too_long(service: str, times: Times, aims: Targets) -> bool:
    """Whether the time at a counter for a service was longer than its target."""
    target_ms = aims.service_ms(service)
    return times.service_ms is not None and target_ms is not None and times.service_ms > target_ms


def any_took_too_long(visit: Visit, aims: Targets) -> bool:
    """The same of any service of a visit."""
    return any(took_too_long(service, times, aims) for service, times in visit.services.items())


def leg_waited_too_long(visit: Visit, service: str, times: Times, aims: Targets) -> bool:
    """Whether the wait for one service of a visit was longer than its target."""
    waited_ms = times.waiting_ms
    return waited_ms is not None and waited_ms > aims.waiting_ms(service, visit.priority)
