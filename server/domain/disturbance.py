"""Systems outside that do not work: who says so, when it is over, and what it makes useless.

A burst of finishes whose cause was a system says it by itself (``domain.md`` 1.1 row 12); the
door or a manager may say it, too. What a person said a person ends; what the burst said ends by
itself when it has been quiet for long enough. Either ends with the day.
"""

from collections.abc import Iterator

from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.door import Channel, is_open
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    DisturbanceDeclared,
    DisturbanceEnded,
    ServiceFinished,
)
from server.domain.fold_door import SYSTEM
from server.domain.hall import UndoNote
from server.domain.hall_door import Disturbed, SystemCause
from server.domain.opening import local_of

MOBILE_JKN = "mobile-jkn"
# What helps meanwhile: where people answer who can do it, too.
INSTEAD_KINDS = frozenset({"chat", "phone"})


def decide_after_cause(
    day: BranchDay, ticket: str, cause: str | None, now_ms: int
) -> list[AnyEvent]:
    """What a finish brings about, in its own commit: so many systems in so short a time are a
    disturbance. Several errands of one visitor count once; while one lasts nothing is said again.
    """
    if cause != SYSTEM or day.disturbances:
        return []
    told = [one.ticket for one in _counted_until(day, now_ms)]
    if len({ticket, *told}) < day.rules.disturbance_causes:
        return []
    return [DisturbanceDeclared(system=system_of_bursts(day.branch))]


def _counted_until(day: BranchDay, until_ms: int) -> Iterator[SystemCause]:
    """The causes that make a burst at an instant, newest first."""
    since_ms = until_ms - day.rules.disturbance_window_s * 1000
    for told in reversed(day.system_causes):
        if told.at_ms < since_ms:
            return
        if told.counts and told.at_ms <= until_ms:
            yield told


def decide_after_undo(day: BranchDay, undone: UndoNote) -> list[AnyEvent]:
    """A finish that is taken back does not count: without it, was there a burst at all?"""
    if undone.event != ServiceFinished.__name__:
        return []
    gone = (undone.ticket.id, undone.at_ms)
    events: list[AnyEvent] = []
    for found in day.disturbances.values():
        told = [(one.ticket, one.at_ms) for one in _counted_until(day, found.since_ms)]
        if found.staff is not None or gone not in told:
            continue
        told.remove(gone)
        if len({ticket for ticket, _ in told}) < day.rules.disturbance_causes:
            events.append(DisturbanceEnded(system=found.system, withdrawn=True))
    return events


def system_of_bursts(branch: Branch) -> str:
    """Which system a burst speaks of: the first of the catalogue that a channel needs."""
    known = [choice.code for choice in branch.choices.get("disturbance", ())]
    needed = {channel.needs_app for channel in branch.door.channels.values()}
    return next((code for code in known if code in needed), MOBILE_JKN)


def decide_declare(day: BranchDay, system: str, staff: str) -> list[AnyEvent]:
    """Somebody says it; what the burst had said is from now on this person's word."""
    _demand_known(day, system)
    lasting = day.disturbances.get(system)
    if lasting is not None and lasting.staff is not None:
        return []
    return [DisturbanceDeclared(system=system, staff=staff)]


def decide_end(day: BranchDay, system: str, staff: str) -> list[AnyEvent]:
    """It works again; of what does not last there is nothing to end."""
    if system not in day.disturbances:
        _demand_known(day, system)
        return []
    return [DisturbanceEnded(system=system, staff=staff)]


def _demand_known(day: BranchDay, system: str) -> None:
    if not day.branch.knows("disturbance", system):
        raise QueueRuleError("bad-value", field="system")


def decide_quiet(day: BranchDay, now_ms: int) -> list[AnyEvent]:
    """What the burst said is over when no further cause came for long enough."""
    ends_ms = day.disturbance_ends_ms
    if ends_ms is None or ends_ms > now_ms:
        return []
    return [
        DisturbanceEnded(system=found.system)
        for found in day.disturbances.values()
        if found.staff is None
    ]


# What it means for everybody else.


def is_disturbed(day: BranchDay, channel: Channel) -> bool:
    """Whether a channel is of no use now, because what it needs does not work."""
    return bool(channel.needs_app) and channel.needs_app in day.disturbances


def shown(day: BranchDay) -> Disturbed | None:
    """The one that people are told of: first what they would have used themselves."""
    lasting = day.disturbances.values()
    return next(
        (found for found in lasting if concerns_people(day.branch, found.system)),
        next(iter(lasting), None),
    )


def concerns_people(branch: Branch, system: str) -> bool:
    """Whether visitors use this system themselves, so that they need another way."""
    channels = branch.door.channels.values()
    return system == MOBILE_JKN or any(channel.needs_app == system for channel in channels)


def instead(day: BranchDay, now_ms: int) -> Channel | None:
    """What can be used meanwhile: the catalogue's first chat or telephone that is open now.

    So PANDAWA in its hours and the Care Center outside them; None: nothing can.
    """
    local = local_of(now_ms, day.branch.time_zone)
    return next(
        (
            channel
            for channel in day.branch.door.channels.values()
            if channel.kind in INSTEAD_KINDS
            and not is_disturbed(day, channel)
            and is_open(channel, local)
        ),
        None,
    )
