"""Made-up branch days, plain and slow on purpose: what was promised against what happened.

Drawn as in domain.md 2.2: 3-9 counters busy 74-80 % of the day, a pile-up before opening and a
peak in the morning, services of 4-11 minutes, long tails. Nothing here looks into the estimate:
it asks for a range when a number is taken, and tells it what everybody at a counter would see.
"""

import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from server.domain.outlook import InLine, Learned, Moment, OpenDesk, Wait
from server.domain.promises import Accuracy, Outcome, Promise, rounded_range
from server.domain.service_times import HourlyLevels, NoShows, ServiceTimes
from server.domain.waiting_time import forecast

MINUTE = 60_000
HOUR = 60 * MINUTE
OPENS, LAST_NUMBER = 8 * HOUR, 15 * HOUR
HALF_HOURS = (1.2, 1.4, 1.6, 1.6, 1.4, 1.3, 1.1, 0.9, 0.7, 0.7, 0.8, 0.7, 0.6, 0.5)
PILE_UP = 0.08  # share of the day's visitors who stand there when the doors open
TARGET_S, PRIORITY_TARGET_S = 1800, 600
CATALOGUE_S = 480  # what the catalogue says of every service: right for none of them


@dataclass
class Stay:
    """How long a service takes in truth."""

    mean_s: float
    variation: float
    shape: str

    def draw(self, chance: random.Random) -> float:
        if self.shape == "gamma":
            shape = 1 / self.variation**2
            return chance.gammavariate(shape, self.mean_s / shape)
        spread = math.log1p(self.variation**2)
        return chance.lognormvariate(math.log(self.mean_s) - spread / 2, math.sqrt(spread))


