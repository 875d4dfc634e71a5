"""Who is next, written down a second time from the rules alone: plain, slow and obvious.

Nothing of the domain is used. Everyone who waits stands in one list, and every question looks at
all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

Rank = tuple[int, int, int]
Level = tuple[int, int]
Came = tuple[int, int]
"""When somebody came (ms), and in the same instant the order in which it was told."""
DAY_MS = 24 * 3600 * 1000


@dataclass
class PlainRules:
    """What the branch set. ``targets_ms``: per service, so long a visitor should wait at most."""

    discipline: str
    priority_in_a_row: int
    regular_in_a_row: int
    overtakes_most: int
    overdue_ms: int
    help_after_ms: int | None
    priority_target_ms: int
    targets_ms: Mapping[str, int]

    def target_ms(self, service: str, priority: str) -> int:
        """Urgent ones should not wait at all, the other priorities not longer than set."""
        if priority == "urgent":
            return 0
        if priority != "none":
            return min(self.targets_ms[service], self.priority_target_ms)
        return self.targets_ms[service]

    def place(self, service: str, priority: str, came_ms: int, order: int) -> Rank:
        """The place of somebody whom nobody placed by hand; the least is first."""
        if self.discipline == "due-time":
            return came_ms + self.target_ms(service, priority), order, 0
        if self.discipline == "ratio" and priority == "urgent":
            return came_ms - DAY_MS, order, 0  # before every other priority ticket of the day
        return came_ms, order, 0


@dataclass(eq=False)
class Call:
    """A call of the day, in its order."""

    ticket: str
    came: Came
    is_priority: bool
    by_rule: bool
    counted: bool
    priority_waited: bool
    undone: bool = False


@dataclass
class Visitor:
    """Somebody with a number. ``came``: order of arrival in the day."""

    id: str
    came: Came
    order: int
    issued_ms: int
    service: str
    priority: str
    rank: Rank
    since_ms: int  # from then the promise counts: the issue, or when it was put behind others
    placing: str = "arrival"
    to_counter: int | None = None
    to_staff: str | None = None
    passed: list[Call] = field(default_factory=list)

    @property
    def overtakes(self) -> int:
        """Calls of later arrivals that count, as long as nobody took them back."""
        return sum(call.counted and not call.undone for call in self.passed)

    @property
    def line(self) -> tuple[str, object]:
        """Where it waits."""
        if self.to_staff is not None:
            return "staff", self.to_staff
        if self.to_counter is not None:
            return "counter", self.to_counter
        return "service", self.service


@dataclass
class PlainDesk:
    """A counter, who sits there, and since when it is free (open, and holds nobody)."""

    number: int
    services: Mapping[str, int]  # each with its level of preference
    staff: str | None = None
    free_since_ms: int | None = None


@dataclass
class PlainQueue:
    """The waiting, the counters, and every call of the day."""

    rules: PlainRules
    desks: dict[int, PlainDesk]
    skills: dict[str, Mapping[str, int]]  # of those persons who do not serve everything
    waiting: dict[str, Visitor] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    calls_before_discipline: int = 0

    def levels(self, desk: PlainDesk) -> dict[str, Level]:
        """What a counter serves with who sits there: the person's preference weighs more."""
        theirs = self.skills.get(desk.staff or "")
        if theirs is None:
            return {service: (1, mine) for service, mine in desk.services.items()}
        return {
            service: (theirs[service], mine)
            for service, mine in desk.services.items()
            if service in theirs
        }

    def level(self, desk: PlainDesk, visitor: Visitor, levels: Mapping[str, Level]) -> Level | None:
        """How much this counter prefers a visitor (the least is the most), None: not able to."""
        if visitor.to_counter is None and visitor.to_staff is None:
            return levels.get(visitor.service)
        handed_on = visitor.line in (("staff", desk.staff), ("counter", desk.number))
        return min(levels.values(), default=(1, 1)) if handed_on else None

    def may_help(self, desk: PlainDesk, visitor: Visitor) -> bool:
        """Whether an idle counter may call somebody from a line that is not its own."""
        handed_on = visitor.to_counter is not None or visitor.to_staff is not None
        able = desk.staff not in self.skills or visitor.service in self.skills[desk.staff]
        return able and not handed_on and visitor.service not in desk.services

    def who_is_next(self, counter: int, now_ms: int) -> tuple[Visitor, str, bool] | None:
        """Who, by which rule, and whether the counter helps another line."""
        desk, after_ms = self.desks[counter], self.rules.help_after_ms
        levels = self.levels(desk)
        own = [
            (level, one)
            for one in self.waiting.values()
            if (level := self.level(desk, one, levels)) is not None
        ]
        if own:
            return *self._first_of(own, now_ms), False
        if after_ms is None or desk.free_since_ms is None or now_ms < desk.free_since_ms + after_ms:
            return None
        others = [((1, 1), one) for one in self.waiting.values() if self.may_help(desk, one)]
        return (*self._first_of(others, now_ms), True) if others else None

    def _first_of(self, visitors: list[tuple[Level, Visitor]], now_ms: int) -> tuple[Visitor, str]:
        rules = self.rules
        promised = [one for _, one in visitors if self.is_promised(one, now_ms)]
        if promised:
            oldest = min(promised, key=lambda one: one.came)
            is_overtaken = oldest.overtakes >= rules.overtakes_most
            return oldest, "overtaken" if is_overtaken else "overdue"
        placed_first = [one for _, one in visitors if one.placing == "first"]
        if placed_first:
            return min(placed_first, key=_in_line), "placed-first"
        if rules.discipline != "ratio":
            return _preferred(visitors), rules.discipline
        # The turn counts for the whole branch, so it comes before what a counter prefers.
        priority = [pair for pair in visitors if pair[1].priority != "none"]
        regular = [pair for pair in visitors if pair[1].priority == "none"]
        if priority and (not regular or self.is_priority_turn()):
            return _preferred(priority), "priority-turn"
        return _preferred(regular), "regular-turn"

    def is_promised(self, visitor: Visitor, now_ms: int) -> bool:
        """Overtaken so often, or so long past its target: the oldest of these is next."""
        target_ms = self.rules.target_ms(visitor.service, visitor.priority)
        late_ms = now_ms - visitor.since_ms - target_ms
        overtaken = visitor.overtakes >= self.rules.overtakes_most
        return overtaken or late_ms >= self.rules.overdue_ms

    def is_priority_turn(self) -> bool:
        """k priority calls in a row, then n regular ones while a priority ticket waits; the whole
        branch together, since it chose this rule."""
        since = len(self.calls) - self.calls_before_discipline
        in_a_row: list[Call] = []
        for one in islice(reversed(self.calls), since):
            if one.undone or not one.by_rule:
                continue
            if in_a_row and one.is_priority != in_a_row[0].is_priority:
                break
            in_a_row.append(one)
        if in_a_row and in_a_row[0].is_priority:
            return len(in_a_row) < self.rules.priority_in_a_row
        while_one_waited = sum(one.priority_waited for one in in_a_row)
        return while_one_waited == 0 or while_one_waited >= self.rules.regular_in_a_row

    def call(self, visitor: Visitor, counter: int, *, by_rule: bool, helping: bool) -> Call:
        """Call somebody who waits (or was parked); whoever came before is passed."""
        desk = self.desks[counter]
        made = Call(
            visitor.id,
            visitor.came,
            visitor.priority != "none",
            by_rule,
            by_rule and visitor.placing != "first",
            any(one.priority != "none" for one in self.waiting.values()),
        )
        self.waiting.pop(visitor.id, None)
        levels = self.levels(desk)
        for one in self.waiting.values():
            able = self.level(desk, one, levels) is not None or (
                helping and self.may_help(desk, one)
            )
            if able and one.came < visitor.came:
                one.passed.append(made)
        self.calls.append(made)
        return made

    def wait(self, visitor: Visitor, placing: str, rank: Rank | None, at_ms: int) -> None:
        """Wait, by the first arrival (rank None) or where a hand put the visitor."""
        visitor.placing = placing
        if placing in ("last", "grace"):
            visitor.since_ms, visitor.passed = at_ms, []
        else:
            visitor.since_ms = visitor.issued_ms
        visitor.rank = self.by_arrival(visitor) if rank is None else rank
        self.waiting[visitor.id] = visitor

    def by_arrival(self, visitor: Visitor) -> Rank:
        """The place by the first arrival."""
        return self.rules.place(visitor.service, visitor.priority, visitor.issued_ms, visitor.order)

    def set_discipline(self, name: str, in_a_row: tuple[int, int], kept: Iterable[Visitor]) -> None:
        """Another rule from now on; ``kept`` may come back to their places by an undo."""
        self.rules.discipline = name
        self.rules.priority_in_a_row, self.rules.regular_in_a_row = in_a_row
        self.calls_before_discipline = len(self.calls)
        waiting, gone = list(self.waiting.values()), list(kept)
        anew: list[tuple[Visitor, Rank]] = []
        for line in {one.line for one in (*waiting, *gone)}:
            here = [one for one in waiting if one.line == line]
            away = [one for one in gone if one.line == line]
            anew += self._places_anew(here)
            anew += self._places_anew([*here, *away])[-len(away) :] if away else []
        for one, rank in anew:
            one.rank = rank

    def _places_anew(self, line: list[Visitor]) -> list[tuple[Visitor, Rank]]:
        """Who came back after a missed call stays behind the same person, and goes first when
        that person is gone; who was placed last came then."""
        before: dict[tuple[int, int], Rank] = {}
        places: dict[int, Rank] = {}
        for place, one in enumerate(sorted(line, key=lambda one: one.rank)):
            spot, rank = one.rank[:2], one.rank
            if one.placing == "grace":
                places[id(one)] = (*before.get(spot, (0, place, 0))[:2], one.rank[2])
                continue
            if one.placing == "last":
                rank = self.rules.place(one.service, one.priority, one.since_ms, one.order)
            elif one.placing == "arrival":
                rank = self.by_arrival(one)
            before[spot] = places[id(one)] = rank
        return [(one, places[id(one)]) for one in line]


def _preferred(visitors: list[tuple[Level, Visitor]]) -> Visitor:
    """The first of those whom the counter prefers most."""
    preferred = min(level for level, _ in visitors)
    return min((one for level, one in visitors if level == preferred), key=_in_line)


def _in_line(visitor: Visitor) -> tuple[Rank, Came]:
    """By rank; two lines may each begin with somebody who came back, and then who came first."""
    return visitor.rank, visitor.came
