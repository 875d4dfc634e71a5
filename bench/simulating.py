"""The simulator's speed on one core, with all laws held after each step and without."""

import statistics
from pathlib import Path

from bench.table import Figure
from tests.simulation.story import Outcome, run_lane, run_story, run_unwatched

OPERATIONS = 20_000
SEEDS = (5, 6, 7)

GOAL_WATCHED, GOAL_UNWATCHED = 2_000, 10_000


async def with_all_laws(_folder: Path) -> Figure:
    """Commands answered in a second of one core while every law is checked."""
    return _figure(
        "simulated operations a second of one core, all laws checked",
        [run_story(seed, operations=OPERATIONS) for seed in SEEDS],
        GOAL_WATCHED,
    )


async def without_laws(_folder: Path) -> Figure:
    """The same branch, devices, network and faults with nobody watching."""
    return _figure(
        "simulated operations a second of one core, no laws checked",
        [run_unwatched(seed, OPERATIONS) for seed in SEEDS],
        GOAL_UNWATCHED,
    )


async def lane_alone(_folder: Path) -> Figure:
    """The same hands on the lane and the store alone, with nobody watching."""
    return _figure(
        "the same on lane and store alone, no laws checked",
        [run_lane(seed, OPERATIONS, watched=False) for seed in SEEDS],
        GOAL_UNWATCHED,
    )


def _figure(what: str, outcomes: list[Outcome], goal: int) -> Figure:
    for outcome in outcomes:
        if outcome.broken is not None:
            raise RuntimeError(f"script/simulate --seed {outcome.seed}: {outcome.broken}")
    speeds = [outcome.operations / outcome.cpu_s for outcome in outcomes]
    return Figure(what, "the goal", statistics.median(speeds), goal, "1/s", at_least=1.0)
