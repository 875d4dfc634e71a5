"""What the staff sees of the door's day: screenings, their figures, and where else help is now."""

from collections import Counter
from itertools import islice

from msgspec.structs import replace

from protocol import messages as m
from server.domain.branch_day import BranchDay
from server.domain.complaints import times_of_ticket
from server.domain.disturbance import is_disturbed
from server.domain.door import is_open
from server.domain.hall_door import Screening
from server.domain.opening import local_of
from server.domain.slips import code_is_good
from server.domain.ticket import Ticket
from server.instants import instant

RECENT_MOST = 10


def facts_of(screening: Screening) -> m.ScreeningFacts:
    """What was captured, nothing personal."""
    told = screening.told
    return m.ScreeningFacts(
        id=told.screening,
        outcome=told.outcome,
        at=instant(screening.at_ms),
        staff=told.staff,
        service=told.service,
        matter=told.matter,
        segment=told.segment,
        membership=told.membership,
        papers=list(told.papers),
        missing=list(told.missing),
        priority=told.priority,
        needs=list(told.needs),
        companion=told.companion,
        weight=told.weight,
        advice=list(told.advice),
        overrides=dict(told.overrides),
        reason=told.reason,
        channel=told.channel,
        office=told.office,
        identified=told.identified,
        noted=told.noted,
        visits_before=told.visits_before,
    )


def facts_of_kiosk(ticket: Ticket, identity: str) -> m.ScreeningFacts:
    """Of somebody who was received by nobody, but typed a number of theirs at the kiosk."""
    return m.ScreeningFacts(
        id=identity,
        outcome="kiosk",
        at=instant(ticket.issued_at_ms),
        staff="",
        service=ticket.service,
        identified=True,
        identity=identity,
    )


def facts_of_ticket(day: BranchDay, ticket_id: str | None) -> m.ScreeningFacts | None:
    """What the door captured of the visitor with a ticket; None: they did not pass the door."""
    ticket = day.tickets.get(ticket_id or "")
    screening = None if ticket is None else day.screenings.get(ticket.screening or "")
    if ticket is None:
        return None
    identity = day.identities.get(ticket.id)
    if screening is not None:
        facts = facts_of(screening)
        if identity is not None and not facts.identified:
            facts = replace(facts, identified=True, identity=identity)
    elif identity is not None:
        facts = facts_of_kiosk(ticket, identity)
    else:
        return None
    times = times_of_ticket(day, ticket)
    if times is None:
        return facts
    return replace(
        facts,
        level=times.level,
        answer_due_at=instant(times.answer_due_at_ms),
        due_at=instant(times.due_at_ms),
    )


def recent(day: BranchDay, now_ms: int) -> list[m.RecentScreening]:
    """The last visitors of the door, newest first."""
    newest = islice(reversed(day.screenings.values()), RECENT_MOST)
    return [_recent(day, screening, now_ms) for screening in newest]


def _recent(day: BranchDay, screening: Screening, now_ms: int) -> m.RecentScreening:
    told, ticket = screening.told, day.tickets.get(screening.ticket or "")
    slip = day.slips.get(screening.slip or "")
    return m.RecentScreening(
        screening=screening.id,
        at=instant(screening.at_ms),
        outcome=told.outcome,
        matter=told.matter,
        ticket=None if ticket is None else ticket.id,
        number=None if ticket is None else ticket.number,
        state=None if ticket is None else ticket.state.value,
        print=None if ticket is None else ticket.print,
        # What was put right since counts.
        service=told.service if ticket is None else ticket.service,
        priority=told.priority if ticket is None else ticket.priority,
        # Nobody needs to see it once it opens nothing any more.
        code=told.code if code_is_good(screening, now_ms) else None,
        slip=None if slip is None else slip.outcome,
    )


def totals(day: BranchDay) -> m.DoorTotals:
    """The door's day in figures."""
    outcomes = Counter(screening.told.outcome for screening in day.screenings.values())
    return m.DoorTotals(
        screened=outcomes.total(),
        outcomes=dict(sorted(outcomes.items())),
        guests=day.guests,
        sent_home=len(day.channels_chosen),
    )


def channels_open(day: BranchDay, now_ms: int) -> list[str]:
    """Channels that can be used at this moment: in their hours, and not disturbed."""
    local = local_of(now_ms, day.branch.time_zone)
    known = day.branch.door.channels.values()
    return [one.code for one in known if is_open(one, local) and not is_disturbed(day, one)]


def offices_open(day: BranchDay, now_ms: int) -> list[str]:
    """Offices to which somebody can be sent at this moment."""
    local = local_of(now_ms, day.branch.time_zone)
    return [one.code for one in day.branch.door.offices.values() if is_open(one, local)]
