"""The estimate's speed: all waits of a full hall, worked out anew after an event."""

import statistics
import time
from pathlib import Path

from bench.table import Figure
from server.domain.outlook import InLine, Learned, Moment, OpenDesk
from server.domain.promises import Accuracy
from server.domain.service_times import HourlyLevels, NoShows, ServiceTimes
from server.domain.waiting_time import forecast

HOUR_MS = 3_600_000
SERVICES = "ABCDEF"
WAITING, COUNTERS = 300, 9
REFRESHES, ROUNDS = 40, 9
GOAL_MS = 2.0


def _learned() -> Learned:
    times = ServiceTimes(dict.fromkeys(SERVICES, 480.0))
    open_counters = HourlyLevels()
    for hour in range(8, 16):
        open_counters.learn(hour, COUNTERS - (hour == 12) * 4, 20)
        for service in SERVICES:
            times.load(service, hour, 40, 40 * 500, 40 * 350_000)
    overtakers = dict.fromkeys(SERVICES, 1.0)
    return Learned(times, NoShows(), Accuracy(), open_counters, overtakers)


def _line(now_ms: int) -> list[InLine]:
    return [
        InLine(
            str(place),
            SERVICES[place % len(SERVICES)],
            weight=3 if place % 20 == 0 else 1,
            overtaken_until_ms=now_ms + (place - WAITING // 2) * 20_000,
        )
        for place in range(WAITING)
    ]


def _desks(now_ms: int) -> list[OpenDesk]:
    """Three kinds of counters, all busy, each with a line of its own beside."""
    return [
        OpenDesk(
            frozenset([*SERVICES[number % 3 :], f"counter:{number}"]),
            serving="F",
            since_ms=now_ms - number * 60_000,
        )
        for number in range(COUNTERS)
    ]


async def refresh(folder: Path) -> Figure:
    """A visitor leaves, the branch learns from it, and 300 waits and 6 questions are told anew."""
    now_ms = 10 * HOUR_MS + 1_234_567
    moment = Moment(now_ms, 10, 10 * HOUR_MS, breaks=((12 * HOUR_MS, 12 * HOUR_MS + HOUR_MS // 2),))
    learned, desks = _learned(), _desks(now_ms)
    times = learned.times
    assert isinstance(times, ServiceTimes)
    questions = [InLine(f"?{service}", service, asks=True) for service in SERVICES]
    took_ms = []
    waits = 0
    for _ in range(ROUNDS):
        started_s = time.perf_counter()
        for _ in range(REFRESHES):
            times.learn("A", 10, 300)
            waits = len(forecast([*_line(now_ms), *questions], desks, moment, learned).waits)
        took_ms.append((time.perf_counter() - started_s) / REFRESHES * 1000)
    assert waits == WAITING + len(SERVICES)
    return Figure(
        "estimate refresh, 300 waiting",
        "the goal",
        statistics.median(took_ms),
        GOAL_MS,
        "ms",
        at_most=1,
    )
