"""Which volume holds at which hour."""

from datetime import time

import pytest

from voice.day_parts import time_of_day, volume_at

PARTS = ((time(7), 100), (time(12), 70), (time(17), 0))


@pytest.mark.parametrize(
    ("at", "volume"),
    [
        (time(7, 0), 100),
        (time(11, 59, 59), 100),
        (time(12, 0), 70),
        (time(16, 59), 70),
        (time(17, 0), 0),
        (time(23, 59), 0),
        (time(0, 0), 0),
        (time(6, 59), 0),
    ],
)
def test_the_last_part_that_has_begun_holds_also_over_midnight(at: time, volume: int) -> None:
    assert volume_at(PARTS, at) == volume
    assert volume_at(PARTS[::-1], at) == volume, "in whatever order they stand"


def test_without_parts_it_is_always_full() -> None:
    assert volume_at((), time(3)) == 100


def test_a_volume_beyond_all_bounds_is_brought_back() -> None:
    assert volume_at(((time(0), 300),), time(3)) == 100
    assert volume_at(((time(0), -5),), time(3)) == 0


@pytest.mark.parametrize(
    ("text", "at"),
    [("07:30", time(7, 30)), ("7:05", time(7, 5)), ("", None), ("25:00", None), ("x", None)],
)
def test_an_hour_is_read_or_not(text: str, at: time | None) -> None:
    assert time_of_day(text) == at
