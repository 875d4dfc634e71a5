"""Who comes to a branch on a day, when, for what, and how long they take.

The shape follows what branches measured (domain.md 2.2): a pile-up at opening of people who
came before it, most visits in the morning, service times that are right-skewed around a target.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

PRIORITIES = ("elderly", "disability", "pregnant", "infant", "urgent")
SERVICE_WEIGHTS: Mapping[str, float] = {"A": 4, "B": 5, "C": 3, "D": 3, "E": 1, "F": 2}
"""Change of data is the long line, employers' matters the short one."""

HOUR_WEIGHTS: Sequence[float] = (3.0, 2.6, 2.0, 1.3, 0.7, 1.1, 0.9, 0.4)
"""How many come in each hour after opening, in proportion."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's coming. Instants are seconds after opening (before it: negative)."""

    arrives_s: float
    service: str
    priority: str
    language: str
    # From the seat, or from outside, to the counter after the call.
    walk_s: float
    service_s: float
    # Somebody who does not come when called; and one who gives up after so long.
    shows_up: bool
    gives_up_after_s: float | None
    # How this person treats a touch screen.
    think_s: float
    taps_twice: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """What kind of people come, as shares of all."""

    visits: int = 150
    opening_pile_up: float = 0.18
    priority_share: float = 0.15
    no_show_share: float = 0.07
    gives_up_share: float = 0.04
    english_share: float = 0.05
    taps_twice_share: float = 0.15
    service_target_s: float = 480.0
    # Standard deviation of the logarithm of a service time.
    service_spread: float = 0.55
    services: Mapping[str, float] = field(default_factory=lambda: SERVICE_WEIGHTS)
    hours: Sequence[float] = HOUR_WEIGHTS


def one_visit(random: Random, arrives_s: float, crowd: Crowd) -> Visit:
    """A person, drawn from the crowd."""
    services = list(crowd.services)
    gives_up = random.random() < crowd.gives_up_share
    return Visit(
        arrives_s=arrives_s,
        service=random.choices(services, [crowd.services[code] for code in services])[0],
        priority=random.choice(PRIORITIES) if random.random() < crowd.priority_share else "none",
        language="en" if random.random() < crowd.english_share else "id",
        walk_s=_skewed(random, 25.0, 0.6),
        service_s=_skewed(random, crowd.service_target_s, crowd.service_spread),
        shows_up=random.random() >= crowd.no_show_share,
        gives_up_after_s=_skewed(random, 1500.0, 0.5) if gives_up else None,
        think_s=_skewed(random, 4.0, 0.7),
        taps_twice=random.random() < crowd.taps_twice_share,
    )


def day_of_visits(random: Random, crowd: Crowd | None = None) -> list[Visit]:
    """Everyone who comes on one day, in the order of arrival."""
    crowd = crowd or Crowd()
    arrivals = []
    for _ in range(crowd.visits):
        if random.random() < crowd.opening_pile_up:
            # They stood at the door before it opened, and come in one after the other.
            arrivals.append(random.random() * 600)
        else:
            hour = random.choices(range(len(crowd.hours)), crowd.hours)[0]
            arrivals.append(3600 * (hour + random.random()))
    return [one_visit(random, arrives_s, crowd) for arrives_s in sorted(arrivals)]


def _skewed(random: Random, mean: float, spread: float) -> float:
    """A log-normal time with this mean; ``spread`` is the deviation of its logarithm."""
    return random.lognormvariate(math.log(mean) - spread**2 / 2, spread)
