"""Who may serve what and who gets which place: written down with the day, so that its fold needs
no other catalogue.

A catalogue may change tomorrow, or between two starts of the server; a day is told again by what
held then.
"""

from server.domain.branch import Branch, Skills
from server.domain.branch_day import BranchDay
from server.domain.events import AnyEvent, BranchConfigured, DayOpened, SkillsRecord
from server.domain.fold_hall import skills_of


def decide_day_open(branch: Branch, business_date: str) -> list[AnyEvent]:
    """Begin a business day with what the catalogue says."""
    counters, staff = _records(branch)
    return [
        DayOpened(
            business_date=business_date,
            counters=counters,
            staff=staff,
            services=list(branch.services),
            discipline=branch.rules.discipline,
            target_waits_s=_target_waits_s(branch),
        )
    ]


def decide_configured(day: BranchDay) -> list[AnyEvent]:
    """After a start: the catalogue says something else than when this was last written down."""
    counters, staff = _records(day.branch)
    services, discipline = list(day.branch.services), day.branch.rules.discipline
    target_waits_s = _target_waits_s(day.branch)
    told = (day.configured_counters, day.configured_staff, day.configured_services)
    serves_alike = told == (skills_of(counters), skills_of(staff), tuple(services))
    placed = (day.configured_discipline, day.configured_target_waits_s)
    if serves_alike and placed == (discipline, target_waits_s):
        return []
    return [
        BranchConfigured(
            counters=counters,
            staff=staff,
            services=services,
            discipline=discipline,
            target_waits_s=target_waits_s,
        )
    ]


def _target_waits_s(branch: Branch) -> dict[str, int]:
    own = {code: service.target_wait_s for code, service in branch.services.items()}
    return own | {"": branch.rules.priority_target_wait_s}


def _records(branch: Branch) -> tuple[dict[int, SkillsRecord], dict[str, SkillsRecord]]:
    counters = {number: _record(one.skills) for number, one in branch.counters.items()}
    return counters, {code: _record(one) for code, one in branch.staff_skills.items()}


def _record(skills: Skills) -> SkillsRecord:
    return list(skills.services), dict(skills.preference)
