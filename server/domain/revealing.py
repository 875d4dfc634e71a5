"""Who may look at what stands under seal: who needs it for this visitor, at a person's pace."""

from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, RecordRevealed

HOUR_MS = 3600 * 1000
# A counter still writes up the visitor who has just left it.
HELD_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, and from where: ``counter`` at a frontliner's desk, ``everywhere`` a manager."""

    staff: str
    device: str
    counter: int | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a record without opening it."""

    id: str
    kind: str
    business_date: str


def decide_reveal(
    day: BranchDay, kept: Kept, looker: Looker, reason: str, now_ms: int
) -> list[AnyEvent]:
    """That somebody looked, and why; refused where it is not theirs, or they look too often."""
    if not reason:
        raise QueueRuleError("bad-value", field="reason")
    if not _may_look(day, kept, looker, now_ms):
        raise QueueRuleError("not-yours", words="not-yours-record")
    _demand_pace(day, looker.staff, now_ms)
    return [
        RecordRevealed(
            record=kept.id,
            kind=kept.kind,
            reason=reason,
            staff=looker.staff,
            device=looker.device,
        )
    ]


def refuse_absent(day: BranchDay, record_id: str, *, told: bool) -> QueueRuleError:
    """Why there is nothing to open; ``told``: the history of earlier days knows the record."""
    screening = day.screenings.get(record_id)
    if screening is not None:
        told = screening.told.identified or screening.told.noted
    elif record_id in day.complaints or record_id in day.identities.values():
        told = True
    return QueueRuleError("record-erased" if told else "unknown-record")


def _may_look(day: BranchDay, kept: Kept, looker: Looker, now_ms: int) -> bool:
    if looker.everywhere:
        return True
    if looker.counter is None:  # the door: whoever came today
        return kept.business_date == day.business_date
    return any(_is_about(day, kept, ticket) for ticket in _held(day, looker.counter, now_ms))


def screenings_at(day: BranchDay, counter: int, now_ms: int) -> frozenset[str]:
    """The screenings of the visitor whom a counter serves, or served a moment ago."""
    held = (day.tickets[ticket].screening for ticket in _held(day, counter, now_ms))
    return frozenset(screening for screening in held if screening is not None)


def _held(day: BranchDay, counter: int, now_ms: int) -> list[str]:
    """The ticket of a counter, and the one that has just left it."""
    desk = day.desks[counter]
    held = [desk.ticket] if desk.ticket is not None else []
    if desk.last_finished is not None:
        ended_at_ms = day.tickets[desk.last_finished].ended_at_ms
        if ended_at_ms is not None and now_ms - ended_at_ms <= HELD_MS:
            held.append(desk.last_finished)
    return held


def _is_about(day: BranchDay, kept: Kept, ticket_id: str) -> bool:
    """Whether a record is of a ticket's visitor."""
    screening = day.tickets[ticket_id].screening
    if kept.kind == "screening":
        return kept.id == screening
    if kept.kind == "identity":
        return kept.id == day.identities.get(ticket_id)
    complaint = day.complaints.get(kept.id)
    if complaint is None:
        return False
    if complaint.ticket == ticket_id:
        return True
    return complaint.screening is not None and complaint.screening == screening


def _demand_pace(day: BranchDay, staff: str, now_ms: int) -> None:
    """Nobody reads through everything that was kept: so many an hour, and no more."""
    most = day.rules.reveals_per_hour
    recent = [at_ms for at_ms in day.reveals.get(staff, ()) if now_ms - at_ms < HOUR_MS]
    if len(recent) >= most:
        wait_ms = recent[-most] + HOUR_MS - now_ms
        raise QueueRuleError(
            "rate-limited",
            words="too-many-reveals",
            retry_after_s=max(1, wait_ms // 1000),
            minutes=-(-wait_ms // 60_000),
        )
