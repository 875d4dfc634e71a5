"""Calls for a person: one stands per device, until somebody has gone there or nobody comes."""

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, CallAnswered, OfficerCalled
from server.domain.hall_visitor import OfficerWanted

# A visitor who presses on and on rings no more often than this.
RING_PAUSE_MS = 10_000


def decide_call(day: BranchDay, device: str, reason: str, call: str, now_ms: int) -> list[AnyEvent]:
    """Somebody asks for a person; ``call`` is the id that it gets if none stands there yet.

    Never refused: whoever needs help presses again. Within the pause that is one press; later it
    rings again, and where an officer said to come and has not, it is a call of its own.
    """
    standing = standing_at(day, device, now_ms)
    if standing is None:
        return [OfficerCalled(call=call, device=device, reason=reason)]
    last_ms = standing.asked_at_ms if standing.answered_at_ms is None else standing.answered_at_ms
    if now_ms - last_ms < RING_PAUSE_MS:
        return []
    same = standing.call if standing.answered_at_ms is None else call
    return [OfficerCalled(call=same, device=device, reason=reason)]


def decide_answer(
    day: BranchDay, call: str, staff: str, name: str, device: str, now_ms: int
) -> list[AnyEvent]:
    """Somebody goes there; the first one who says so does."""
    wanted = next((one for one in standing(day, now_ms) if one.call == call), None)
    if wanted is None:
        raise QueueRuleError("too-late", words="help-over", number="")
    if wanted.answered_by == staff:
        return []
    if wanted.answered_by is not None:
        raise QueueRuleError("too-late", words="help-answered", name=wanted.answered_name)
    return [CallAnswered(call=call, staff=staff, name=name, device=device)]


def standing(day: BranchDay, now_ms: int) -> list[OfficerWanted]:
    """The calls that stand, the oldest first."""
    found = (one for one in day.officer_calls.values() if now_ms < ends_ms(day, one))
    return sorted(found, key=lambda one: (one.since_ms, one.device))


def standing_at(day: BranchDay, device: str, now_ms: int) -> OfficerWanted | None:
    """The call of a device that stands."""
    wanted = day.officer_calls.get(device)
    return wanted if wanted is not None and now_ms < ends_ms(day, wanted) else None


def ends_ms(day: BranchDay, wanted: OfficerWanted) -> int:
    """When a call is over by the clock: nobody came, or somebody has by then."""
    rules = day.branch.rules
    if wanted.answered_at_ms is not None:
        return wanted.answered_at_ms + rules.help_answer_life_s * 1000
    return wanted.asked_at_ms + rules.help_call_life_s * 1000