@dataclass
class Office:
    """A branch as it is in truth."""

    counters: list[frozenset[str]]
    stays: dict[str, Stay]
    mix: dict[str, float]
    load: float
    officers: list[float]
    lunch: str = "none"  # "habit": half of the counters rest, told to nobody; "planned": told

    @classmethod
    def drawn(
        cls, chance: random.Random, counters: int, lunch: str, *, own_lines: bool
    ) -> "Office":
        every = frozenset("ABC")
        some = [frozenset("AB"), frozenset("BC"), frozenset("AC")]
        if own_lines:  # Surabaya, 2018: one line has three counters, the others one each
            skills = [frozenset("A")] * (counters - 2) + [frozenset("B"), frozenset("C")]
        else:
            skills = [every if n % 3 != 1 else chance.choice(some) for n in range(counters)]
        stays = {
            code: Stay(
                chance.uniform(240, 660), chance.uniform(0.5, 0.85), chance.choice(["gamma", "log"])
            )
            for code in "ABC"
        }
        mix = {"A": 0.45, "B": 0.35, "C": 0.2}
        if own_lines:
            work = {code: sum(own == {code} for own in skills) for code in "ABC"}
            mix = {code: work[code] / stays[code].mean_s for code in "ABC"}
        officers = [chance.uniform(0.85, 1.15) for _ in skills]
        return cls(skills, stays, mix, chance.uniform(0.74, 0.80), officers, lunch)

    def arrivals(self, chance: random.Random) -> Iterator[tuple[int, str]]:
        total_mix = sum(self.mix.values())
        mean_s = sum(self.mix[code] * self.stays[code].mean_s for code in "ABC") / total_mix + 20
        visitors = self.load * len(self.counters) * (LAST_NUMBER - OPENS) / 1000 / mean_s
        times = [chance.randrange(OPENS - HOUR // 2, OPENS) for _ in range(int(visitors * PILE_UP))]
        rest = visitors * (1 - PILE_UP) / sum(HALF_HOURS)
        for place, level in enumerate(HALF_HOURS):
            at = OPENS + place * HOUR // 2
            end = at + HOUR // 2
            while (at := at + int(chance.expovariate(rest * level) * HOUR / 2)) < end:
                times.append(at)
        for at in sorted(times):
            yield at, chance.choices(list(self.mix), list(self.mix.values()))[0]


@dataclass
class Visitor:
    key: str
    service: str
    weight: int
    priority: bool
    came: int
    rank: int
    promise: Promise | None = None


@dataclass
class Desk:
    lines: frozenset[str]
    pace: float
    visitor: Visitor | None = None
    called: int = 0
    resting: bool = False
    gone: bool = False


@dataclass
class Kept:
    """One promise and how it ended; seconds."""

    promise: Promise
    waited_s: float
    outcome: Outcome
    day: str


@dataclass
class Knowledge:
    """What a branch carries from day to day."""

    past: dict[tuple[str, int], list[float]] = field(
        default_factory=lambda: defaultdict(lambda: [0.0, 0.0, 0.0])
    )
    no_shows: NoShows = field(default_factory=NoShows)
    open_counters: HourlyLevels = field(default_factory=HourlyLevels)
    accuracy: Accuracy = field(default_factory=Accuracy)
    days: int = 0
    priorities: Counter[str] = field(default_factory=Counter)

    def morning(self) -> Learned:
        times = ServiceTimes(dict.fromkeys("ABC", CATALOGUE_S))
        for (service, hour), sums in self.past.items():
            times.load(service, hour, *sums)
        overtakers_per_hour = {
            code: (self.priorities[code] + 4) / (self.days + 1) / 7 for code in "ABC"
        }
        return Learned(times, self.no_shows, self.accuracy, self.open_counters, overtakers_per_hour)


class MadeUpDay:
    """One day of an office; a counter that is free calls the least rank it may serve."""

    def __init__(
        self, office: Office, knowledge: Knowledge, chance: random.Random, *, closing: bool
    ) -> None:
        self.office, self.knowledge, self.chance = office, knowledge, chance
        self.name = "closing" if closing else "plain"
        self.day_factor = chance.lognormvariate(0, 0.08)
        self.learned = knowledge.morning()
        self.desks = [
            Desk(lines, pace) for lines, pace in zip(office.counters, office.officers, strict=True)
        ]
        self.waiting: list[Visitor] = []
        self.kept: list[Kept] = []
        self.events: list[tuple[int, int, str, object]] = []
        self.order = self.unpromised = 0
        for at, service in office.arrivals(chance):
            self.at(at, "arrive", service)
        for desk in self.desks:
            self.at(OPENS, "call", desk)
        for hour in range(8, 15):
            self.at(hour * HOUR + HOUR // 4, "count", hour)
            self.at(hour * HOUR + 3 * HOUR // 4, "count", hour)
        if closing:
            # One whose services others have, too: else its line would end, not wait.
            able = [
                desk
                for desk in self.desks
                if all(sum(c in d.lines for d in self.desks) > 1 for c in desk.lines)
            ]
            self.at(12 * HOUR, "close", chance.choice(able))
        if office.lunch != "none":
            for number, desk in enumerate(self.desks):
                begins, ends = self.rest_of(number)
                self.at(begins, "rest", desk)
                self.at(ends, "back", desk)

    @staticmethod
    def rest_of(number: int) -> tuple[int, int]:
        begins = 12 * HOUR + (number % 2) * HOUR // 2
        return begins, begins + HOUR // 2

    def at(self, at: int, what: str, whom: object) -> None:
        self.order += 1
        heapq.heappush(self.events, (at, self.order, what, whom))

    def run(self) -> list[Kept]:
        while self.events:
            self.now, _, what, whom = heapq.heappop(self.events)
            getattr(self, f"on_{what}")(whom)
        assert not self.waiting
        self.knowledge.days += 1
        return self.kept

    def on_arrive(self, service: str) -> None:
        priority = self.chance.random() < 0.125
        self.knowledge.priorities[service] += priority
        target_s = PRIORITY_TARGET_S if priority else TARGET_S
        visitor = Visitor(
            f"{self.order}-{self.now}-{len(self.kept)}-{len(self.waiting)}",
            service,
            self.chance.choice([2, 3]) if self.chance.random() < 0.04 else 1,
            priority,
            self.now,
            self.now + target_s * 1000,
        )
        self.waiting.append(visitor)
        self.waiting.sort(key=lambda waiting: (waiting.rank, waiting.came))
        wait = self.ask(visitor)
        if wait is not None:
            visitor.promise = Promise(*rounded_range(wait.from_s, wait.to_s), wait.expected_s)
        self.wake()

    def ask(self, visitor: Visitor) -> Wait | None:
        line = [
            InLine(
                waiting.key,
                waiting.service,
                weight=waiting.weight,
                overtaken_until_ms=waiting.rank - PRIORITY_TARGET_S * 1000,
            )
            for waiting in self.waiting
        ]
        desks = [
            self.seen(number, desk)
            for number, desk in enumerate(self.desks)
            if not desk.gone and (not desk.resting or self.office.lunch == "planned")
        ]
        moment = Moment(self.now, self.now // HOUR, self.now // HOUR * HOUR, ((0, OPENS),))
        return forecast(line, desks, moment, self.learned).waits[visitor.key]

    def seen(self, number: int, desk: Desk) -> OpenDesk:
        rests = (self.rest_of(number),) if self.office.lunch == "planned" else ()
        if desk.visitor is None:
            return OpenDesk(desk.lines, rests=rests)
        return OpenDesk(
            desk.lines, desk.visitor.service, desk.visitor.weight, desk.called, rests=rests
        )

    def wake(self) -> None:
        for desk in self.desks:
            if desk.visitor is None and self.now >= OPENS:
                self.on_call(desk)

    def on_call(self, desk: Desk) -> None:
        if desk.visitor or desk.gone or desk.resting:
            return
        visitor = next((other for other in self.waiting if other.service in desk.lines), None)
        if visitor is None:
            return
        self.waiting.remove(visitor)
        self.judge(visitor)
        desk.visitor, desk.called = visitor, self.now
        if self.chance.random() < 0.08:
            self.at(self.now + self.chance.randrange(60_000, 150_000), "missed", desk)
            return
        stay_s = self.office.stays[visitor.service].draw(self.chance)
        stay_s *= self.day_factor * desk.pace * (1 + 0.6 * (visitor.weight - 1))
        self.at(self.now + int(stay_s * 1000), "finish", desk)

    def judge(self, visitor: Visitor) -> None:
        waited_s = (self.now - visitor.came) / 1000
        if visitor.promise is None:
            self.unpromised += 1
            return
        outcome = self.knowledge.accuracy.called(visitor.promise, waited_s)
        self.kept.append(Kept(visitor.promise, waited_s, outcome, self.name))

    def on_missed(self, desk: Desk) -> None:
        self.learned.no_shows.missed((self.now - desk.called) / 1000)
        self.free(desk)

    def on_finish(self, desk: Desk) -> None:
        assert desk.visitor is not None
        hour, stay_s = desk.called // HOUR, (self.now - desk.called) / 1000
        service = desk.visitor.service
        times = self.learned.times
        assert isinstance(times, ServiceTimes)
        alone_s = times.learn(service, hour, stay_s, desk.visitor.weight)
        self.learned.no_shows.came()
        sums = self.knowledge.past[service, hour]
        for place, value in enumerate((1.0, alone_s, alone_s**2)):
            sums[place] += value
        self.free(desk)

    def free(self, desk: Desk) -> None:
        desk.visitor = None
        self.at(self.now + self.chance.randrange(5_000, 35_000), "call", desk)

    def on_count(self, hour: int) -> None:
        at_work = sum(not desk.gone and not desk.resting for desk in self.desks)
        self.knowledge.open_counters.learn(hour, at_work, 0.5)

    def on_close(self, desk: Desk) -> None:
        desk.gone = True

    def on_rest(self, desk: Desk) -> None:
        desk.resting = True

    def on_back(self, desk: Desk) -> None:
        desk.resting = False
        self.wake()


@dataclass
class Score:
    """Shares of calls, and how wide the ranges of long waits were."""

    calls: int
    inside: float
    early: float
    late: float
    long_calls: int
    width: float
    width_s: float

    @classmethod
    def of(cls, kept: list[Kept]) -> "Score":
        def share(outcome: Outcome) -> float:
            return sum(one.outcome == outcome for one in kept) / len(kept)

        long = [one for one in kept if one.waited_s > 1200]
        widths = [one.promise.to_s - one.promise.from_s for one in long]
        ratios = [width / one.waited_s for width, one in zip(widths, long, strict=True)]
        return cls(
            len(kept),
            share("inside"),
            share("early"),
            share("late"),
            len(long),
            median(ratios) if long else 0.0,
            median(widths) if long else 0.0,
        )


def season(
    seed: int, counters: int, days: int, *, lunch: str = "none", own_lines: bool = False
) -> list[list[Kept]]:
    """The days of one branch from its very first on; a counter closes at noon every third day."""
    chance = random.Random(seed)
    office = Office.drawn(chance, counters, lunch, own_lines=own_lines)
    knowledge = Knowledge()
    return [MadeUpDay(office, knowledge, chance, closing=day % 3 == 2).run() for day in range(days)]
