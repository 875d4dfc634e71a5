"""Who sits where: signing in and out, opening and closing a counter."""

from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.calling import staff_at
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    StaffSignedIn,
    StaffSignedOut,
    TicketTakenAlong,
)
from server.domain.hall import Desk, Seat


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose PIN was right."""

    staff: str
    name: str
    role: str


def decide_sign_in(
    day: BranchDay, device: str, person: Person, counter: int | None, *, needs_counter: bool
) -> list[AnyEvent]:
    """Sit down at a device; somebody who sat elsewhere takes counter and ticket along."""
    before = day.seat_of_staff(person.staff)
    if before is not None and counter is None and needs_counter:
        counter = before.counter
    if needs_counter and counter is None:
        raise QueueRuleError("missing-field", field="counter")
    if counter is not None and counter not in day.desks:
        raise QueueRuleError("bad-value", field="counter")
    if before is not None and (before.device, before.counter) == (device, counter):
        return []
    old_desk = day.desks[before.counter] if before and before.counter is not None else None
    new_desk = day.desks[counter] if counter is not None else None
    carried = old_desk.ticket if old_desk else None
    if carried is not None and new_desk is None:
        raise QueueRuleError("counter-busy", ticket=carried)
    events: list[AnyEvent] = []
    if before is not None:
        events.append(_out(before, "elsewhere"))
    events += _make_room(day, device, new_desk, old_desk, before)
    events.append(
        StaffSignedIn(
            device=device, staff=person.staff, name=person.name, role=person.role, counter=counter
        )
    )
    if old_desk is not None and old_desk is not new_desk:
        events += _move_desk(old_desk, new_desk, person.staff)
    return events


def _out(seat: Seat, reason: str) -> StaffSignedOut:
    return StaffSignedOut(device=seat.device, staff=seat.staff, reason=reason)


def _make_room(
    day: BranchDay, device: str, new_desk: Desk | None, old_desk: Desk | None, before: Seat | None
) -> list[AnyEvent]:
    """Sign out who sat at this device or counter; nobody is pushed away from a visitor."""
    events: list[AnyEvent] = []
    here = day.seats.get(device)
    if here is not None and here is not before:
        # The next person at the same counter goes on with its visitor; any other must be free.
        left = day.desks[here.counter] if here.counter is not None else None
        if left is not None and left.ticket is not None and left is not new_desk:
            raise QueueRuleError("counter-busy", ticket=left.ticket)
        events.append(_out(here, "replaced"))
        if left is not None and left is not new_desk and left.state != "closed":
            events.append(CounterClosed(counter=left.number, staff=here.staff))
    if new_desk is None or new_desk is old_desk:
        return events
    sitting = day.seats.get(new_desk.device) if new_desk.device is not None else None
    same_device = here is not None and here.counter == new_desk.number
    goes_on = same_device or sitting is None
    if new_desk.ticket is not None and (not goes_on or (old_desk and old_desk.ticket)):
        raise QueueRuleError("counter-busy", ticket=new_desk.ticket)
    if sitting is not None and sitting is not here:
        events.append(_out(sitting, "replaced"))
    return events


def _move_desk(old_desk: Desk, new_desk: Desk | None, staff: str) -> list[AnyEvent]:
    """Close the counter that was left, and open the new one with the running ticket."""
    events: list[AnyEvent] = []
    was_open = old_desk.state == "open"
    if new_desk is not None and was_open and new_desk.state != "open":
        events.append(CounterOpened(counter=new_desk.number, staff=staff))
    if new_desk is not None and old_desk.ticket is not None:
        events.append(
            TicketTakenAlong(ticket=old_desk.ticket, counter=new_desk.number, staff=staff)
        )
    if old_desk.state != "closed":
        events.append(CounterClosed(counter=old_desk.number, staff=staff))
    return events


def decide_sign_out(day: BranchDay, device: str, reason: str = "asked") -> list[AnyEvent]:
    """Get up; the counter closes, and must hold nobody."""
    seat = day.seats.get(device)
    if seat is None:
        raise QueueRuleError("not-signed-in")
    events: list[AnyEvent] = []
    if seat.counter is not None:
        desk = day.desks[seat.counter]
        if desk.ticket is not None:
            raise QueueRuleError("counter-busy", ticket=desk.ticket)
        if desk.state != "closed":
            events.append(CounterClosed(counter=desk.number, staff=seat.staff))
    events.append(_out(seat, reason))
    return events


def decide_turn_out(day: BranchDay, seat: Seat) -> list[AnyEvent]:
    """Sign out who may not work here any more; a visitor there waits for the next person."""
    events: list[AnyEvent] = []
    desk = day.desks[seat.counter] if seat.counter is not None else None
    if desk is not None and desk.ticket is None and desk.state != "closed":
        events.append(CounterClosed(counter=desk.number, staff=seat.staff))
    events.append(_out(seat, "disabled"))
    return events


# A counter opens, rests and closes by the word of who sits there, or of the manager ``by``.


def decide_open(day: BranchDay, desk: Desk, by: str | None = None) -> list[AnyEvent]:
    """Serve from now on; somebody must be signed in there."""
    if desk.staff is None:
        raise QueueRuleError("counter-closed", words="counter-unattended", counter=desk.number)
    if desk.state == "open":
        return []
    return [CounterOpened(counter=desk.number, staff=by or desk.staff)]


def decide_pause(day: BranchDay, desk: Desk, reason: str, by: str | None = None) -> list[AnyEvent]:
    """Rest; nobody may be left standing at the counter."""
    if not day.branch.knows("pause_reason", reason):
        raise QueueRuleError("bad-value", field="reason")
    if desk.state == "closed":
        raise QueueRuleError("counter-closed", counter=desk.number)
    _demand_nobody(desk)
    if desk.state == "paused" and desk.reason == reason:
        return []
    return [CounterPaused(counter=desk.number, staff=by or staff_at(desk), reason=reason)]


def decide_close(day: BranchDay, desk: Desk, by: str | None = None) -> list[AnyEvent]:
    """Serve no more; the person there stays signed in."""
    _demand_nobody(desk)
    if desk.state == "closed":
        return []
    return [CounterClosed(counter=desk.number, staff=by or staff_at(desk))]


def _demand_nobody(desk: Desk) -> None:
    if desk.ticket is not None:
        raise QueueRuleError("counter-busy", ticket=desk.ticket)
