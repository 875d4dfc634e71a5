"""Where the strip stands when screens come and go."""

from counter.strip_place import place, screen_at, snapped

MAIN, SECOND = (0, 0, 1920, 1040), (1920, 0, 1280, 1024)


def test_an_edge_pulls_a_strip_that_comes_near() -> None:
    assert snapped((10, 500, 360, 120), MAIN) == (0, 500, 360, 120)
    assert snapped((1550, 915, 360, 120), MAIN) == (1560, 920, 360, 120)
    assert snapped((700, 500, 360, 120), MAIN) == (700, 500, 360, 120)


def test_a_strip_never_leaves_its_screen() -> None:
    assert snapped((-300, 5000, 360, 120), MAIN) == (0, 920, 360, 120)
    assert snapped((1800, 10, 360, 120), SECOND) == (1920, 0, 360, 120)


def test_the_first_place_is_the_lower_right_corner() -> None:
    assert place(360, 120, {"main": MAIN}, {}, "") == (1560, 920, 360, 120)


def test_each_screen_keeps_its_own_place() -> None:
    screens = {"main": MAIN, "second": SECOND}
    remembered = {"main": (100, 200), "second": (0, 0)}
    assert place(360, 120, screens, remembered, "main") == (100, 200, 360, 120)
    assert place(360, 120, screens, remembered, "second") == (1920, 0, 360, 120)


def test_a_strip_of_a_screen_that_is_gone_comes_back_on_a_visible_one() -> None:
    assert place(360, 120, {"main": MAIN}, {"second": (5, 5)}, "second") == (1560, 920, 360, 120)


def test_a_smaller_screen_still_shows_the_whole_strip() -> None:
    assert place(360, 120, {"main": (0, 0, 800, 600)}, {"main": (1500, 900)}, "main") == (
        440,
        480,
        360,
        120,
    )


def test_a_strip_between_two_screens_belongs_to_the_one_that_shows_more() -> None:
    screens = {"main": MAIN, "second": SECOND}
    assert screen_at((1700, 0, 360, 120), screens) == "main"
    assert screen_at((1800, 0, 360, 120), screens) == "second"
    assert screen_at((9000, 0, 360, 120), screens) == "main"
