"""Why a ticket has its place, who was called before it, who is next and who would be.

Only codes and facts; the words are chosen where a person's language is known.
"""

from collections.abc import Mapping, Set
from copy import copy
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import chain, islice
from typing import Any

from server.domain.branch_day import BranchDay
from server.domain.discipline import Runs, discipline_of
from server.domain.events import Rank
from server.domain.hall import CallMade, Desk
from server.domain.lines import Line, Lines
from server.domain.placing import new_ranks
from server.domain.selection import OVERDUE, OVERTAKEN, Choice, Order, line_up, promised
from server.domain.skills import CallLines
from server.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: its code, and facts with units at the end of their names."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Previewed:
    """A ticket of a preview: by which rule, and its place now where the preview asks what if."""

    ticket: Ticket
    rule: str
    place: int
    place_now: int | None = None


def why_here(day: BranchDay, ticket: Ticket, now_ms: int) -> Why:
    """The first reason that holds for the place of a waiting ticket."""
    rules, overtakes = day.rules, day.lines.overtakes_of(ticket)
    if overtakes >= rules.overtakes_most:
        return Why(OVERTAKEN, {"overtakes": overtakes})
    late_s = (now_ms - ticket.waits_since_ms - ticket.target_wait_ms) // 1000
    if late_s >= rules.overdue_s:
        return Why(OVERDUE, {"late_s": late_s, "target_s": ticket.target_wait_ms // 1000})
    if ticket.to_counter is not None:
        return Why("handed-on-counter", {"counter": ticket.to_counter})
    if ticket.to_staff is not None:
        return Why("handed-on-staff", {"staff": ticket.to_staff})
    if ticket.placing == "grace":
        return Why("came-back", {"places": rules.grace_places})
    if ticket.placing in ("first", "last"):
        return Why(f"placed-{ticket.placing}")
    return _by_discipline(day, ticket)


def _by_discipline(day: BranchDay, ticket: Ticket) -> Why:
    rules, kind = day.rules, ticket.priority
    facts: dict[str, Any] = {"issued_at_ms": ticket.issued_at_ms, "priority": kind}
    if day.discipline.name == "first-come":
        return Why("arrival", facts)
    if day.discipline.name == "ratio":
        facts["priority_in_a_row"] = rules.priority_in_a_row
        facts["regular_in_a_row"] = rules.regular_in_a_row
        return Why("regular-turn" if kind == "none" else "priority-turn", facts)
    facts["target_s"] = ticket.target_wait_ms // 1000
    facts["due_at_ms"] = ticket.issued_at_ms + ticket.target_wait_ms
    return Why("due" if kind == "none" else "due-priority", facts)


def overtakers(day: BranchDay, ticket: Ticket) -> list[CallMade]:
    """The later arrivals that were called while this ticket might have been, oldest first.

    Those whose ``counted`` is true are as many as its overtakes.
    """
    return [
        made
        for stand in ticket.stands
        for made in islice(day.calls_made, stand.from_call, stand.to_call)
        if made.ordinal > ticket.ordinal and stand.line in made.lines and not made.undone
    ]


def line_of(day: BranchDay, desk: Desk, now_ms: int, most: int) -> list[Choice]:
    """Those who would be called at a counter one after the other, if nobody else called."""
    return list(islice(line_up(day.lines, day.order, day.call_lines(desk), now_ms, most), most))


def preview(
    day: BranchDay,
    desk: Desk | None,
    now_ms: int,
    most: int,
    discipline: str | None = None,
    in_a_row: tuple[int, int] | None = None,
) -> list[Previewed]:
    """Who is called next at a counter, or by all open counters together.

    With ``discipline`` as it would be under that one: nothing is changed by asking.
    """
    call = day.call_lines(desk) if desk is not None else _of_all(day)
    now = list(islice(line_up(day.lines, day.order, call, now_ms, most), most))
    if discipline is None:
        return [_previewed(day, one, place) for place, one in enumerate(now, 1)]
    order, lines = _other_order(day, discipline, in_a_row), day.lines
    if order.rules != day.rules:
        lines = _placed_by(day, order, call, now_ms, most)
    would = islice(line_up(lines, order, call, now_ms, most), most)
    places = {one.ticket: place for place, one in enumerate(now, 1)}
    return [
        replace(_previewed(day, one, place), place_now=places.get(one.ticket))
        for place, one in enumerate(would, 1)
    ]


def _previewed(day: BranchDay, choice: Choice, place: int) -> Previewed:
    return Previewed(day.tickets[choice.ticket], choice.rule, place)


def _of_all(day: BranchDay) -> CallLines:
    """The lines of all open counters as one; of all counters while none is open."""
    desks = [desk for desk in day.desks.values() if desk.state == "open"]
    names = dict.fromkeys(
        name for desk in desks or day.desks.values() for name in day.call_lines(desk).every
    )
    return CallLines((tuple(names),), tuple(names))


def _other_order(day: BranchDay, discipline: str, in_a_row: tuple[int, int] | None) -> Order:
    """As after ``SetDiscipline``: turns begin anew, unless that is the rule already."""
    own = day.branch.rules
    priority, regular = in_a_row or (own.priority_in_a_row, own.regular_in_a_row)
    rules = replace(
        day.rules,
        discipline=discipline,
        priority_in_a_row=priority,
        regular_in_a_row=regular,
    )
    return day.order if rules == day.rules else Order(rules, discipline_of(rules), Runs())


def _placed_by(day: BranchDay, order: Order, call: CallLines, now_ms: int, most: int) -> Lines:
    """Copies of those who can be among the first ``most``, in the order of another discipline.

    Those are whom the promise puts first, and of each kind of each line the first by rank.
    """
    every = day.lines.several(call.every)
    chosen = {ticket for ticket, _ in promised(every, order.rules, now_ms, most)}
    lines = Lines()
    for line in every:
        standing = _first_of_each(day, line, chosen, most)
        ranked = [
            (ticket, _in_full_line(line, ticket, rank))
            for ticket, rank in new_ranks(standing, day.branch.services, order.discipline)
        ]
        kinds: dict[tuple[bool, bool], list[tuple[Rank, str]]] = {}
        for ticket, rank in ranked:
            kind = (ticket.placing == "first", ticket.priority == "none")
            kinds.setdefault(kind, []).append((rank, ticket.id))
        first = {one for kind in kinds.values() for _, one in nsmallest(most, kind)}
        for ticket, rank in ranked:
            if ticket.id in first or ticket.id in chosen:
                twin = copy(ticket)
                twin.rank, twin.overtakes = rank, day.lines.overtakes_of(ticket)
                lines.join(twin)
    return lines


def _first_of_each(day: BranchDay, line: Line, chosen: Set[str], most: int) -> list[Ticket]:
    """In the line's order the first ``most`` of each service, priority and placing.

    No discipline changes the order among those of one such kind. ``chosen`` come along, and those
    who came back, together with whom they stand behind.
    """
    tickets = day.tickets
    taken = {one: tickets[one] for one in chosen if tickets[one].ordinal in line.by_arrival}
    counts: dict[tuple[str, str, str], int] = {}
    spots: set[tuple[int, int]] = set()
    for rank, one in chain(line.front, line.regular, line.priority):
        ticket = tickets[one]
        if ticket.placing == "grace":
            taken[one] = ticket
            spots.add(rank[:2])
            continue
        kind = (ticket.service, ticket.priority, ticket.placing)
        count = counts.get(kind, 0)
        if count < most:
            counts[kind] = count + 1
            taken[one] = ticket
    if spots:
        for rank, one in chain(line.front, line.regular, line.priority):
            if rank[:2] in spots:
                taken[one] = tickets[one]
    return sorted(taken.values(), key=lambda ticket: (ticket.rank, ticket.id))


def _in_full_line(line: Line, ticket: Ticket, rank: Rank) -> Rank:
    """Who came back behind somebody who has been called is ranked by the place in the line."""
    if ticket.placing != "grace" or rank[0]:
        return rank
    entry = (ticket.rank, ticket.id)
    place = sum(one.bisect_left(entry) for one in (line.front, line.regular, line.priority))
    return (0, place, rank[2])
