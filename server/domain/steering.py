"""What a manager changes on a running day: the rule of who is next, skills, paused services.

Each change holds until the business day ends and takes effect at the next call or number.
"""

from collections.abc import Mapping, Sequence

from server.domain.branch import ALL_SERVICES, Skills
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    CounterServicesSet,
    DisciplineSet,
    ServicePaused,
    ServiceResumed,
    StaffServicesSet,
)


def decide_discipline(
    day: BranchDay,
    discipline: str,
    priority_in_a_row: int | None,
    regular_in_a_row: int | None,
    staff: str,
) -> list[AnyEvent]:
    """Another rule from the next call on; a count that is not given is the branch's own.

    The rule that holds already changes nothing: its turns would else begin anew each time.
    """
    rules, in_a_row = day.branch.rules, None
    if priority_in_a_row is not None or regular_in_a_row is not None:
        in_a_row = (
            rules.priority_in_a_row if priority_in_a_row is None else priority_in_a_row,
            rules.regular_in_a_row if regular_in_a_row is None else regular_in_a_row,
        )
    wanted = in_a_row or (rules.priority_in_a_row, rules.regular_in_a_row)
    now = (day.rules.priority_in_a_row, day.rules.regular_in_a_row)
    if (discipline, wanted) == (day.rules.discipline, now):
        return []
    return [DisciplineSet(discipline=discipline, staff=staff, in_a_row=in_a_row)]


def decide_counter_services(
    day: BranchDay,
    counter: int,
    services: Sequence[str],
    preference: Mapping[str, int],
    staff: str,
) -> list[AnyEvent]:
    """Other services for a counter from its next call on."""
    if counter not in day.desks:
        raise QueueRuleError("bad-value", field="counter")
    skills = _skills(day, services, preference)
    if skills == day.skills_of_counter(counter):
        return []
    return [
        CounterServicesSet(
            counter=counter,
            services=list(skills.services),
            preference=dict(skills.preference),
            staff=staff,
        )
    ]


def decide_staff_services(
    day: BranchDay,
    of_staff: str,
    services: Sequence[str],
    preference: Mapping[str, int],
    staff: str,
) -> list[AnyEvent]:
    """Other services for a person, wherever the person sits; the caller knows the person."""
    skills = _skills(day, services, preference)
    if skills == day.skills_of_staff(of_staff):
        return []
    return [
        StaffServicesSet(
            of_staff=of_staff,
            services=list(skills.services),
            preference=dict(skills.preference),
            staff=staff,
        )
    ]


def _skills(day: BranchDay, services: Sequence[str], preference: Mapping[str, int]) -> Skills:
    """The named services in the order of the catalogue; "*" names them all."""
    catalogue = day.branch.services
    for code in services:
        if code not in catalogue and code != ALL_SERVICES:
            raise QueueRuleError("unknown-service", service=code)
    served = tuple(code for code in catalogue if code in services or ALL_SERVICES in services)
    if not served:
        # Nobody could be called there any more: to rest is PauseCounter or CloseCounter.
        raise QueueRuleError("bad-value", field="services")
    if not preference.keys() <= set(served):
        raise QueueRuleError("bad-value", field="preference")
    return Skills(served, dict(preference))


def decide_pause_service(day: BranchDay, service: str, reason: str, staff: str) -> list[AnyEvent]:
    """No more numbers for a while; ``reason`` are words for people and may be empty."""
    _demand_service(day, service)
    if day.paused_services.get(service) == reason:
        return []
    return [ServicePaused(service=service, staff=staff, reason=reason)]


def decide_resume_service(day: BranchDay, service: str, staff: str) -> list[AnyEvent]:
    """Numbers again."""
    _demand_service(day, service)
    if service not in day.paused_services:
        return []
    return [ServiceResumed(service=service, staff=staff)]


def _demand_service(day: BranchDay, service: str) -> None:
    if service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
