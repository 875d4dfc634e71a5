"""The lane and the store alone, under the same hands: the laws of the disk hold there, too."""

import pytest

from simulation.deeds import NO_FAULTS
from tests.simulation.story import run_lane

OPERATIONS = 5_000


@pytest.mark.parametrize("seed", [31, 32])
def test_no_law_is_broken(seed: int) -> None:
    """I1 to I6, I8, I11, I13 with crashes, failing disks, bugs, clock jumps and midnights."""
    outcome = run_lane(seed, OPERATIONS)
    print(outcome)
    assert outcome.broken is None
    assert outcome.operations >= OPERATIONS
    assert outcome.checks > OPERATIONS
    assert outcome.crashes > 0
    assert outcome.days > 0


def test_the_same_seed_tells_the_same_story_watched_or_not() -> None:
    one, again = run_lane(33, 1_000), run_lane(33, 1_000, watched=False)
    assert one.checks > again.checks == 0
    assert (one.digest, one.deeds) == (again.digest, again.deeds)
    assert run_lane(34, 1_000).digest != one.digest


def test_hands_do_what_a_branch_does() -> None:
    """Numbers are taken, called, served and finished: a day of refusals would break no law."""
    quiet = run_lane(35, 3_000, faults=NO_FAULTS)
    assert quiet.broken is None
    assert quiet.crashes == 0
    assert quiet.events > quiet.operations / 2
