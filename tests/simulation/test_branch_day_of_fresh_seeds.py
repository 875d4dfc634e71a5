"""Branch days from seeds that nobody has told before: each run of the tests looks somewhere new.

A file beside that of the fixed seeds, because two workers of script/test share files, not tests.
"""

import secrets

import pytest

from tests.simulation.story import run_story, tell

OPERATIONS = 10_000
STORIES = 5
LONG_FACTOR = 8

pytestmark = pytest.mark.timeout(900)


# Numbered, not named by their seeds: two workers must see the same tests.
@pytest.mark.parametrize("story", range(1, STORIES + 1))
def test_no_law_is_broken_whatever_goes_wrong(story: int, long_run: bool) -> None:
    """I1 to I9, I11 to I14; a failure names its seed, and `script/simulate --seed` tells it."""
    for _ in range(LONG_FACTOR if long_run else 1):
        outcome = run_story(secrets.randbelow(10**9), operations=OPERATIONS)
        print(outcome)
        if outcome.broken is not None:
            pytest.fail(tell(outcome), pytrace=False)
        assert outcome.operations >= OPERATIONS
