"""The card of the line: whoever waits is seen or counted, in whatever room there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from counter.chips import ChipRows, FactChip
from counter.rows import Row, Rows, row_height
from tests.counter.gallery import STATES, Stage, settle
from ui.theme import Theme, console_theme

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    yield made
    made.close()


@pytest.fixture
def theme() -> Theme:
    return console_theme()


def heads(rows: Rows) -> list[str]:
    return [row.head for _, row in rows.shown()]


def seen_chips(chips: ChipRows) -> list[FactChip]:
    """Those that are seen, in the order in which they are read."""
    shown = [part for part in chips.findChildren(FactChip) if part.isVisible()]
    return sorted(shown, key=lambda chip: (chip.y(), chip.x()))


def rows_of(theme: Theme, count: int, lines: int) -> Rows:
    rows = Rows(theme, name="rows", most=9, least=3, columns=2)
    rows.set_rows([Row(f"R{place}", "", hint=f"hint {place}") for place in range(1, count + 1)])
    rows.resize(360, round(row_height(theme) * (lines + 0.5)))
    return rows


@pytest.mark.parametrize(
    "name",
    [
        "serving-full",
        "serving-full-parked",
        "serving-full-called",
        "serving-full-serving",
        "serving-full-undo",
        "serving-full-lost",
    ],
)
def test_all_six_services_and_two_who_are_next_are_seen(stage: Stage, name: str) -> None:
    STATES[name](stage)
    settle(stage.window)
    card = stage.window.serving.line_card
    assert heads(card.counts) == list("ABCDEF")
    assert len(heads(card.next_ones)) >= 2
    for rows in (card.counts, card.next_ones):
        for box, _ in rows.shown():
            assert box.bottom() <= rows.height()
            assert box.right() <= rows.width()


def test_a_higher_window_shows_the_services_below_one_another_and_more_who_are_next(
    stage: Stage,
) -> None:
    STATES["serving-full"](stage)
    stage.window.resize(900, 720)
    settle(stage.window)
    card = stage.window.serving.line_card
    assert {box.left() for box, _ in card.counts.shown()} == {0}
    assert len(heads(card.next_ones)) == 5
    assert card.others_heading.isVisible()
    stage.window.resize(900, 560)
    settle(stage.window)
    assert stage.window.height() == 560
    assert len({box.left() for box, _ in card.counts.shown()}) == 2
    assert heads(card.counts) == list("ABCDEF")


def test_the_other_counter_that_has_no_room_is_counted(stage: Stage) -> None:
    STATES["serving-full"](stage)
    settle(stage.window)
    seen = seen_chips(stage.window.serving.line_card.others)
    assert [part.text() for part in seen][-1] == "+1"
    assert seen[-1].toolTip() == "2 istirahat"
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("count", "lines", "expected"),
    [
        (3, 3, ["R1", "R2", "R3"]),
        (6, 6, ["R1", "R2", "R3", "R4", "R5", "R6"]),
        (6, 4, ["R1", "R2", "R3", "R4", "R5", "R6"]),
        (6, 3, ["R1", "R2", "R3", "R4", "R5", "R6"]),
        (6, 2, ["R1", "R2", "R3", "+3"]),
        (7, 3, ["R1", "R2", "R3", "R4", "R5", "+2"]),
        (7, 0, []),
    ],
)
def test_rows_take_two_columns_and_then_count_what_is_left_out(
    theme: Theme, count: int, lines: int, expected: list[str]
) -> None:
    rows = rows_of(theme, count, lines)
    assert heads(rows) == expected
    if expected and expected[-1].startswith("+"):
        hint = rows.shown()[-1][1].hint.splitlines()
        assert hint == [f"hint {place}" for place in range(len(expected), count + 1)]


@pytest.mark.parametrize("width", [20, 90, 160, 240, 400, 2000])
def test_chips_that_are_not_seen_are_counted(theme: Theme, width: int) -> None:
    room = QWidget()
    chips = ChipRows(theme, rows=2, parent=room)
    words = [f"{number} melayani A00{number}" for number in range(1, 9)]
    chips.resize(width, 60)
    chips.set_chips([FactChip("person", word, theme) for word in words])
    room.show()
    seen = [part.text() for part in seen_chips(chips)]
    told = int(seen.pop()[1:]) if seen[-1].startswith("+") else 0
    assert len(seen) + told == len(words)
    assert bool(told) == (width < 2000)
    boxes = [part.geometry() for part in seen_chips(chips)]
    assert all(box.right() <= width for box in boxes)
    assert not any(
        one.intersects(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :]
    )
