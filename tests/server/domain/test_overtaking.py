"""How often each was overtaken, against a plain list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.overtaking import OvertakeCounts

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("put", "take", "before", "before")), st.integers(0, 300), st.integers(0, 4)
    ),
    max_size=60,
)


@given(STEPS)
def test_counts_are_those_of_a_plain_list(steps: list[Step]) -> None:
    """Law I5: whatever joins, leaves and is overtaken, also while the places double."""
    counts, plain = OvertakeCounts(), {}
    for what, place, count in steps:
        if what == "put":
            counts.put(place, count)
            plain[place] = count
        elif what == "take" and plain:
            place = min(plain, key=lambda one: abs(one - place))
            assert counts.take(place) == plain.pop(place)
        elif what == "before":
            counts.add_before(place)
            plain = {one: was + (one < place) for one, was in plain.items()}
        assert {one: counts.count(one) for one in plain} == plain
        for least in (0, 1, 3):
            enough = sorted(one for one, was in plain.items() if was >= least)
            assert counts.first(least) == (enough[0] if enough else None)
            after = [one for one in enough if one > place]
            assert counts.first(least, place) == (after[0] if after else None)


def test_a_place_that_was_left_is_empty_and_may_be_taken_again() -> None:
    counts = OvertakeCounts()
    counts.put(3, 0)
    counts.put(5, 0)
    counts.add_before(5)
    assert counts.take(3) == 1
    assert counts.first() == 5
    assert isinstance(counts.first(), int)
    counts.add_before(9)
    counts.put(3, 1)
    assert (counts.count(3), counts.count(5)) == (1, 1)


@pytest.mark.parametrize("place", [63, 64, 127, 128, 1000])
def test_growing_keeps_what_was_counted(place: int) -> None:
    """The tree doubles when a place lies beyond it."""
    counts = OvertakeCounts()
    counts.put(0, 2)
    counts.put(62, 0)
    counts.add_before(60)
    counts.add_before(2000)
    counts.put(place, 7)
    counts.add_before(place)
    assert [counts.count(one) for one in (0, 62, place)] == [5, 2, 7]
    assert counts.first(6) == place
    assert counts.first(8) is None


def test_nobody_is_overtaken_by_the_very_first() -> None:
    counts = OvertakeCounts()
    counts.add_before(0)
    counts.put(0, 0)
    assert counts.count(0) == 0
