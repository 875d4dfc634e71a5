"""What snapshots say that turns with the clock alone, without an event and without a service's
opening: complaints that become due, and other places that open and close."""

from server.domain.branch_day import BranchDay
from server.domain.complaints import Reminders, reminders_of
from server.domain.door import is_open
from server.domain.opening import local_of

ClockFacts = tuple[Reminders, tuple[str, ...], tuple[str, ...]]
"""Complaints to look after; the channels and the offices that are open by their hours."""


def clock_facts(day: BranchDay, now_ms: int) -> ClockFacts:
    """The same tuple as long as the clock has changed nothing that a screen shows.

    Which channels are open also says what people are told to use while a system is disturbed.
    """
    local, door = local_of(now_ms, day.branch.time_zone), day.branch.door
    channels = tuple(code for code, one in door.channels.items() if is_open(one, local))
    offices = tuple(code for code, one in door.offices.items() if is_open(one, local))
    return reminders_of(day, now_ms), channels, offices
