"""AdviseVisitor: which papers, what the rules say, and where else it can be done at this moment."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from protocol.messages import AdviseVisitor
from server.domain.advice import DoorFacts
from server.domain.advice import advise as advise_by_rules
from server.domain.branch_day import BranchDay
from server.domain.disturbance import instead, is_disturbed
from server.domain.door import DoorCatalogue, is_open
from server.domain.errors import QueueRuleError
from server.domain.opening import local_of
from server.domain.screening import demand_likely_dates
from server.door_views import advice_view, day_in_words
from server.queries.handler import Fields, Inquiry


def advise(query: AdviseVisitor, inquiry: Inquiry) -> Fields:
    """Channels and offices that are closed now are left out, and so are disturbed systems."""
    day, door = inquiry.day, inquiry.day.branch.door
    if query.matter is not None and query.matter not in door.matters:
        raise QueueRuleError("bad-value", field="matter")
    if query.service is not None and query.service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=query.service)
    demand_likely_dates(
        day,
        decree_on=query.decree_on,
        born_on=query.born_on,
        facility_changed_on=query.facility_changed_on,
    )
    found = advise_by_rules(
        _undisturbed(day, door, inquiry.now_ms), _facts(query, day), day_in_words
    )
    local = local_of(inquiry.now_ms, day.branch.time_zone)
    advised = [one.office for one in found if one.office is not None]
    return {
        "papers": list(door.papers_needed(query.matter, query.segment)),
        "advice": [advice_view(one) for one in found],
        "channels": _channels(day, door, query.matter, inquiry.now_ms, local),
        "offices": _offices(door, query.matter, advised, local),
    }


def _facts(query: AdviseVisitor, day: BranchDay) -> DoorFacts:
    return DoorFacts(
        today=date.fromisoformat(day.business_date),
        matter=query.matter,
        service=query.service,
        segment=query.segment,
        membership=query.membership,
        papers=tuple(query.papers),
        missing=tuple(query.missing),
        decree_on=query.decree_on,
        born_on=query.born_on,
        facility_changed_on=query.facility_changed_on,
        nik_mismatch=query.nik_mismatch,
    )


def _undisturbed(day: BranchDay, door: DoorCatalogue, now_ms: int) -> DoorCatalogue:
    """The door whose rules send nobody to a system that is disturbed, while there is another."""
    other = instead(day, now_ms) if day.disturbances else None
    if other is None:
        return door
    disturbed = {code for code, channel in door.channels.items() if is_disturbed(day, channel)}
    rules = {
        code: replace(rule, channel=other.code) if rule.channel in disturbed else rule
        for code, rule in door.advice.items()
    }
    return replace(door, advice=rules)


def _channels(
    day: BranchDay, door: DoorCatalogue, matter: str | None, now_ms: int, local: datetime
) -> list[str]:
    """Those of the matter (without one: all) that can be used now; else what is there instead."""
    codes = door.channels if matter is None else door.channels_for(matter)
    wanted = [door.channels[code] for code in codes if code in door.channels]
    usable = [one.code for one in wanted if is_open(one, local) and not is_disturbed(day, one)]
    other = instead(day, now_ms) if any(is_disturbed(day, one) for one in wanted) else None
    return usable if other is None else list(dict.fromkeys([*usable, other.code]))


def _offices(
    door: DoorCatalogue, matter: str | None, advised: Iterable[str], local: datetime
) -> list[str]:
    """Those of the matter (without one: all) and of the advice, if they are open now."""
    codes = [*(door.offices if matter is None else door.offices_for(matter)), *advised]
    known = (door.offices[code] for code in dict.fromkeys(codes) if code in door.offices)
    return [office.code for office in known if is_open(office, local)]
