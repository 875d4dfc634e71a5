"""What a counter is told of its next call: who it will be, whom it may help, what it may undo."""

from datetime import datetime

from protocol import messages as m
from server.domain.branch_day import BranchDay
from server.domain.hall import Desk
from server.domain.selection import Choice
from server.domain.ticket import Ticket
from server.domain.undoing import undoable
from server.instants import instant
from server.why_words import why_next


def next_of(day: BranchDay, desk: Desk, now_ms: int) -> m.PreviewEntry | None:
    """Who would be called now, by which rule; None when nobody is."""
    if desk.state != "open":
        return None
    choice = day.next_choice(desk, now_ms)
    if choice is None:
        return None
    ticket = day.tickets[choice.ticket]
    return preview_entry(day, ticket, choice.rule, 1, now_ms, helping=choice.helping)


def next_ones(day: BranchDay, now_ms: int) -> tuple[Choice | None, ...]:
    """Who is next at each open counter."""
    return tuple(
        day.next_choice(desk, now_ms) for desk in day.desks.values() if desk.state == "open"
    )


def preview_entry(
    day: BranchDay,
    ticket: Ticket,
    rule: str,
    place: int,
    now_ms: int,
    *,
    in_a_row: tuple[int, int] | None = None,
    place_now: int | None = None,
    counter: int | None = None,
    helping: bool = False,
) -> m.PreviewEntry:
    """A ticket of a preview in the words of the wire."""
    return m.PreviewEntry(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        priority=ticket.priority,
        place=place,
        why=dict(why_next(day, ticket, rule, now_ms, in_a_row)),
        rule=rule,
        counter=counter,
        place_now=place_now,
        helping=helping,
    )


def undo_of(day: BranchDay, desk: Desk, now_ms: int) -> m.Undoable | None:
    """The last move of a counter while it may be taken back."""
    note = undoable(day, desk, now_ms)
    if note is None:
        return None
    until_ms = note.at_ms + day.rules.undo_s * 1000
    return m.Undoable(event=note.event, number=note.ticket.number, until=instant(until_ms))


def waiting_elsewhere(day: BranchDay, desk: Desk) -> int:
    """How many wait in lines that are not this counter's, but that its person might help."""
    return sum(map(day.lines.length, day.help_lines(desk).every))


def help_from(day: BranchDay, desk: Desk) -> datetime | None:
    """From when an idle counter may help other lines; None when it never does, or is not idle."""
    after_s = day.rules.help_after_s
    if after_s is None or desk.free_since_ms is None:
        return None
    return instant(desk.free_since_ms + after_s * 1000)
