"""Branch days from seeds, with every fault that the simulation knows, under all laws at once.

`script/test --long` runs many more; `script/simulate` as many as you like.
"""

import secrets
from collections import Counter

import pytest

from protocol.codec import COMMAND_TYPES
from simulation.deeds import FAULTS, NO_FAULTS
from tests.simulation.story import Outcome, run_story, tell

OPERATIONS = 5_000
FIXED_SEEDS = (1, 2, 3)
FRESH_SEED = secrets.randbelow(10**9)
"""A new one each time; a failure prints it."""

LONG_SEEDS = 60

# Its rules come with those of who is next.
NOT_YET = {"UndoLast"}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def outcomes(long_run: bool) -> list[Outcome]:
    """The runs, until the first that breaks a law."""
    seeds = [*FIXED_SEEDS, FRESH_SEED, *(range(100, 100 + LONG_SEEDS) if long_run else ())]
    found: list[Outcome] = []
    for seed in seeds:
        found.append(run_story(seed, operations=OPERATIONS))
        print(found[-1])
        if found[-1].broken is not None:
            break
    return found


def test_no_law_is_broken_whatever_goes_wrong(outcomes: list[Outcome]) -> None:
    """I1 to I9, I11 to I14, F01, F12, F13, F14, F19, F22, F23."""
    for outcome in outcomes:
        if outcome.broken is not None:
            pytest.fail(tell(outcome), pytrace=False)
    assert sum(outcome.operations for outcome in outcomes) >= 4 * OPERATIONS


def test_every_command_was_accepted_and_every_fault_struck(outcomes: list[Outcome]) -> None:
    """A day on which nothing happens would break no law."""
    answers: Counter[tuple[str, str]] = sum((one.answers for one in outcomes), Counter())
    accepted = {command for command, reason in answers if reason == "accepted"}
    assert accepted == set(COMMAND_TYPES) - NOT_YET
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
    assert sum(one.crashes for one in outcomes) >= 20
    assert sum(one.days for one in outcomes) >= 4


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
