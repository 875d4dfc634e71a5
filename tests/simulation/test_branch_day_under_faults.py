"""Branch days from fixed seeds, with every fault that the simulation knows, under all laws at once.

Together with test_branch_day_of_fresh_seeds.py these are over 100,000 operations in each run of the
tests; `script/simulate` runs as many as you like.
"""

from collections import Counter
from functools import cache

import pytest

from protocol.codec import COMMAND_TYPES
from protocol.messages import Query
from simulation.deeds import FAULTS, NO_FAULTS
from tests.simulation.story import Outcome, run_story, tell

OPERATIONS = 10_000
STORIES = 6
SEEDS = range(1, STORIES + 1)

# Queries change nothing, and are answered beside the lane.
QUERIES = {name for name, kind in COMMAND_TYPES.items() if issubclass(kind, Query)}

pytestmark = pytest.mark.timeout(900)


@cache
def story_of(seed: int) -> Outcome:
    """The story of a seed, told once for all tests of this file."""
    outcome = run_story(seed, operations=OPERATIONS)
    print(outcome)
    return outcome


@pytest.mark.parametrize("seed", SEEDS)
def test_no_law_is_broken_whatever_goes_wrong(seed: int) -> None:
    """I1 to I9, I11 to I14, F01, F12, F13, F14, F19, F22, F23."""
    outcome = story_of(seed)
    if outcome.broken is not None:
        pytest.fail(tell(outcome), pytrace=False)
    assert outcome.operations >= OPERATIONS


def test_every_command_was_accepted_and_every_fault_struck() -> None:
    """A day on which nothing happens would break no law."""
    outcomes = [story_of(seed) for seed in SEEDS]
    answers: Counter[tuple[str, str]] = sum((one.answers for one in outcomes), Counter())
    accepted = {command for command, reason in answers if reason == "accepted"}
    assert accepted == set(COMMAND_TYPES) - QUERIES
    refused = {reason for _, reason in answers if reason != "accepted"}
    assert refused >= {
        "counter-busy",
        "internal",
        "not-signed-in",
        "not-yours",
        "queue-empty",
        "try-again",
        "unknown-ticket",
        "wrong-pin",
        "wrong-state",
    }
    assert {deed.what for one in outcomes for deed in one.deeds} >= set(FAULTS)
    assert sum(one.crashes for one in outcomes) >= 60
    assert sum(one.days for one in outcomes) >= 20


def test_the_same_seed_tells_the_same_story() -> None:
    one, again = (run_story(11, operations=700) for _ in range(2))
    assert one.broken is None
    assert (one.digest, one.deeds, one.checks) == (again.digest, again.deeds, again.checks)
    assert run_story(12, operations=700).digest != one.digest


def test_a_recorded_script_tells_the_story_of_its_seed() -> None:
    one = run_story(13, operations=300)
    assert run_story(13, one.deeds).digest == one.digest


def test_a_quiet_day_breaks_no_law_either() -> None:
    quiet = run_story(14, operations=800, faults=NO_FAULTS)
    assert quiet.broken is None
    assert quiet.crashes == 0
